import { DECLARING, isReadFor, NOT_OF_THE_PROJECT } from '../../../knowledge/files-that-matter.ts';
import type { DirectoryEntry, Files } from '../../../workspace/files.ts';
import { ancestors, dirname, isAbsolute, isWithin, join } from '../../../workspace/paths.ts';
import type { StartedElsewhere } from '../../model.ts';
import type { BuildReader } from './build-reader.ts';
import type { Arguments, Build } from './model.ts';

/** A place that says from which directory a Dockerfile is built. */
export interface Declaration {
	readonly kind: (typeof DECLARING)[number];
	/** The Dockerfile that is built: the one that was asked about, or another one beside it. */
	readonly dockerfile: string;
	readonly directory: string;
	/** The stage that is built, where the place names one. */
	readonly target: string | undefined;
	/** The file that says so. */
	readonly declaredBy: string | undefined;
	readonly arguments: Arguments;
	/** What the place starts in the image by itself, instead of its command. */
	readonly starts: readonly StartedElsewhere[];
	/** The paths in the container at which the place mounts something. */
	readonly mounts: readonly string[];
}

/** A larger file is generated, and no build is declared in it. */
const MAX_LENGTH = 256 * 1024;
const MAX_FILES = 60;
/** Of all files together. */
const MAX_TOTAL_LENGTH = 1024 * 1024;

/**
 * All that the files around a Dockerfile say of its build, and of those beside it, those that count most first. Read are the files in the Dockerfile's directory
 * with its scripts, and those above it up to `root`, the workflows of `root`, and then files in the other directories, as far as the bounds allow: a
 * compose file often has a directory of its own. What cannot be parsed says nothing.
 */
export async function declarationsFor(
	files: Files,
	list: (directory: string) => Promise<readonly DirectoryEntry[] | undefined>,
	dockerfilePath: string,
	root: string,
	buildsOf: BuildReader,
): Promise<Declaration[]> {
	const candidates: { path: string; kind: Declaration['kind'] }[] = [];
	/** Whether the commands of a script may run in another directory: it goes there, or a Dockerfile of the root may be the one it means. */
	const mayRunElsewhere = async (path: string, text: string) =>
		/\b(?:cd|pushd)\b/.test(text) || (dirname(path) !== root && ((await list(root)) ?? []).some(({ name }) => name === 'Dockerfile'));
	const collect = async (directory: string) => {
		for (const entry of (await list(directory)) ?? []) {
			const path = join(directory, entry.name);
			const kind = entry.kind === 'file' ? kindOf(path, dirname(dockerfilePath)) : undefined;
			if (kind !== undefined && candidates.length < MAX_FILES) candidates.push({ path, kind });
		}
	};
	for (const directory of ancestors(dirname(dockerfilePath))) {
		if (!isWithin(root, directory)) break;
		await collect(directory);
	}
	await collect(join(root, '.github/workflows'));
	await eachDirectory(list, root, async (directory) => {
		if (!isWithin(directory, dirname(dockerfilePath))) await collect(directory);
	});
	const found: Declaration[] = [];
	let length = 0;
	for (const { path, kind } of candidates) {
		const text = await files.readText(path);
		if (text === undefined || text.length > MAX_LENGTH) continue;
		length += text.length;
		if (length > MAX_TOTAL_LENGTH) break;
		if (isReadFor('script', path) && (await mayRunElsewhere(path, text))) continue;
		for (const build of await buildsOf(path, kind, text)) {
			const place = placeOf(build, kind, path, root);
			if (place !== undefined && dirname(place.dockerfile) === dirname(dockerfilePath))
				found.push({
					kind,
					...place,
					target: build.target,
					declaredBy: path,
					arguments: build.arguments,
					starts: build.starts ?? [],
					mounts: build.mounts ?? [],
				});
		}
	}
	return found.sort((a, b) => DECLARING.indexOf(a.kind) - DECLARING.indexOf(b.kind));
}

/**
 * For what a file is read. A script tells of builds as a Makefile does, but where it runs is known only of one beside the Dockerfile: its
 * `docker build .` without a file finds the Dockerfile there.
 */
function kindOf(path: string, directory: string): Declaration['kind'] | undefined {
	const kind = DECLARING.find((each) => isReadFor(each, path));
	return kind ?? (dirname(path) === directory && isReadFor('script', path) ? 'make' : undefined);
}

/** The paths of a build that the file at `path` declares; `undefined` where they hold variables, or lie on another machine. */
export function placeOf(
	build: Build,
	kind: Declaration['kind'],
	path: string,
	root: string,
): { readonly dockerfile: string; readonly directory: string } | undefined {
	if (/[$]|:\/\/|^git@/.test(build.context) || build.dockerfile.includes('$')) return undefined;
	// Workflows run in the repository's root.
	const from = kind === 'workflow' ? root : dirname(path);
	const directory = join(from, build.context);
	// docker build takes -f from where it runs; the files that describe builds take it from the context.
	const fromContext = kind === 'compose' || kind === 'bake' || kind === 'skaffold';
	return {
		directory,
		dockerfile: isAbsolute(build.dockerfile) ? build.dockerfile : join(fromContext ? directory : from, build.dockerfile),
	};
}

/** How far below the root, and in how many directories, files that declare builds are looked for. */
const MAX_DEPTH = 4;
const MAX_DIRECTORIES = 300;

/** Calls `visit` for directories below `root`, level by level. */
async function eachDirectory(
	list: (directory: string) => Promise<readonly DirectoryEntry[] | undefined>,
	root: string,
	visit: (directory: string) => Promise<void>,
): Promise<void> {
	let level = [root];
	let left = MAX_DIRECTORIES;
	for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
		const next: string[] = [];
		for (const directory of level) {
			for (const entry of (await list(directory)) ?? []) {
				if (entry.kind !== 'directory' || entry.link || NOT_OF_THE_PROJECT.test(entry.name) || --left < 0) continue;
				const below = join(directory, entry.name);
				await visit(below);
				next.push(below);
			}
		}
		level = next;
	}
}
