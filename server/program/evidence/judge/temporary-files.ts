import { followed, textOf, type Value, type ValueScope } from '../read/values.ts';

/** Whether a directory for temporary files is the default one. */
export function isDefaultDirectory(directory: Value | undefined, scope: ValueScope): boolean {
	const value = followed(directory, scope);
	const named = textOf(value, scope);
	return (named.complete && named.text === '') || (value?.kind === 'call' && scope.nameOf(value.symbol) === 'os.TempDir');
}
