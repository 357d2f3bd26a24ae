import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const APPLICATIONS = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** How a person gets a browser that {@link findChromium} finds. */
export const HOW_TO_GET_CHROMIUM =
	'install Chromium or Chrome (on Debian or Ubuntu: `sudo apt-get install chromium`), or set CHROMIUM_PATH to one';

/** The Chromium of this machine: the one that CHROMIUM_PATH names, else one on PATH, else one where its installer puts it. */
export function findChromium(): string | undefined {
	const named = process.env.CHROMIUM_PATH;
	return named ? (isExecutable(named) ? named : undefined) : [...NAMES.flatMap(onPath), ...APPLICATIONS].find(isExecutable);
}

/** Where a command stands on PATH. */
export function findCommand(name: string): string | undefined {
	return onPath(name).find(isExecutable);
}

function onPath(name: string): string[] {
	const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
	const directories = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
	return directories.flatMap((directory) => suffixes.map((suffix) => path.join(directory, name + suffix)));
}

function isExecutable(file: string): boolean {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
