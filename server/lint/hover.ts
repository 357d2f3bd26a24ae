import { saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { CopiedSource, GoBuild, StageState } from '../image/model.ts';
import { cgoOn, dynamicBecause, requiredCgo } from '../needs/libc.ts';
import { certificateRoots, type Need, temporaryDirectory, userDatabase, zoneData } from '../needs/needs.ts';
import type { Evidence, NeedId, Program } from '../program/model.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';
import type { Answer } from '../text/answer.ts';
import type { Range } from '../text/text.ts';
import { relativeWithin } from '../workspace/paths.ts';

/** The URI of a file, for links to the Go lines that show a need. */
type UriOf = (path: string) => string;

/** A text to show, and the part of the Dockerfile that it speaks of. */
export interface Hover {
	readonly range: Range;
	/** Markdown. */
	readonly text: string;
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
		return lines.length === 0 ? undefined : { range: instruction.range, text: lines.join('\n\n') };
	}
	const ships = instruction.keyword === 'ENTRYPOINT' || instruction.keyword === 'CMD';
	if (target !== undefined && (ships || instruction.keyword === 'FROM')) {
		return { range: instruction.range, text: [describeStage(state), ...describeTarget(target, facts, uriOf)].join('\n\n') };
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

const PROVIDED: Readonly<Record<Answer, string>> = { yes: 'provided', no: '**missing**', unknown: 'not known to be there' };

/** What a program may find in the stage. */
function describeStage(state: StageState): string {
	const name = state.parent === undefined ? (state.imageReference ?? 'An image that is not known') : `Stage ${nameOf(state.parent)}`;
	const there: string[] = [];
	const absent: string[] = [];
	const unknown: string[] = [];
	const sort = (answer: Answer, what: string) => (answer === 'yes' ? there : answer === 'no' ? absent : unknown).push(what);
	sort(state.shell, 'a shell');
	const libc = state.base?.libc ?? 'unknown';
	sort(libc === 'none' ? 'no' : libc === 'unknown' ? 'unknown' : 'yes', libc === 'none' || libc === 'unknown' ? 'a C library' : libc);
	for (const [, need] of NEEDS) sort(need.provided(state), need.title);
	const parts = [
		there.length > 0 ? `has ${listOf(there, 'and')}` : '',
		absent.length > 0 ? `has no ${listOf(absent.map(withoutArticle), 'or')}` : '',
		unknown.length > 0 ? `may have ${listOf(unknown, 'and')}` : '',
	].filter((part) => part !== '');
	const { go } = state.base ?? {};
	const toolchain =
		go === undefined ? '' : ` It brings Go${go.version === undefined ? ', of a version that its tag does not name' : ` ${go.version}`}.`;
	return `**${name}**: the stage ${parts.join('; it ')}. It runs as ${describeUser(state)}.${toolchain}`;
}

function describeUser(state: StageState): string {
	const { text, uid, gid } = state.user.value;
	if (uid === 0) return 'root';
	if (text === undefined) return 'a user that is not known';
	const numbers = uid === undefined || text.startsWith(String(uid)) ? '' : ` (${uid}${gid === undefined ? '' : `:${gid}`})`;
	return `${text}${numbers}`;
}

/** What the programs of the stage need of it, and whether it is there. */
function describeTarget(target: Target, facts: Facts, uriOf: UriOf): string[] {
	const started = resolveCommandPath(target.state);
	const lines: string[] = [];
	if (started?.program !== undefined) {
		const where = started.present === 'no' ? ', which is **not in the image**' : '';
		lines.push(`The container starts \`${started.program}\`${where}.`);
	}
	if (target.binaries.length === 0) lines.push('No program of the workspace is known to be in it.');
	for (const binary of target.binaries) lines.push(describeBinary(binary, target.state, facts, uriOf));
	return lines;
}

function describeBinary({ path, build, program }: ShippedBinary, state: StageState, facts: Facts, uriOf: UriOf): string {
	if (program === undefined) {
		return `\`${path}\`: ${facts.go === undefined ? 'its Go files are being read.' : 'which program it is, is not known.'}`;
	}
	const needs = NEEDS.flatMap(([id, need]) => {
		const [shown] = evidenceFor(program, id);
		return shown === undefined ? [] : [`- ${need.title}: ${PROVIDED[need.provided(state)]}; ${describeEvidence(shown, program, uriOf)}`];
	});
	const linked = build === undefined ? '' : describeLinking(build, program);
	return [`\`${path}\` is ${nameOfProgram(program)}${linked}.`, '', ...describeNeeds(needs, program, uriOf)].join('\n');
}

function describeBuild(build: GoBuild, facts: Facts, uriOf: UriOf): string {
	const program = facts.programOf(build);
	if (program === undefined) {
		return facts.go === undefined ? 'The Go files are being read.' : 'Which program this builds is not known.';
	}
	const name = nameOfProgram(program) || 'Nothing that is there';
	const outputs = build.outputs.length > 0 ? ` goes to \`${build.outputs.join('`, `')}\`` : ' is built';
	const needs = NEEDS.flatMap(([id, need]) => {
		const [shown] = evidenceFor(program, id);
		return shown === undefined ? [] : [`- ${need.title}: ${describeEvidence(shown, program, uriOf)}`];
	});
	const size = `${program.packageCount} ${program.packageCount === 1 ? 'package' : 'packages'} besides the standard library`;
	return [`**${name}**${outputs}: ${size}${describeLinking(build, program)}.`, '', ...describeNeeds(needs, program, uriOf)].join('\n');
}

/** Where a command names files and no package, they are the name. */
function nameOfProgram({ roots, request }: Program): string {
	return roots.map(({ importPath }) => (importPath === COMMAND_LINE_ARGUMENTS ? request.packages.join(' ') : importPath)).join(', ');
}

/** What a program needs: `tabled`, of the needs that the table knows, and all others; then what else there is to say of them. */
function describeNeeds(tabled: readonly string[], program: Program, uriOf: UriOf): string[] {
	const shown = (id: NeedId) => program.evidence.filter((each) => each.need === id && each.detail !== undefined).slice(0, 5);
	const named = (id: NeedId, what: string) =>
		shown(id).map((evidence) => `- the ${what} \`${evidence.detail}\`: ${describeEvidence(evidence, program, uriOf)}`);
	const needs = [
		...tabled,
		...named('executable', 'program'),
		...named('runtime-file', 'file'),
		...named('writable-directory', 'directory, to write to,'),
	];
	const lines = needs.length > 0 ? ['It needs', '', ...needs] : program.unread.length > 0 ? [] : ['It needs no file of the image.'];
	for (const evidence of shown('loopback-listener'))
		lines.push('', `It listens on \`${evidence.detail}\`: ${describeEvidence(evidence, program, uriOf)}.`);
	for (const id of program.embedded) lines.push('', `It brings its own ${id === 'zone-data' ? zoneData.title : certificateRoots.title}.`);
	if (program.unread.length > 0) {
		const names = program.unread.slice(0, 5).map((module) => `\`${module}\``);
		const more = program.unread.length > 5 ? ` and ${program.unread.length - 5} more` : '';
		lines.push(
			'',
			`What these modules need is not known, for they are not on this machine: ${names.join(', ')}${more}. \`go mod download\` fetches them.`,
		);
	}
	return lines;
}

/** Evidence of the need that the program does not meet itself, its own packages first. */
function evidenceFor(program: Program, id: NeedId): Evidence[] {
	if ((id === 'certificate-roots' || id === 'zone-data') && program.embedded.has(id)) return [];
	return program.evidence.filter((evidence) => evidence.need === id).sort((a, b) => Number(b.own) - Number(a.own));
}

function describeEvidence(evidence: Evidence, program: Program, uriOf: UriOf): string {
	const said = saidOf(evidence, program).replace(/[\\[\]`*_<>]/g, '\\$&');
	return evidence.path === undefined ? said : `[${said}](${uriOf(evidence.path)}#L${evidence.line + 1})`;
}

function describeLinking(build: GoBuild, program: Program): string {
	const dynamic = dynamicBecause(build, program);
	if (dynamic?.cause === 'pie') return ', linked dynamically because of -buildmode=pie';
	if (dynamic !== undefined) {
		const names = dynamic.cause === 'cgo' ? dynamic.packages.map((each) => each.importPath) : dynamic.packages;
		return `, linked dynamically because of ${listOf(names.slice(0, 3), 'and')}`;
	}
	const [required] = requiredCgo(program);
	const answer = cgoOn(build);
	if (answer === 'no')
		return required === undefined ? ', linked statically: cgo is off' : `, although ${required.importPath} needs cgo, which is off`;
	return answer === 'yes' ? ', linked statically' : '';
}

function describeCopy(copy: CopiedSource, state: StageState, facts: Facts): string | undefined {
	const source = copy.source === undefined ? undefined : `\`${copy.source}\``;
	const from = copy.from;
	if (from.kind === 'missing-stage') return `There is no stage or image \`${from.name}\` above.`;
	if (source === undefined) return undefined;
	const where =
		from.kind === 'context'
			? facts.context === undefined
				? 'the build context, whose directory is not known'
				: `the build context ${describeContext(facts)}`
			: from.kind === 'stage'
				? `stage ${nameOf(from.state)}`
				: from.kind === 'image'
					? from.reference
					: undefined;
	if (where === undefined) return undefined;
	if (copy.present === 'no') return `${source} is **not in** ${where}.`;
	const entry = copy.destination === undefined ? undefined : state.files.get(copy.destination);
	const program = entry?.build === undefined ? undefined : facts.programOf(entry.build);
	const binary = facts.targets.find((target) => target.state === state)?.binaries.find(({ path }) => path === copy.destination);
	const importPath = binary?.mainPackage?.importPath ?? program?.roots.map((root) => root.importPath).join(', ');
	const what = importPath ? `, the program ${importPath},` : '';
	const to = copy.destination === undefined ? '' : ` to \`${copy.destination}\``;
	return `${source}${what} comes from ${where}${to}.`;
}

function describeContext({ context, go }: Facts): string {
	if (context === undefined) return '';
	const shown = go === undefined ? context.directory : (relativeWithin(go.root, context.directory) ?? context.directory);
	const by = context.declaredBy === undefined ? '' : `, which ${context.declaredBy} names`;
	return `\`${shown}\`${by}`;
}

function nameOf(state: StageState): string {
	return state.stage.from.alias?.raw ?? String(state.stage.index);
}

function listOf(names: readonly string[], joint: string): string {
	return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${joint} ${names.at(-1)}`;
}

function withoutArticle(name: string): string {
	return name.replace(/^an? /, '');
}
