import type { Meter } from '../facts/meter.ts';
import { joined, type TerminalText, terminal } from './printable.ts';

export interface Timing extends Meter {
	/** A line for each reader and rule, the slowest first: milliseconds and name. */
	report(): TerminalText;
}

export function createTiming(): Timing {
	const began = performance.now();
	const spent = new Map<string, number>();
	return {
		start(name) {
			const start = performance.now();
			return () => void spent.set(name, (spent.get(name) ?? 0) + performance.now() - start);
		},
		report() {
			const slowestFirst = [...spent].sort(([, a], [, b]) => b - a);
			const lines = [...slowestFirst, ['total', performance.now() - began] as const];
			return joined(lines.map(([name, milliseconds]) => terminal`${milliseconds.toFixed(1).padStart(9)} ms  ${name}\n`));
		},
	};
}
