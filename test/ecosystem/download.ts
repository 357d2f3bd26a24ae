import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findCommand } from '../../scripts/chromium.ts';
import { CACHE } from '../../scripts/project.ts';

/** How long all downloads together may take, in milliseconds. */
const TIMEOUT = 50_000;

/** What Go says of a version that the proxy answers for and does not have: a wrong entry of the list, not a proxy out of reach. */
const NOT_THERE = /\b(?:404|410)\b|unknown revision|invalid version|not found/i;

/** The directory of a module, or why there is none here. */
export type Downloaded = { readonly directory: string } | { readonly skipped: string };

/** What `go mod download -json` prints for each module. */
interface GoModule {
	readonly Path: string;
	readonly Version: string;
	readonly Dir?: string;
	readonly Error?: string;
}

/**
 * Downloads modules with this machine's own settings of Go, which also check their sums, into a module cache of the project's.
 *
 * @param modules As `MODULE@VERSION`.
 * @throws Where the proxy answers that a module does not exist.
 */
export function downloadModules(modules: readonly string[]): ReadonlyMap<string, Downloaded> {
	const go = findCommand('go');
	if (go === undefined) {
		return new Map(modules.map((module) => [module, { skipped: 'Go is not installed: https://go.dev/dl/' }]));
	}
	const cache = path.join(CACHE, 'ecosystem');
	mkdirSync(cache, { recursive: true });
	const { stdout } = spawnSync(go, ['mod', 'download', '-json', ...modules], {
		cwd: cache,
		encoding: 'utf8',
		env: {
			...process.env,
			GOMODCACHE: path.join(cache, 'modules'),
			GO111MODULE: 'on',
			GOFLAGS: '-modcacherw',
			GOWORK: 'off',
			GOTOOLCHAIN: 'local',
		},
		timeout: TIMEOUT,
		maxBuffer: 16 * 1024 * 1024,
	});
	const answers = new Map(answersIn(stdout ?? '').map((answer) => [`${answer.Path}@${answer.Version}`, answer]));
	return new Map(modules.map((module) => [module, downloadedFrom(module, answers.get(module))]));
}

function downloadedFrom(module: string, answer: GoModule | undefined): Downloaded {
	if (answer?.Dir !== undefined) {
		makeScriptsExecutable(answer.Dir);
		return { directory: answer.Dir };
	}
	const error = answer?.Error ?? `go mod download did not end within ${TIMEOUT / 1000} s`;
	if (NOT_THERE.test(error)) {
		throw new Error(`${module}: ${error}`);
	}
	return { skipped: error };
}

/** The archives of modules hold no modes; in the repositories that they are made of, scripts are executable. */
function makeScriptsExecutable(directory: string): void {
	for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
		const file = path.join(entry.parentPath, entry.name);
		if (entry.isFile() && entry.name.endsWith('.sh') && readFileSync(file).subarray(0, 2).toString() === '#!') chmodSync(file, 0o755);
	}
}

/** The objects that Go prints one after the other, each closed by a brace at the start of a line. */
function answersIn(output: string): GoModule[] {
	return (output.match(/^\{$[\s\S]*?^\}$/gm) ?? []).map((text) => JSON.parse(text));
}
