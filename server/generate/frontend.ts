import { copyWords, type Dialect, plainWord, type Written, written } from '../dockerfile/write.ts';
import { matchesPattern } from '../image/context/dockerignore.ts';
import type { EmbedPattern, Program } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { ancestors, dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import { splitEmbedPattern } from './embed-pattern.ts';

/** What `//go:embed` names and the workspace does not have: go build fails without it. */
export interface AbsentEmbed {
	readonly embed: EmbedPattern;
	/** The absolute path of the file or directory; that in front of a wildcard. */
	readonly path: string;
	/** The frontend whose build makes it, if a package.json beside or above it has a build script. */
	readonly frontend: Frontend | undefined;
}

/** A directory with a package.json whose build script makes what the program embeds. */
export interface Frontend {
	readonly directory: string;
	readonly manager: 'npm' | 'pnpm' | 'yarn';
	/** The lock file's name; `undefined` without one. */
	readonly lock: string | undefined;
}

/** By the name of the lock file, who wrote it. */
const LOCKS: ReadonlyMap<string, Frontend['manager']> = new Map([
	['pnpm-lock.yaml', 'pnpm'],
	['yarn.lock', 'yarn'],
	['package-lock.json', 'npm'],
	['npm-shrinkwrap.json', 'npm'],
]);

/** What the program embeds that is not there, and who makes it. */
export async function findAbsentEmbeds(files: Files, program: Program, root: string): Promise<AbsentEmbed[]> {
	const absent: AbsentEmbed[] = [];
	for (const embed of program.embeds) {
		const { literal, rest } = splitEmbedPattern(embed.pattern);
		const path = join(dirname(embed.path), literal);
		const [first] = rest;
		const isThere =
			first === undefined
				? (await files.status(path)) !== undefined
				: ((await files.list(path))?.some(({ name }) => matchesPattern(first, name)) ?? false);
		if (isThere || absent.some((each) => each.path === path)) continue;
		absent.push({ embed, path, frontend: await frontendOf(files, path, root) });
	}
	return absent;
}

async function frontendOf(files: Files, path: string, root: string): Promise<Frontend | undefined> {
	for (const directory of ancestors(dirname(path))) {
		if (!isWithin(root, directory)) return undefined;
		const text = await files.readText(join(directory, 'package.json'));
		if (text === undefined) continue;
		if (!hasBuildScript(text)) return undefined;
		const names = new Set(((await files.list(directory)) ?? []).map(({ name }) => name));
		const lock = [...LOCKS.keys()].find((name) => names.has(name));
		return { directory, manager: LOCKS.get(lock ?? '') ?? 'npm', lock };
	}
	return undefined;
}

function hasBuildScript(text: string): boolean {
	try {
		const manifest = JSON.parse(text) as { readonly scripts?: { readonly build?: unknown } } | null;
		return typeof manifest?.scripts?.build === 'string';
	} catch {
		return false;
	}
}

/** The active long-term release of Node (nodejs.org/en/about/previous-releases). */
const NODE = written`node:24-alpine`;

const INSTALLS = {
	npm: written`--mount=type=cache,target=/root/.npm npm ci`,
	pnpm: written`corepack enable && pnpm install --frozen-lockfile`,
	yarn: written`yarn install --frozen-lockfile`,
} as const;

/**
 * The stage that builds a frontend and the instruction that brings its result to the source in the build stage.
 *
 * @param source The directory of the context in the build stage.
 * @returns `undefined` if a name cannot be written.
 */
export function frontendStage(
	{ path, frontend }: AbsentEmbed,
	context: string,
	source: Written,
	dialect: Dialect,
): { readonly stage: readonly Written[]; readonly copy: Written } | undefined {
	if (frontend === undefined) return undefined;
	const directory = relativeWithin(context, frontend.directory);
	const result = relativeWithin(context, path);
	if (directory === undefined || result === undefined) return undefined;
	const at = join('/src', directory);
	const workdir = plainWord(at);
	const manifests = ['package.json', ...(frontend.lock === undefined ? [] : [frontend.lock])];
	const first = copyWords(
		manifests.map((name) => join(directory, name)),
		'./',
		dialect,
	);
	const rest = copyWords([directory], './', dialect);
	const made = copyWords([join('/src', result)], join(source, result), dialect);
	const install = frontend.lock === undefined ? written`npm install` : INSTALLS[frontend.manager];
	const manager = plainWord(frontend.manager);
	if (manager === undefined || workdir === undefined || first === undefined || rest === undefined || made === undefined) return undefined;
	return {
		stage: [
			written`FROM --platform=$BUILDPLATFORM ${NODE} AS frontend`,
			written`WORKDIR ${workdir}`,
			written`COPY ${first}`,
			written`RUN ${install}`,
			written`COPY ${rest}`,
			written`RUN ${manager} run build`,
		],
		copy: written`COPY --from=frontend ${made}`,
	};
}
