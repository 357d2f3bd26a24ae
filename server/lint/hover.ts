import type { Facts } from './facts.ts';

/** What the hover at `offset` of the Dockerfile says, in Markdown, or `undefined` where it has nothing to say. */
export function hoverAt(_facts: Facts, _offset: number): string | undefined {
	return undefined;
}
