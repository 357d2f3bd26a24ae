import { cgoNeededFor } from '../facts/cgo.ts';
import type { Facts, Target } from '../facts/facts.ts';
import type { BuildAspect, Severity } from '../findings/finding.ts';
import { BUILD_VARIABLE } from '../fixes/losses.ts';
import type { CopiedSource, GoBuild, GoFlag, ImageBuild, StageState } from '../image/model.ts';
import { lastFlag, splitQuoted } from '../image/shell/go-flags.ts';
import { chainOf } from '../image/stage-chain.ts';
import { cgoOn } from '../needs/libc.ts';
import { movedBy, type Range, type TextEdit } from '../text/text.ts';
import { join } from '../workspace/paths.ts';

/**
 * Whether a change of a Dockerfile or a deployment breaks what worked: the text after it was analysed like the text before, and the two are compared.
 * It asks nothing of the fix that made the change, so that a fix that is wrong is found whatever it says of itself.
 */

/** What is compared of an analysis. */
export interface Verified {
	readonly facts: Facts | undefined;
	/** Whether it is of a deployment: then the findings are compared, and the Dockerfiles that stand in it. */
	readonly deployment?: boolean;
	readonly inline?: readonly Facts[];
	readonly findings: readonly VerifiedFinding[];
}

interface VerifiedFinding {
	readonly code: string;
	readonly severity: Severity;
	readonly message: string;
	readonly range: Range;
}

export interface Change {
	readonly before: Verified;
	readonly after: Verified;
	/** The findings of `before` that the change is for. */
	readonly fixed: readonly VerifiedFinding[];
	/** The edits that made it; `undefined` where several passes made it, and places say nothing. */
	readonly edits: readonly TextEdit[] | undefined;
	/** What it changes of builds on purpose. */
	readonly aspects: ReadonlySet<BuildAspect>;
}

/** What is wrong with the change, as a person would say it; `undefined` where nothing is. */
export function problemOf(change: Change): string | undefined {
	if (change.before.deployment && change.after.deployment) return problemOfInline(change) ?? problemOfFindings(change, false);
	const before = change.before.facts;
	const after = change.after.facts;
	if (before === undefined || after === undefined) return 'the text cannot be analysed';
	return problemOfFacts(before, after, change.aspects) ?? problemOfFindings(change, learnsOfProgram(before, after));
}

function problemOfFacts(before: Facts, after: Facts, aspects: ReadonlySet<BuildAspect>): string | undefined {
	return problemOfBuilds(before, after, aspects) ?? problemOfCopies(before.image, after.image) ?? problemOfTargets(before, after);
}

/** The Dockerfiles in a deployment build what they built. */
function problemOfInline({ before: { inline: then = [] }, after: { inline: now = [] }, aspects }: Change): string | undefined {
	for (const [index, before] of then.entries()) {
		const after = now[index];
		const problem = after === undefined ? 'a Dockerfile cannot be read any more' : problemOfFacts(before, after, aspects);
		if (problem !== undefined) return problem;
	}
	return undefined;
}

/** Every command that built still builds what it built. No fix adds, removes or reorders builds. */
function problemOfBuilds(before: Facts, after: Facts, aspects: ReadonlySet<BuildAspect>): string | undefined {
	const then = buildsOf(before.image);
	const now = buildsOf(after.image);
	if (now.length !== then.length) return `it leaves ${now.length} of ${then.length} builds`;
	for (const [index, build] of then.entries()) {
		const other = now[index] as GoBuild;
		const samePackages = () => (aspects.has('packages') ? undefined : problemOfProgram(before, build, after, other));
		const problem = problemOfBuild(build, other, aspects) ?? problemOfCgo(before, build, after, other) ?? samePackages();
		if (problem !== undefined) return problem;
	}
	const foreign = startedForeign(after.image);
	if (foreign !== undefined && startedForeign(before.image) === undefined) return `a RUN starts ${foreign}, which is for another platform`;
	const stranger = after.image.stages.flatMap(({ ran }) => ran).find(({ words }) => words[0]?.startsWith('-'));
	const known = before.image.stages.flatMap(({ ran }) => ran).some(({ words }) => words[0] === stranger?.words[0]);
	return stranger === undefined || known ? undefined : `a shell would start ${stranger.words[0]}`;
}

/** What a RUN starts although it may be built for another platform than the one that builds. */
function startedForeign(image: ImageBuild): string | undefined {
	const outputs = new Set(buildsOf(image).flatMap((build) => (build.crossCompiles === 'no' ? [] : build.outputs)));
	const commands = image.stages.flatMap(({ ran }) => ran);
	return commands.find(({ words: [name = ''], workingDirectory = '/' }) => outputs.has(join(workingDirectory, name)))?.words[0];
}

function buildsOf(image: ImageBuild): readonly GoBuild[] {
	return image.stages.flatMap(({ builds }) => builds);
}

function problemOfBuild(before: GoBuild, after: GoBuild, aspects: ReadonlySet<BuildAspect>): string | undefined {
	const same = (a: readonly unknown[], b: readonly unknown[]) => a.length === b.length && a.every((each, index) => each === b[index]);
	/** Whether a value that was known is another, or not known any more. */
	const lost = (a: unknown, b: unknown) => a !== undefined && a !== b;
	if (!aspects.has('platform') && after.subcommand !== before.subcommand) return `go ${before.subcommand} becomes go ${after.subcommand}`;
	if (!aspects.has('packages') && !same(before.packages, after.packages)) return `it builds ${after.packages.join(' ') || '.'}`;
	if (lost(before.sourceDirectory, after.sourceDirectory)) return 'it builds in another directory';
	if (!aspects.has('outputs') && before.outputs.length > 0 && !same(before.outputs, after.outputs))
		return `it writes ${after.outputs.join(' ') || 'nothing that is known'} instead of ${before.outputs.join(' ')}`;
	if (before.tags?.some((tag) => after.tags?.includes(tag) !== true) === true) return 'it loses a build tag';
	const crosses = before.crossCompiles === 'no' && after.crossCompiles !== 'no';
	if (!aspects.has('platform') && (crosses || lost(before.goos, after.goos) || lost(before.goarch, after.goarch)))
		return 'it builds for another platform';
	if (!aspects.has('cgo') && cgoOn(before) !== 'unknown' && cgoOn(before) !== cgoOn(after)) return `cgo was ${cgoOn(before)}`;
	return problemOfFlags(before, after, aspects);
}

/** Nothing that needs cgo loses it. What the program needs it for is known before: without cgo its C code is not read. */
function problemOfCgo(before: Facts, build: GoBuild, after: Facts, other: GoBuild): string | undefined {
	if (cgoOn(other) !== 'no' || cgoOn(build) === 'no') return undefined;
	const needs = [...cgoNeededFor(before, build).filter(({ cause }) => cause !== 'flag'), ...cgoNeededFor(after, other)];
	return needs[0] && `${needs[0].said} needs cgo`;
}

function problemOfFlags(before: GoBuild, after: GoBuild, aspects: ReadonlySet<BuildAspect>): string | undefined {
	for (const { name } of before.flags) {
		// Compared as what they come to.
		if (name === 'o' || name === 'tags' || name === 'C' || (name === 'buildmode' && aspects.has('linking'))) continue;
		const then = lastFlag(before.flags, name);
		const now = lastFlag(after.flags, name);
		const kept = now !== undefined && (name === 'ldflags' ? keepsWords(then, now) : now.text === then?.text);
		if (!kept) return `-${name} changes`;
	}
	const written = after.flags.filter(({ range }) => range !== undefined).map(({ name }) => name);
	const doubled = written.find((name, index) => written.indexOf(name) < index && count(before.flags, name) < count(after.flags, name));
	if (doubled !== undefined) return `-${doubled} stands twice`;
	const assigned = (build: GoBuild) => build.command.node.assignments.map(({ name }) => name);
	const mounts = (build: GoBuild) => build.instruction.flags.filter(({ name }) => name === 'mount').map((flag) => flag.value?.raw ?? '');
	if (repeats(assigned(after)) > repeats(assigned(before))) return 'a variable is assigned twice';
	return repeats(mounts(after)) > repeats(mounts(before)) ? 'a mount stands twice' : undefined;
}

function keepsWords(before: GoFlag | undefined, after: GoFlag): boolean {
	const words = splitQuoted(after.text ?? '');
	return splitQuoted(before?.text ?? '').every((word) => words.includes(word));
}

const count = (flags: readonly GoFlag[], name: string) => flags.filter((flag) => flag.range !== undefined && flag.name === name).length;

const repeats = (words: readonly string[]) => words.length - new Set(words).size;

/** The same packages go into the binary. */
function problemOfProgram(before: Facts, build: GoBuild, after: Facts, other: GoBuild): string | undefined {
	const then = before.programOf(build);
	const now = after.programOf(other);
	if (then === undefined || then.missing.length > 0) return undefined;
	if (now === undefined) return 'the program is not known any more';
	const missing = now.missing.find((name) => !then.missing.includes(name));
	if (missing !== undefined) return `${missing} is missing`;
	const lost = then.roots.find(({ directory }) => !now.roots.some((root) => root.directory === directory));
	return lost && `${lost.importPath} is not built any more`;
}

/** Each file that a later instruction copies is there. */
function problemOfCopies(before: ImageBuild, after: ImageBuild): string | undefined {
	const copies = (image: ImageBuild) => image.stages.flatMap((state) => state.copies.filter(({ from }) => from.kind !== 'context'));
	const keyOf = ({ source, destination }: CopiedSource) => `${source}\0${destination}`;
	const then = new Map<string, CopiedSource[]>();
	for (const copy of copies(before)) {
		const known = then.get(keyOf(copy));
		if (known === undefined) then.set(keyOf(copy), [copy]);
		else known.push(copy);
	}
	for (const copy of copies(after)) {
		const was = then.get(keyOf(copy))?.shift();
		// Of an image all that is known is its name, and that was the same.
		const ofImage = copy.from.kind === 'image' && (was === undefined || was.from.kind === 'image');
		if (copy.present === 'yes' || ofImage) continue;
		// What nobody copied before has to be there; what was not known before may go on being so.
		const worse = was === undefined || was.present === 'yes' || (was.present === 'unknown' && copy.present === 'no');
		if (worse) return `${copy.source} may not be there to copy`;
	}
	return undefined;
}

/** What a target ships and starts is shipped and started by one after the change. */
function problemOfTargets(before: Facts, after: Facts): string | undefined {
	const now = buildsOf(after.image);
	const shipped = (target: Target, build: GoBuild | undefined, started: boolean) =>
		target.binaries.some((binary) => binary.build === build && (!started || binary.started));
	const then = buildsOf(before.image);
	for (const target of before.targets) {
		const { build: main } = target.binaries.find(({ build, started }) => build !== undefined && started) ?? {};
		const same = main && after.targets.find((each) => shipped(each, now[then.indexOf(main)], true));
		const problem = same && problemOfSettings(target.state, same.state);
		if (problem !== undefined) return problem;
		for (const { path, build, started } of target.binaries) {
			if (build === undefined) continue;
			const other = now[then.indexOf(build)];
			if (!after.targets.some((each) => shipped(each, other, started))) return `no stage ${started ? 'starts' : 'ships'} ${path} any more`;
		}
	}
	return undefined;
}

/** The program runs as the user that it ran as, unless that was root, and with the variables that the Dockerfile gave it. */
function problemOfSettings(before: StageState, after: StageState): string | undefined {
	const { uid } = before.user.value;
	if (uid !== undefined && uid !== 0 && after.user.value.uid !== uid) return 'it runs as another user';
	const names = chainOf(before).flatMap(({ stage }) =>
		stage.instructions.flatMap((each) => (each.keyword === 'ENV' ? each.assignments.map(({ name }) => name) : [])),
	);
	const lost = names.find((name) => {
		const value = before.environment.get(name)?.value;
		return !BUILD_VARIABLE.test(name) && value !== undefined && after.environment.get(name)?.value !== value;
	});
	return lost && `ENV ${lost} changes`;
}

/**
 * The finding is gone, and nothing new of warning or above is there.
 *
 * @param revealing whether the change reveals a program
 */
function problemOfFindings({ before, after, fixed, edits }: Change, revealing: boolean): string | undefined {
	const left = [...after.findings];
	for (const finding of before.findings) {
		if (fixed.includes(finding)) continue;
		const starts = edits && [movedBy(edits, finding.range.start, true), movedBy(edits, finding.range.start, false)];
		const alike = (each: VerifiedFinding) =>
			each.code === finding.code && (starts === undefined || each.message === finding.message || starts.includes(each.range.start));
		const best = left.findIndex((each) => alike(each) && each.message === finding.message);
		const match = best >= 0 ? best : left.findIndex(alike);
		if (match >= 0) left.splice(match, 1);
	}
	for (const { code, message } of fixed) {
		if (left.some((each) => each.code === code && each.message === message)) return `the finding is still there: ${message}`;
	}
	const fresh = left.find(({ code, severity }) => isSerious(severity) && !(revealing && OF_THE_PROGRAM.has(code)));
	return fresh && `it brings ${fresh.code}: ${fresh.message}`;
}

const isSerious = (severity: Severity) => severity === 'error' || severity === 'warning';

/** What is found of a program only once it is known that a target starts it: it was as true before. */
const OF_THE_PROGRAM: ReadonlySet<string> = new Set([
	'cgo-code-without-cgo',
	'cgo-without-libc',
	'dynamic-binary',
	'file-ignored',
	'loopback-listener',
	'missing-ca-certificates',
	'missing-executable',
	'missing-runtime-file',
	'missing-timezone-data',
	'missing-tmp',
	'missing-user-database',
	'root-user',
	'toolchain-in-image',
	'unwritable-directory',
	'wrong-platform',
]);

/** Whether a target is known to start a program of which nothing was known before. */
function learnsOfProgram(before: Facts, after: Facts): boolean {
	return after.targets.some(({ state, binaries }) => {
		const then = before.targets.find((target) => target.state.stage.index === state.stage.index);
		const known = (target: Pick<Target, 'binaries'> | undefined) =>
			target?.binaries.filter(({ started, program }) => started && program !== undefined).length;
		return then !== undefined && (known({ binaries }) ?? 0) > (known(then) ?? 0);
	});
}
