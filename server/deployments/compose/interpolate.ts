/** Values of variables by name, as the project's `.env` file has them. */
export type Variables = ReadonlyMap<string, string>;

/** Defaults may hold variables with defaults, so many deep. */
const MAX_DEPTH = 10;

/**
 * The text with its variables expanded as compose does: https://docs.docker.com/reference/compose-file/interpolation
 *
 * @returns `undefined` where a variable has neither a value in the project nor a default, or the text is none that compose takes
 */
export function interpolate(text: string, variables: Variables, depth = 0): string | undefined {
	if (depth > MAX_DEPTH) return undefined;
	let result = '';
	for (let at = 0; at < text.length; ) {
		const dollar = text.indexOf('$', at);
		if (dollar < 0) return result + text.slice(at);
		result += text.slice(at, dollar);
		if (text[dollar + 1] === '$') {
			result += '$';
			at = dollar + 2;
			continue;
		}
		const plain = /^\$([A-Za-z_]\w*)/.exec(text.slice(dollar, dollar + 256));
		const end = text[dollar + 1] === '{' ? closingBrace(text, dollar + 1) : -1;
		const value =
			plain !== null ? variables.get(plain[1] as string) : end < 0 ? undefined : braced(text.slice(dollar + 2, end), variables, depth);
		if (value === undefined) return undefined;
		result += value;
		at = plain === null ? end + 1 : dollar + plain[0].length;
	}
	return result;
}

/** Where the brace at the offset is closed, or -1. */
function closingBrace(text: string, from: number): number {
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		if (text[at] === '{') depth++;
		else if (text[at] === '}' && --depth === 0) return at;
	}
	return -1;
}

/** The value of what stands between the braces. */
function braced(text: string, variables: Variables, depth: number): string | undefined {
	const [, name, operator = '', rest = ''] = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(text) ?? [];
	if (name === undefined) return undefined;
	const value = variables.get(name);
	const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
	switch (operator.at(-1)) {
		case '-':
			return isSet ? value : interpolate(rest, variables, depth + 1);
		case '+':
			// Whether the variable is set elsewhere is not known.
			return value === undefined ? undefined : isSet ? interpolate(rest, variables, depth + 1) : '';
		case '?':
			return isSet ? value : undefined;
		default:
			return value;
	}
}

/**
 * The variables of a `.env` file, or of one that `env_file` names: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
 *
 * @returns their values, `undefined` for one that holds a variable without a value
 */
export function readVariables(text: string): Map<string, string | undefined> {
	const found = new Map<string, string | undefined>();
	const known = new Map<string, string>();
	for (const line of text.split(/\r?\n/)) {
		const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$/.exec(line) ?? [];
		if (name === undefined) continue;
		const single = /^'([^']*)'/.exec(raw);
		const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw);
		const value =
			single !== null
				? single[1]
				: double !== null
					? interpolate(
							(double[1] as string).replace(/\\(["\\$])/g, (_, sign: string) => (sign === '$' ? '$$' : sign)),
							known,
						)
					: interpolate(raw.replace(/(?:^|\s)#.*$/, '').trim(), known);
		found.set(name, value);
		if (value !== undefined) known.set(name, value);
	}
	return found;
}
