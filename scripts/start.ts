import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildProduct } from './build.ts';
import { findCommand } from './chromium.ts';
import { extensionsDirectory, installEmbeddedVsCode, startServer, workbenchAddress } from './embedded-vscode.ts';
import { packageExtension } from './package.ts';
import { run, runShown } from './processes.ts';
import { step } from './progress.ts';
import { CACHE, inProject, ROOT } from './project.ts';

/**
 * Shows the product at work: `npm start`, or `npm start -- DIR` for a person's own workspace. It prints what the command line
 * finds there, and opens the workspace in a real VS Code.
 */

const folder = path.resolve(process.env.INIT_CWD ?? '', process.argv[2] ?? inProject('test', 'workspaces', 'hello'));
if (!existsSync(folder) || !statSync(folder).isDirectory()) {
	console.error(`There is no directory ${folder}.`);
	process.exit(2);
}
await step('Building', () => buildProduct());

console.log(`\n$ go-scratch check ${path.relative(process.cwd(), folder) || '.'}`);
await runShown(process.execPath, [inProject('dist', 'cli.cjs'), 'check', folder]);
console.log('');

const code = findCommand('code');
await (code ? openDesktop(code) : openEmbedded());

/** Opens a window of the desktop VS Code; it lives on when this script ends. */
async function openDesktop(command: string): Promise<void> {
	console.log(`Opening ${folder} in VS Code with the extension; look at its Dockerfile.`);
	spawn(command, [`--extensionDevelopmentPath=${ROOT}`, folder], {
		stdio: 'ignore',
		detached: true,
		shell: process.platform === 'win32',
	}).unref();
}

/** Serves the embedded VS Code, with the packaged extension installed, until a person ends it. */
async function openEmbedded(): Promise<void> {
	const main = await installEmbeddedVsCode();
	const dataDirectory = path.join(CACHE, 'vscode-data');
	await step('Installing the extension', async () => {
		const { path: extension } = await packageExtension();
		const { code, output } = await run(process.execPath, [
			main,
			...['--install-extension', extension, '--force'],
			...['--extensions-dir', extensionsDirectory(dataDirectory), '--server-data-dir', dataDirectory],
		]);
		if (code !== 0) {
			throw new Error(output);
		}
	});
	const token = randomBytes(16).toString('hex');
	const server = await startServer(main, { dataDirectory, settings: {}, token });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => void server.stop());
	}
	console.log(`VS Code with go-scratch, and ${folder} open in it, is at

  ${workbenchAddress(server.port, { folder }, token)}

Open the Dockerfile there. Ctrl-C ends it.`);
	await server.ended;
	console.log('\nVS Code has ended.');
}
