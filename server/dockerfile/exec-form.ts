/** `words` in exec form: `["a", "b"]`. */
export function toExecForm(words: readonly string[]): string {
	return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
