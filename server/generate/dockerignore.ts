import { matchesPattern } from '../image/context/dockerignore.ts';
import type { Program } from '../program/model.ts';
import { ancestors, dirname, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import { splitEmbedPattern } from './embed-pattern.ts';

export interface DockerignoreOptions {
	/** The program that is built, for the files that it embeds; `programs` if a Dockerfile builds several. */
	readonly program?: Program | undefined;
	readonly programs?: readonly Program[];
	readonly contextDirectory: string;
	/** Whether the build may read the repository, as `git describe` and `-buildvcs=true` do; then `.git` is sent. */
	readonly readsRepository?: boolean;
	/** Paths, from the context's root, that COPY and ADD name. */
	readonly named?: readonly string[];
}

/** What no build of a Go program reads: patterns by the reason to exclude them. */
const GROUPS: readonly { readonly comment: string; readonly patterns: readonly string[] }[] = [
	{ comment: 'Repository history: large, and different after every commit.', patterns: ['.git'] },
	{
		comment: 'Files that describe how to build and run the image.',
		patterns: ['.dockerignore', 'Dockerfile*', '*.Dockerfile', 'compose*.y*ml', 'docker-compose*.y*ml'],
	},
	{
		comment: 'Editor, hosting and CI files.',
		patterns: ['.github', '.gitlab-ci.yml', '.idea', '.vscode', '**/.DS_Store'],
	},
	{ comment: 'Local settings, which may contain secrets.', patterns: ['**/.env', '**/.env.*'] },
	{ comment: 'Packages that a build installs again.', patterns: ['**/node_modules'] },
];

/**
 * The text of a .dockerignore for the build of a Go program. It excludes what the build does not read, so a change there does not
 * invalidate COPY. It never excludes what the program embeds or COPY names.
 */
export function dockerignoreFor({ program, programs, contextDirectory, readsRepository = false, named = [] }: DockerignoreOptions): string {
	const wanted = [
		...named.map(normalize),
		...[...(programs ?? []), ...(program === undefined ? [] : [program])].flatMap((each) => embeddedPaths(each, contextDirectory)),
	];
	const lines = ['# Files excluded from the Docker build context.'];
	for (const { comment, patterns } of GROUPS) {
		const kept = patterns.filter((pattern) => !(readsRepository && pattern === '.git') && !wanted.some((path) => touches(pattern, path)));
		if (kept.length > 0) lines.push('', `# ${comment}`, ...kept);
	}
	return `${lines.join('\n')}\n`;
}

/** Whether a pattern excludes the path, a directory above it, or something below it that the path may include. */
function touches(pattern: string, path: string): boolean {
	if (path === '.') return false;
	return [...ancestors(path)].some((at) => at !== '.' && matchesPattern(pattern, at)) || isWithin(path, pattern);
}

/** The paths, from the context's root, that `//go:embed` patterns name; a wildcard counts as the directory that contains it. */
export function embeddedPaths(program: Program, contextDirectory: string): string[] {
	return program.embeds.flatMap(({ pattern, path }) => {
		const { literal, rest } = splitEmbedPattern(pattern);
		const below = relativeWithin(contextDirectory, join(dirname(path), literal));
		if (below === undefined) return [];
		return rest.length === 1 ? [below, join(below, rest[0] ?? '')] : [below];
	});
}
