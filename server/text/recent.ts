/** Values that are cheap to keep and dear to make again, by text; those not asked for lately are dropped. */
export interface Recent<T> {
	get(text: string): T | undefined;
	set(text: string, value: T): void;
}

/** Keeps what was asked for lately: at least the last texts of together `length` characters, and at most twice as much. */
export function createRecent<T>(length: number): Recent<T> {
	let newer = new Map<string, T>();
	let older = new Map<string, T>();
	let kept = 0;

	function set(text: string, value: T): void {
		if (!newer.has(text)) kept += text.length;
		newer.set(text, value);
		if (kept <= length) return;
		older = newer;
		newer = new Map();
		kept = 0;
	}

	return {
		set,
		get(text) {
			const value = newer.get(text);
			if (value !== undefined) return value;
			const old = older.get(text);
			if (old !== undefined) set(text, old);
			return old;
		},
	};
}
