import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { commands } from 'vscode';
import {
	cleanUp,
	codes,
	exists,
	finding,
	inWorkspace,
	openDockerfile,
	SHELL_COMMAND,
	sleep,
	startExtension,
	type,
	waitFor,
} from './editor.ts';
import { click, hasWindow, message } from './window.ts';

/** The processes of the language server that this extension host started. */
function servers(): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			try {
				const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
				return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server.cjs');
			} catch {
				return false;
			}
		});
}

async function crash(): Promise<void> {
	let before: number[] = [];
	await waitFor(
		() => {
			before = servers();
			return before.length === 1;
		},
		() => `one server runs, not ${before.length}`,
	);
	process.kill(before[0] as number, 'SIGKILL');
	await waitFor(
		() => !servers().includes(before[0] as number),
		() => 'the server is gone',
	);
}

describe('a server that crashes', () => {
	before(async function () {
		await startExtension();
		if (process.platform !== 'linux' || !(await hasWindow())) this.skip();
	});
	afterEach(async () => {
		await commands.executeCommand('notifications.clearAll');
		await cleanUp();
	});

	it('is started again; after the fifth time a message says so, each command too, and its button restarts it', async () => {
		const document = await openDockerfile(SHELL_COMMAND);
		await finding(document.uri, 'shell-form-command');
		for (let count = 1; count <= 4; count++) {
			await crash();
			// One that is killed while it starts has not crashed: it has to answer first.
			const isFixed = count % 2 === 1;
			await type(document, isFixed ? SHELL_COMMAND.replace('CMD /myapp', 'CMD ["/myapp"]') : SHELL_COMMAND);
			await waitFor(
				() => codes(document.uri).includes('shell-form-command') !== isFixed && codes(document.uri).includes('missing-ca-certificates'),
				() => `the server was started again after crash ${count}`,
			);
		}
		await crash();
		await message(/The language server of go-scratch ended 5 times in 3 minutes\./);
		await commands.executeCommand('notifications.clearAll');
		// What is shown while the others are hidden goes to the list of notifications, and is not seen.
		await sleep(1000);
		await commands.executeCommand('go-scratch.generate', inWorkspace('one'));
		await message(/The language server of go-scratch is not running\./);
		assert(!(await exists(inWorkspace('one', '.dockerignore'))));
		await click('.notification-list-item .monaco-button', 'Restart server');
		await sleep(1000);
		await type(document, `${SHELL_COMMAND}\n`);
		await finding(document.uri, 'shell-form-command');
	});
});
