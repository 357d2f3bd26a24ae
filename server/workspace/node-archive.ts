import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../text/fingerprint.ts';
import type { Archive } from './archive.ts';
import { cacheDirectory } from './node-cache-directory.ts';

/** So many entries are kept, those that were used last; a workspace takes three, of a few MB where its programs are large. */
const MAX_ENTRIES = 36;
const PREFIX = 'go-';

/**
 * An archive in the user's directory for caches, where there is one.
 *
 * @param program The file that runs: what another build of it has written is not read.
 */
export function createNodeArchive(environment: Readonly<Record<string, string | undefined>>, program: string): Archive | undefined {
	const directory = cacheDirectory(environment);
	const build = buildOf(program);
	if (directory === undefined || build === undefined) return undefined;
	const fileOf = (name: string) => path.join(directory, PREFIX + fingerprint(`${build}\0${name}`));
	return {
		read(name) {
			const file = fileOf(name);
			try {
				const content = readFileSync(file);
				const now = new Date();
				utimesSync(file, now, now);
				return content;
			} catch {
				return undefined;
			}
		},
		write(name, content) {
			const temporary = `${fileOf(name)}.${process.pid}`;
			try {
				mkdirSync(directory, { recursive: true, mode: 0o700 });
				writeFileSync(temporary, content, { mode: 0o600 });
				renameSync(temporary, fileOf(name));
				forgetOldest(directory);
			} catch {
				removeQuietly(temporary);
			}
		},
	};
}

/** Tells one build of the product from another. */
function buildOf(program: string): string | undefined {
	try {
		// Whatever replaces the file changes its ctime, whichever times a package gives to its content.
		const { ino, size, ctimeMs } = statSync(program);
		return `${ino}:${size}:${ctimeMs}`;
	} catch {
		return undefined;
	}
}

function removeQuietly(file: string): void {
	try {
		rmSync(file, { force: true });
	} catch {
		// What was never there needs no removal.
	}
}

function forgetOldest(directory: string): void {
	const names = readdirSync(directory).filter((name) => name.startsWith(PREFIX));
	const entries = names.map((name) => {
		const file = path.join(directory, name);
		return { file, used: statSync(file).mtimeMs };
	});
	entries.sort((one, other) => other.used - one.used);
	for (const { file } of entries.slice(MAX_ENTRIES)) rmSync(file, { force: true });
}
