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
