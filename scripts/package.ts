import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildProduct, LIBRARIES } from './build.ts';
import { npm, run } from './processes.ts';
import { inProject } from './project.ts';

/**
 * Makes the two packages that ship: the extension (.vsix), and the command line and the language server for npm (.tgz). Each is made
 * of a directory that holds exactly its files, with one mode and one time, so that the same sources give the same bytes wherever and
 * whenever that is done.
 */

/** The largest extension that ships, in bytes. */
const LARGEST_EXTENSION = 1000 * 1024;

/** The time of every file in the extension, in seconds: a zip archive knows none before 1980, whatever the time zone. */
const TIME = Date.UTC(1980, 0, 2) / 1000;

/** The pages for those who use the command line or the server, beside those of the rules. */
const PAGES = ['docs/command-line.md', 'docs/editors.md'];

const DIST = inProject('dist');

/** What both packages hold beside what their manifests name. */
const ABOUT = ['README.md', 'CHANGELOG.md', 'LICENSE'];

export interface Package {
	readonly path: string;
	/** In bytes. */
	readonly size: number;
}

interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly icon: string;
	readonly bin: Readonly<Record<string, string>>;
	readonly engines: { readonly node: string };
	readonly repository: { readonly type: string; readonly url: string };
	readonly [key: string]: unknown;
}

/** Where the bundles are, and where a package of them goes. */
interface Places {
	readonly bundles?: string;
	readonly output?: string;
}

/** Packages the bundles as an extension. Throws where a file of it is missing, or where it is too large. */
export async function packageExtension({ bundles = DIST, output = path.join(DIST, 'go-scratch.vsix') }: Places = {}): Promise<Package> {
	// An extension host in a browser takes no ES module, and takes every file for one where the manifest says `module`.
	const { scripts, dependencies, devDependencies, allowScripts, private: _, bin, type, ...manifest } = readManifest();
	const files = [...ABOUT, 'dist/server.cjs', 'dist/language-server.cjs', 'dist/web/server.js', manifest.icon, ...pathsIn(manifest)];
	const size = await withStaged(files, manifest, { bundles, output }, async (directory, archive) => {
		const parameters = [inProject('node_modules', '@vscode', 'vsce', 'vsce'), 'package', '--no-dependencies', '--out', archive];
		const environment = { ...process.env, SOURCE_DATE_EPOCH: String(TIME), TZ: 'UTC' };
		const { code, output } = await run(process.execPath, parameters, { cwd: directory, env: environment });
		if (code !== 0) {
			throw new Error(output);
		}
	});
	if (size > LARGEST_EXTENSION) {
		throw new Error(`The extension has ${kilobytes(size)}, and ${kilobytes(LARGEST_EXTENSION)} are allowed.`);
	}
	return { path: output, size };
}

/** Packages the bundles for npm, so that nothing is installed beside them. Throws where a file of it is missing. */
export async function packageForNpm({ bundles = DIST, output = path.join(DIST, 'go-scratch.tgz') }: Places = {}): Promise<Package> {
	const { name, version, description, keywords, license, repository, engines, bin } = readManifest();
	const home = repository.url.replace(/\.git$/, '');
	const manifest = {
		...{ name, version, description, keywords, license, bin },
		homepage: `${home}#readme`,
		bugs: `${home}/issues`,
		repository: { type: 'git', url: `git+${repository.url}` },
		engines: { node: engines.node },
	};
	const programs = [...Object.values(bin), 'dist/command-line.cjs', ...LIBRARIES.map((name) => `dist/${name}`), 'dist/language-server.cjs'];
	const files = [...ABOUT, ...programs, ...filesIn('schemas'), ...filesIn('docs/rules'), ...PAGES];
	const size = await withStaged(files, manifest, { bundles, output }, async (directory, archive) => {
		const packed = path.dirname(archive);
		await npm(['pack', '--ignore-scripts', '--pack-destination', packed], directory);
		copyFileSync(path.join(packed, `${name}-${version}.tgz`), archive);
	});
	return { path: output, size };
}

/** The project's package.json, which describes the extension and what is run from a clone. */
function readManifest(): Manifest {
	return JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
}

/** The files that a part of package.json names: what begins with `./`, for the name of nothing else does. */
function pathsIn(value: unknown): string[] {
	if (typeof value === 'string') {
		return value.startsWith('./') ? [value.slice('./'.length)] : [];
	}
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

function filesIn(directory: string): string[] {
	return readdirSync(inProject(directory)).map((name) => `${directory}/${name}`);
}

/**
 * Lays out a package's files by themselves, has them packed, and moves the archive to `output` only once it is whole.
 *
 * @returns The size of the archive.
 */
async function withStaged(
	files: readonly string[],
	manifest: { readonly name: string; readonly bin?: Readonly<Record<string, string>> },
	{ bundles, output }: Required<Places>,
	pack: (directory: string, archive: string) => Promise<void>,
): Promise<number> {
	const commands = Object.values(manifest.bin ?? {});
	const scratch = mkdtempSync(path.join(tmpdir(), 'go-scratch-package-'));
	try {
		const directory = path.join(scratch, 'package');
		mkdirSync(directory);
		writeFileSync(path.join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
		chmodSync(path.join(directory, 'package.json'), 0o644);
		for (const file of files) {
			const copy = path.join(directory, file);
			mkdirSync(path.dirname(copy), { recursive: true });
			copyFileSync(file.startsWith('dist/') ? path.join(bundles, file.slice('dist/'.length)) : inProject(file), copy);
			chmodSync(copy, commands.includes(file) ? 0o755 : 0o644);
		}
		const archive = path.join(scratch, path.basename(output));
		await pack(directory, archive);
		mkdirSync(path.dirname(output), { recursive: true });
		copyFileSync(archive, output);
		return statSync(output).size;
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

export function kilobytes(bytes: number): string {
	return `${Math.ceil(bytes / 1024)} KB`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await buildProduct({ forShipping: true });
	for (const { path: file, size } of [await packageExtension(), await packageForNpm()]) {
		console.log(`${file}: ${kilobytes(size)}`);
	}
}
