/** Something that the person who called can fix; shown without a stack. */
export class UsageError extends Error {
	readonly lines: readonly string[];

	/** @param lines Of the message; a line feed in one of them belongs to a name or the like, and is shown as such. */
	constructor(...lines: readonly string[]) {
		super(lines.join('\n'));
		this.lines = lines;
	}
}
