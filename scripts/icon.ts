import { readFileSync, writeFileSync } from 'node:fs';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.ts';
import { openPage } from './embedded-vscode.ts';
import { inProject } from './project.ts';

/** Draws media/icon.png, which the marketplace wants, from media/icon.svg. */

const SIZE = 128;

const executable = findChromium();
if (!executable) {
	console.error(`The icon cannot be drawn without a browser: ${HOW_TO_GET_CHROMIUM}.`);
	process.exit(1);
}
const { browser, page } = await openPage(executable);
await page.setViewportSize({ width: SIZE, height: SIZE });
await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${readFileSync(inProject('media', 'icon.svg'), 'utf8')}`);
writeFileSync(inProject('media', 'icon.png'), await page.screenshot({ omitBackground: true }));
await browser.close();
