import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { buildNeighbour, buildProduct, buildSuite, buildWebSuite } from './build.ts';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.ts';
import {
	installEmbeddedVsCode,
	openPage,
	QUIET_SETTINGS,
	recordForeignRequests,
	runExtensionInPage,
	runSuiteInPage,
	type Server,
	type ServerOptions,
	startServer,
	workbenchAddress,
} from './embedded-vscode.ts';
import type { Summary } from './mocha-reporter.ts';
import { installPeer } from './peer.ts';
import { step } from './progress.ts';
import { inProject, ROOT } from './project.ts';
import { serveExtension } from './serve-extension.ts';
import { SUITE_LINE, SUITE_SUMMARY } from './suite-output.ts';
import { answerWindowRequests } from './window-requests.ts';

/** Where the desktop VS Code is downloaded from. */
const DOWNLOADS = 'https://update.code.visualstudio.com/api/releases/stable';

/** Beside the suite's workspace: what the window asked other machines for. Where it cannot be watched there is no such file. */
const FOREIGN_REQUESTS = 'foreign-requests';

/** A VS Code that the suite can run in. */
interface VsCode {
	readonly name: string;
	/** Runs the suite with the workspace open and this extension beside another. Throws where VS Code fails; failures of tests are in the summary. */
	run(suite: string, workspace: string, neighbour: string, environment: Record<string, string>): Promise<void>;
}

/**
 * Runs the suite inside a real VS Code: the desktop one where it can be downloaded and shown, else the embedded one.
 *
 * @param only Part of the titles of the tests that are run; without it all of them are.
 */
async function runVsCodeSuite(only = ''): Promise<Summary> {
	const vscode = (await desktopVsCode()) ?? embeddedVsCode();
	if (!vscode) {
		return withoutBrowser('the suite in VS Code');
	}
	return inDirectory(async (directory, workspace) => {
		const log = path.join(directory, 'log');
		const summary = path.join(directory, 'summary.json');
		const stopShowing = showLines(log);
		try {
			const neighbour = await buildNeighbour();
			const suite = await buildSuite();
			const environment = {
				GO_SCRATCH_SUITE_LOG: log,
				GO_SCRATCH_SUITE_SUMMARY: summary,
				GO_SCRATCH_SUITE_ONLY: only,
				GO_SCRATCH_SUITE_NEIGHBOUR: (await installPeer()) ?? '',
			};
			await step(`Running the suite in ${vscode.name}`, () => vscode.run(suite, workspace, neighbour, environment));
		} finally {
			stopShowing();
		}
		if (!existsSync(summary)) {
			throw new Error(`${vscode.name} ended without running the suite.`);
		}
		return JSON.parse(readFileSync(summary, 'utf8'));
	});
}

/**
 * Runs the same suite as vscode.dev would: the extension and its server are web workers of the page, the files are on another
 * machine, and there is nothing of Node.
 *
 * @param only As it is for {@link runVsCodeSuite}.
 */
async function runWebSuite(only = ''): Promise<Summary> {
	const executable = findChromium();
	if (!executable) {
		return withoutBrowser('the suite in VS Code in a browser');
	}
	return inDirectory(async (directory, workspace) => {
		const bundle = await buildWebSuite(only);
		let summary: Summary | undefined;
		const read = (line: string) => {
			if (line.startsWith(SUITE_LINE)) {
				console.log(line.slice(SUITE_LINE.length).replace(/^ {2}(?=\S)/, '  in a browser: '));
			} else if (line.startsWith(SUITE_SUMMARY)) {
				summary = JSON.parse(line.slice(SUITE_SUMMARY.length));
			}
		};
		await step('Running the suite in the web worker of an embedded VS Code', () =>
			withEmbedded({}, async (server) => {
				const extension = await serveExtension();
				const { browser, page } = await openPage(executable);
				const stopAnswering = answerWindowRequests(page, directory);
				try {
					recordForeignRequests(page, path.join(directory, FOREIGN_REQUESTS));
					await runExtensionInPage(page, server.port, extension.address);
					const address = workbenchAddress(server.port, { folder: workspace, suite: `${extension.address}/${bundle}` });
					await runSuiteInPage(page, address, read);
				} finally {
					stopAnswering();
					await browser.close();
					extension.close();
				}
			}),
		);
		if (!summary) {
			throw new Error('The embedded VS Code ended without running the suite.');
		}
		return summary;
	});
}

/**
 * Runs the suite in both kinds of extension host at once: most of the time each waits for what shows in an editor.
 *
 * @param only As it is for {@link runVsCodeSuite}.
 */
export async function runBothSuites(only = ''): Promise<Summary> {
	const runs = await Promise.allSettled([runVsCodeSuite(only), runWebSuite(only)]);
	const summaries = runs.map((run) => {
		if (run.status === 'rejected') {
			throw run.reason;
		}
		return run.value;
	});
	return {
		passed: summaries.reduce((sum, { passed }) => sum + passed, 0),
		failed: summaries.reduce((sum, { failed }) => sum + failed, 0),
		skipped: summaries.flatMap(({ skipped }) => skipped),
	};
}

function withoutBrowser(what: string): Summary {
	return { passed: 0, failed: 0, skipped: [`${what}, for want of a browser: ${HOW_TO_GET_CHROMIUM}`] };
}

/** Gives `run` a directory of its own, and a copy of the suite's workspace in it. */
async function inDirectory<T>(run: (directory: string, workspace: string) => Promise<T>): Promise<T> {
	const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-suite-'));
	try {
		const workspace = path.join(directory, 'workspace');
		cpSync(inProject('test', 'workspaces', 'suite'), workspace, { recursive: true });
		return await run(directory, workspace);
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

async function desktopVsCode(): Promise<VsCode | undefined> {
	const canShow = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
	if (!canShow || !(await isReachable(DOWNLOADS))) {
		return undefined;
	}
	const vscodeExecutablePath = await step('Downloading VS Code', () => downloadAndUnzipVSCode());
	return {
		name: 'desktop VS Code',
		run: async (suite, workspace, neighbour, extensionTestsEnv) => {
			try {
				await runTests({
					vscodeExecutablePath,
					extensionDevelopmentPath: [ROOT, neighbour],
					extensionTestsPath: suite,
					extensionTestsEnv,
					launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
				});
			} catch (error) {
				// Failed tests end VS Code with a code too, and the summary tells of them.
				if (!existsSync(extensionTestsEnv.GO_SCRATCH_SUITE_SUMMARY ?? '')) {
					throw error;
				}
			}
		},
	};
}

function embeddedVsCode(): VsCode | undefined {
	const executable = findChromium();
	if (!executable) {
		return undefined;
	}
	return {
		name: 'the embedded VS Code',
		run: (suite, workspace, neighbour, environment) =>
			withEmbedded({ environment, installed: { 'go-scratch-test.neighbour-1.0.0': neighbour } }, async (server) => {
				const { browser, page } = await openPage(executable);
				const stopAnswering = answerWindowRequests(page, path.dirname(workspace));
				try {
					recordForeignRequests(page, path.join(path.dirname(workspace), FOREIGN_REQUESTS));
					await runSuiteInPage(page, workbenchAddress(server.port, { folder: workspace, extension: ROOT, suite }));
				} finally {
					stopAnswering();
					await browser.close();
				}
			}),
	};
}

async function withEmbedded<T>(options: Pick<ServerOptions, 'environment' | 'installed'>, run: (server: Server) => Promise<T>): Promise<T> {
	const main = await installEmbeddedVsCode();
	const dataDirectory = mkdtempSync(path.join(tmpdir(), 'go-scratch-vscode-'));
	try {
		const server = await startServer(main, { dataDirectory, settings: QUIET_SETTINGS, ...options });
		try {
			return await run(server);
		} finally {
			await server.stop();
		}
	} finally {
		rmSync(dataDirectory, { recursive: true, force: true });
	}
}

async function isReachable(address: string): Promise<boolean> {
	try {
		return (await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(5000) })).ok;
	} catch {
		return false;
	}
}

/** Prints what is written to a file as it grows, until the answered function is called. */
function showLines(file: string): () => void {
	let shown = 0;
	const show = () => {
		if (existsSync(file)) {
			const text = readFileSync(file);
			process.stdout.write(text.subarray(shown));
			shown = text.length;
		}
	};
	const timer = setInterval(show, 200);
	return () => {
		clearInterval(timer);
		show();
	};
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await buildProduct();
	const { passed, failed, skipped } = await runBothSuites(process.argv[2]);
	for (const what of skipped) {
		console.log(`Skipped: ${what}`);
	}
	console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
	process.exitCode = failed ? 1 : 0;
}
