import { saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { CopiedSource, GoBuild, StageState } from '../image/model.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import { cgoOn, dynamicBecause, requiredCgo } from '../needs/libc.ts';
import { certificateRoots, type Need, temporaryDirectory, userDatabase, zoneData } from '../needs/needs.ts';
import type { Evidence, Program } from '../program/model.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';
import type { Answer } from '../text/answer.ts';
import { bold, code, joined, link, type Markdown, markdown } from '../text/markdown.ts';
import type { Range } from '../text/text.ts';
import { relativeWithin } from '../workspace/paths.ts';

/** The URI of a file, for links to the Go lines that show a need. */
type UriOf = (path: string) => string;

/** A text to show, and the part of the Dockerfile that it speaks of. */
export interface Hover {
	readonly range: Range;
	readonly text: Markdown;
}

/**
 * What there is to say of the place at `offset` of the Dockerfile: of FROM what the stage provides, and for the stage that ships
 * also what its programs need; of a COPY what it brings; of a `go build` what goes into the program.
 */
export function hoverAt(facts: Facts, offset: number, uriOf: UriOf): Hover | undefined {
	const within = (range: Range) => range.start <= offset && offset <= range.end;
	const instruction = facts.dockerfile.instructions.find((each) => within(each.range));
	const state = facts.image.stages.find((each) => each.stage.index === instruction?.stage);
	if (instruction === undefined || state === undefined || state.windows) return undefined;
	const target = facts.targets.find((each) => each.state === state);

	const build = state.builds.find((each) => within(each.range));
	if (build !== undefined) return { range: build.range, text: describeBuild(build, facts, uriOf) };
	if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
		const copies = state.copies.filter((copy) => copy.instruction === instruction);
		const lines = copies.map((copy) => describeCopy(copy, state, facts)).filter((line) => line !== undefined);
		return lines.length === 0 ? undefined : { range: instruction.range, text: joined(lines, '\n\n') };
	}
	const ships = instruction.keyword === 'ENTRYPOINT' || instruction.keyword === 'CMD';
	if (target !== undefined && (ships || instruction.keyword === 'FROM')) {
		return { range: instruction.range, text: joined([describeStage(state), ...describeTarget(target, facts, uriOf)], '\n\n') };
	}
	return instruction.keyword === 'FROM' ? { range: instruction.range, text: describeStage(state) } : undefined;
}

/** The needs that the table knows, with how evidence names them. */
const NEEDS: readonly (readonly [NeedId, Need])[] = [
	['certificate-roots', certificateRoots],
	['zone-data', zoneData],
	['temporary-directory', temporaryDirectory],
	['user-database', userDatabase],
];

const PROVIDED: Readonly<Record<Answer, Markdown>> = {
	yes: markdown`provided`,
	no: bold('missing'),
	unknown: markdown`not known to be there`,
};

const NOTHING = markdown``;

/** What a program may find in the stage. */
function describeStage(state: StageState): Markdown {
	const name = state.parent === undefined ? nameOfImage(state) : markdown`Stage ${code(nameOf(state.parent))}`;
	const there: string[] = [];
	const absent: string[] = [];
	const unknown: string[] = [];
	const sort = (answer: Answer, what: string) => (answer === 'yes' ? there : answer === 'no' ? absent : unknown).push(what);
	sort(state.shell, 'a shell');
	const libc = state.base?.libc ?? 'unknown';
	sort(libc === 'none' ? 'no' : libc === 'unknown' ? 'unknown' : 'yes', libc === 'none' || libc === 'unknown' ? 'a C library' : libc);
	for (const [, need] of NEEDS) sort(need.provided(state), need.title);
	const parts = [
		...(there.length > 0 ? [markdown`has ${listOf(there, 'and')}`] : []),
		...(absent.length > 0 ? [markdown`has no ${listOf(absent.map(withoutArticle), 'or')}`] : []),
		...(unknown.length > 0 ? [markdown`may have ${listOf(unknown, 'and')}`] : []),
	];
	const { go } = state.base ?? {};
	const toolchain =
		go === undefined ? '' : ` It brings Go${go.version === undefined ? ', of a version that its tag does not name' : ` ${go.version}`}.`;
	return markdown`${bold(name)}: the stage ${joined(parts, '; it ')}. It runs as ${describeUser(state)}.${toolchain}`;
}

function nameOfImage({ imageReference }: StageState): Markdown {
	return imageReference === undefined ? markdown`An image that is not known` : code(imageReference);
}

function describeUser(state: StageState): Markdown {
	const { text, uid, gid } = state.user.value;
	if (uid === 0) return markdown`root`;
	if (text === undefined) return markdown`a user that is not known`;
	const numbers = uid === undefined || text.startsWith(String(uid)) ? '' : ` (${uid}${gid === undefined ? '' : `:${gid}`})`;
	return markdown`${code(text)}${numbers}`;
}

/** What the programs of the stage need of it, and whether it is there. */
function describeTarget(target: Target, facts: Facts, uriOf: UriOf): Markdown[] {
	const started = resolveCommandPath(target.state);
	const lines: Markdown[] = [];
	if (started?.program !== undefined) {
		const where = started.present === 'no' ? markdown`, which is ${bold('not in the image')}` : '';
		lines.push(markdown`The container starts ${code(started.program)}${where}.`);
	}
	if (target.binaries.length === 0) lines.push(markdown`No program of the workspace is known to be in it.`);
	for (const binary of target.binaries) lines.push(describeBinary(binary, target.state, facts, uriOf));
	return lines;
}

function describeBinary({ path, build, program }: ShippedBinary, state: StageState, facts: Facts, uriOf: UriOf): Markdown {
	if (program === undefined) {
		return markdown`${code(path)}: ${facts.go === undefined ? 'its Go files are being read.' : 'which program it is, is not known.'}`;
	}
	const needs = NEEDS.flatMap(([id, need]) => {
		const [shown] = evidenceFor(program, id);
		return shown === undefined
			? []
			: [markdown`- ${need.title}: ${PROVIDED[need.provided(state)]}; ${describeEvidence(shown, program, uriOf)}`];
	});
	const linked = build === undefined ? NOTHING : describeLinking(build, program);
	return joined(
		[markdown`${code(path)} is ${code(nameOfProgram(program))}${linked}.`, NOTHING, ...describeNeeds(needs, program, uriOf)],
		'\n',
	);
}

function describeBuild(build: GoBuild, facts: Facts, uriOf: UriOf): Markdown {
	const program = facts.programOf(build);
	if (program === undefined) {
		return facts.go === undefined ? markdown`The Go files are being read.` : markdown`Which program this builds is not known.`;
	}
	const name = nameOfProgram(program);
	const outputs = build.outputs.length > 0 ? markdown` goes to ${joined(build.outputs.map(code), ', ')}` : ' is built';
	const needs = NEEDS.flatMap(([id, need]) => {
		const [shown] = evidenceFor(program, id);
		return shown === undefined ? [] : [markdown`- ${need.title}: ${describeEvidence(shown, program, uriOf)}`];
	});
	const size = `${program.packageCount} ${program.packageCount === 1 ? 'package' : 'packages'} besides the standard library`;
	const said = markdown`${bold(name === '' ? 'Nothing that is there' : code(name))}${outputs}: ${size}${describeLinking(build, program)}.`;
	return joined([said, NOTHING, ...describeNeeds(needs, program, uriOf)], '\n');
}

/** Where a command names files and no package, they are the name. */
function nameOfProgram({ roots, request }: Program): string {
	return roots.map(({ importPath }) => (importPath === COMMAND_LINE_ARGUMENTS ? request.packages.join(' ') : importPath)).join(', ');
}

/** What a program needs: `tabled`, of the needs that the table knows, and all others; then what else there is to say of them. */
function describeNeeds(tabled: readonly Markdown[], program: Program, uriOf: UriOf): Markdown[] {
	const shown = (id: NeedId) => program.evidence.filter((each) => each.need === id && each.detail !== undefined).slice(0, 5);
	const named = (id: NeedId, what: string) =>
		shown(id).map((evidence) => markdown`- the ${what} ${code(evidence.detail ?? '')}: ${describeEvidence(evidence, program, uriOf)}`);
	const needs = [
		...tabled,
		...named('executable', 'program'),
		...named('runtime-file', 'file'),
		...named('writable-directory', 'directory, to write to,'),
	];
	const none = program.unread.length > 0 ? [] : [markdown`It needs no file of the image.`];
	const lines = needs.length > 0 ? [markdown`It needs`, NOTHING, ...needs] : none;
	for (const evidence of shown('loopback-listener'))
		lines.push(NOTHING, markdown`It listens on ${code(evidence.detail ?? '')}: ${describeEvidence(evidence, program, uriOf)}.`);
	for (const id of program.embedded)
		lines.push(NOTHING, markdown`It brings its own ${id === 'zone-data' ? zoneData.title : certificateRoots.title}.`);
	if (program.unread.length > 0) {
		const names = joined(program.unread.slice(0, 5).map(code), ', ');
		const more = program.unread.length > 5 ? ` and ${program.unread.length - 5} more` : '';
		lines.push(
			NOTHING,
			markdown`What these modules need is not known, for they are not on this machine: ${names}${more}. ${code('go mod download')} fetches them.`,
		);
	}
	return lines;
}

/** Evidence of the need that the program does not meet itself, its own packages first. */
function evidenceFor(program: Program, id: NeedId): Evidence[] {
	if ((id === 'certificate-roots' || id === 'zone-data') && program.embedded.has(id)) return [];
	return program.evidence.filter((evidence) => evidence.need === id).sort((a, b) => Number(b.own) - Number(a.own));
}

function describeEvidence(evidence: Evidence, program: Program, uriOf: UriOf): Markdown {
	const said = code(saidOf(evidence, program));
	return evidence.path === undefined ? said : link(said, `${uriOf(evidence.path)}#L${evidence.line + 1}`);
}

function describeLinking(build: GoBuild, program: Program): Markdown {
	const dynamic = dynamicBecause(build, program);
	if (dynamic?.cause === 'pie') return markdown`, linked dynamically because of ${code('-buildmode=pie')}`;
	if (dynamic !== undefined) {
		const names = dynamic.cause === 'cgo' ? dynamic.packages.map((each) => each.importPath) : dynamic.packages;
		return markdown`, linked dynamically because of ${listOf(names.slice(0, 3).map(code), 'and')}`;
	}
	const [required] = requiredCgo(program);
	const answer = cgoOn(build);
	if (answer === 'no') {
		if (required === undefined) return markdown`, linked statically: cgo is off`;
		return markdown`, although ${code(required.importPath)} needs cgo, which is off`;
	}
	return answer === 'yes' ? markdown`, linked statically` : NOTHING;
}

function describeCopy(copy: CopiedSource, state: StageState, facts: Facts): Markdown | undefined {
	const from = copy.from;
	if (from.kind === 'missing-stage') return markdown`There is no stage or image ${code(from.name)} above.`;
	if (copy.source === undefined) return undefined;
	const source = code(copy.source);
	const where = describeOrigin(from, facts);
	if (where === undefined) return undefined;
	if (copy.present === 'no') return markdown`${source} is ${bold('not in')} ${where}.`;
	const entry = copy.destination === undefined ? undefined : state.files.get(copy.destination);
	const program = entry?.build === undefined ? undefined : facts.programOf(entry.build);
	const binary = facts.targets.find((target) => target.state === state)?.binaries.find(({ path }) => path === copy.destination);
	const importPath = binary?.mainPackage?.importPath ?? program?.roots.map((root) => root.importPath).join(', ');
	const what = importPath ? markdown`, the program ${code(importPath)},` : NOTHING;
	const to = copy.destination === undefined ? NOTHING : markdown` to ${code(copy.destination)}`;
	return markdown`${source}${what} comes from ${where}${to}.`;
}

/** Where what is copied comes from, or `undefined` where that is not known. */
function describeOrigin(from: CopiedSource['from'], facts: Facts): Markdown | undefined {
	switch (from.kind) {
		case 'context':
			return describeContext(facts);
		case 'stage':
			return markdown`stage ${code(nameOf(from.state))}`;
		case 'image':
			return code(from.reference);
		default:
			return undefined;
	}
}

function describeContext({ context, go }: Facts): Markdown {
	if (context === undefined) return markdown`the build context, whose directory is not known`;
	const shown = go === undefined ? context.directory : (relativeWithin(go.root, context.directory) ?? context.directory);
	const by = context.declaredBy === undefined ? NOTHING : markdown`, which ${code(context.declaredBy)} names`;
	return markdown`the build context ${code(shown)}${by}`;
}

function nameOf(state: StageState): string {
	return state.stage.from.alias?.raw ?? String(state.stage.index);
}

function listOf(names: readonly (string | Markdown)[], joint: string): Markdown {
	const last = names.at(-1) ?? '';
	return names.length < 2 ? markdown`${last}` : markdown`${joined(names.slice(0, -1), ', ')} ${joint} ${last}`;
}

function withoutArticle(name: string): string {
	return name.replace(/^an? /, '');
}
