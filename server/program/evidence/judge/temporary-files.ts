import { usesOf } from '../../kept/watch-list.ts';
import type { Sighting } from '../read/scan.ts';
import { followed, textOf, type Value, type ValueScope } from '../read/values.ts';

/** Whether a directory for temporary files is the default one. */
export function isDefaultDirectory(directory: Value | undefined, scope: ValueScope): boolean {
	const value = followed(directory, scope);
	const named = textOf(value, scope);
	return (named.complete && named.text === '') || (value?.kind === 'call' && scope.nameOf(value.symbol) === 'os.TempDir');
}

/**
 * Whether one of the calls makes something below the directory for temporary files. A program that only asks for its path may read there, or
 * have it as a default that is never used.
 */
export function makesTemporaryFile(together: readonly Sighting[], scope: ValueScope): boolean {
	return together.some(
		({ package: path, name, form, arguments: values }) =>
			(form === 'call' || form === 'method') &&
			usesOf(path, name, form === 'method').some(
				({ shows }) => shows.kind === 'directory' && isBelowTemporaryDirectory(values[shows.argument], scope),
			),
	);
}

/** How deep calls and sums are looked into. */
const MAX_DEPTH = 6;

function isBelowTemporaryDirectory(value: Value | undefined, scope: ValueScope, depth = 0): boolean {
	if (value === undefined || depth > MAX_DEPTH) return false;
	const some = (parts: readonly (Value | undefined)[]) => parts.some((part) => isBelowTemporaryDirectory(part, scope, depth + 1));
	switch (value.kind) {
		case 'local':
			return some([value.local.value, ...value.local.others]);
		case 'sum':
			return some(value.parts);
		case 'call':
			return scope.nameOf(value.symbol) === 'os.TempDir' || some(value.arguments);
		default:
			return false;
	}
}
