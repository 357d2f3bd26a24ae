/** Reads values out of JSON of which nothing is known. What is of another kind than asked for is not there. */

export type Json = unknown;

export function parseJson(text: string): Json {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

export function property(value: Json, name: string): Json {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

export function text(value: Json): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

export function list(value: Json): readonly Json[] | undefined {
	return Array.isArray(value) ? value : undefined;
}

export function texts(value: Json): readonly string[] | undefined {
	return list(value)?.filter((each) => typeof each === 'string');
}

/** The names of the properties of an object. */
export function names(value: Json): readonly string[] {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
