import type { Dockerfile } from '../dockerfile/syntax.ts';
import { comment, copyWords, execForm, number, type Written, type WrittenEdit, withEdits, written } from '../dockerfile/write.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import type { Fix } from '../findings/finding.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { GoBuild } from '../image/model.ts';
import { lastFlag, splitQuoted } from '../image/shell/go-flags.ts';
import { relativeWithin } from '../workspace/paths.ts';
import { addWords, canEdit, dropFlag } from './go-command.ts';
import { insertAbove } from './insert-above.ts';
import { insertAfter, lastInstruction, stageReference, styled } from './instructions.ts';

/**
 * Stages to debug an image that has no shell. They stand below the image that ships, which stays what it is: a last `FROM` names it, so
 * that a build without --target makes it.
 */

/** Static programs for every platform of Go images (hub.docker.com/_/busybox). */
const BUSYBOX = written`busybox:1.37.0-musl`;

/** Delve supports the three newest releases of Go, and says so when it starts with another (go-delve/delve, pkg/goversion). */
const DELVE = written`github.com/go-delve/delve/cmd/dlv@v1.26.2`;

/** The port of Delve's own examples. */
const DELVE_PORT = 2345;

const LAUNCH_FILE = '.vscode/launch.json';

/** Adds `debug`: the image with a shell and the programs of BusyBox. */
export function addDebugTarget(facts: Facts, target: Target): Fix | undefined {
	const place = placeOf(facts, target, 'debug');
	if (place === undefined || target.state.shell !== 'no') return undefined;
	const lines = [
		comment('The image with a shell: docker build --target debug -t debug . && docker run --rm -it --entrypoint sh debug'),
		written`FROM ${place.release} AS debug`,
		written`COPY --from=${BUSYBOX} /bin/ /bin/`,
	];
	return { title: 'Add a debug target with a shell', edits: place.edits(lines), preferred: false };
}

/** Adds `debug-delve`: the program under Delve, built with what a debugger needs, and a launch configuration. */
export function addDelveTarget(facts: Facts, target: Target): Fix | undefined {
	const place = placeOf(facts, target, 'debug-delve', 'build-debug');
	const binary = target.binaries.find(({ started }) => started);
	const stage = binary?.build && debuggedBuild(facts, binary.build);
	const command = resolveCommandPath(target.state);
	if (place === undefined || binary?.build === undefined || stage === undefined || command === undefined) return undefined;
	const [output] = binary.build.outputs;
	const given = command.arguments.filter((word) => word !== undefined);
	const debugged = execForm([
		...['/dlv', 'exec', '--headless', `--listen=:${DELVE_PORT}`, '--api-version=2', '--accept-multiclient', binary.path],
		...(given.length > 0 ? ['--', ...given] : []),
	]);
	const copied = output === undefined ? undefined : copyWords([output], binary.path, facts.dockerfile);
	if (given.length < command.arguments.length || debugged === undefined || copied === undefined) return undefined;
	const published = `127.0.0.1:${DELVE_PORT}:${DELVE_PORT}`;
	const lines = [
		comment(`The program under Delve: docker build --target debug-delve -t debug . && docker run --rm -p ${published} debug`),
		written`FROM ${stage.from} AS build-debug`,
		written`RUN CGO_ENABLED=0 GOBIN=/usr/local/bin go install ${DELVE}`,
		stage.run,
		written``,
		written`FROM ${place.release} AS debug-delve`,
		written`COPY --from=build-debug /usr/local/bin/dlv /dlv`,
		written`COPY --from=build-debug ${copied}`,
		written`EXPOSE ${number(DELVE_PORT)}`,
		written`ENTRYPOINT ${debugged}`,
	];
	const { added = '', ...launch } = launchFile(facts, binary) ?? {};
	return { title: `Add a debug target with Delve${added}`, edits: place.edits(lines), ...launch, preferred: false };
}

interface PlaceOfTarget {
	/** The image that ships, as FROM names it. */
	readonly release: Written;
	/** The edits that add the lines of stages, and make the image that ships the last one again. */
	edits(lines: readonly Written[]): WrittenEdit[];
}

/** `undefined` where the target is not the image that the file makes, or a stage has one of the names already. */
function placeOf({ dockerfile, image }: Facts, { state }: Target, ...wanted: readonly string[]): PlaceOfTarget | undefined {
	const { stages } = dockerfile;
	const last = stages.at(-1);
	const names = new Set(stages.map(({ from }) => from.alias?.raw.toLowerCase()));
	const isLast = last === state.stage || (last?.instructions.length === 0 && image.stages.at(-1)?.parent === state);
	if (last === undefined || !isLast || wanted.some((name) => names.has(name))) return undefined;
	const { image: reference, alias } = state.stage.from;
	if (reference === undefined || (alias === undefined && names.has('release'))) return undefined;
	const release = alias === undefined ? written`release` : stageReference(state.stage);
	const { end } = reference.range;
	const named =
		alias === undefined ? [{ range: { start: end, end }, newText: written` ${styled(dockerfile, written`AS`)} ${release}` }] : [];
	const again = [written``, comment('What a build without --target makes: the image above.'), written`FROM ${release}`];
	return {
		release,
		edits: (lines) => [
			...named,
			// Where the image that ships is the last stage by another FROM already, the new stages go above that one.
			last === state.stage
				? insertAfter(dockerfile, lastInstruction(last), [written``, ...lines, ...again])
				: insertAbove(dockerfile, last.from, lines),
		],
	};
}

/** The stage that builds, and its RUN with all that a debugger needs: no `-s -w`, no optimization, paths as they are in the image. */
function debuggedBuild({ dockerfile }: Facts, build: GoBuild): { from: Written; run: Written } | undefined {
	const stage = dockerfile.stages[build.stage.index];
	if (stage === undefined || !canEdit(build) || lastFlag(build.flags, 'gcflags') !== undefined) return undefined;
	const linker = linkerFlags(dockerfile, build);
	if (linker === undefined) return undefined;
	const edits = [addWords(build, written`-gcflags="all=-N -l"`), ...dropFlag(dockerfile, build, 'trimpath'), ...linker];
	const run = withEdits(dockerfile, build.instruction.range, edits);
	return run && { from: stageReference(stage), run };
}

/** The edits that leave `-s` and `-w` out of -ldflags; `undefined` where the flag cannot be edited. */
function linkerFlags(dockerfile: Dockerfile, build: GoBuild): WrittenEdit[] | undefined {
	const flag = lastFlag(build.flags, 'ldflags');
	if (flag === undefined) return [];
	const words = splitQuoted(flag.text ?? '').filter((word) => word !== '-s' && word !== '-w');
	if (words.length === 0) return dropFlag(dockerfile, build, 'ldflags');
	if (flag.valueRange === undefined) return undefined;
	const { start, end } = flag.valueRange;
	const value = dockerfile.text.slice(start, end);
	return [...value.matchAll(/(?<=^|["' ])-[sw](?:(?=["'])|$| )/g)].map(({ index, 0: { length } }) => ({
		range: { start: start + index, end: start + index + length },
		newText: written``,
	}));
}

/**
 * A launch configuration of vscode-go that attaches to Delve, with the paths of the image: a file, or one more in the file that is there.
 *
 * @returns also what the title says of it; `undefined` where the paths are not known
 */
function launchFile({ context, go }: Facts, { build }: ShippedBinary): (Pick<Fix, 'create' | 'launch'> & { added: string }) | undefined {
	const to = build?.directory;
	if (context === undefined || go?.root !== context.directory || to === undefined || build?.sourceDirectory === undefined) return undefined;
	const within = relativeWithin(context.directory, build.sourceDirectory);
	const there = context.kind(LAUNCH_FILE);
	if (within === undefined || (there !== 'absent' && there !== 'file')) return undefined;
	// In a launch configuration `${command:…}` runs a command of the editor.
	if (/\$\{/.test(`${within} ${to}`)) return undefined;
	const from = within === '.' ? `\${workspaceFolder}` : `\${workspaceFolder}/${within}`;
	const configuration = {
		...{ name: 'Attach to Delve in the container', type: 'go', request: 'attach', mode: 'remote', host: '127.0.0.1', port: DELVE_PORT },
		substitutePath: [{ from, to }],
	};
	const path = `${context.directory}/${LAUNCH_FILE}`;
	if (there === 'file') return { launch: new Map([[path, configuration]]), added: `, and an entry in ${LAUNCH_FILE}` };
	const text = JSON.stringify({ version: '0.2.0', configurations: [configuration] }, undefined, '\t');
	return { create: new Map([[path, `${text}\n`]]), added: `, and ${LAUNCH_FILE}` };
}
