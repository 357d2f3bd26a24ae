import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import type { StageState } from '../../server/image/model.ts';
import { type Analyser, type Analysis, createAnalyser, type ReportedFinding } from '../../server/lint/analyse.ts';
import { changeDocument, openDocument, rangeInRoomy } from '../../server/lsp/documents.ts';
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

/** All that is said and known, without what cannot be compared. */
function contentOf({ findings, suppressed, facts }: Analysis) {
	return {
		findings: findings.map(({ rule, fixes, ...finding }) => ({ ...finding, rule: rule.code, fixes: fixes() })),
		suppressed: suppressed.map(({ rule, fixes, ...finding }) => ({ ...finding, rule: rule.code, fixes: fixes() })),
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
		base: base?.family,
		parent: parent?.stage,
		environment: NAMES.map((name) => environment.get(name)),
		ran: ran.map(({ environment, ...command }) => ({ ...command, environment: NAMES.map((name) => environment.get(name)) })),
		builds: builds.map(({ command, ...build }) => build),
		copies: copies.map(({ from, ...copy }) => ({ ...copy, from: from.kind === 'stage' ? from.state.stage.index : from.kind })),
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

/** What is typed letter by letter, as a line of its own: much of it has to do with files alone, and some with what stands below. */
const PHRASES = [
	'RUN mkdir -p /x/y && echo "a b" > /x/y/name',
	'RUN touch /app && rm -rf /x',
	'RUN rm -rf /src /out',
	'RUN chmod 700 /app && echo "me:x:1:1::/:" > /etc/passwd',
	'RUN mv /x /w; cp /x/y /z',
	'RUN make',
	'RUN go env -w CGO_ENABLED=0',
	'RUN go mod download',
	'RUN go build -o /app .',
	'RUN --mount=type=cache,target=/tmp ls',
	'RUN ["ls", "/"]',
	'LABEL a="b c"',
	'COPY go.mod ./',
	'ENV CGO_ENABLED=0',
	'ARG A=1',
	'WORKDIR /w/x',
	'USER 65534:65534',
	'# go-scratch ignore=root-user,shell-form-command',
	'FROM alpine AS x',
	'ENTRYPOINT ["/app"]',
	'CMD /app',
	'HEALTHCHECK CMD wget localhost',
];

describe('whatever is typed', function () {
	// A loaded machine is no failure.
	this.timeout(120_000);

	it('the syntax is that of the text alone', () => {
		fc.assert(
			fc.property(dockerfiles, fc.array(edit, { minLength: 1, maxLength: 12 }), (text, edits) => {
				let before = parseDockerfile(text);
				for (const next of textsOf(text, edits)) {
					before = parseDockerfile(next, before);
					assert.deepEqual(before, parseDockerfile(next));
				}
			}),
			{ numRuns: 25 },
		);
	});

	/** What stands further down counts further up: each is a text, and what is typed at its end. */
	const AHEAD: Readonly<Record<string, readonly [text: string, typed: string]>> = {
		'the end of a heredoc': ['FROM golang:1.22\nRUN <<EOF\ntouch /a\nRUN touch /b\nRUN touch /c\n', 'EOF\n'],
		'what is started': ['FROM scratch\nCOPY --from=example.com/tools /bin/tool /tool\nUSER 1\nENTRYPOINT ["/', 'tool"]'],
		"a stage's name": ['FROM alpine\nCOPY --from=certs /a /b\nUSER 1\nFROM alpine AS c', 'ert'],
	};

	for (const [name, [text, typed]] of Object.entries(AHEAD)) {
		it(`${name} counts for what stands before it`, async () => {
			const files = createMemoryFiles({ [`${ROOT}/main.go`]: 'package main\n' });
			const typedInto = createAnalyser({ files });
			const path = `${ROOT}/Dockerfile`;
			const whole = `${text}${typed}`;
			// The second reading leaves a checkpoint behind, from which the third could go on.
			for (const each of [text, `${text} `]) await typedInto.analyse({ path, text: each, root: ROOT });
			const fresh = contentOf(await createAnalyser({ files }).analyse({ path, text: whole, root: ROOT }));
			assert.notDeepEqual(contentOf(await createAnalyser({ files }).analyse({ path, text, root: ROOT })).stages?.[0], fresh.stages?.[0]);
			assert.deepEqual(contentOf(await typedInto.analyse({ path, text: whole, root: ROOT })), fresh);
		});
	}

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

	it('letter by letter is read with room behind it, and the findings are those of the text without', async () => {
		const place = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), phrase: fc.constantFrom(...PHRASES) });
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...Object.keys(WORKSPACES)), dockerfiles, place, async (workspace, dockerfile, { at, phrase }) => {
				const files = createMemoryFiles(
					Object.fromEntries(Object.entries(WORKSPACES[workspace] ?? {}).map(([path, content]) => [`${ROOT}/${path}`, content])),
				);
				const log = (message: string) => assert.fail(message);
				const typedInto = createAnalyser({ files, log });
				const path = `${ROOT}/Dockerfile`;
				const analyse = (analyser: Analyser, text: string) => analyser.analyse({ path, text, root: ROOT });
				let document = openDocument({ uri: `file://${path}`, languageId: 'dockerfile', version: 1, text: dockerfile }, 'utf-16');
				const line = Math.floor(at * (dockerfile.split('\n').length - 1));
				// A line feed is typed first, and the letters after it.
				for (const [index, text] of [...`\n${phrase}`].entries()) {
					const start = index === 0 ? { line, character: 0 } : { line, character: index - 1 };
					const before = document.text;
					document = changeDocument(document, index + 2, [{ range: { start, end: start }, text }], 'utf-16');
					// The caret stays in the new line, in front of the one that was pushed down.
					assert.notEqual(document.text, before);
					const roomy = await analyse(typedInto, document.roomyText);
					assert.deepEqual(
						contentOf(roomy),
						contentOf(await analyse(createAnalyser({ files, log }), document.roomyText)),
						document.roomyText,
					);
					const plain = await analyse(createAnalyser({ files, log }), document.text);
					const told = ({ code, severity, message }: ReportedFinding) => ({ code, severity, message });
					assert.deepEqual(
						roomy.findings.map((finding) => ({ ...told(finding), range: rangeInRoomy(document, finding.range) })),
						plain.findings.map((finding) => ({ ...told(finding), range: document.positions.range(finding.range) })),
						document.text,
					);
				}
			}),
			{ numRuns: 25 },
		);
	});
});
