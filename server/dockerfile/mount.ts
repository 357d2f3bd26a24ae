/** What `RUN --mount=…` says. Values are as written: variables in them are not expanded. */
export interface Mount {
	/** `bind` where nothing is said. */
	readonly type: string;
	readonly from: string | undefined;
	readonly source: string | undefined;
	readonly target: string | undefined;
	readonly id: string | undefined;
	readonly sharing: string | undefined;
	/** Whether what is written there fails: said, or by default for all types but cache and tmpfs. */
	readonly readonly: boolean;
	/** Octal permission bits, uid and gid as written. */
	readonly mode: string | undefined;
	readonly uid: string | undefined;
	readonly gid: string | undefined;
	readonly required: boolean;
}

/** Other spellings of a key. */
const KEYS: Readonly<Record<string, string>> = { src: 'source', dst: 'target', destination: 'target', ro: 'readonly', rw: 'readwrite' };

/** Reads the value of a `--mount` flag, a line of comma-separated values. Keys that the builder does not know are left out. */
export function parseMount(text: string): Mount {
	const values = new Map<string, string>();
	for (const field of csvFields(text)) {
		const equals = field.indexOf('=');
		const key = (equals < 0 ? field : field.slice(0, equals)).trim().toLowerCase();
		values.set(KEYS[key] ?? key, equals < 0 ? 'true' : field.slice(equals + 1));
	}
	const type = values.get('type')?.toLowerCase() ?? 'bind';
	const flag = (name: string): boolean | undefined => {
		const value = values.get(name);
		return value === undefined ? undefined : /^(?:1|t|true)$/i.test(value);
	};
	const writable = flag('readwrite');
	return {
		type,
		from: values.get('from'),
		source: values.get('source'),
		target: values.get('target'),
		id: values.get('id'),
		sharing: values.get('sharing')?.toLowerCase(),
		readonly: flag('readonly') ?? (writable === undefined ? type !== 'cache' && type !== 'tmpfs' : !writable),
		mode: values.get('mode'),
		uid: values.get('uid'),
		gid: values.get('gid'),
		required: flag('required') ?? false,
	};
}

/** The fields of one line of comma-separated values; a field in double quotes may hold commas, and a doubled quote is one. */
function csvFields(text: string): string[] {
	const fields: string[] = [];
	let field = '';
	let quoted = false;
	for (let at = 0; at < text.length; at++) {
		const char = text[at] as string;
		if (char === '"') {
			if (quoted && text[at + 1] === '"') field += text[++at];
			else quoted = !quoted;
		} else if (char === ',' && !quoted) {
			fields.push(field);
			field = '';
		} else field += char;
	}
	fields.push(field);
	return fields;
}
