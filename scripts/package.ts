import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BROWSER_LIBRARIES, buildProduct, LIBRARIES } from './build.ts';
import { npm, run } from './processes.ts';
import { inProject, ROOT } from './project.ts';

/**
 * Makes the two packages that ship: the extension (.vsix), and the command line and the language server for npm (.tgz). Each is made
 * in a copy, with one mode and one time for every file, so that the same sources give the same bytes wherever and whenever that is done.
 * What goes into the extension is said by .vscodeignore, which vsce reads in a copy of the whole project; the npm package is made of
 * exactly its files.
 */

/** The largest extension that ships, in bytes. */
const LARGEST_EXTENSION = 1300 * 1024;

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

/** What of the project's directory is no part of the project. */
const NO_SOURCE = ['.git', '.cache', '.vscode-test', 'dist', 'node_modules'];

/**
 * Packages the bundles as an extension. Throws where a file that it needs is missing, or left out by .vscodeignore, or where it is too
 * large.
 *
 * @param project The directory of the project, for whoever tries another .vscodeignore.
 */
export async function packageExtension({
	bundles = DIST,
	output = path.join(DIST, 'go-scratch.vsix'),
	project = ROOT,
}: Places & { readonly project?: string } = {}): Promise<Package> {
	// An extension host in a browser takes no ES module, and takes every file for one where the manifest says `module`.
	const { scripts, dependencies, devDependencies, allowScripts, private: _, bin, type, ...manifest } = readManifest();
	const needed = [
		...ABOUT,
		'dist/server.cjs',
		'dist/language-server.cjs',
		'dist/web/server.js',
		'dist/webview/image-view.js',
		'dist/webview/image-view-style.css',
		manifest.icon,
		...pathsIn(manifest),
	];
	needed.push(...BROWSER_LIBRARIES.map((library) => `dist/web/${library}`));
	const size = await withStaged(filesBelow(project, NO_SOURCE), manifest, { bundles, output, project }, async (directory, archive) => {
		for (const bundle of filesBelow(bundles)) copy(path.join(bundles, bundle), path.join(directory, 'dist', bundle), 0o644);
		const packed = (await vsce(['ls'], directory)).split(/\r?\n/);
		const absent = needed.filter((file) => !packed.includes(file));
		if (absent.length > 0) {
			throw new Error(`The extension needs what is not there, or what .vscodeignore leaves out: ${absent.join(', ')}.`);
		}
		await vsce(['package', '--out', archive], directory);
	});
	if (size > LARGEST_EXTENSION) {
		throw new Error(`The extension has ${kilobytes(size)}, and ${kilobytes(LARGEST_EXTENSION)} are allowed.`);
	}
	return { path: output, size };
}

/** Runs vsce, and answers what it prints. Throws where it fails. */
async function vsce([command = '', ...words]: readonly string[], directory: string): Promise<string> {
	const parameters = [inProject('node_modules', '@vscode', 'vsce', 'vsce'), command, '--no-dependencies', ...words];
	const environment = { ...process.env, SOURCE_DATE_EPOCH: String(TIME), TZ: 'UTC' };
	const { code, output } = await run(process.execPath, parameters, { cwd: directory, env: environment });
	if (code !== 0) {
		throw new Error(output);
	}
	return output;
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

/** The files below the directory, with slashes, other than those in the directories of its own that are named. */
function filesBelow(directory: string, without: readonly string[] = []): string[] {
	return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
		if (without.includes(entry.name)) return [];
		if (entry.isDirectory()) return filesBelow(path.join(directory, entry.name)).map((file) => `${entry.name}/${file}`);
		return entry.isFile() ? [entry.name] : [];
	});
}

function copy(from: string, to: string, mode: number): void {
	mkdirSync(path.dirname(to), { recursive: true });
	copyFileSync(from, to);
	chmodSync(to, mode);
}

/**
 * Lays out a package's files by themselves, has them packed, and moves the archive to `output` only once it is whole.
 *
 * @returns The size of the archive.
 */
async function withStaged(
	files: readonly string[],
	manifest: { readonly name: string; readonly bin?: Readonly<Record<string, string>> },
	{ bundles, output, project = ROOT }: Required<Places> & { readonly project?: string },
	pack: (directory: string, archive: string) => Promise<void>,
): Promise<number> {
	const commands = Object.values(manifest.bin ?? {});
	const scratch = mkdtempSync(path.join(tmpdir(), 'go-scratch-package-'));
	try {
		const directory = path.join(scratch, 'package');
		mkdirSync(directory);
		for (const file of files) {
			const source = file.startsWith('dist/') ? path.join(bundles, file.slice('dist/'.length)) : path.join(project, file);
			copy(source, path.join(directory, file), commands.includes(file) ? 0o755 : 0o644);
		}
		writeFileSync(path.join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
		chmodSync(path.join(directory, 'package.json'), 0o644);
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
