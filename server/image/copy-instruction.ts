import { expandWord } from '../dockerfile/expand.ts';
import type { CopyInstruction, Stage, Word } from '../dockerfile/syntax.ts';
import { lookupBaseImage } from '../knowledge/base-images.ts';
import { upTo, withoutFinalSlashes } from '../text/ends.ts';
import { basename, dirname, isAbsolute, join } from '../workspace/paths.ts';
import { passwdOf } from './accounts.ts';
import { matchesPattern } from './context/dockerignore.ts';
import { glob, isGlob } from './context/glob.ts';
import { isDirectoryOfBase, isFileName } from './copied-names.ts';
import { expandIn, expandTextIn, lookupIn } from './expansion.ts';
import { baseTree } from './files/base-tree.ts';
import { createTree, type Details, type LeftOut, type MutableTree } from './files/file-tree.ts';
import type { CopiedSource } from './model.ts';
import { octal } from './shell/call.ts';
import { UNKNOWN_PIECE } from './shell/shell-words.ts';
import type { StageRun } from './stage-run.ts';

/** Follows a COPY or ADD. */
export function copyInstruction(run: StageRun, instruction: CopyInstruction): void {
	const expand = (word: Word | undefined) => (word === undefined ? undefined : expandIn(run, word));
	const flag = (name: string) => instruction.flags.find((candidate) => candidate.name === name);
	const from = flag('from') === undefined ? ({ kind: 'context' } as const) : fromOf(run, flag('from')?.value?.raw);
	const chown = flag('chown');
	const details: Details = {
		instruction,
		mode: flag('chmod') === undefined ? undefined : octal(expand(flag('chmod')?.value)),
		modeChanged: flag('chmod') !== undefined,
		owner: chown === undefined ? 0 : ownerOf(run, expand(chown.value)),
	};
	const written = expand(instruction.destination);
	const destination =
		written === undefined
			? undefined
			: isAbsolute(written)
				? join('/', written)
				: run.workingDirectory && join(run.workingDirectory, written);
	const several = instruction.sources.length + instruction.heredocs.length > 1;
	const target: Target = {
		path: destination,
		isDirectory: several || /(?:^|\/)\.{0,2}$/.test(written ?? ''),
		details,
		parents: flag('parents') !== undefined,
		excludes: instruction.flags.filter(({ name }) => name === 'exclude').map(({ value }) => expand(value)),
		name: undefined,
		text: undefined,
	};
	if (destination === undefined) run.tree.makeUnknown('/');
	for (const heredoc of instruction.heredocs) {
		const path =
			destination === undefined
				? undefined
				: target.isDirectory || isDirectory(run.tree, destination)
					? join(destination, heredoc.name)
					: destination;
		const content = heredoc.expand ? expandedLines(run, heredoc.content) : heredoc.content;
		if (path !== undefined)
			run.tree.writeFile(path, {
				...details,
				mode: details.mode ?? 0o644,
				content,
			});
	}
	const files = run.tree.fork();
	for (const word of instruction.sources) {
		const source = expand(word);
		const text = knownText(run, word);
		const name = lastName(text);
		const isDirectory = target.isDirectory || (destination !== undefined && isDirectoryOfBase(run, destination, name));
		const copied = copySource(run, instruction, source, from, { ...target, isDirectory, name, text });
		run.copies.push({
			instruction: instruction as CopiedSource['instruction'],
			flags: instruction.flags,
			source,
			sourceRange: word.range,
			from,
			files,
			...copied,
		});
	}
}

interface Target {
	readonly path: string | undefined;
	/** Whether the destination is written, or has to be, as a directory. */
	readonly isDirectory: boolean;
	readonly details: Details;
	readonly parents: boolean;
	readonly excludes: readonly (string | undefined)[];
	/** The last name of the source. */
	readonly name: string | undefined;
	/** The source as far as it is known. */
	readonly text: string | undefined;
}

type Outcome = Pick<CopiedSource, 'present' | 'matches' | 'destination'>;

function copySource(
	run: StageRun,
	instruction: CopyInstruction,
	source: string | undefined,
	from: CopiedSource['from'],
	target: Target,
): Outcome {
	const destination = target.path;
	if (source === undefined) {
		const named =
			from.kind === 'stage' &&
			target.text !== undefined &&
			copyCandidate(run, from.state.files as MutableTree, join('/', target.text), target);
		if (!named) wroteSomething(run, target, target.name);
		return { present: 'unknown', matches: [], destination: undefined };
	}
	if (instruction.keyword === 'ADD' && (/^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^git@/.test(source)))
		return addRemote(run, source, target);
	switch (from.kind) {
		case 'context':
			return copyFromContext(run, instruction, source, target);
		case 'stage':
			return copyFromTree(run, from.state.files as MutableTree, source, target);
		case 'image':
			return copyFromTree(run, createTree(baseTree(from.base), run.build.clock), source, target);
		case 'missing-stage':
		case 'unknown':
			wroteSomething(run, target, target.name);
			return { present: 'unknown', matches: [], destination: target.isDirectory ? undefined : destination };
	}
}

/** The text of a heredoc with its variables expanded; `undefined` where it is not known, or holds quotes or escapes. */
function expandedLines(run: StageRun, text: string): string | undefined {
	if (/["'\\`]/.test(text)) return undefined;
	const lines = text.split('\n').map((line) => expandTextIn(run, line));
	return lines.every((line) => line !== undefined) ? lines.join('\n') : undefined;
}

/**
 * A copy of which it is not known what it copies: a file would lie in a destination that is a directory, a directory's contents would
 * be spread into it. `name` is the last name of the source, where that is known.
 */
function wroteSomething(run: StageRun, { path, isDirectory: wantsDirectory, details }: Target, name: string | undefined): void {
	const { tree } = run;
	if (path === undefined) return;
	if (!wantsDirectory && !isDirectory(tree, path)) {
		const kind = name !== undefined && isFileName(run, name, path) ? 'file' : 'something';
		if (tree.has(path) !== 'yes') tree.writeFile(path, { ...details, kind });
		else tree.writePerhaps(path, details);
		return;
	}
	tree.makeDirectory(path, { ...details, mode: 0o755 });
	const file = name === undefined || isDirectory(tree, join(path, name)) ? undefined : join(path, name);
	if (name !== undefined && file !== undefined && isFileName(run, name, file)) tree.writeFile(file, details);
	else tree.makeUnknown(path);
}

/** A word with {@link UNKNOWN_PIECE} for what is not known of it. */
function knownText(run: StageRun, word: Word): string | undefined {
	const lookup = lookupIn(run);
	return expandWord(word.raw, run.build.dockerfile.escape, (variable) => {
		const found = lookup(variable);
		return found !== undefined && found.value === undefined ? { value: UNKNOWN_PIECE } : found;
	});
}

/** The last name of a source, where that much is known of it. */
function lastName(text: string | undefined): string | undefined {
	const name = text?.slice(text.lastIndexOf('/') + 1);
	return name === undefined || name === '' || /^\.{1,2}$/.test(name) || name.includes(UNKNOWN_PIECE) || isGlob(name) ? undefined : name;
}

function isDirectory(tree: MutableTree, path: string): boolean {
	return tree.find(path).node?.kind === 'directory';
}

function copyFromContext(run: StageRun, instruction: CopyInstruction, source: string, target: Target): Outcome {
	const { view } = run.build;
	const path = join('/', source).slice(1) || '.';
	if (view === undefined) {
		if (path === '.' && target.path !== undefined) {
			run.tree.makeDirectory(target.path, { ...target.details, mode: 0o755 });
			run.tree.makeUnknown(target.path);
		} else wroteSomething(run, target, target.name);
		return { present: 'unknown', matches: [], destination: target.path };
	}
	const found = isGlob(path)
		? glob(
				{
					list(directory) {
						if (view.kind(directory) === 'file') return { names: [], complete: true };
						const names = view.children(directory);
						return names === undefined
							? undefined
							: { names, complete: names.every((name) => view.kind(directory === '.' ? name : `${directory}/${name}`) !== 'unknown') };
					},
				},
				'.',
				path,
				target.parents,
			)
		: { matches: view.kind(path) === 'absent' || view.kind(path) === 'unknown' ? [] : [path], complete: view.kind(path) !== 'unknown' };
	let destination = target.path;
	for (const match of found.matches) {
		const place = placeOf(run.tree, target, match, view.kind(match) === 'directory', source);
		if (place === undefined) continue;
		const excluded = exclusion(target, match);
		if (view.kind(match) === 'directory') {
			run.tree.makeDirectory(place, { ...target.details, mode: 0o755 });
			run.tree.mount(place, { ...target.details, view, path: match, lacks: excluded });
		} else if (excluded !== undefined && excluded(match) !== 'no') {
			if (run.tree.has(place) !== 'yes') run.tree.writePerhaps(place);
		} else if (instruction.keyword === 'ADD' && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/.test(match)) {
			run.tree.makeDirectory(target.path ?? '/', { ...target.details, mode: 0o755 });
			run.tree.makeUnknown(target.path ?? '/');
			destination = undefined;
		} else {
			run.tree.writeFile(place, { ...target.details, source: view.workspacePath(match), named: true });
			if (found.matches.length === 1) destination = place;
		}
	}
	if (found.matches.length === 0 || !found.complete) wroteSomething(run, target, target.name);
	const present = found.matches.length > 0 ? 'yes' : found.complete ? 'no' : 'unknown';
	return { present, matches: found.matches.map((match) => view.workspacePath(match)), destination };
}

function copyFromTree(run: StageRun, files: MutableTree, source: string, target: Target): Outcome {
	const path = join('/', source);
	const found = isGlob(path)
		? glob(
				{
					list: (directory) =>
						files.children(directory) ?? (files.has(directory) === 'unknown' ? undefined : { names: [], complete: true }),
				},
				'/',
				path,
				target.parents,
			)
		: { matches: files.has(path) === 'yes' ? [path] : [], complete: files.has(path) !== 'unknown' };
	let destination = target.path;
	for (const match of found.matches) {
		const source_ = files.find(match);
		if (source_.node === undefined) continue;
		const place = placeOf(run.tree, target, match, source_.node.kind === 'directory', source);
		if (place === undefined) continue;
		if (target.excludes.length > 0) {
			run.tree.makeDirectory(source_.node.kind === 'directory' ? place : dirname(place), { ...target.details, mode: 0o755 });
			run.tree.makeUnknown(source_.node.kind === 'directory' ? place : dirname(place));
			continue;
		}
		const present = run.tree.find(place);
		if (source_.node.kind === 'something' && (target.isDirectory || present.node?.kind === 'directory')) {
			wroteSomething(run, target, target.name);
			destination = undefined;
			continue;
		}
		run.tree.copy(place, source_, target.details);
		if (source_.node.kind !== 'directory' && found.matches.length === 1) destination = place;
	}
	if (found.matches.length === 0 || !found.complete) {
		copyCandidate(run, files, path, target) || wroteSomething(run, target, target.name);
	}
	const present = found.matches.length > 0 ? 'yes' : found.complete ? 'no' : 'unknown';
	return { present, matches: found.matches, destination };
}

/** A binary that may be there is, if the build succeeds: COPY fails where its source is absent. */
function copyCandidate(run: StageRun, files: MutableTree, path: string, target: Target): boolean {
	if (isGlob(path) || target.path === undefined) return false;
	const candidate = files.candidate(path);
	if (candidate === undefined) return false;
	const inside = target.isDirectory || isDirectory(run.tree, target.path);
	// In a directory it keeps a name that is not known in full; then only that something may be there is.
	if (inside && path.includes(UNKNOWN_PIECE)) return false;
	const place = inside ? join(target.path, basename(path)) : target.path;
	run.tree.writeFile(place, { ...candidate, ...target.details, mode: target.details.mode ?? candidate.mode });
	return true;
}

/** Where a source goes: a directory's contents into the destination itself, a file there or below. */
function placeOf(tree: MutableTree, target: Target, match: string, directory: boolean, source: string): string | undefined {
	if (target.path === undefined) return undefined;
	if (target.parents) {
		// `--parents` keeps the path behind `/./`, or all of it.
		const pivot = source.indexOf('/./');
		const prefix = pivot < 0 ? '' : join('/', source.slice(0, pivot)).replace(/^\//, '');
		const relative = match.replace(/^\//, '');
		return join(target.path, prefix !== '' && relative.startsWith(`${prefix}/`) ? relative.slice(prefix.length + 1) : relative);
	}
	if (directory) return target.path;
	return target.isDirectory || isDirectory(tree, target.path) ? join(target.path, basename(match)) : target.path;
}

/**
 * Whether --exclude left out a path. Its patterns are read from the source or from the context's root: which of them is certain only where
 * the source is the root.
 */
function exclusion({ excludes }: Target, match: string): ((path: string) => LeftOut) | undefined {
	if (excludes.length === 0) return undefined;
	return (path) => {
		const relative = match !== '.' && path.startsWith(`${match}/`) ? path.slice(match.length + 1) : path;
		const hits = excludes.filter((pattern) => pattern === undefined || [path, relative].some((each) => matchesAbove(pattern, each)));
		if (hits.length === 0) return 'no';
		const isPlain = excludes.every((pattern) => pattern?.startsWith('!') === false);
		return match === '.' && isPlain ? 'yes' : 'perhaps';
	};
}

/** Whether the pattern matches the path, or a directory above it, with which the path is left out. */
function matchesAbove(pattern: string, path: string): boolean {
	const cleaned = withoutFinalSlashes(pattern.replace(/^[!/]+/, ''));
	for (let at = path; at !== '.' && at !== ''; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
		if (matchesPattern(cleaned, at)) return true;
	}
	return false;
}

function addRemote(run: StageRun, source: string, target: Target): Outcome {
	const { tree } = run;
	if (target.path === undefined) return { present: 'unknown', matches: [], destination: undefined };
	const git = /^git@|^git:|^https?:\/\/github\.com\/[^/]+\/[^/]+#/.test(source) || upTo(source, '#?').endsWith('.git');
	if (git) {
		tree.makeDirectory(target.path, { ...target.details, mode: 0o755 });
		tree.makeUnknown(target.path);
		return { present: 'unknown', matches: [], destination: target.path };
	}
	const name = /^[^?#]*\/([^/?#]+)/.exec(source)?.[1];
	const place = target.isDirectory || isDirectory(tree, target.path) ? name && join(target.path, name) : target.path;
	if (place === undefined) wroteSomething(run, target, undefined);
	else tree.writeFile(place, { ...target.details, mode: target.details.mode ?? 0o600 });
	return { present: 'unknown', matches: [], destination: place };
}

/** What --from names: an earlier stage by index or name, or an image. */
export function fromOf(run: StageRun, raw: string | undefined): CopiedSource['from'] {
	const name = raw?.replace(/^["']|["']$/g, '');
	if (name === undefined || name === '' || name.includes('$')) return { kind: 'unknown' };
	const { build } = run;
	const stages = build.dockerfile.stages;
	const stage = /^\d+$/.test(name) ? stages[Number(name)] : build.stagesByName.get(name.toLowerCase());
	if (stage !== undefined) {
		const state = build.stages[stage.index];
		// A stage copies from those before it, neither from itself nor from later ones.
		return state === undefined ? { kind: 'missing-stage', name } : { kind: 'stage', state };
	}
	if (/^\d+$/.test(name)) return { kind: 'missing-stage', name };
	const base = lookupBaseImage(name);
	if (base === undefined && !/[/:.@]/.test(name) && stages.some((candidate) => similar(nameOf(candidate), name.toLowerCase()))) {
		return { kind: 'missing-stage', name };
	}
	return { kind: 'image', reference: name, base };
}

export function nameOf(stage: Stage): string | undefined {
	return stage.from.alias?.raw.toLowerCase();
}

/** Whether one is the other with a letter or two changed: a name that is so close to a stage's is no image's. */
function similar(name: string | undefined, other: string): boolean {
	if (name === undefined || Math.abs(name.length - other.length) > 2 || name.length < 3 || name.length > 60) return false;
	if (name.replace(/[-_]/g, '') === other.replace(/[-_]/g, '')) return true;
	let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
	for (let row = 1; row <= name.length; row++) {
		const current = [row];
		for (let column = 1; column <= other.length; column++) {
			const same = name[row - 1] === other[column - 1] ? 0 : 1;
			current.push(
				Math.min((previous[column] as number) + 1, (current[column - 1] as number) + 1, (previous[column - 1] as number) + same),
			);
		}
		previous = current;
	}
	return (previous[other.length] as number) <= Math.min(2, Math.floor(name.length / 3));
}

/** The uid that --chown gives. A name that passwd does not list is root to BuildKit, which says nothing. */
function ownerOf(run: StageRun, value: string | undefined): number | undefined {
	const user = value?.split(':')[0];
	if (user === undefined || user === '') return undefined;
	if (/^\d+$/.test(user)) return Number(user);
	const users = passwdOf({ files: run.tree });
	if (users === undefined) return undefined;
	return users.has(user) ? users.get(user)?.uid : 0;
}
