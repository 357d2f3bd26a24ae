import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { inProject, ROOT } from './project.ts';

/** What a finished process left: its exit code (or 1 where a signal ended it) and all that it printed. */
export interface Finished {
	readonly code: number;
	readonly output: string;
}

/** What {@link run} has started and has not ended. */
const running = new Set<ChildProcess>();

/** Ends what {@link run} has started; who waits for it sees it fail. */
export function endAll(): void {
	for (const child of running) {
		child.kill();
	}
}

/** Runs a program to its end, from the root of the project where no other directory is given. It prints nothing itself. */
export function run(command: string, parameters: readonly string[], options: SpawnOptions = {}): Promise<Finished> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, parameters, { cwd: ROOT, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
		running.add(child);
		let output = '';
		const collect = (part: Buffer) => {
			output += part;
		};
		child.stdout?.on('data', collect);
		child.stderr?.on('data', collect);
		child.on('error', (error) => {
			running.delete(child);
			reject(error);
		});
		child.on('close', (code) => {
			running.delete(child);
			resolve({ code: code ?? 1, output });
		});
	});
}

/** Runs a tool of node_modules, given by the path of its script, and answers what it printed. Throws with that where it fails. */
export async function runTool(script: string, ...parameters: string[]): Promise<string> {
	const { code, output } = await run(process.execPath, [inProject('node_modules', script), ...parameters]);
	if (code !== 0) {
		throw new Error(output);
	}
	return output;
}

/** Runs npm, the one that runs this script where there is one. Throws with what it printed where it fails. */
export async function npm(parameters: readonly string[], directory: string): Promise<void> {
	const script = process.env.npm_execpath;
	const [command, ...first] = script ? [process.execPath, script] : ['npm'];
	const { code, output } = await run(command as string, [...first, ...parameters, '--no-audit', '--no-fund'], {
		cwd: directory,
		shell: !script && process.platform === 'win32',
	});
	if (code !== 0) {
		throw new Error(`npm ${parameters.join(' ')} failed in ${directory}:\n${output}`);
	}
}

/** Runs a program to its end with its output shown as it comes, and answers its exit code. */
export function runShown(command: string, parameters: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, parameters, { cwd: ROOT, stdio: 'inherit' });
		child.on('error', reject);
		child.on('close', (code) => resolve(code ?? 1));
	});
}
