import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildProduct } from './build.ts';
import { runTool } from './processes.ts';
import { inProject } from './project.ts';

/** The largest package that ships, in bytes. */
const LARGEST_PACKAGE = 600 * 1024;

/** What may stand in the package: bundles, and what VS Code and its marketplace show. No source, no map, no node_modules. */
const MAY_SHIP =
	/^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(?:client|server)\.cjs|media\/icon\.png|snippets\/[a-z-]+\.json|docs\/images\/[a-z-]+\.png)$/;

/** What must stand in it. */
const MUST_SHIP = ['package.json', 'README.md', 'LICENSE', 'dist/client.cjs', 'dist/server.cjs', 'media/icon.png'];

export interface Package {
	readonly path: string;
	/** In bytes. */
	readonly size: number;
}

/** Packages what dist/ holds as a .vsix, and throws where it holds what it should not, or is too large. */
export async function packageExtension(): Promise<Package> {
	const listing = await runTool('@vscode/vsce/vsce', 'ls', '--no-dependencies');
	const shipped = listing.split(/\r?\n/).filter((line) => line !== '' && existsSync(inProject(line)));
	const strangers = shipped.filter((file) => !MAY_SHIP.test(file));
	if (strangers.length > 0) {
		throw new Error(`The package would hold what it should not: ${strangers.join(', ')}. Exclude it in .vscodeignore.`);
	}
	const missing = MUST_SHIP.filter((file) => !shipped.includes(file));
	if (missing.length > 0) {
		throw new Error(`The package would lack ${missing.join(', ')}.`);
	}
	const output = inProject('dist', 'go-scratch.vsix');
	mkdirSync(path.dirname(output), { recursive: true });
	await runTool('@vscode/vsce/vsce', 'package', '--no-dependencies', '--out', output);
	const { size } = statSync(output);
	if (size > LARGEST_PACKAGE) {
		throw new Error(`The package has ${kilobytes(size)}, and ${kilobytes(LARGEST_PACKAGE)} are allowed.`);
	}
	return { path: output, size };
}

export function kilobytes(bytes: number): string {
	return `${Math.ceil(bytes / 1024)} KB`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await buildProduct({ forShipping: true });
	const { path: file, size } = await packageExtension();
	console.log(`${file}: ${kilobytes(size)}`);
}
