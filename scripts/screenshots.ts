import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { buildProduct } from './build.ts';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.ts';
import { installEmbeddedVsCode, openPage, startServer, workbenchAddress } from './embedded-vscode.ts';
import { step } from './progress.ts';
import { inProject, ROOT } from './project.ts';
import { cutWalkthroughPictures } from './walkthrough-pictures.ts';

/**
 * Takes the pictures of docs/images in the embedded VS Code, with the example workspace open, and cuts those of the walkthrough out of
 * them: `npm run screenshots`. The modules of the example have to be on disk: `go mod download` in test/workspaces/hello.
 */

const SETTINGS = {
	'workbench.colorTheme': 'Default Light Modern',
	'editor.minimap.enabled': false,
	'editor.fontSize': 13,
	'editor.stickyScroll.enabled': false,
	'breadcrumbs.enabled': false,
	'workbench.layoutControl.enabled': false,
	'window.commandCenter': false,
	'problems.decorations.enabled': true,
};

const WINDOW = { width: 1100, height: 620 };

const executable = findChromium();
if (!executable) {
	console.error(`Pictures cannot be taken without a browser: ${HOW_TO_GET_CHROMIUM}.`);
	process.exit(1);
}
const main = await installEmbeddedVsCode();
await step('Building', () => buildProduct({ forShipping: true }));
const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-pictures-'));
const workspace = path.join(directory, 'hello');
cpSync(inProject('test', 'workspaces', 'hello'), workspace, { recursive: true });
const server = await startServer(main, { dataDirectory: path.join(directory, 'vscode'), settings: SETTINGS });
const { browser, page } = await openPage(executable);
try {
	await page.setViewportSize(WINDOW);
	await step('Taking pictures', () => takePictures(page));
	await cutWalkthroughPictures(page);
} finally {
	await browser.close();
	await server.stop();
	rmSync(directory, { recursive: true, force: true });
}

async function takePictures(page: Page): Promise<void> {
	await page.goto(workbenchAddress(server.port, { folder: workspace, extension: ROOT }));
	await openFile(page, 'Dockerfile');
	await page.waitForSelector('.squiggly-warning', { timeout: 60_000 });

	// What a finding says shows when the pointer rests on it.
	await page.locator('.view-line', { hasText: 'CMD' }).getByText('myapp').hover();
	await page.waitForSelector('.monaco-hover:not(.hidden) .hover-contents');
	await take(page, 'squiggle');
	await page.mouse.move(0, WINDOW.height - 1);

	await command(page, 'View: Focus Problems');
	await page.waitForSelector('.markers-panel .monaco-list-row');
	await take(page, 'problems');
	await command(page, 'View: Toggle Panel Visibility');

	await page.locator('.view-line', { hasText: 'FROM' }).first().click();
	await page.keyboard.press('Control+.');
	// Of modules that are not on disk nobody knows what the program needs, and this fix is another one.
	await page.waitForSelector('.action-widget .monaco-list-row:has-text("with what the program needs")');
	await take(page, 'lightbulb');

	// The first action is the split into two stages; this previews it instead of applying it.
	await page.keyboard.press('Control+Enter');
	await page.waitForSelector('.bulk-edit-panel .monaco-list-row');
	await take(page, 'preview');
	await page.getByRole('button', { name: 'Discard' }).click();

	await command(page, 'go-scratch: Fix all auto-fixable problems');
	await page.waitForSelector('.view-line:has-text("scratch")');
	await page.waitForSelector('.notification-list-item');
	await command(page, 'Notifications: Clear All Notifications');
	await take(page, 'fixed');
	await command(page, 'View: Toggle Primary Side Bar Visibility');
	await command(page, 'go-scratch: Show image');
	await waitForView(page);
	await take(page, 'image');
	await command(page, 'View: Close Editor');
	await command(page, 'View: Toggle Primary Side Bar Visibility');
	await command(page, 'File: Revert File');

	rmSync(path.join(workspace, 'Dockerfile'));
	await command(page, 'View: Close All Editors');
	await command(page, 'go-scratch: Generate Dockerfile…');
	// The first message is that the program is being read.
	await page.waitForSelector('.notification-list-item:has-text("Wrote a Dockerfile")', { timeout: 30_000 });
	await command(page, 'Notifications: Clear All Notifications');
	await page.keyboard.press('Control+End');
	await page.waitForSelector('.view-line:has-text("ENTRYPOINT")');
	await take(page, 'generated');
}

async function take(page: Page, name: string): Promise<void> {
	// The editor fades things in and settles its layout.
	await page.waitForTimeout(1500);
	const picture = inProject('docs', 'images', `${name}.png`);
	mkdirSync(path.dirname(picture), { recursive: true });
	await page.screenshot({ path: picture });
}

/** The view is in a frame of a frame. */
async function waitForView(page: Page): Promise<void> {
	for (let tries = 0; tries < 100; tries++) {
		for (const frame of page.frames())
			if (
				(await frame
					.locator('.needs li')
					.count()
					.catch(() => 0)) > 0
			)
				return;
		await page.waitForTimeout(100);
	}
	throw new Error('The image view does not show.');
}

async function openFile(page: Page, name: string): Promise<void> {
	const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
	await row.waitFor({ timeout: 60_000 });
	await row.dblclick();
}

/** Runs a command of the palette by its title. */
async function command(page: Page, title: string): Promise<void> {
	await page.keyboard.press('F1');
	const input = page.locator('.quick-input-widget input[type="text"]');
	await input.waitFor();
	await input.fill(`>${title}`);
	await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
	await page.keyboard.press('Enter');
	await page.waitForTimeout(500);
}
