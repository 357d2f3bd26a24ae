import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const source = (name: string) => fileURLToPath(new URL(`../../server/cli/${name}`, import.meta.url));

/** Bundles the command line into the directory, in its two files, and answers the path of the one that is started. */
export function bundleCommandLine(directory: string): string {
	buildSync({
		entryPoints: { cli: source('start.ts'), 'command-line': source('main.ts') },
		outdir: directory,
		outExtension: { '.js': '.cjs' },
		bundle: true,
		platform: 'node',
		format: 'cjs',
		mainFields: ['module', 'main'],
		define: { 'import.meta.url': '__filename' },
		supported: { 'dynamic-import': false },
	});
	return path.join(directory, 'cli.cjs');
}

/** The command line for the tests of a suite, in a directory of its own for each test; both are removed afterwards. */
export function useCommandLine(): { readonly bundle: string; readonly directory: string } {
	const used = { bundle: '', directory: '' };
	const directoryFor = (what: string) => mkdtempSync(path.join(tmpdir(), `go-scratch-${what}-`));
	before(() => {
		used.bundle = bundleCommandLine(directoryFor('cli'));
	});
	after(() => rmSync(path.dirname(used.bundle), { recursive: true, force: true }));
	beforeEach(() => {
		used.directory = directoryFor('test');
	});
	afterEach(() => rmSync(used.directory, { recursive: true, force: true }));
	return used;
}
