// Runs a TypeScript script of this directory: `node scripts/run.mjs test.ts [ARGUMENTS…]`. It needs nothing but Node, for it is
// what `npm start` and `npm test` call on a fresh clone: it installs the dependencies first where they are absent or not those
// of package-lock.json.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = 20;

/** @param {string} file */
function readJson(file) {
	try {
		return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
	} catch {
		return undefined;
	}
}

/** Whether node_modules holds what package-lock.json asks for. npm writes its record of it last, so an interrupted install shows. */
function dependenciesAreInstalled() {
	const installed = readJson('node_modules/.package-lock.json')?.packages;
	if (!installed) {
		return false;
	}
	return Object.entries(readJson('package-lock.json').packages).every(
		([place, wanted]) => place === '' || (installed[place] ? installed[place].version === wanted.version : wanted.optional),
	);
}

function installDependencies() {
	console.log('Installing the dependencies with `npm ci`; this takes about half a minute …');
	const began = Date.now();
	const npmScript = process.env.npm_execpath;
	const [command, ...first] = npmScript ? [process.execPath, npmScript] : ['npm'];
	// What npm runs for a global installation inherits that it is global, which would install nothing here. No script of a dependency is
	// wanted, and our own, `prepare`, is perhaps what runs.
	const { npm_config_global: _, ...environment } = process.env;
	const { status } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
		cwd: root,
		env: environment,
		stdio: 'inherit',
		shell: !npmScript && process.platform === 'win32',
	});
	if (status !== 0) {
		console.error('The dependencies could not be installed; what npm says of it stands above.');
		process.exit(1);
	}
	console.log(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
	console.error(`go-scratch needs Node ${OLDEST_NODE} or newer, and this is ${process.version}: https://nodejs.org/`);
	process.exit(1);
}
if (!dependenciesAreInstalled()) {
	installDependencies();
}
// From here on it is as if Node had been called with the script itself.
const script = path.join(root, 'scripts', process.argv[2] ?? '');
process.argv.splice(1, 2, script);
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(script).href);
