import { textOf, type Value, type ValueScope } from '../read/values.ts';

/** The time zone that is loaded, `undefined` where it is not constant; nothing for those that need no zone data. */
export function zonesOf(value: Value | undefined, scope: ValueScope): readonly (string | undefined)[] {
	const { text, complete } = textOf(value, scope);
	if (!complete) return [undefined];
	return text === '' || text === 'UTC' || text === 'Local' ? [] : [text];
}
