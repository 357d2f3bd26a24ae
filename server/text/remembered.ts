/** `make`, which is asked only once about each value; what it answered is kept as long as the value. */
export function remembered<K extends object, V>(make: (value: K) => V): (value: K) => V {
	const known = new WeakMap<K, { readonly answer: V }>();
	return (value) => {
		let found = known.get(value);
		if (found === undefined) {
			found = { answer: make(value) };
			known.set(value, found);
		}
		return found.answer;
	};
}
