import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.ts';
import { openPage } from './embedded-vscode.ts';
import { inProject } from './project.ts';

/**
 * Cuts the pictures of the walkthrough in VS Code out of those in docs/images, which `npm run screenshots` takes; it runs this too.
 * They ship with the extension, so each shows only what its step describes, and is small.
 */

/** Of WebP, from 0 to 1: the least at which the letters stay clear. */
const QUALITY = 0.7;

interface Cut {
	readonly from: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** In pixels of the picture that they are cut from. */
const CUTS: Readonly<Record<string, Cut>> = {
	open: { from: 'squiggle', x: 48, y: 0, width: 560, height: 250 },
	finding: { from: 'squiggle', x: 324, y: 200, width: 762, height: 322 },
	fix: { from: 'lightbulb', x: 324, y: 36, width: 690, height: 230 },
	image: { from: 'image', x: 576, y: 36, width: 524, height: 330 },
	generate: { from: 'generated', x: 324, y: 382, width: 690, height: 200 },
};

/** Writes the pictures, by means of the browser that the page is in. */
export async function cutWalkthroughPictures(page: Page): Promise<void> {
	for (const [name, { from, ...cut }] of Object.entries(CUTS)) {
		const picture = readFileSync(inProject('docs', 'images', `${from}.png`)).toString('base64');
		await page.setContent(`<img src="data:image/png;base64,${picture}"><canvas width="${cut.width}" height="${cut.height}"></canvas>`);
		const webp = await page.evaluate<string>(`(async () => {
			const [image, canvas] = [document.querySelector('img'), document.querySelector('canvas')];
			await image.decode();
			canvas.getContext('2d').drawImage(image, ${-cut.x}, ${-cut.y});
			return canvas.toDataURL('image/webp', ${QUALITY});
		})()`);
		const file = inProject('media', 'walkthrough', `${name}.webp`);
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, Buffer.from(webp.slice(webp.indexOf(',') + 1), 'base64'));
	}
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	const executable = findChromium();
	if (!executable) {
		console.error(`Pictures cannot be cut without a browser: ${HOW_TO_GET_CHROMIUM}.`);
		process.exit(1);
	}
	const { browser, page } = await openPage(executable);
	await cutWalkthroughPictures(page);
	await browser.close();
}
