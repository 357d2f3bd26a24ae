import { saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import { fixedPart } from '../image/context/glob.ts';
import type { CopiedSource, GoBuild, StageState } from '../image/model.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import { cgoOn, dynamicBecause, requiredCgo } from '../needs/libc.ts';
import { certificateRoots, type Need, temporaryDirectory, userDatabase, zoneData } from '../needs/needs.ts';
import type { PictureFinding } from '../picture/needs.ts';
import { needsOf } from '../picture/needs.ts';
import type { Evidence, Program } from '../program/model.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';
import type { Answer } from '../text/answer.ts';
import { bold, code, joined, link, type Markdown, markdown } from '../text/markdown.ts';
import type { Range } from '../text/text.ts';
import { basename, join, relativeWithin } from '../workspace/paths.ts';
import { needLines } from './need-lines.ts';

/** The URI of a file, for links to the Go lines that show a need. */
type UriOf = (path: string) => string;

/** A text to show, and the range of the Dockerfile that it is about. */
export interface Hover {
	readonly range: Range;
	readonly text: Markdown;
}

/**
 * The hover at `offset` of the Dockerfile: at FROM what the stage provides, and for a target stage also what its programs need; at COPY
 * what it copies; at `go build` what the program consists of and needs.
 *
 * @param findings those of the Dockerfile: a need that one of them reports is not met
 */
export function hoverAt(facts: Facts, offset: number, uriOf: UriOf, findings: readonly PictureFinding[] = []): Hover | undefined {
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
		return { range: instruction.range, text: joined([...describeTarget(target, facts, uriOf, findings), describeStage(state)], '\n\n') };
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

const MARKS: Readonly<Record<Answer, string>> = { yes: '✓', no: '✗', unknown: '?' };

const NOTHING = markdown``;

/** What the stage provides to a program: `shell ✗ · glibc ✓ · CA certificates ? · user root`. */
function describeStage(state: StageState): Markdown {
	const name = state.parent === undefined ? nameOfImage(state) : markdown`Stage ${code(nameOf(state.parent))}`;
	const libc = state.base?.libc ?? 'unknown';
	const facts = [
		markdown`shell ${MARKS[state.shell]}`,
		libc === 'none' || libc === 'unknown'
			? markdown`C library ${MARKS[libc === 'none' ? 'no' : 'unknown']}`
			: markdown`${libc} ${MARKS.yes}`,
		...NEEDS.map(([, need]) => markdown`${need.title} ${MARKS[need.provided(state)]}`),
		markdown`user ${describeUser(state)}`,
	];
	const { go } = state.base ?? {};
	if (go !== undefined) facts.push(go.version === undefined ? markdown`Go version unknown (not in the tag)` : markdown`Go ${go.version}`);
	return markdown`${bold(name)}: ${joined(facts, ' · ')}`;
}

function nameOfImage({ imageReference }: StageState): Markdown {
	return imageReference === undefined ? markdown`Unknown image` : code(imageReference);
}

function describeUser(state: StageState): Markdown {
	const { text, uid, gid } = state.user.value;
	if (uid === 0) return markdown`root`;
	if (text === undefined) return markdown`unknown`;
	const numbers = uid === undefined || text.startsWith(String(uid)) ? '' : ` (${uid}${gid === undefined ? '' : `:${gid}`})`;
	return markdown`${code(text)}${numbers}`;
}

/** What the programs need and whether the stage has it; then what the container starts. */
function describeTarget(target: Target, facts: Facts, uriOf: UriOf, findings: readonly PictureFinding[]): Markdown[] {
	const started = resolveCommandPath(target.state);
	const lines: Markdown[] = [];
	const needs = needsOf(facts, target, findings);
	if (needs.length > 0) lines.push(joined(needLines(needs, uriOf), '\n'));
	if (started?.program !== undefined) {
		const needsShell = started.form.form !== 'exec' && target.state.shell === 'no';
		const missing = started.present === 'no' ? markdown`, which is ${bold('not in the image')}` : '';
		const where = needsShell ? markdown` in a shell, which is ${bold('not in the image')}` : missing;
		lines.push(markdown`The container starts ${code(started.program)}${where}.`);
	}
	if (target.binaries.length === 0) lines.push(markdown`No Go program of the workspace was found in this stage.`);
	for (const binary of target.binaries) lines.push(describeBinary(binary, needs.length === 0, facts, uriOf));
	return lines;
}

function describeBinary({ path, build, program }: ShippedBinary, noNeeds: boolean, facts: Facts, uriOf: UriOf): Markdown {
	if (program === undefined) {
		return markdown`${code(path)}: ${facts.go === undefined ? 'reading its Go files.' : 'unknown program.'}`;
	}
	const linked = build === undefined ? NOTHING : describeLinking(build, program);
	const none = noNeeds && program.unread.length === 0 ? [NOTHING, markdown`Needs no files from the image.`] : [];
	return joined(
		[markdown`${code(path)} is ${code(nameOfProgram(program))}${linked}.`, ...none, ...describeRest(program, facts, uriOf)],
		'\n',
	);
}

function describeBuild(build: GoBuild, facts: Facts, uriOf: UriOf): Markdown {
	const program = facts.programOf(build);
	if (program === undefined) {
		return facts.go === undefined ? markdown`Reading the Go files.` : markdown`The program that this builds is unknown.`;
	}
	const name = nameOfProgram(program);
	if (name === '') return markdown`The package to build does not exist.`;
	const outputs = build.outputs.length > 0 ? markdown` to ${joined(build.outputs.map(code), ', ')}` : NOTHING;
	const needs = NEEDS.flatMap(([id, need]) => {
		const [shown] = evidenceFor(program, id);
		return shown === undefined ? [] : [markdown`- ${need.title} — ${describeEvidence(shown, program, facts, uriOf)}`];
	});
	const size = `${program.packageCount} ${program.packageCount === 1 ? 'package' : 'packages'} besides the standard library`;
	const what = markdown`Builds ${bold(code(name))}${outputs}: ${size}${describeLinking(build, program)}.`;
	return joined([what, NOTHING, ...describeNeeds(needs, program, facts, uriOf)], '\n');
}

/** The import paths of the program, or the files that the command names. */
function nameOfProgram({ roots, request }: Program): string {
	return roots.map(({ importPath }) => (importPath === COMMAND_LINE_ARGUMENTS ? request.packages.join(' ') : importPath)).join(', ');
}

/** What a program that is built needs: `tabled`, the needs of {@link NEEDS}, and all others; then what else is known of it. */
function describeNeeds(tabled: readonly Markdown[], program: Program, facts: Facts, uriOf: UriOf): Markdown[] {
	const shown = (id: NeedId) => program.evidence.filter((each) => each.need === id && each.detail !== undefined).slice(0, 5);
	const listed = (evidence: readonly Evidence[], what: string) =>
		evidence.map((each) => markdown`- ${what} ${code(each.detail ?? '')} — ${describeEvidence(each, program, facts, uriOf)}`);
	const needs = [
		...tabled,
		...listed(shown('executable'), 'executable'),
		...listed(withoutCovered(shown('runtime-file')), 'files'),
		...listed(shown('writable-directory'), 'writable directory'),
	];
	const none = program.unread.length > 0 ? [] : [markdown`Needs no files from the image.`];
	return [...(needs.length > 0 ? [markdown`Needs:`, NOTHING, ...needs] : none), ...describeRest(program, facts, uriOf)];
}

/** What else is known of a program: where it listens, what it embeds, and what could not be read. */
function describeRest(program: Program, facts: Facts, uriOf: UriOf): Markdown[] {
	const lines: Markdown[] = [];
	for (const listener of program.listeners.filter(({ address, own }) => own && address !== undefined).slice(0, 5))
		lines.push(NOTHING, markdown`Listens on ${code(listener.address ?? '')} — ${describeEvidence(listener, program, facts, uriOf)}`);
	for (const id of program.embedded) lines.push(NOTHING, markdown`Embeds ${id === 'zone-data' ? zoneData.title : certificateRoots.title}.`);
	if (program.unread.length > 0) {
		const names = joined(program.unread.slice(0, 5).map(code), ', ');
		const more = program.unread.length > 5 ? ` and ${program.unread.length - 5} more` : '';
		lines.push(
			NOTHING,
			markdown`These modules are not on disk, so what they need is unknown: ${names}${more}. Run ${code('go mod download')}.`,
		);
	}
	return lines;
}

/** Without a directory of which the list has a pattern (`migrations` beside `migrations/*.sql`): they are the same files. */
function withoutCovered(evidence: readonly Evidence[]): Evidence[] {
	return evidence.filter(({ detail }) => !evidence.some((other) => other.detail !== detail && fixedPart(other.detail ?? '') === detail));
}

/** Evidence of a need that the program does not embed the answer to; that of the workspace's own packages comes first. */
function evidenceFor(program: Program, id: NeedId): Evidence[] {
	if ((id === 'certificate-roots' || id === 'zone-data') && program.embedded.has(id)) return [];
	return program.evidence.filter((evidence) => evidence.need === id).sort((a, b) => Number(b.own) - Number(a.own));
}

/** `http.Get` at main.go:9; for a dependency also the import chain that reaches it. */
function describeEvidence(evidence: Omit<Evidence, 'need' | 'detail'>, program: Program, { go }: Facts, uriOf: UriOf): Markdown {
	const { path, line, own } = evidence;
	if (path === undefined) return code(saidOf(evidence, program));
	const shown = (go === undefined ? undefined : relativeWithin(go.root, path)) ?? join(evidence.package, basename(path));
	return markdown`${code(own ? evidence.symbol : saidOf(evidence, program))} at ${link(`${shown}:${line + 1}`, `${uriOf(path)}#L${line + 1}`)}`;
}

function describeLinking(build: GoBuild, program: Program): Markdown {
	const dynamic = dynamicBecause(build, program);
	if (dynamic?.cause === 'pie') return markdown`, dynamically linked because of ${code('-buildmode=pie')}`;
	if (dynamic !== undefined) {
		const names =
			dynamic.cause === 'flag'
				? [dynamic.flag.text]
				: dynamic.cause === 'cgo'
					? dynamic.packages.map((each) => each.importPath)
					: dynamic.packages;
		return markdown`, dynamically linked because of ${listOf(names.slice(0, 3).map(code), 'and')}`;
	}
	const [required] = requiredCgo(program);
	const answer = cgoOn(build);
	if (answer === 'no') {
		if (required === undefined) return markdown`, statically linked (cgo is disabled)`;
		return markdown`, but ${code(required.importPath)} requires cgo, which is disabled`;
	}
	return answer === 'yes' ? markdown`, statically linked` : NOTHING;
}

function describeCopy(copy: CopiedSource, state: StageState, facts: Facts): Markdown | undefined {
	const from = copy.from;
	if (from.kind === 'missing-stage') return markdown`There is no stage ${code(from.name)} before this one.`;
	if (copy.source === undefined) return undefined;
	const source = code(copy.source);
	const where = describeOrigin(from, facts);
	if (where === undefined) return undefined;
	if (copy.present === 'no') return markdown`${source} is ${bold('not in')} ${where}.`;
	const entry = copy.destination === undefined ? undefined : state.files.get(copy.destination);
	const program = entry?.build === undefined ? undefined : facts.programOf(entry.build);
	const binary = facts.targets.find((target) => target.state === state)?.binaries.find(({ path }) => path === copy.destination);
	const importPath = binary?.mainPackage?.importPath ?? program?.roots.map((root) => root.importPath).join(', ');
	const what = importPath ? markdown` (the program ${code(importPath)})` : NOTHING;
	const to = copy.destination === undefined ? NOTHING : markdown` to ${code(copy.destination)}`;
	return markdown`Copies ${source}${what} from ${where}${to}.`;
}

/** What a COPY copies from; `undefined` if that is unknown. */
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
	if (context === undefined) return markdown`the build context (directory unknown)`;
	const shown = (path: string) => code((go === undefined ? undefined : relativeWithin(go.root, path)) ?? path);
	const by = context.declaredBy === undefined ? NOTHING : markdown` (set in ${shown(context.declaredBy)})`;
	return markdown`the build context ${shown(context.directory)}${by}`;
}

function nameOf(state: StageState): string {
	return state.stage.from.alias?.raw ?? String(state.stage.index);
}

function listOf(names: readonly (string | Markdown)[], joint: string): Markdown {
	const last = names.at(-1) ?? '';
	return names.length < 2 ? markdown`${last}` : markdown`${joined(names.slice(0, -1), ', ')} ${joint} ${last}`;
}
