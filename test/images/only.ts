/** `ONLY=TEXT[,TEXT…]` leaves out tests whose titles hold none of the texts; mocha's own option comes too late, for their work would begin. */
const ONLY = (process.env.ONLY ?? '').split(',');

/** Whether all tests run. */
export const ALL = ONLY.includes('');

/** Whether the test of that title runs. */
export function isAsked(title: string): boolean {
	return ONLY.some((text) => title.includes(text));
}
