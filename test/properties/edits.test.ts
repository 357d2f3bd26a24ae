import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StageState } from '../../server/image/model.ts';
import { type Analysis, createAnalyser, type ReportedFinding } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { dockerfiles } from './dockerfiles.ts';
import { ROOT, WORKSPACES } from './workspaces.ts';

/** What is kept from one keystroke to the next changes nothing but the time: whatever is typed, the answer is that of a first reading. */

/** Something that is typed at a place, or one further on, or instead of what stands there. */
interface Edit {
	/** Where, as a share of the text's length; `undefined` where the last edit ended. */
	readonly at: number | undefined;
	/** How many characters go; `undefined` for as many as are typed, so that what follows stays in its place. */
	readonly removed: number | undefined;
	readonly typed: string;
}

const PIECES = [
	...[
		'a',
		' ',
		'\n',
		'\\\n',
		'# ',
		'"',
		"'",
		'$',
		'/',
		'=',
		'<<EOF\n',
		'EOF\n',
		'FROM scratch\n',
		'FROM build AS last\n',
		'RUN mkdir -p /x/y && touch /x/y/z\n',
	],
	...[
		'COPY --from=build /app /app\n',
		'COPY . .\n',
		'ARG A=1\n',
		'ENV A=2 PATH=/x\n',
		'USER 1\n',
		'WORKDIR /w\n',
		'ENTRYPOINT ["/app"]\n',
		'CMD /app\n',
		' AS other',
	],
	...[
		'RUN go build -o /app .\n',
		'RUN <<EOF\ntouch /here\nEOF\n',
		'ONBUILD COPY go.mod .\n',
		'SHELL ["/bin/bash", "-c"]\n',
		'# escape=`\n',
		'# go-scratch target=build\n',
		'FROM $X\n',
	],
];

const edit: fc.Arbitrary<Edit> = fc.record({
	at: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined, freq: 3 }),
	removed: fc.oneof(fc.constant(0), fc.constant(undefined), fc.nat(3), fc.nat(60)),
	typed: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 })),
});

/** The text after each of the edits. */
function textsOf(text: string, edits: readonly Edit[]): string[] {
	let place = text.length >> 1;
	let last = text;
	return edits.map(({ at, removed, typed }) => {
		if (at !== undefined) place = Math.floor(at * last.length);
		last = last.slice(0, place) + typed + last.slice(place + (removed ?? typed.length));
		place += typed.length;
		return last;
	});
}

function contentOfFinding({ rule, fixes: _, proposals, ...finding }: ReportedFinding) {
	return { ...finding, rule: rule.code, fixes: proposals() };
}

/** All that is said and known, without what cannot be compared. */
function contentOf({ findings, suppressed, facts }: Analysis) {
	return {
		findings: findings.map(contentOfFinding),
		suppressed: suppressed.map(contentOfFinding),
		dockerfile: facts?.dockerfile,
		stages: facts?.image.stages.map(stageContent),
		targets: facts?.targets.map(({ state, binaries }) => [state.stage.index, binaries.map(({ path, started }) => ({ path, started }))]),
	};
}

const NAMES = ['PATH', 'A', 'HOME', 'CGO_ENABLED', 'GOOS', 'APP'];
const PATHS = [
	'/tool',
	'/',
	'/app',
	'/src',
	'/x',
	'/x/y',
	'/w',
	'/etc',
	'/etc/passwd',
	'/bin',
	'/usr/bin',
	'/tmp',
	'/go',
	'/here',
	'/w/go.mod',
];

function stageContent({ stage, base, parent, files, environment, ran, builds, copies, entrypoint, command, user, ...state }: StageState) {
	return {
		stage,
		base: base?.reference,
		parent: parent?.stage,
		environment: NAMES.map((name) => environment.get(name)),
		ran: ran.map(({ environment, goEnvironment, files: before, ...command }) => ({
			...command,
			environment: NAMES.map((name) => environment.get(name)),
			goEnvironment: [goEnvironment.path(), goEnvironment.moduleCache(), ...NAMES.map((name) => goEnvironment.get(name))],
		})),
		builds: builds.map(({ command, ...build }) => build),
		// The files at that moment are those of the stage, which are compared at its end.
		copies: copies.map(({ from, files: atThatMoment, ...copy }) => ({
			...copy,
			from: from.kind === 'stage' ? from.state.stage.index : from.kind,
		})),
		settings: { entrypoint, command, user, shell: state.shell, directory: state.workingDirectory, platform: state.platform },
		files: PATHS.map((path) => [
			path,
			files.has(path),
			sortedNames(files.children(path)),
			files.get(path)?.kind,
			files.get(path)?.instruction?.range,
			files.get(path)?.mode,
		]),
		built: files.builds().map(({ path, build }) => [path, build.range]),
		copied: files.copiedFiles(),
	};
}

/** In which order names came is nothing that is known of a stage. */
function sortedNames(children: ReturnType<StageState['files']['children']>) {
	return children && { ...children, names: children.names.toSorted() };
}

describe('whatever is typed', function () {
	// A loaded machine is no failure.
	this.timeout(120_000);

	it('the findings and all that is known are those of the text alone', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...Object.keys(WORKSPACES)),
				dockerfiles,
				fc.array(edit, { minLength: 1, maxLength: 8 }),
				async (workspace, text, edits) => {
					const files = createMemoryFiles(
						Object.fromEntries(Object.entries(WORKSPACES[workspace] ?? {}).map(([path, content]) => [`${ROOT}/${path}`, content])),
					);
					const log = (message: string) => assert.fail(message);
					const typedInto = createAnalyser({ files, log });
					const path = `${ROOT}/Dockerfile`;
					for (const next of [text, ...textsOf(text, edits)]) {
						const request = { path, text: next, root: ROOT };
						const found = contentOf(await typedInto.analyse(request));
						assert.deepEqual(found, contentOf(await createAnalyser({ files, log }).analyse(request)), next);
					}
				},
			),
			{ numRuns: 120 },
		);
	});
});
