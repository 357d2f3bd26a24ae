import { resolveCommandPath } from '../image/command-path.ts';
import type { ShippedBinary, Target } from './facts.ts';

/**
 * The sub-commands without one of which the program does not come to a place, where the image is known to start it with none of them;
 * `undefined` where it may come there.
 */
export function unstartedOf(
	{ state }: Pick<Target, 'state'>,
	{ started }: Pick<ShippedBinary, 'started'>,
	{ commands }: { readonly commands?: readonly string[] | undefined },
): readonly string[] | undefined {
	if (commands === undefined || !started) return undefined;
	const words = resolveCommandPath(state)?.arguments;
	const may = words === undefined || words.some((word) => word === undefined || commands.includes(word));
	return may ? undefined : commands;
}
