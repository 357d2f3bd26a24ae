import type { Dockerfile, Instruction } from '../dockerfile/syntax.ts';
import { asItStands, copyWords, type Dialect, shellWord, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { goWords } from '../facts/go-words.ts';
import { type LateDownload, lateDownload } from '../facts/late-download.ts';
import { contextCopies, type PlacedModule } from '../facts/placed-module.ts';
import type { BuildContext, GoBuild, RanCommand, StageState } from '../image/model.ts';
import { copiesOf, isBefore, workingDirectoryAt } from '../image/stage-chain.ts';
import { isDirectoryTarget } from '../program/go-mod.ts';
import type { GoModule, GoWorkspace } from '../program/model.ts';
import type { Answer } from '../text/answer.ts';
import { isWithin, join, normalize, relativePath, relativeWithin } from '../workspace/paths.ts';
import { insertAbove } from './insert-above.ts';
import { leadingComments, removeInstruction, removeWithComments } from './instructions.ts';

/** The layer of its own that modules are downloaded in, so that only a change of go.mod or go.sum downloads them again. */

/** Files of one directory that `go mod download` reads. */
export interface ModuleFiles {
	/** From the context's root, `.` for the root itself. */
	readonly directory: string;
	readonly names: readonly string[];
}

/**
 * The files that `go mod download` reads for `module`: its go.mod and go.sum, those of the modules that it replaces by directories, and
 * go.work with those of all modules that it uses.
 * @param work the go.work in force
 * @returns `undefined` where one of them is not in the build context
 */
export function moduleFiles(
	context: BuildContext,
	go: GoWorkspace,
	module: GoModule,
	work: PlacedModule['work'] = undefined,
): ModuleFiles[] | undefined {
	const found = new Map<string, string[]>();
	/** @returns whether the file is in the context, which for `optional` ones does not matter. */
	function add(directory: string, name: string, optional: boolean): boolean {
		const path = relativeWithin(context.directory, directory);
		if (path === undefined) return optional;
		const file = normalize(join(path, name));
		if (context.kind(file) !== 'file' || context.ignored(file)) return optional;
		const names = found.get(path);
		if (names === undefined) found.set(path, [name]);
		else if (!names.includes(name)) names.push(name);
		return true;
	}
	function addModule(directory: string): boolean {
		return add(directory, 'go.mod', false) && add(directory, 'go.sum', true);
	}
	function addReplacements(directory: string, replacements: GoModule['file']['replace']): boolean {
		return replacements.every(({ target }) => !isDirectoryTarget(target) || add(join(directory, target), 'go.mod', false));
	}
	if (work !== undefined) {
		const { directory, file } = work.work;
		if (!add(directory, 'go.work', false) || !add(directory, 'go.work.sum', true)) return undefined;
		for (const use of file.use) {
			const used = join(directory, use.value);
			if (!addModule(used)) return undefined;
			const replace = go.modules.find((each) => each.directory === used)?.file.replace ?? [];
			if (!addReplacements(used, replace)) return undefined;
		}
		if (!addReplacements(directory, file.replace)) return undefined;
	} else if (!addModule(module.directory) || !addReplacements(module.directory, module.file.replace)) return undefined;
	return [...found].map(([directory, names]) => ({ directory, names }));
}

/**
 * The COPY instructions for the files of a module.
 * @param place the image directory for a context directory: `./` or `./app/`, with a trailing slash
 * @returns `undefined` where a name of theirs cannot be written
 */
export function copyModuleFiles(
	dialect: Dialect,
	files: readonly ModuleFiles[],
	place: (directory: string) => string,
): Written[] | undefined {
	const lines = files.map(({ directory, names }) => {
		const sources = names.map((name) => (directory === '.' ? name : `${directory}/${name}`));
		return written`COPY ${copyWords(sources, place(directory), dialect)}`;
	});
	return lines.every((line) => line !== undefined) ? lines : undefined;
}

export interface ModulesFirst {
	readonly edits: readonly WrittenEdit[];
	/** Whether the download is known to work where it is put. */
	readonly certain: boolean;
}

/** Variables that decide how modules are downloaded. */
const DOWNLOAD_SETTINGS = /\b(?:GOPROXY|GOPRIVATE|GONOPROXY|GONOSUMDB|GOSUMDB|GOINSECURE|GOFLAGS|GOAUTH|GOVCS|GIT_\w+)\b/;
const CREDENTIALS = /\bgit\s+config\b|\.netrc|\.ssh\b|\.gitconfig|type=(?:ssh|secret)/;

/**
 * Puts the download of the modules of a build in front of the copy of its source.
 * @param mount a `--mount=…` that a new RUN is given
 * @returns `undefined` where they are not downloaded late, or where the place of the module's files cannot be said
 */
export function modulesFirst(facts: Facts, build: GoBuild, mount?: Written): ModulesFirst | undefined {
	const state = facts.image.stages[build.stage.index];
	const late = state && lateDownload(facts, state);
	// Where a cache mount is meant to hold them, it is the mount that is missing.
	return late === undefined || late.mounts.earlier !== undefined ? undefined : moveDownload(facts, late, mount);
}

/** Puts a late download in front of the first copy of source; a RUN of its own is moved, else one is written. */
export function moveDownload({ dockerfile, go }: Facts, late: LateDownload, mount?: Written): ModulesFirst | undefined {
	const { context, state, download, placed } = late;
	const sourceCopy = late.source.instruction;
	// A RUN more would not run where there is no shell; that is said already.
	if (go === undefined || state.shell === 'no') return undefined;
	// Where a script installs Go there is none in front of it.
	if (goWords(download) === undefined && state.base?.go === undefined) return undefined;
	const unpublished = placed.work === undefined ? 'no' : requiresItself(go, placed.work);
	if (unpublished === 'yes') return undefined;
	const files = moduleFiles(context, go, placed.module, placed.work);
	const before = workingDirectoryAt(state, sourceCopy);
	if (files === undefined || before === undefined) return undefined;
	const imageRoot = placed.work?.imageDirectory ?? placed.imageDirectory;
	const contextRoot = placed.work?.contextPath ?? placed.contextPath;
	const lines: Written[] = [];
	const edits: WrittenEdit[] = [];
	let directory = before;
	const workdir = before === imageRoot ? undefined : nextWorkdir(state, sourceCopy);
	if (workdir?.directory === imageRoot) {
		// The author's own WORKDIR follows, and nothing before it depends on the directory: it goes first.
		lines.push(...leadingComments(dockerfile, workdir.instruction), asItStands(dockerfile, workdir.instruction.range));
		edits.push(removeWithComments(dockerfile, workdir.instruction));
		directory = imageRoot;
	}
	const missing = withoutCopied(context, state, placed, files, sourceCopy);
	const copies = copyModuleFiles(dockerfile, missing, (path) => seenFrom(directory, join(imageRoot, relativePath(contextRoot, path))));
	if (copies === undefined) return undefined;
	const own = ownInstruction(state, download, sourceCopy, directory);
	const again = own === undefined ? [] : copiedAgain(context, state, placed, missing, sourceCopy, own);
	for (const each of again) {
		lines.push(...leadingComments(dockerfile, each));
		edits.push(removeWithComments(dockerfile, each));
	}
	lines.push(...copies);
	if (own !== undefined) {
		const comments = isCommentOf(dockerfile, own) ? leadingComments(dockerfile, own) : [];
		lines.push(...comments, asItStands(dockerfile, own.range));
		edits.push(isCommentOf(dockerfile, own) ? removeWithComments(dockerfile, own) : removeInstruction(dockerfile, own));
	} else {
		const enter = directory === imageRoot ? written`` : enterDirectory(seenFrom(directory, imageRoot));
		if (enter === undefined) return undefined;
		lines.push(written`RUN ${mount === undefined ? written`` : written`${mount} `}${enter}go mod download`);
	}
	edits.unshift(insertAbove(dockerfile, sourceCopy, lines));
	return { edits, certain: unpublished === 'no' && isCertain(dockerfile, state, sourceCopy, download) };
}

/**
 * Whether modules of a go.work require one another in versions that nobody has published. `go build` takes them from their directories,
 * but `go mod download` asks for the very version and fails (seen with Go 1.26).
 */
function requiresItself(go: GoWorkspace, { work }: NonNullable<PlacedModule['work']>): Answer {
	const used = new Set(work.file.use.map((use) => join(work.directory, use.value)));
	const modules = go.modules.filter((module) => used.has(module.directory));
	const paths = new Set(modules.map((module) => module.file.path));
	const versions = modules.flatMap(({ file }) =>
		file.require.filter(({ path }) => paths.has(path) && !file.replace.some((each) => each.path === path)).map(({ version }) => version),
	);
	if (versions.length === 0) return 'no';
	return versions.some((version) => /^v0\.0\.0(?:-0001.*)?$/.test(version)) ? 'yes' : 'unknown';
}

/** The command that goes to a directory, as {@link seenFrom} has it. */
function enterDirectory(directory: string): Written | undefined {
	// What starts with a dash would be an option.
	const path = directory.replace(/(?<=.)\/$/, '').replace(/^\.\/(?!-)/, '');
	return written`cd ${shellWord(path)} && `;
}

/** The image directory as seen from `directory`, with a slash at the end. */
function seenFrom(directory: string, path: string): string {
	const below = relativeWithin(directory, path);
	if (below === undefined || directory === '/') return path === '/' ? '/' : `${path}/`;
	return below === '.' ? './' : `./${below}/`;
}

/** The next WORKDIR and the directory that it sets, if it is absolute and no instruction from `first` up to it depends on one. */
function nextWorkdir(
	state: StageState,
	first: Instruction,
): { readonly instruction: Instruction; readonly directory: string | undefined } | undefined {
	const { instructions } = state.stage;
	for (const [index, instruction] of instructions.entries()) {
		if (isBefore(instruction, first)) continue;
		if (instruction.keyword === 'WORKDIR') {
			const next = instructions[index + 1];
			const directory = next === undefined ? state.workingDirectory : workingDirectoryAt(state, next);
			return /^["']?\/[^$]*$/.test(instruction.words[0]?.raw ?? '') ? { instruction, directory } : undefined;
		}
		if (instruction.keyword === 'RUN') return undefined;
		if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
			if (!/^["']?\//.test(instruction.destination?.raw ?? '')) return undefined;
		}
	}
	return undefined;
}

/** The files that no earlier COPY has brought. */
function withoutCopied(
	context: BuildContext,
	state: StageState,
	placed: PlacedModule,
	files: readonly ModuleFiles[],
	sourceCopy: Instruction,
): ModuleFiles[] {
	const imageRoot = placed.work?.imageDirectory ?? placed.imageDirectory;
	const contextRoot = placed.work?.contextPath ?? placed.contextPath;
	const earlier = contextCopies(context, state).filter(({ copy }) => isBefore(copy.instruction, sourceCopy));
	return files.flatMap(({ directory, names }) => {
		const there = join(imageRoot, relativePath(contextRoot, directory));
		const left = names.filter((name) => {
			const path = normalize(join(directory, name));
			return !earlier.some((each) =>
				each.kind === 'file' ? each.path === path && each.destination === join(there, name) : isWithin(each.path, path),
			);
		});
		return left.length > 0 ? [{ directory, names: left }] : [];
	});
}

/** The COPY instructions between the source and the download that bring the same files to the same places, and nothing else. */
function copiedAgain(
	context: BuildContext,
	state: StageState,
	placed: PlacedModule,
	files: readonly ModuleFiles[],
	sourceCopy: Instruction,
	own: Instruction,
): Instruction[] {
	const imageRoot = placed.work?.imageDirectory ?? placed.imageDirectory;
	const contextRoot = placed.work?.contextPath ?? placed.contextPath;
	const places = new Map(
		files.flatMap(({ directory, names }) =>
			names.map((name): [string, string] => [
				normalize(join(directory, name)),
				join(imageRoot, relativePath(contextRoot, directory), name),
			]),
		),
	);
	const copies = contextCopies(context, state).filter(
		({ copy }) => copy.instruction.stage === state.stage.index && isBefore(sourceCopy, copy.instruction) && isBefore(copy.instruction, own),
	);
	const others = copies.filter(({ path, destination, kind }) => kind !== 'file' || places.get(path) !== destination);
	const taken = copiesOf(state).filter(({ present }) => present !== 'yes');
	return [...new Set(copies.map(({ copy }) => copy.instruction))].filter(
		(instruction) => ![...others.map(({ copy }) => copy), ...taken].some((copy) => copy.instruction === instruction),
	);
}

/** The RUN of the download where it does nothing else and can stand in front of the source as it is. */
function ownInstruction(state: StageState, download: RanCommand, sourceCopy: Instruction, directory: string): Instruction | undefined {
	const { instruction } = download;
	if (instruction.stage !== sourceCopy.stage || instruction.stage !== state.stage.index) return undefined;
	if (download.workingDirectory !== directory || instruction.command?.form !== 'shell' || instruction.heredocs.length > 0) return undefined;
	if (state.ran.filter((command) => command.instruction === instruction).length !== 1) return undefined;
	const text = instruction.command.text.trim().replace(/\s+/g, ' ');
	return /^(?:\w+=[^\s$`"']* )*go mod download(?: -x)?$/.test(text) ? instruction : undefined;
}

/** Words of a comment that is about the download. */
const ABOUT_MODULES = /\b(?:modules?|deps?|dependenc(?:y|ies)|download|fetch|packages?|librar(?:y|ies)|go\.mod|cache)/i;

/** Whether the comment above the download is about it, rather than about the lines that follow without a blank one between. */
function isCommentOf(dockerfile: Dockerfile, own: Instruction): boolean {
	const alone = /^[^\n\r]*(?:$|(?:\r\n|\n|\r(?!\n))[ \t]*(?:[\r\n]|$))/.test(dockerfile.text.slice(own.range.end));
	return alone || leadingComments(dockerfile, own).some((comment) => ABOUT_MODULES.test(comment));
}

function isCertain(dockerfile: Dockerfile, state: StageState, sourceCopy: Instruction, download: RanCommand): boolean {
	if (state.base?.go === undefined) return false;
	const between = state.stage.instructions.filter(
		(instruction) => instruction.range.start > sourceCopy.range.end && instruction.range.start < download.instruction.range.start,
	);
	const texts = [...between, download.instruction].map((instruction) =>
		dockerfile.text.slice(instruction.range.start, instruction.range.end),
	);
	const own = texts.at(-1) ?? '';
	if (CREDENTIALS.test(own) || DOWNLOAD_SETTINGS.test(own.replace(/\bGOFLAGS=["']?-mod=\w+/g, ''))) return false;
	if (texts.slice(0, -1).some((text) => CREDENTIALS.test(text) || DOWNLOAD_SETTINGS.test(text))) return false;
	// A module cache that is copied in later would meet what the download left.
	return !copiesOf(state).some((copy) => copy.from.kind !== 'context' && copy.destination?.includes('/pkg/mod') === true);
}
