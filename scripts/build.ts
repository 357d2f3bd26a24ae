import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, context, type Plugin } from 'esbuild';
import { withoutDocumentation, withoutFeatures, withoutKeptPrograms, withoutStreams, withoutUnused } from './leave-out.ts';
import { inProject, ROOT } from './project.ts';

/** An extension host in a browser wants CommonJS too, and a name that ends in `.js`. */
const FOR_BROWSERS: BuildOptions = {
	platform: 'browser',
	target: 'es2022',
	mainFields: ['browser', 'module', 'main'],
	outdir: 'web',
	outExtension: { '.js': '.js' },
};

/** Makes `require` of `import()`: what is read so is CommonJS too, and Node's loader of ES modules is the slower one. */
const REQUIRING: BuildOptions = { supported: { 'dynamic-import': false } };

/** Libraries that most checks do without: each is a bundle of its own, which the command line reads only where it needs it. */
const APART = ['tinyglobby', 'yaml'];

/** The files of {@link APART}, which ship with the command line. */
export const LIBRARIES = APART.map((name) => `library-${name}.cjs`);

/**
 * What a browser loads when it is first used, after the first findings: files of their own next to the server, by name. Each is a library,
 * or a module of the project without state of its own, because what it imports is in it a second time.
 */
const LATER_IN_BROWSERS: Readonly<Record<string, string>> = {
	'dockerfile-ast': 'dockerfile-ast',
	'jsonc-parser': 'jsonc-parser',
	yaml: 'yaml',
	deployments: './server/deployments/readers.ts',
	explain: './server/explain/explain.ts',
	generation: './server/generate/generation.ts',
	hover: './server/hover/hover.ts',
	picture: './server/picture/picture.ts',
	refactorings: './server/fixes/refactorings.ts',
};

/** The files of {@link LATER_IN_BROWSERS}, next to the server for browsers. */
export const BROWSER_LIBRARIES = Object.keys(LATER_IN_BROWSERS).map((name) => `library-${name}.js`);

const apart: Plugin = {
	name: 'apart',
	setup({ onResolve }) {
		onResolve({ filter: new RegExp(`^(?:${APART.join('|')})$`) }, ({ path: name }) => ({ path: `./library-${name}.cjs`, external: true }));
	},
};

/**
 * Replaces each module of {@link LATER_IN_BROWSERS} by one whose exports load it: in a web worker, `importScripts` returns when the script
 * has run. `server/lsp/browser.ts` knows the address.
 */
const laterInBrowsers: Plugin = {
	name: 'later-in-browsers',
	setup({ onResolve, onLoad }) {
		const names = new Map(
			Object.entries(LATER_IN_BROWSERS).map(([name, source]) => [source.startsWith('.') ? inProject(source) : source, name]),
		);
		onResolve({ filter: /./ }, ({ kind, path: specifier, resolveDir }) => {
			const name = names.get(specifier.startsWith('.') ? path.join(resolveDir, specifier) : specifier);
			return kind === 'entry-point' || name === undefined ? undefined : { path: name, namespace: 'later' };
		});
		onLoad({ filter: /./, namespace: 'later' }, async ({ path: name }) => {
			const source = LATER_IN_BROWSERS[name] as string;
			const exported = Object.keys(await import(source.startsWith('.') ? pathToFileURL(inProject(source)).href : source));
			const names = exported.filter((each) => each !== 'default' && each !== 'module.exports');
			const library = `globalThis.goScratchLibraries?.[${JSON.stringify(name)}]`;
			const load = `importScripts(globalThis.goScratchScripts + ${JSON.stringify(`library-${name}.js`)})`;
			const getters = names.map((each) => `get ${each}() { return library().${each}; }`).join(', ');
			return {
				contents: `const library = () => ${library} ?? (${load}, ${library});\nmodule.exports = { __esModule: true, ${getters} };`,
			};
		});
	},
};

/** What the product consists of, each bundle with the source that it starts from. */
const BUNDLES: readonly BuildOptions[] = [
	{ entryPoints: { client: 'client/extension.ts' }, external: ['vscode'], plugins: [withoutFeatures] },
	{ entryPoints: { server: 'server/lsp/node-start.ts' }, banner: { js: '#!/usr/bin/env node' } },
	{ entryPoints: { 'language-server': 'server/lsp/node.ts' }, plugins: [withoutDocumentation, withoutUnused], ...REQUIRING },
	{ entryPoints: { cli: 'server/cli/start.ts' }, banner: { js: '#!/usr/bin/env node' } },
	{ entryPoints: { 'command-line': 'server/cli/main.ts' }, plugins: [apart], ...REQUIRING },
	// One of them asks for a `require` of its own.
	{
		entryPoints: Object.fromEntries(APART.map((name) => [`library-${name}`, name])),
		define: { 'import.meta.url': '__filename' },
		plugins: [withoutUnused],
	},
	{ entryPoints: { client: 'client/web-extension.ts' }, external: ['vscode'], plugins: [withoutStreams, withoutFeatures], ...FOR_BROWSERS },
	{
		entryPoints: { server: 'server/lsp/browser.ts' },
		plugins: [laterInBrowsers, withoutStreams, withoutDocumentation, withoutUnused, withoutKeptPrograms],
		...FOR_BROWSERS,
		format: 'iife',
	},
	{
		entryPoints: { 'image-view': 'client/webview/image-view.ts', 'image-view-style': 'client/webview/image-view.css' },
		...FOR_BROWSERS,
		outdir: 'webview',
		format: 'iife',
	},
	...Object.entries(LATER_IN_BROWSERS).map(([name, source]) => ({
		entryPoints: { [`library-${name}`]: source },
		plugins: [laterInBrowsers, withoutUnused],
		...FOR_BROWSERS,
		format: 'iife' as const,
		globalName: `goScratchLibraries[${JSON.stringify(name)}]`,
	})),
];

/** The oldest Node that runs them: that of VS Code 1.91, and the oldest one that the command line supports. */
const TARGET = 'node20';

function complete({ outdir = '.', ...bundle }: BuildOptions, forShipping: boolean, into = 'dist'): BuildOptions {
	return {
		absWorkingDir: ROOT,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: TARGET,
		// Packages that ship both kinds of module are smaller as ES modules.
		mainFields: ['module', 'main'],
		outdir: path.join(into, outdir),
		charset: 'utf8',
		outExtension: { '.js': '.cjs' },
		minify: forShipping,
		sourcemap: !forShipping,
		legalComments: 'none',
		logLevel: 'warning',
		...bundle,
	};
}

/**
 * Writes the product's bundles: small ones for shipping, or ones with source maps for development. Throws where that fails.
 *
 * @param into The directory that gets them.
 */
export async function buildProduct({ forShipping = false, into = 'dist' } = {}): Promise<void> {
	await Promise.all(BUNDLES.map((bundle) => build(complete(bundle, forShipping, into))));
}

/** Bundles the command line for the single executable, libraries and all, and answers where it is. */
export async function buildExecutableProgram(into: string): Promise<string> {
	const program: BuildOptions = {
		entryPoints: { 'go-scratch': 'server/cli/executable.ts' },
		define: { 'import.meta.url': '__filename' },
		...REQUIRING,
	};
	await build(complete(program, true, into));
	return path.join(into, 'go-scratch.cjs');
}

/** Bundles the suite that runs inside VS Code, and answers where it stands. */
export async function buildSuite(): Promise<string> {
	await build(complete({ entryPoints: { suite: 'test/vscode/index.ts' }, external: ['vscode', 'mocha'], sourcemap: 'inline' }, false));
	return inProject('dist', 'suite.cjs');
}

/** Bundles the extension that the suite has beside this one, and answers its directory. */
export async function buildNeighbour(): Promise<string> {
	const source = inProject('test', 'vscode', 'neighbour');
	const directory = inProject('dist', 'neighbour');
	const extension = { entryPoints: { extension: path.join(source, 'extension.ts') }, external: ['vscode'] };
	await build(complete(extension, true, directory));
	copyFileSync(path.join(source, 'package.json'), path.join(directory, 'package.json'));
	return directory;
}

/**
 * Bundles the same suite for the extension host of a browser, with mocha and assertions for a place without Node.
 *
 * @param only Part of the titles of the tests that are run; where it is empty all of them are.
 * @returns The path of the bundle from the root of the project.
 */
export async function buildWebSuite(only: string): Promise<string> {
	const suite: BuildOptions = {
		entryPoints: { suite: 'test/vscode/web/index.ts' },
		external: ['vscode'],
		...FOR_BROWSERS,
		alias: { 'node:assert/strict': './test/vscode/web/assert.ts', mocha: './test/vscode/web/mocha.ts', 'mocha/mocha.js': 'mocha/mocha.js' },
		define: { GO_SCRATCH_SUITE_ONLY: JSON.stringify(only) },
		sourcemap: 'inline',
	};
	await build(complete(suite, false));
	return 'dist/web/suite.js';
}

/** Builds, and builds again after every change until the process ends. */
async function watch(): Promise<void> {
	for (const bundle of BUNDLES) {
		await (await context({ ...complete(bundle, false), logLevel: 'info' })).watch();
	}
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await (process.argv.includes('--watch') ? watch() : buildProduct({ forShipping: process.argv.includes('--ship') }));
}
