import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildProduct } from './build.ts';
import { runTool } from './processes.ts';
import { inProject } from './project.ts';

/** The largest package that ships, in bytes. */
const LARGEST_PACKAGE = 600 * 1024;

/** What may stand in the package: bundles, and what VS Code and its marketplace show. No source, no map, no node_modules. vsce gives some a name of its own. */
const MAY_SHIP =
	/^(?:package\.json|readme\.md|changelog\.md|LICENSE\.txt|dist\/(?:client|server)\.cjs|media\/icon\.png|snippets\/[a-z-]+\.json)$/;

/** What must stand in it. */
const MUST_SHIP = ['package.json', 'readme.md', 'LICENSE.txt', 'dist/client.cjs', 'dist/server.cjs', 'media/icon.png'];

export interface Package {
	readonly path: string;
	/** In bytes. */
	readonly size: number;
}

/** Packages what dist/ holds as a .vsix, and throws where it holds what it should not, or is too large. */
export async function packageExtension(): Promise<Package> {
	const output = inProject('dist', 'go-scratch.vsix');
	mkdirSync(path.dirname(output), { recursive: true });
	await runTool('@vscode/vsce/vsce', 'package', '--no-dependencies', '--out', output);
	const archive = readFileSync(output);
	const shipped = fileNames(archive).flatMap((name) => (name.startsWith('extension/') ? name.slice('extension/'.length) : []));
	const strangers = shipped.filter((file) => !MAY_SHIP.test(file));
	if (strangers.length > 0) {
		throw new Error(`The package holds what it should not: ${strangers.join(', ')}. Exclude it in .vscodeignore.`);
	}
	const missing = MUST_SHIP.filter((file) => !shipped.includes(file));
	if (missing.length > 0) {
		throw new Error(`The package lacks ${missing.join(', ')}.`);
	}
	if (archive.length > LARGEST_PACKAGE) {
		throw new Error(`The package has ${kilobytes(archive.length)}, and ${kilobytes(LARGEST_PACKAGE)} are allowed.`);
	}
	return { path: output, size: archive.length };
}

/** The names in a zip archive, read from its central directory (section 4.3.12 of the format's description, APPNOTE.TXT). */
function fileNames(archive: Buffer): string[] {
	const names: string[] = [];
	const signature = Buffer.from('PK\u0001\u0002');
	const end = archive.lastIndexOf('PK\u0005\u0006');
	let entry = archive.readUInt32LE(end + 16);
	while (archive.subarray(entry, entry + 4).equals(signature)) {
		const [name, extra, comment] = [archive.readUInt16LE(entry + 28), archive.readUInt16LE(entry + 30), archive.readUInt16LE(entry + 32)];
		names.push(archive.toString('utf8', entry + 46, entry + 46 + name));
		entry += 46 + name + extra + comment;
	}
	return names;
}

export function kilobytes(bytes: number): string {
	return `${Math.ceil(bytes / 1024)} KB`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await buildProduct({ forShipping: true });
	const { path: file, size } = await packageExtension();
	console.log(`${file}: ${kilobytes(size)}`);
}
