import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'postject';
import { buildExecutableProgram } from './build.ts';
import { npm, run } from './processes.ts';
import { step } from './progress.ts';
import { CACHE, inProject } from './project.ts';

/**
 * Makes executables of the command line for Linux that need no Node: a binary of Node from npm, with the program in it, as
 * https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html describes. They are linked against glibc and libstdc++.
 */

/** The Node that they hold. All machines have the same, because the program is prepared once, by that of this machine. */
const NODE = '24.22.3';

/** By the name that Go, and Docker, give a machine: that of npm. */
export const MACHINES = { amd64: 'x64', arm64: 'arm64' } as const;

export type Machine = keyof typeof MACHINES;

/** What marks the place of the program in a binary of Node (the page above). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Where the executable for a machine is written. */
export function executablePath(machine: Machine): string {
	return inProject('dist', `go-scratch-linux-${machine}`);
}

/** The machine that this runs on, `undefined` if there is no executable for it. */
export function ownMachine(): Machine | undefined {
	if (process.platform !== 'linux') return undefined;
	return (Object.keys(MACHINES) as Machine[]).find((machine) => MACHINES[machine] === process.arch);
}

/**
 * Writes dist/go-scratch-linux-MACHINE for each machine, and the license of Node beside them.
 *
 * @throws Error where npm's registry cannot be reached, or where this machine cannot run the Node that prepares the program.
 */
export async function packageExecutables(machines: readonly Machine[] = Object.keys(MACHINES) as Machine[]): Promise<void> {
	const own = ownMachine();
	if (own === undefined) throw new Error('The executables are made on Linux, on amd64 or arm64.');
	const directory = inProject('dist', 'executable');
	mkdirSync(directory, { recursive: true });
	const main = await buildExecutableProgram(directory);
	const blob = path.join(directory, 'program.blob');
	const configuration = path.join(directory, 'sea.json');
	// Neither a snapshot nor compiled code, which would be of one machine.
	const settings = { main, output: blob, disableExperimentalSEAWarning: true, useSnapshot: false, useCodeCache: false };
	writeFileSync(configuration, JSON.stringify(settings));
	const { code, output } = await run(await nodeFor(own), ['--experimental-sea-config', configuration]);
	if (code !== 0) throw new Error(output);
	for (const machine of machines) {
		const node = await nodeFor(machine);
		const executable = executablePath(machine);
		copyFileSync(node, executable);
		chmodSync(executable, 0o755);
		await inject(executable, 'NODE_SEA_BLOB', readFileSync(blob), { sentinelFuse: FUSE });
		copyFileSync(path.join(path.dirname(node), '..', 'LICENSE'), inProject('dist', 'go-scratch-linux.LICENSE-of-node.txt'));
	}
	rmSync(directory, { recursive: true });
}

/** The binary of Node for a machine, from npm. */
async function nodeFor(machine: Machine): Promise<string> {
	const name = `node-linux-${MACHINES[machine]}`;
	const directory = path.join(CACHE, `${name}-${NODE}`);
	const executable = path.join(directory, 'node_modules', name, 'bin', 'node');
	if (!existsSync(executable)) {
		mkdirSync(directory, { recursive: true });
		writeFileSync(path.join(directory, 'package.json'), '{ "private": true }\n');
		// The package is for one machine; that of another is fetched all the same.
		await step(`Fetching Node ${NODE} for ${machine}`, () =>
			npm(['install', '--ignore-scripts', '--force', '--fetch-retries=1', `${name}@${NODE}`], directory),
		);
	}
	return executable;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	await packageExecutables();
	for (const machine of Object.keys(MACHINES) as Machine[]) {
		console.log(`${path.relative(inProject(), executablePath(machine))}: ${(statSync(executablePath(machine)).size / 1e6).toFixed(1)} MB`);
	}
}
