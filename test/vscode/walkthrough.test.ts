import assert from 'node:assert/strict';
import { commands, extensions, window } from 'vscode';
import { cleanUp, exists, finding, inWorkspace, openDockerfile, SINGLE_STAGE, sleep, startExtension, waitFor } from './editor.ts';
import { click, hasWindow, message, press, shows, texts } from './window.ts';

/** More than VS Code takes to slide a step open, in milliseconds. */
const SLIDE_TRANSITION = 500;

interface Step {
	readonly id: string;
	readonly title: string;
	readonly description: string;
}

function steps(): readonly Step[] {
	const [walkthrough] = extensions.getExtension('go-scratch.go-scratch')?.packageJSON.contributes.walkthroughs ?? [];
	return walkthrough.steps;
}

describe('the walkthrough', () => {
	before(startExtension);
	afterEach(async () => {
		await commands.executeCommand('workbench.action.closeQuickOpen');
		await commands.executeCommand('notifications.clearAll');
		await cleanUp();
	});

	it('names commands that there are', async () => {
		const named = [...JSON.stringify(steps()).matchAll(/\(command:([\w.-]+)/g)].map((match) => match[1] as string);
		assert(named.includes('go-scratch.generate'), named.join());
		const known = new Set(await commands.getCommands(true));
		assert.deepEqual(
			named.filter((name) => !known.has(name)),
			[],
		);
	});

	/**
	 * Waits until a step that was selected has the focus. VS Code gives it the focus after the step has slid open, and once more where it was
	 * open before (gettingStarted.ts, selectStep): that would close a list which was opened meanwhile.
	 */
	async function isFocused(title: string): Promise<void> {
		await sleep(SLIDE_TRANSITION);
		await waitFor(
			async () => (await texts('.getting-started-step.expanded:focus', title)).length > 0,
			() => `the step ${title} has the focus`,
		);
	}

	/** What is seen after the button of a step is pressed. */
	const SEEN: Readonly<Record<string, () => Promise<unknown>>> = {
		open: () =>
			waitFor(
				async () => (await texts('.quick-input-widget:not([style*="display: none"])')).length > 0,
				() => 'the list of files is shown',
			),
		finding: async () => {
			await message(/1 Dockerfile of Go programs checked: \d+ problems in 1 file\./);
			await shows('.markers-panel .monaco-list-row', /toolchain-in-image/);
		},
		fix: () => message(/Every safe fix was applied to one\/Dockerfile\./),
		image: () => shows('h1', /^Image of one\/Dockerfile$/),
		generate: () =>
			waitFor(
				async () => (await texts('.quick-input-list .monaco-list-row', 'one')).length > 0,
				() => 'the programs of the workspace are shown',
			),
	};

	for (const id of Object.keys(SEEN)) {
		it(`has a button in step ${id} that does what it says`, async function () {
			if (!(await hasWindow())) return this.skip();
			const { uri } = await openDockerfile(SINGLE_STAGE);
			await finding(uri, 'toolchain-in-image');
			await commands.executeCommand('workbench.action.openWalkthrough', 'go-scratch.go-scratch#start');
			const { title, description } = steps().find((step) => step.id === id) as Step;
			const button = /\[([^\]]+)\]\(command:/.exec(description)?.[1] ?? '';
			await click('.getting-started-step', title);
			await isFocused(title);
			await click('.getting-started-step.expanded .monaco-button', button);
			await SEEN[id]?.();
			await press('Escape');
			assert.equal(await exists(inWorkspace('one', '.dockerignore')), false);
			assert(window.tabGroups.all.length > 0);
		});
	}

	it('has a button in every step but the one about the command line', () => {
		assert.deepEqual(
			steps()
				.filter(({ description }) => !description.includes('](command:'))
				.map(({ id }) => id),
			['command-line'],
		);
		assert.deepEqual(
			steps()
				.map(({ id }) => id)
				.filter((id) => id !== 'command-line'),
			Object.keys(SEEN),
		);
	});
});
