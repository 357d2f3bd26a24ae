import type { Arguments } from './model.ts';

export function record(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function text(value: unknown): string | undefined {
	// A variable with a default is the default; any other leaves its dollar sign behind, and the declaration is not used.
	return typeof value === 'string' ? value.replace(/\$\{\w+:?-([^{}]*)\}/g, '$1') : undefined;
}

/** The value of an argument; one that holds a variable is not known, and so is one that comes from the environment. */
export function argument(value: unknown): string | undefined {
	const known = typeof value === 'number' || typeof value === 'boolean' ? String(value) : text(value);
	return known?.includes('$') ? undefined : known;
}

/** Arguments as a map has them, or as lines `NAME=value`. */
export function argumentsOf(value: unknown): Arguments {
	if (!Array.isArray(value)) return new Map(Object.entries(record(value)).map(([name, each]) => [name, argument(each)]));
	return new Map(
		value
			.filter((line) => typeof line === 'string')
			.map((line): [string, string | undefined] => {
				const equals = line.indexOf('=');
				return equals < 0 ? [line.trim(), undefined] : [line.slice(0, equals).trim(), argument(line.slice(equals + 1))];
			}),
	);
}

export const NO_ARGUMENTS: Arguments = new Map();
