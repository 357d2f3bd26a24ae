import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

/**
 * Lets a suite in an extension host see and press what is in the window, which its API does not show: it writes a request into a file
 * next to its workspace, and the answer is written next to it.
 */

export interface WindowRequest {
	/** Different for each request. */
	readonly id: number;
	/** `texts`: what elements show; `click`: presses the first; `press`: a key. */
	readonly action: 'texts' | 'click' | 'press';
	/** CSS, in the window and in the frames in it. */
	readonly selector?: string;
	/** What the element shows. */
	readonly text?: string;
	/** A key as Playwright names it. */
	readonly value?: string;
}

export interface WindowAnswer {
	readonly id: number;
	readonly result?: readonly string[];
	readonly error?: string;
}

export const REQUEST_FILE = 'window-request';
export const ANSWER_FILE = 'window-answer';

/** In milliseconds. */
const INTERVAL = 50;
const CLICK_TIMEOUT = 3000;

/**
 * @param directory The directory with the suite's workspace.
 * @returns Ends it.
 */
export function answerWindowRequests(page: Page, directory: string): () => void {
	const file = path.join(directory, REQUEST_FILE);
	const answerFile = path.join(directory, ANSWER_FILE);
	let last = 0;
	let busy = false;
	writeFileSync(answerFile, JSON.stringify({ id: 0 }));
	const timer = setInterval(async () => {
		const request = busy ? undefined : readRequest(file);
		if (request === undefined || request.id === last) return;
		busy = true;
		last = request.id;
		let answer: WindowAnswer;
		try {
			answer = { id: request.id, result: await perform(page, request) };
		} catch (error) {
			answer = { id: request.id, error: String(error) };
		}
		writeFileSync(`${answerFile}.new`, JSON.stringify(answer));
		renameSync(`${answerFile}.new`, answerFile);
		busy = false;
	}, INTERVAL);
	return () => clearInterval(timer);
}

/** `undefined` while it is being written. */
function readRequest(file: string): WindowRequest | undefined {
	try {
		return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
	} catch {
		return undefined;
	}
}

async function perform(page: Page, { action, selector = 'body', text, value = '' }: WindowRequest): Promise<string[]> {
	if (action === 'press') {
		await page.keyboard.press(value);
		return [];
	}
	const all: Locator[] = page.frames().map((frame) => frame.locator(selector, text === undefined ? {} : { hasText: text }));
	if (action === 'texts') return (await Promise.all(all.map((each) => each.allInnerTexts().catch(() => [])))).flat();
	for (const each of all) {
		if ((await each.count().catch(() => 0)) === 0) continue;
		await each.first().click({ timeout: CLICK_TIMEOUT });
		return [];
	}
	throw new Error(`There is no ${selector}${text === undefined ? '' : ` with '${text}'`}.`);
}
