/** What `make` promised for the key before, or promises now. */
export function once<T>(made: Map<string, Promise<T>>, key: string, make: (key: string) => Promise<T>): Promise<T> {
	let promise = made.get(key);
	if (promise === undefined) {
		promise = make(key);
		made.set(key, promise);
	}
	return promise;
}
