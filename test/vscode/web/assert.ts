/** As much of Node's `assert/strict` as the suite uses, for a place where there is no Node. */

class AssertionError extends Error {
	readonly actual: unknown;
	readonly expected: unknown;

	constructor(message: string, actual?: unknown, expected?: unknown) {
		super(message);
		this.name = 'AssertionError';
		this.actual = actual;
		this.expected = expected;
	}
}

function assert(value: unknown, message = 'The value is not truthy.'): void {
	if (!value) throw new AssertionError(message);
}

/** Equal as far as JSON tells, which is as far as the suite's values go. */
function sameData(actual: unknown, expected: unknown): boolean {
	return JSON.stringify(actual) === JSON.stringify(expected);
}

export default Object.assign(assert, {
	ok: assert,
	fail(message: string): never {
		throw new AssertionError(message);
	},
	equal(actual: unknown, expected: unknown, message?: string): void {
		if (!Object.is(actual, expected)) throw new AssertionError(message ?? `${shown(actual)} is not ${shown(expected)}.`, actual, expected);
	},
	notEqual(actual: unknown, expected: unknown, message?: string): void {
		if (Object.is(actual, expected)) throw new AssertionError(message ?? `It is ${shown(expected)}.`, actual, expected);
	},
	deepEqual(actual: unknown, expected: unknown, message?: string): void {
		if (!sameData(actual, expected)) throw new AssertionError(message ?? `${shown(actual)} is not ${shown(expected)}.`, actual, expected);
	},
	match(text: string, pattern: RegExp, message?: string): void {
		if (!pattern.test(text)) throw new AssertionError(message ?? `${shown(text)} does not match ${pattern}.`);
	},
	doesNotMatch(text: string, pattern: RegExp, message?: string): void {
		if (pattern.test(text)) throw new AssertionError(message ?? `${shown(text)} matches ${pattern}.`);
	},
});

function shown(value: unknown): string {
	return JSON.stringify(value) ?? String(value);
}
