import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Archive } from './archive.ts';
import { cacheDirectory } from './node-cache-directory.ts';

/** So many entries are kept, those that were used last; a workspace takes two, of a few MB where its programs are large. */
const MAX_ENTRIES = 24;
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

/** 64 bits that tell one text from others: twice FNV-1a, as Node's own hashes take longer to load than a small workspace to read. */
function fingerprint(text: string): string {
	let [one, other] = [0x811c9dc5, 0x01000193];
	for (let index = 0; index < text.length; index++) {
		one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
		other = Math.imul(other ^ text.charCodeAt(index), 0x5bd1e995);
	}
	return [one, other].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
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
