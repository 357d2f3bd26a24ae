import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { npm } from './processes.ts';
import { step } from './progress.ts';
import { CACHE } from './project.ts';

/**
 * A real VS Code where there is no desktop one: VS Code's own server and workbench, as the npm package code-server ships them.
 * The extension host runs in Node; the window is a page of any browser.
 */

/** The release of code-server for each major version of Node that it supports, newest first. */
const RELEASES: readonly { node: number; version: string }[] = [
	{ node: 24, version: '4.139.1' },
	{ node: 22, version: '4.117.0' },
	{ node: 20, version: '4.100.3' },
];

const RIPGREP_VERSION = '1.18.0';

/** Two suites that start at the same time want one installation, not two in one directory. */
let installation: Promise<string> | undefined;

/** Installs the embedded VS Code where it is not there yet, and answers the path of its server's main file. */
export function installEmbeddedVsCode(): Promise<string> {
	installation ??= install();
	return installation;
}

async function install(): Promise<string> {
	const version = releaseForNode(Number.parseInt(process.versions.node, 10));
	const directory = path.join(CACHE, `code-server-${version}`);
	const vscode = path.join(directory, 'node_modules', 'code-server', 'lib', 'vscode');
	const main = path.join(vscode, 'out', 'server-main.js');
	const complete = path.join(directory, 'complete');
	if (!existsSync(complete)) {
		await step(`Installing an embedded VS Code (code-server ${version} from npm, 330 MB, about a minute)`, async () => {
			rmSync(directory, { recursive: true, force: true });
			mkdirSync(directory, { recursive: true });
			writeFileSync(path.join(directory, 'package.json'), '{ "private": true }\n');
			const ripgrep = `@vscode/ripgrep-${process.platform}-${process.arch}`;
			// Nothing needs the packages' install scripts: they compile log writers and terminals.
			const quick = ['install', '--ignore-scripts', '--no-save'];
			await npm([...quick, `code-server@${version}`, `${ripgrep}@${RIPGREP_VERSION}`], directory);
			await npm([...quick, '--omit=dev'], vscode);
			await npm([...quick, '--omit=dev'], path.join(vscode, 'extensions'));
			const asar = path.join(vscode, 'node_modules.asar');
			if (!existsSync(asar)) {
				symlinkSync('node_modules', asar, 'junction');
			}
			installRipgrep(path.join(directory, 'node_modules', ripgrep), path.join(vscode, 'node_modules', '@vscode', 'ripgrep'));
			writeFileSync(complete, '');
		});
	}
	return main;
}

function releaseForNode(major: number): string {
	const release = RELEASES.find(({ node }) => node <= major);
	if (!release) {
		throw new Error(`There is no embedded VS Code for Node ${major}.`);
	}
	return release.version;
}

/** The package downloads its program in an install script, from a place other than npm; here it comes from its npm package. */
function installRipgrep(from: string, to: string): void {
	const program = process.platform === 'win32' ? 'rg.exe' : 'rg';
	if (!existsSync(to)) {
		return;
	}
	mkdirSync(path.join(to, 'bin'), { recursive: true });
	copyFileSync(path.join(from, 'bin', program), path.join(to, 'bin', program));
}

export interface ServerOptions {
	/** Where the server keeps its state. */
	readonly dataDirectory: string;
	/** The user's settings, written before the start. */
	readonly settings: Readonly<Record<string, unknown>>;
	/** What a browser must present; without it any page may connect. */
	readonly token?: string;
	readonly environment?: Readonly<Record<string, string>>;
	/** Directories with extensions that are installed, by the names that VS Code gives such directories. */
	readonly installed?: Readonly<Record<string, string>>;
}

export interface Server {
	readonly port: number;
	/** Resolves when the server has ended, by itself or by {@link stop}. */
	readonly ended: Promise<void>;
	stop(): Promise<void>;
}

/** Settings that keep a fresh VS Code quiet. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
	'workbench.startupEditor': 'none',
	'telemetry.telemetryLevel': 'off',
	'extensions.ignoreRecommendations': true,
	'extensions.autoCheckUpdates': false,
	'workbench.enableExperiments': false,
	'chat.disableAIFeatures': true,
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

const START_TIMEOUT = 120_000;

/** Starts the server on a free port of 127.0.0.1. */
export async function startServer(main: string, options: ServerOptions): Promise<Server> {
	const { dataDirectory, settings, token, environment, installed = {} } = options;
	const userData = path.join(dataDirectory, 'data');
	mkdirSync(path.join(userData, 'User'), { recursive: true });
	const settingsFile = path.join(userData, 'User', 'settings.json');
	if (!existsSync(settingsFile)) {
		writeFileSync(settingsFile, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, undefined, 2));
	}
	for (const [name, directory] of Object.entries(installed)) {
		cpSync(directory, path.join(extensionsDirectory(dataDirectory), name), { recursive: true });
	}
	const child = spawn(
		process.execPath,
		[
			main,
			...['--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms'],
			...(token ? ['--connection-token', token] : ['--without-connection-token']),
			...['--telemetry-level', 'off', '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
			...['--disable-getting-started-override', '--enable-smoke-test-driver'],
			...['--server-data-dir', dataDirectory, '--user-data-dir', userData],
			...['--extensions-dir', extensionsDirectory(dataDirectory)],
		],
		// With an empty gallery the server asks no marketplace for anything.
		{ env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
	);
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const port = await listeningPort(child);
	return {
		port,
		ended,
		stop: async () => {
			child.kill('SIGTERM');
			const impatience = setTimeout(() => child.kill('SIGKILL'), 3000);
			await ended;
			clearTimeout(impatience);
		},
	};
}

/** Where a server with this data directory looks for extensions. */
export function extensionsDirectory(dataDirectory: string): string {
	return path.join(dataDirectory, 'extensions');
}

function listeningPort(child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) => {
		let output = '';
		const fail = (why: string) => {
			clearTimeout(timer);
			child.kill('SIGKILL');
			reject(new Error(`The embedded VS Code ${why}:\n${output}`));
		};
		const timer = setTimeout(() => fail('did not start'), START_TIMEOUT);
		const read = (part: Buffer) => {
			output += part;
			const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
			if (port) {
				clearTimeout(timer);
				output = '';
				resolve(Number(port));
			}
		};
		child.stdout?.on('data', read);
		child.stderr?.on('data', read);
		child.once('exit', (code) => fail(`ended with code ${code}`));
		child.once('error', (error) => fail(error.message));
	});
}

export interface WorkbenchOptions {
	/** The folder to open. */
	readonly folder: string;
	/** A directory with an extension to run from its source. */
	readonly extension?: string;
	/** A module whose `run` is called in the extension host, and that ends the window: a path, or an address for a browser's host. */
	readonly suite?: string;
}

/** The address of the workbench with a folder open. */
export function workbenchAddress(port: number, { folder, extension, suite }: WorkbenchOptions, token?: string): string {
	const remote = (file: string) => (file.includes('://') ? file : `vscode-remote://127.0.0.1:${port}${file}`);
	const payload = [
		...(extension ? [['extensionDevelopmentPath', remote(extension)]] : []),
		...(suite ? [['extensionTestsPath', remote(suite)]] : []),
		['skipWelcome', 'true'],
		['skipReleaseNotes', 'true'],
	];
	const query = new URLSearchParams({
		...(token ? { tkn: token } : {}),
		folder,
		...(extension || suite ? { payload: JSON.stringify(payload) } : {}),
	});
	return `http://127.0.0.1:${port}/?${query}`;
}

/** Opens a window-sized page in a headless Chromium that sees nothing but this machine. */
export async function openPage(executablePath: string): Promise<{ browser: Browser; page: Page }> {
	const browser = await chromium.launch({
		executablePath,
		headless: true,
		handleSIGINT: false,
		handleSIGTERM: false,
		args: [
			// Chromium cannot make its sandbox as root in a container, and the page is this machine's own.
			'--no-sandbox',
			'--disable-gpu',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
		],
	});
	// The pages come from this machine, and so may an extension that one of them runs.
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
	await context.grantPermissions(['local-network-access']).catch(() => {
		// An older Chromium asks nobody.
	});
	return { browser, page: await context.newPage() };
}

/**
 * Lets the workbench run an extension in the page itself, in a web worker, as vscode.dev does. The workbench takes that from its own
 * page only.
 *
 * @param address Where the extension's directory is served.
 */
export async function runExtensionInPage(page: Page, port: number, address: string): Promise<void> {
	const { protocol, host, pathname } = new URL(address);
	const extension = { scheme: protocol.slice(0, -1), authority: host, path: pathname };
	await page.route(
		(url) => url.pathname === '/' && url.port === String(port),
		async (route) => {
			const response = await route.fetch();
			const body = (await response.text()).replace(
				/(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/,
				(_, before: string, settings: string) => {
					const configuration = JSON.parse(settings.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
					configuration.developmentOptions = { ...configuration.developmentOptions, extensions: [extension] };
					return `${before}${JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
				},
			);
			await route.fulfill({ response, body });
		},
	);
}

/**
 * Writes into a file what a page asks other machines for, an address a line, as the page asks; none of it is answered. A suite reads it.
 */
export function recordForeignRequests(page: Page, file: string): void {
	writeFileSync(file, '');
	page.context().on('request', (request) => {
		const { protocol, hostname } = new URL(request.url());
		if (/^(?:https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1' && hostname !== 'localhost') {
			appendFileSync(file, `${request.url()}\n`);
		}
	});
}

const SUITE_TIMEOUT = 600_000;

/**
 * Runs a suite in the extension host of an embedded VS Code, and answers its exit code. Throws where it does not come to an end.
 *
 * @param log Is given each line that an extension host in the page logs.
 */
export async function runSuiteInPage(page: Page, address: string, log: (line: string) => void = () => {}): Promise<number> {
	let end: (code: number) => void = () => {};
	let fail: (error: Error) => void = () => {};
	const ended = new Promise<number>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	// The two functions that VS Code's workbench calls when it runs a suite in a browser.
	await page.exposeFunction('codeAutomationExit', end);
	await page.exposeFunction('codeAutomationLog', (_: string, values: unknown[]) => log(values.join(' ')));
	page.on('crash', () => fail(new Error('The page of the embedded VS Code crashed.')));
	const timer = setTimeout(() => fail(new Error(`The suite did not end in ${SUITE_TIMEOUT / 1000} s.`)), SUITE_TIMEOUT);
	try {
		await page.goto(address, { timeout: START_TIMEOUT });
		return await ended;
	} finally {
		clearTimeout(timer);
	}
}
