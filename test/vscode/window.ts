import { window } from 'vscode';
import type { WindowAnswer, WindowRequest } from '../../scripts/window-requests.ts';
import { exists, inWorkspace, readFile, sleep, waitFor, writeFile } from './editor.ts';

/** The window around the extension host, as `scripts/window-requests.ts` shows and presses it. */

const request = () => inWorkspace('..', 'window-request');
const answer = () => inWorkspace('..', 'window-answer');

let id = 0;

/** Whether there is a window to ask: not in a desktop VS Code. */
export function hasWindow(): Promise<boolean> {
	return exists(answer());
}

async function ask(wish: Omit<WindowRequest, 'id'>): Promise<readonly string[]> {
	id++;
	await writeFile(request(), JSON.stringify({ id, ...wish }));
	let found: WindowAnswer = { id: 0 };
	await waitFor(
		async () => {
			found = JSON.parse(await readFile(answer()));
			return found.id === id;
		},
		() => `the window answers ${JSON.stringify(wish)}`,
	);
	if (found.error !== undefined) throw new Error(found.error);
	return found.result ?? [];
}

/** What the elements of a CSS selector show, also in frames. */
export function texts(selector: string, text?: string): Promise<readonly string[]> {
	return ask({ action: 'texts', selector, ...(text !== undefined && { text }) });
}

/** Presses the first element of a CSS selector that shows a text, once it is there. */
export async function click(selector: string, text?: string): Promise<void> {
	let reason = '';
	await waitFor(
		async () => {
			try {
				await ask({ action: 'click', selector, ...(text !== undefined && { text }) });
				return true;
			} catch (error) {
				reason = String(error);
				return false;
			}
		},
		() => `${selector} can be pressed: ${reason}`,
	);
}

export async function press(key: string): Promise<void> {
	await ask({ action: 'press', value: key });
	await sleep(100);
}

/** Waits for a message that matches, and answers it. */
export async function message(pattern: RegExp): Promise<string> {
	let shown: readonly string[] = [];
	await waitFor(
		async () => {
			shown = await texts('.notification-list-item');
			return shown.some((text) => pattern.test(text));
		},
		() => `a message matches ${pattern}, not only ${JSON.stringify(shown)}`,
	);
	return shown.find((text) => pattern.test(text)) as string;
}

/** Waits until an element of a CSS selector shows what matches. */
export async function shows(selector: string, pattern: RegExp): Promise<void> {
	let shown: readonly string[] = [];
	await waitFor(
		async () => {
			shown = await texts(selector);
			return shown.some((text) => pattern.test(text));
		},
		() => `${selector} shows ${pattern}, not only ${JSON.stringify(shown)}`,
	);
}

/** Waits until the output of go-scratch is open. */
export async function showsOutput(): Promise<void> {
	await waitFor(
		() => window.visibleTextEditors.some(({ document: { uri } }) => uri.scheme === 'output' && uri.path.includes('go-scratch')),
		() => 'the output of go-scratch is shown',
	);
}
