/**
 * A value, or the promise of one. What is cached, or quick to read, is there at once, and thousands of such answers cost nothing,
 * where thousands of promises would cost more than the work itself.
 */
export type Eventually<T> = T | Promise<T>;

/** Goes on with a value that may be there already. */
export function then<T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> {
	return value instanceof Promise ? value.then(next) : next(value);
}

/** All the values, at once where each is there already. */
export function all<T>(values: readonly Eventually<T>[]): Eventually<readonly T[]> {
	return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as readonly T[]);
}
