import { spawn, spawnSync } from 'node:child_process';

/** What running something took, in milliseconds. */
export interface Cost {
	/** By the clock on the wall, which other programs on the machine lengthen. */
	readonly wall: number;
	/** Of all processors together, kernel and children included; that of the wall where the machine does not tell. */
	readonly processor: number;
}

/** The shell that tells the processor time of a program and of all that it starts; Windows has none. */
const hasBash = process.platform !== 'win32' && spawnSync('bash', ['-c', 'true']).status === 0;

/** Runs a program to its end and says what it took. Throws with what it printed to its error output where it fails with another status than those of `accepted`. */
export function costOf(
	command: string,
	parameters: readonly string[],
	directory: string,
	environment: NodeJS.ProcessEnv = process.env,
	accepted: readonly number[] = [0],
): Promise<Cost & { readonly output: string }> {
	const timed = hasBash ? ['-c', 'TIMEFORMAT="%3U %3S"; time "$0" "$@"', command, ...parameters] : parameters;
	return new Promise((resolve, reject) => {
		const began = performance.now();
		const child = spawn(hasBash ? 'bash' : command, timed, {
			cwd: directory,
			env: { ...environment, LC_ALL: 'C' },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		let errors = '';
		child.stdout.on('data', (part) => {
			output += part;
		});
		child.stderr.on('data', (part) => {
			errors += part;
		});
		child.on('error', reject);
		child.on('close', (code) => {
			const wall = performance.now() - began;
			if (!accepted.includes(code ?? 1)) {
				reject(new Error(errors));
				return;
			}
			const seconds = /([\d.]+) ([\d.]+)\s*$/.exec(errors);
			resolve({ wall, processor: hasBash && seconds ? (Number(seconds[1]) + Number(seconds[2])) * 1000 : wall, output });
		});
	});
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
	return percentile(values, 0.5);
}

let missed = 0;

/** Prints a figure next to its bar; `figure` must not exceed `bar`. */
export function report(name: string, figure: number, bar: number | undefined, detail: string, unit = ''): void {
	const digits = unit === '' ? 2 : 1;
	const verdict = bar === undefined ? '' : figure <= bar ? `  (bar ${bar}${unit}: met)` : `  (bar ${bar}${unit}: MISSED)`;
	if (bar !== undefined && !(figure <= bar)) missed++;
	console.log(`  ${name}: ${figure.toFixed(digits)}${unit}${verdict}  ${detail}`);
}

/** How many figures were beyond their bars. */
export function missedBars(): number {
	return missed;
}

export function milliseconds(value: number): string {
	return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
