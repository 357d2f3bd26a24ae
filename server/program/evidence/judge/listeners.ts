import { upTo } from '../../../text/ends.ts';
import type { Sighting } from '../read/scan.ts';
import { textOf, type ValueScope } from '../read/values.ts';

/** The literal loopback address that is listened on; `other` for one that is not, or not known; `none` where nothing listens. */
export function listenerOf(sighting: Sighting, argument: number | undefined, network: number | undefined, scope: ValueScope): string {
	if (network !== undefined && /^unix/.test(textOf(sighting.arguments[network], scope).text)) return 'none';
	if (argument === undefined) return 'other';
	const value = sighting.form === 'literal' ? sighting.fields?.get('Addr') : sighting.arguments[argument];
	const { text, complete } = textOf(value, scope);
	if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):./.test(text)) return 'other';
	// Port 0 is for talking to oneself.
	if (/:0$/.test(text)) return 'none';
	return complete ? text : `${upTo(text, ':')}:…`;
}
