// Long because splitting a stage decides for every kind of instruction, build and need where it goes.

import { variablesOf } from '../dockerfile/expand.ts';
import { commandWords } from '../dockerfile/shell.ts';
import type { ArgInstruction, CommandInstruction, Dockerfile, EnvInstruction, Instruction } from '../dockerfile/syntax.ts';
import { asItStands, copyWords, execForm, joined, lineEnding, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import { cgoNeededFor } from '../facts/cgo.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import type { Fix } from '../findings/finding.ts';
import { BUILD_CACHE_MOUNT, MODULE_CACHE_MOUNT } from '../generate/cache-mounts.ts';
import { finalStage } from '../generate/final-stage.ts';
import { defaultPaths, type Plan, planFor, runtimePaths, writesRelative } from '../generate/plan.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { declaredTarget, isDeclaredTarget } from '../image/targets.ts';
import { possiblyRequiredCgo } from '../needs/libc.ts';
import { userDatabase, zoneData } from '../needs/needs.ts';
import { basename, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import {
	addLinkerFlags,
	addTag,
	addWords,
	canEdit,
	dropFlag,
	knows,
	onePerCommand,
	setEnvironment,
	TARGET_ARGUMENTS,
	TARGET_PLATFORM,
	TIME_ZONES,
	WITHOUT_CGO,
} from './go-command.ts';
import { insertOnto } from './insert-above.ts';
import { lastBuildingInstruction, lastInstruction, leadingComments, removeWithComments, stageReference, styled } from './instructions.ts';
import {
	BUILD_VARIABLE,
	lossesOfCgo,
	lossesOfNames,
	lossesOfPorts,
	lossesOfPrograms,
	lossesOfRights,
	OPEN_TO_SCRATCH,
	withLosses,
} from './losses.ts';
import { modulesFirst } from './modules-first.ts';

/** The rewrite of a stage that builds and ships into one that builds, and a `FROM scratch` that holds what the program needs. */

/** Instructions that say how the image is run; they belong to the stage that ships. */
const RUN_TIME = new Set(['CMD', 'ENTRYPOINT', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'STOPSIGNAL', 'VOLUME', 'USER', 'MAINTAINER']);

/** Packages that a build wants and a program seldom does. */
const BUILD_PACKAGE =
	/^(?:git|gcc|g\+\+|make|build-base|build-essential|musl-dev|libc-dev|libc6-dev|pkg-config|ca-certificates|tzdata|upx|upx-ucl|openssh|openssh-client|bash|curl|wget|unzip|protobuf.*)$/;

/**
 * Splits the target, which is the last stage, in two.
 *
 * @returns `undefined` if the stage cannot be split by what is known, such as a command that only a shell understands
 *
 * Long because it decides in one pass which instruction goes into which stage, and gives up at any of them.
 */
export function splitIntoStages(facts: Facts, target: Target): Fix | undefined {
	const { dockerfile } = facts;
	const { state } = target;
	const { stage } = state;
	const shipped = target.binaries.filter(({ build }) => build?.stage.index === stage.index);
	const started = shipped.filter((binary) => binary.started);
	const [binary] = started.length > 0 ? started : shipped.length === 1 ? shipped : [];
	const build = binary?.build;
	if (binary === undefined || build === undefined || stage !== dockerfile.stages.at(-1) || state.parent !== undefined) return undefined;
	// It might ship without its C code.
	if (binary.program !== undefined && possiblyRequiredCgo(binary.program).length > 0) return undefined;
	if (state.shell === 'no') return undefined;
	// What names the stage as the one that ships would go on doing so.
	if (isDeclaredTarget(stage, dockerfile, facts.context)) return undefined;
	const binaries = started.length > 0 && shipped.length > started.length ? shipped : [binary];
	const moved = stage.instructions.filter((instruction) => RUN_TIME.has(instruction.keyword));
	if (moved.some((instruction) => instruction.keyword === 'USER' && instruction.range.start < build.range.start)) return undefined;
	const environment = environmentToKeep(stage.instructions);
	if (environment === undefined) return undefined;
	// What no RUN, COPY or WORKDIR of the stage comes after is for the program alone.
	const movedEnvironment = environment.filter(({ range }) => range.start > lastBuildingInstruction(stage).range.start);
	const commands = commandLines(facts, moved, binary, state);
	if (commands === undefined) return undefined;

	const declarations = argumentsOf(stage.instructions, moved, environment, dockerfile);
	if (declarations === undefined) return undefined;
	const builds = onePerCommand(binaries.flatMap((each) => each.build ?? []));
	// A plugin and its host have to be built with cgo and run with the same C library.
	if (state.builds.some(makesLibrary) || builds.some((each) => cgoNeededFor(facts, each).some(({ certain }) => certain))) return undefined;
	const own = moved.some((instruction) => instruction.keyword === 'USER');
	const plan = withoutNobody(planFor(binaries.map(({ program }) => program)), own);
	const builder = stage.from.alias === undefined ? freeName(facts) : stageReference(stage);
	const directory = moduleDirectory(binary);
	const files = runtimeFiles([...runtimePaths(plan), ...otherFiles(plan, state, directory)], state, directory);
	const layout = {
		from: builder,
		directory,
		workingDirectory: files.size > 0 || plan.runtimeFiles.length > 0 || writesRelative(plan) ? (state.workingDirectory ?? '/') : '/',
		dialect: dockerfile,
	};
	const final = finalStage(plan, layout, files);
	const binaryCopies = binaries.map(({ path }) => copyFrom(dockerfile, builder, path, finalPath(path)));
	const otherCopies = extraCopies(state, layout.directory).map((path) => copyFrom(dockerfile, builder, path, path));
	const copied = [...otherCopies, ...binaryCopies].filter((line) => line !== undefined);
	if (final.leftOut.length > 0 || copied.length < otherCopies.length + binaryCopies.length) return undefined;
	// TZ is kept with the environment, and names a zone that scratch has no data for.
	const setsZone = environment.some(({ assignments }) => assignments.some(({ name }) => name === 'TZ'));
	const wanted = setsZone && !final.tags.includes(TIME_ZONES) ? [...final.tags, TIME_ZONES] : final.tags;
	const tags = wanted.filter((tag) => tag !== TIME_ZONES || builds.every((each) => knows(each, 'embeddedZones')));
	const line = (text: Written) => styled(dockerfile, text);

	const edits: WrittenEdit[] = [];
	const { image } = stage.from;
	if (image === undefined) return undefined;
	if (stage.from.alias === undefined)
		edits.push({ range: { start: image.range.end, end: image.range.end }, newText: written` ${line(written`AS`)} ${builder}` });
	const crossCompiles = canCrossCompile(target, build);
	// On the platform that builds, and not for another, the image that ships would hold a binary that it cannot run.
	if (stage.from.platform !== undefined && !crossCompiles) return undefined;
	if (crossCompiles && stage.from.platform === undefined) {
		edits.push({ range: { start: image.range.start, end: image.range.start }, newText: written`--platform=$BUILDPLATFORM ` });
	}
	const download = modulesFirst(facts, build, MODULE_CACHE_MOUNT)?.edits ?? [];
	edits.push(...download);
	// A download without the mount leaves the modules in the image, where a mount would hide them.
	const cached = download.some((edit) => edit.newText.includes(MODULE_CACHE_MOUNT));
	const mounts = cached ? [MODULE_CACHE_MOUNT, BUILD_CACHE_MOUNT] : [BUILD_CACHE_MOUNT];
	if (builds.some((each) => tags.some((tag) => addTag(dockerfile, each, tag) === undefined))) return undefined;
	edits.push(...platformArguments(facts, builds, crossCompiles));
	for (const instruction of new Set(builds.filter(canEdit).map((each) => each.instruction)))
		edits.push(...mountEdits(dockerfile, instruction, mounts));
	for (const each of builds) edits.push(...buildEdits(facts, each, { tags, crossCompiles }));
	const staying = stage.instructions.filter((each) => !moved.includes(each));
	const freed = declarations.filter((each) => isFreed(each, staying, dockerfile));
	for (const instruction of new Set([...moved, ...movedEnvironment, ...freed])) edits.push(removeWithComments(dockerfile, instruction));

	const user = own ? [] : final.user.map(({ text }) => line(text));
	const namedUser = state.user.instruction?.keyword === 'USER' && !/^\d+(?::\d+)?$/.test(state.user.value.text ?? '');
	const copies = final.copies.map(({ text }) => line(text));
	const passwd = namedUser ? [line(written`COPY --from=${builder} /etc/passwd /etc/group /etc/`)] : [];
	const shipping = [
		line(written`FROM scratch`),
		...declarations.map(({ range }) => asItStands(dockerfile, range)),
		...(namedUser ? copies.filter((text) => !text.endsWith(' /etc/passwd')) : copies),
		...passwd,
		...copied.map(line),
		...environment.flatMap((instruction) => [
			...(movedEnvironment.includes(instruction) ? leadingComments(dockerfile, instruction) : []),
			asItStands(dockerfile, instruction.range),
		]),
		...user,
		...commands,
	];
	const prepare = final.prepare.map(({ text }) => line(text));
	const end = lastInstruction(stage).range.end;
	const newline = lineEnding(dockerfile);
	const losses = lossesOf(facts, target, binaries, builds, plan);
	const text = joined([...prepare, written``, ...shipping], newline);
	return {
		...withLosses(`Split into a build stage and a scratch stage${losses.length > 0 ? '' : ' with what the program needs'}`, losses),
		edits: withAtEnd(edits, end, text, newline),
		changes: ['cgo', 'linking', 'platform'],
		preferred: losses.length === 0,
	};
}

/** `edits` and `text` at the end of the stage. A removal that reaches the end would swallow the text: it takes the place of what is removed. */
function withAtEnd(edits: readonly WrittenEdit[], end: number, text: Written, newline: Written): WrittenEdit[] {
	const covering = edits.findLast((edit) => edit.range.start < end && edit.range.end >= end);
	if (covering === undefined) return [...edits, { range: { start: end, end }, newText: written`${newline}${text}` }];
	return [
		...edits.filter((edit) => edit !== covering),
		{ range: covering.range, newText: covering.range.end > end ? written`${text}${newline}` : text },
	];
}

function freeName(facts: Facts): Written {
	const taken = new Set(facts.dockerfile.stages.map((stage) => stage.from.alias?.raw.toLowerCase()));
	// A name that is said to ship and that no stage has must not become the builder's.
	taken.add(declaredTarget(facts.dockerfile, facts.context)?.toLowerCase());
	return [written`build`, written`builder`, written`go-build`].find((name) => !taken.has(name)) ?? written`build-stage`;
}

/** Whether the build makes a plugin or a C library. */
function makesLibrary({ flags }: GoBuild): boolean {
	return /^(?:plugin|shared|c-shared|c-archive)$/.test(lastFlag(flags, 'buildmode')?.value ?? '');
}

/** The plan without the line of a user that does not run the program, where nothing asks for it. */
function withoutNobody(plan: Plan, hasUser: boolean): Plan {
	if (!hasUser) return plan;
	return { ...plan, needs: plan.needs.filter(({ need, because }) => need !== userDatabase || because !== undefined) };
}

/** ENV instructions that the program may read; `undefined` where one is made of variables, which end with the stage. */
function environmentToKeep(instructions: readonly Instruction[]): EnvInstruction[] | undefined {
	const kept = instructions.filter(
		(instruction): instruction is EnvInstruction =>
			instruction.keyword === 'ENV' && instruction.assignments.some(({ name }) => !BUILD_VARIABLE.test(name)),
	);
	const computed = kept.some(
		(instruction) => instruction.keyword === 'ENV' && instruction.assignments.some(({ value }) => value?.raw.includes('$')),
	);
	return computed ? undefined : kept;
}

/** Instructions in which the builder expands variables, of those that are moved. */
const EXPANDED = new Set(['EXPOSE', 'LABEL', 'STOPSIGNAL', 'VOLUME', 'USER']);

/**
 * The ARG instructions that those that move take along: a variable ends with its stage. ENV of the program goes along anyway.
 *
 * @returns `undefined` where one names a variable that is declared in another way
 */
function argumentsOf(
	instructions: readonly Instruction[],
	moved: readonly Instruction[],
	environment: readonly EnvInstruction[],
	dockerfile: Dockerfile,
): ArgInstruction[] | undefined {
	const kept = new Set(environment.flatMap(({ assignments }) => assignments.map(({ name }) => name)));
	const needed = moved
		.filter(({ keyword }) => EXPANDED.has(keyword))
		.flatMap(({ range }) => variablesOf(asItStands(dockerfile, range), dockerfile.escape).map(({ name }) => name));
	const found = new Set<ArgInstruction>();
	for (const name of needed) {
		if (kept.has(name)) continue;
		const declaration = instructions.findLast((each) => each.keyword === 'ARG' && each.assignments.some((one) => one.name === name));
		if (declaration?.keyword !== 'ARG' || declaration.assignments.some(({ value }) => value?.raw.includes('$'))) return undefined;
		found.add(declaration);
	}
	return [...found];
}

/** Whether no instruction but those that move may read what the ARG declares; every RUN finds it in its environment. */
export function isFreed(argument: ArgInstruction, staying: readonly Instruction[], dockerfile: Dockerfile): boolean {
	const names = argument.assignments.map(({ name }) => name).join('|');
	const reads = new RegExp(`\\b(?:${names})\\b`);
	return !staying.some((each) => each !== argument && reads.test(asItStands(dockerfile, each.range)));
}

/** The run-time instructions as they read in the final stage, comments with them; `undefined` where a command wants a shell. */
function commandLines(facts: Facts, moved: readonly Instruction[], binary: ShippedBinary, state: StageState): Written[] | undefined {
	const { dockerfile } = facts;
	const lines: Written[] = [];
	const hasEntrypoint = moved.some((instruction) => instruction.keyword === 'ENTRYPOINT');
	for (const instruction of moved) {
		const whole = asItStands(dockerfile, instruction.range);
		lines.push(...leadingComments(dockerfile, instruction));
		if (instruction.keyword !== 'ENTRYPOINT' && instruction.keyword !== 'CMD' && instruction.keyword !== 'HEALTHCHECK') {
			lines.push(whole);
			continue;
		}
		const { command } = instruction;
		if (command === undefined) {
			lines.push(whole);
			continue;
		}
		const words = commandWords(command);
		if (words === undefined || words.length === 0) return undefined;
		// Behind an ENTRYPOINT the words of CMD are arguments.
		const argumentsOnly = instruction.keyword === 'CMD' && hasEntrypoint;
		const [first = '', ...rest] = words;
		const program = argumentsOnly
			? first
			: namesBinary(first, binary, state)
				? finalPath(binary.path)
				: instruction.keyword === 'HEALTHCHECK'
					? first
					: undefined;
		if (program === undefined) return undefined;
		const start = instruction.keyword === 'HEALTHCHECK' ? instruction.range : instruction.keywordRange;
		const end = instruction.keyword === 'HEALTHCHECK' ? command.range.start : instruction.keywordRange.end;
		const separator = instruction.keyword === 'HEALTHCHECK' ? written`` : written` `;
		const line = written`${asItStands(dockerfile, { start: start.start, end })}${separator}${execForm([program, ...rest])}`;
		if (line === undefined) return undefined;
		lines.push(line);
	}
	if (!moved.some((instruction) => instruction.keyword === 'ENTRYPOINT' || instruction.keyword === 'CMD')) {
		const command = execForm([finalPath(binary.path)]);
		if (command === undefined) return undefined;
		lines.push(styled(dockerfile, written`ENTRYPOINT ${command}`));
	}
	return lines;
}

/** Whether a command's first word starts the binary: its path, the path from the working directory, or its name on PATH. */
function namesBinary(word: string, binary: ShippedBinary, state: StageState): boolean {
	if (word.includes('/')) return join(state.workingDirectory ?? '/', word) === binary.path;
	return word === basename(binary.path);
}

/** Whether a HEALTHCHECK starts something else than the program, which the final image will not hold. */
function checksWithAnother(instruction: Instruction, binaries: readonly ShippedBinary[], state: StageState): boolean {
	if (instruction.keyword !== 'HEALTHCHECK' || instruction.command === undefined) return false;
	const [first = ''] = commandWords(instruction.command) ?? [];
	return !binaries.some((binary) => namesBinary(first, binary, state));
}

/** Where the binary lies in the final image: at the root, out of the way of no directory. */
function finalPath(path: string): string {
	const name = basename(path);
	return ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp'].includes(name) ? '/app' : `/${name}`;
}

/** The directory of the module in the building stage, from which its files have the names that they have in the workspace. */
function moduleDirectory({ build, program }: ShippedBinary): string {
	const directory = build?.directory ?? '/';
	const module = program?.module?.directory;
	const within = module !== undefined && build?.sourceDirectory !== undefined ? relativeWithin(module, build.sourceDirectory) : undefined;
	return within === undefined || within === '.' ? directory : join(directory, ...within.split('/').map(() => '..'));
}

/** Those of the relative paths that the stage has below the directory. */
function runtimeFiles(paths: readonly string[], state: StageState, directory: string): Map<string, string> {
	return new Map(paths.filter((path) => state.files.has(join(directory, path)) === 'yes').map((path) => [path, path]));
}

/** Paths that settings or libraries are given, as far as they are files: the name of a package may be such a word too. */
function otherFiles(plan: Plan, state: StageState, directory: string): string[] {
	return defaultPaths(plan).filter((path) => {
		const names = state.files.children(join(directory, path))?.names ?? [];
		return !names.some((name) => name.endsWith('.go'));
	});
}

function copyFrom(dockerfile: Dockerfile, stage: Written, path: string, destination: string): Written | undefined {
	return written`COPY --from=${stage} ${copyWords([path], destination, dockerfile)}`;
}

/** What the author put outside the source: configuration at an absolute path, say. */
function extraCopies(state: StageState, source: string): string[] {
	const destinations = state.copies
		.filter(
			(copy) =>
				copy.from.kind === 'context' &&
				copy.destination !== undefined &&
				!isWithin(source, copy.destination) &&
				!isWithin(copy.destination, source),
		)
		.map((copy) => copy.destination as string);
	return [...new Set(destinations)];
}

/** `go install` lands elsewhere when it cross-compiles; whoever set GOOS or GOARCH by hand is left to it. */
function canCrossCompile({ binaries }: Target, build: GoBuild): boolean {
	return (
		binaries.every((binary) => binary.build === undefined || (binary.build.subcommand === 'build' && canEdit(binary.build))) &&
		build.goarch === undefined &&
		build.command.environment.get('GOARCH') === undefined &&
		build.command.environment.get('GOOS') === undefined &&
		// A default of the author's own overrides the platform that is asked for.
		TARGET_ARGUMENTS.every((name) => build.command.environment.get(name)?.value === undefined)
	);
}

/** The ARG of the platform that is asked for, above the first of the builds. */
function platformArguments({ dockerfile }: Facts, builds: readonly GoBuild[], crossCompiles: boolean): WrittenEdit[] {
	const [first] = builds;
	if (first === undefined || !crossCompiles) return [];
	const undeclared = TARGET_ARGUMENTS.filter((name) => first.command.environment.get(name) === undefined);
	return undeclared.length === 0 ? [] : [insertOnto(dockerfile, first.instruction, [written`ARG ${joined(undeclared)}`])];
}

/** The caches for a RUN that has no mount yet. */
function mountEdits(dockerfile: Dockerfile, { command, flags }: CommandInstruction, mounts: readonly Written[]): WrittenEdit[] {
	if (command === undefined || flags.some((flag) => flag.name === 'mount')) return [];
	const at = command.range.start;
	const continuation = dockerfile.escape === '`' ? written`\`` : written`\\`;
	const newText = joined(
		mounts.map((mount) => written`${mount} ${continuation}${lineEnding(dockerfile)}    `),
		written``,
	);
	return [{ range: { start: at, end: at }, newText }];
}

interface BuildChange {
	readonly tags: readonly Written[];
	readonly crossCompiles: boolean;
}

/** Makes the build static, small and, where it can be, for the platform that is asked for. */
function buildEdits(facts: Facts, build: GoBuild, { tags, crossCompiles }: BuildChange): WrittenEdit[] {
	const { dockerfile } = facts;
	const edits = setEnvironment(dockerfile, build, [WITHOUT_CGO, ...(crossCompiles ? TARGET_PLATFORM : [])]);
	if (!canEdit(build)) return edits;
	if (knows(build, 'trimpath') && lastFlag(build.flags, 'trimpath') === undefined) edits.push(addWords(build, written`-trimpath`));
	for (const tag of tags) edits.push(...(addTag(dockerfile, build, tag) ?? []));
	const ldflags = lastFlag(build.flags, 'ldflags');
	if (ldflags === undefined || (ldflags.value !== undefined && !/(?:^|\s)-s\b/.test(ldflags.value)))
		edits.push(...(addLinkerFlags(dockerfile, build, written`-s -w`) ?? []));
	// A position-independent executable wants a loader, which the final image has not. What stands in front of the flag goes first.
	if (build.linking.pie) edits.push(...dropFlag(dockerfile, build, 'buildmode'));
	return edits;
}

/** What the image may lose by the rewrite, the program's own reasons first; empty where the rewrite is certain to be right. */
function lossesOf(facts: Facts, target: Target, binaries: readonly ShippedBinary[], builds: readonly GoBuild[], plan: Plan): string[] {
	const { state } = target;
	const losses = [...lossesOfPrograms(facts, binaries, OPEN_TO_SCRATCH), ...lossesOfCgo(facts, builds)];
	const [started] = plan.executables;
	if (started !== undefined) losses.push(`the program starts ${started.detail}, which scratch does not contain`);
	if (binaries.some(({ program }) => program?.keepsFiles === true) || plan.directories.length > 0) losses.push('the program keeps files');
	const directory = moduleDirectory(binaries[0] as ShippedBinary);
	const extra = extraCopies(state, directory);
	const owned = state.copies.find(
		({ destination, flags }) => extra.includes(destination ?? '') && flags.some(({ name }) => name === 'chown'),
	);
	if (owned !== undefined) losses.push(`${owned.destination} belongs to another user than root`);
	const kept = [...binaries.map(({ path }) => path), ...extra];
	const opened = [...runtimePaths(plan), ...otherFiles(plan, state, directory)].map((path) => join(directory, path));
	losses.push(...lossesOfRights(state, opened, binaries), ...lossesOfPorts(facts, target));
	losses.push(...lossesOfNames(facts, state, (path) => [...kept, ...opened].some((each) => isWithin(each, path))));
	if (plan.privilege !== undefined) losses.push(`the program needs root (${plan.privilege.symbol})`);
	const there = runtimeFiles(runtimePaths(plan), state, directory);
	const absent = runtimePaths(plan).find((path) => !there.has(path));
	if (absent !== undefined) losses.push(`the program opens ${absent}, which may not be in the image`);
	const needsZones = plan.needs.some(({ need, because }) => need === zoneData && because !== undefined);
	const old = builds.find((build) => !knows(build, 'embeddedZones'));
	if (needsZones && old !== undefined) losses.push(`Go 1.${old.goMinor} cannot embed the time zone data that the program needs`);
	for (const instruction of state.stage.instructions) {
		if (instruction.keyword === 'VOLUME') losses.push('VOLUME declares a directory that scratch does not contain');
		if (checksWithAnother(instruction, binaries, state)) losses.push('HEALTHCHECK starts a program that scratch does not contain');
	}
	const hasEntrypoint = state.entrypoint?.instruction !== undefined;
	const elsewhere = facts.context?.starts.find(
		({ key, program }) => !(key === 'command' && hasEntrypoint) && !binaries.some(({ path }) => program === finalPath(path)),
	);
	if (elsewhere !== undefined) losses.push(`compose starts ${elsewhere.program}, which scratch may not contain`);
	if (facts.image.stages.some((each) => each.parent === state)) losses.push('another stage builds on this one');
	const other = state.ran.find(({ words }) => !isOfTheBuild(words));
	if (other !== undefined) losses.push(`RUN ${other.words[0] ?? ''} may make what the program needs`);
	return losses;
}

/** Whether a command of a RUN is known to make nothing that a program needs when it runs. */
function isOfTheBuild([name = '', verb, ...rest]: readonly (string | undefined)[]): boolean {
	if (/^(?:apk|apt-get|apt)$/.test(name)) {
		const isBuildPackage = (word: string | undefined) =>
			word !== undefined && (word.startsWith('-') || word === 'install' || word === 'add' || BUILD_PACKAGE.test(word));
		return verb === 'update' || rest.every(isBuildPackage);
	}
	return /^(?:go|mkdir|cd|echo|rm|ls|env|true|set|git|update-ca-certificates|chmod|:|test|\[)$/.test(name) || name === '';
}
