import { MAX_IGNORE_LENGTH, parseIgnoreFile } from '../image/context/dockerignore.ts';
import type { BuildContext } from '../image/model.ts';
import { isReadFor } from '../knowledge/files-that-matter.ts';
import type { Files } from '../workspace/files.ts';
import { ancestors, basename, dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';

/** Directories in which people keep what builds and packs. */
const DIRECTORIES = ['.', 'scripts', 'script', 'hack', 'build', 'ci', 'make'];
/** Larger files are generated. */
const MAX_LENGTH = 256 * 1024;

/** Questions about a file that the build context does not have, by its path from the context's root. */
export interface MadeBefore {
	/** Whether a .gitignore leaves it out of a clone. */
	isIgnoredByGit(path: string): boolean;
	/** Whether it is, or may be, made before the image is built: Git ignores it, or a build file, a script or a workflow names it. */
	isMadeBefore(path: string): boolean;
}

/** Reads what tells of files that are made before the image is built. */
export async function readMadeBefore(files: Files, context: BuildContext | undefined, root: string): Promise<MadeBefore> {
	if (context === undefined) return { isIgnoredByGit: () => false, isMadeBefore: () => true };
	const above = [...ancestors(context.directory)].filter((directory) => isWithin(root, directory));
	const ignores = await Promise.all(above.map((directory) => files.readText(join(directory, '.gitignore'))));
	const patterns = above.map((directory, index) => ({ directory, text: forContext(ignores[index] ?? '') }));
	const ignored = patterns.flatMap(({ directory, text }) =>
		text.length > MAX_IGNORE_LENGTH ? [] : [{ directory, matcher: parseIgnoreFile(text) }],
	);
	const isAllKnown = ignored.length === patterns.length;
	const paths = DIRECTORIES.flatMap((directory) =>
		(context.children(directory) ?? []).map((name) => (directory === '.' ? name : `${directory}/${name}`)),
	).map((path) => join(context.directory, path));
	for (const { name } of (await files.list(join(root, '.github/workflows'))) ?? []) paths.push(join(root, '.github/workflows', name));
	const recipes = paths.filter((path) =>
		(['make', 'recipe', 'script', 'workflow', 'package'] as const).some((purpose) => isReadFor(purpose, path)),
	);
	const texts = (await Promise.all([...new Set(recipes)].map((path) => files.readText(path)))).filter(
		(text) => text !== undefined && text.length <= MAX_LENGTH,
	);
	const isIgnoredByGit = (path: string) => {
		const full = join(context.directory, path);
		return ignored.some(({ directory, matcher }) => {
			const below = relativeWithin(directory, full);
			return below !== undefined && [...ancestors(below)].some((each) => each !== '.' && matcher.ignores(each));
		});
	};
	const isMadeBefore = (path: string) => {
		// Of a path in a directory that is made, the directory is what is named.
		const names = [basename(path), ...(dirname(path) === '.' ? [] : [dirname(path)])];
		return !isAllKnown || isIgnoredByGit(path) || texts.some((text) => names.some((name) => mentions(text as string, name)));
	};
	return { isIgnoredByGit, isMadeBefore };
}

/** The patterns of a .gitignore as .dockerignore writes them: one without a slash counts in every directory. */
function forContext(text: string): string {
	return text
		.split(/\r?\n/)
		.map((line) => {
			const [, not = '', pattern = ''] = /^(!?)(.*)$/.exec(line.trimEnd()) ?? [];
			if (pattern === '' || pattern.startsWith('#')) return '';
			const plain = pattern.replace(/\/$/, '');
			return `${not}${plain.includes('/') ? plain.replace(/^\//, '') : `**/${plain}`}`;
		})
		.join('\n');
}

/** Whether the text holds the name as a word of its own, or as the end of a path. */
function mentions(text: string, name: string): boolean {
	for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
		if (!/[\w.-]/.test(text[at - 1] ?? ' ') && !/[\w-]/.test(text[at + name.length] ?? ' ')) return true;
	}
	return false;
}
