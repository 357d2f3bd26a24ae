import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { type Archive, type ArchiveFile, parseArchive, printArchive } from './txtar.ts';

/** `UPDATE_GOLDENS=1 npm run test:unit` writes what the product says into the archives; read every line of it before it is committed. */
const UPDATE = process.env.UPDATE_GOLDENS === '1';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

/** The workspace directory that the files of an archive are laid out in. */
export const ROOT = '/workspace';

/** A test for each archive below `directory` of the fixtures; `produce` gives the archive as it should read. */
export function goldenTests(directory: string, produce: (archive: Archive, file: string) => Promise<Archive>): void {
	for (const file of archivesBelow(directory)) {
		it(file.slice(0, -'.txtar'.length), async () => {
			const path = join(FIXTURES, directory, file);
			const text = readFileSync(path, 'utf8');
			const archive = parseArchive(text);
			assert.ok(archive.comment.trim().length > 10, 'an archive opens with a sentence that says what it shows');
			const produced = printArchive(await produce(archive, file));
			if (UPDATE && produced !== text) writeFileSync(path, produced);
			else assert.equal(produced, text);
		});
	}
}

function archivesBelow(directory: string): string[] {
	return readdirSync(join(FIXTURES, directory), { recursive: true, encoding: 'utf8' })
		.map((name) => name.replaceAll('\\', '/'))
		.filter((name) => name.endsWith('.txtar'))
		.sort();
}

/** The files of an archive that are inputs: what the product says of them stands behind them, as `fixed…` and `generated…`. */
export function inputsOf(archive: Archive): ArchiveFile[] {
	return archive.files.filter(({ name }) => !/^(?:fixed|generated)\b/.test(name));
}

/** Whether the archive's comment asks for CRLF line endings in the Dockerfile. */
export function wantsCrlf(archive: Archive): boolean {
	return /\bCRLF\b/.test(archive.comment);
}

/** The input files in memory below {@link ROOT}. */
export function filesOf(archive: Archive) {
	return createMemoryFiles(Object.fromEntries(inputsOf(archive).map(({ name, text }) => [`${ROOT}/${name}`, text])));
}

/** The archive's Dockerfile: its first file that is named like one. */
export function dockerfileOf(archive: Archive): ArchiveFile {
	const found = inputsOf(archive).find(
		({ name }) => /(?:^|\/)(?:Dockerfile[^/]*|[^/]*\.[Dd]ockerfile|Containerfile)$/.test(name) && !name.endsWith('.dockerignore'),
	);
	assert.ok(found, 'an archive holds a Dockerfile');
	return found;
}

/** The archive's deployment: its first YAML file that is named like a compose file, or lies in a directory of manifests. */
export function deploymentOf(archive: Archive): ArchiveFile {
	const found = inputsOf(archive).find(({ name }) =>
		/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$|^(?:k8s|deploy|base)\/.*\.ya?ml$/.test(name),
	);
	assert.ok(found, 'an archive of a rule for deployments holds one');
	return found;
}

/** What is left of a text with CRLF endings when they are made LF; every one of them must be CRLF. */
export function withoutCrlf(text: string): string {
	assert.doesNotMatch(text, /(?<!\r)\n/, 'every line ends with CRLF');
	return text.replaceAll('\r\n', '\n');
}
