import { commands } from 'vscode';
import { startExtension, waitFor } from './editor.ts';
import { click, hasWindow, message, texts } from './window.ts';

/** The first test of the suite: the workspace has Go programs, and no Dockerfile yet. */
describe('a Go program without a Dockerfile', () => {
	before(async function () {
		if (!(await hasWindow())) this.skip();
		await startExtension();
	});
	after(() => commands.executeCommand('notifications.clearAll'));

	it('gets one offer to generate it, which can be turned down for good', async () => {
		// The extension looks for one some time after the start.
		await message(/This Go program has no Dockerfile\./).catch(() => message(/This Go program has no Dockerfile\./));
		await click('.notification-list-item .monaco-button', 'Don’t show again');
		await waitFor(
			async () => (await texts('.notification-list-item', 'This Go program has no Dockerfile')).length === 0,
			() => 'the offer is gone',
		);
	});
});
