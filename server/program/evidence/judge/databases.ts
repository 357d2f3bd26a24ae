import type { PossibleNames } from './possible-names.ts';

/** Whether the driver keeps its database in a file of its own. */
export function isEmbeddedDatabase({ names }: PossibleNames): boolean {
	return names.some(({ text, complete }) => complete && /^(?:sqlite3?|sqlite3_\w+|duckdb|libsql|ramsql|chai|genji|ql)$/.test(text));
}

/** The files that source names of embedded databases mean; none is in memory. */
export function databaseFiles({ names, ...rest }: PossibleNames): PossibleNames {
	const files = names
		.map((name) => ({ ...name, text: name.text.replace(/^(?:file|sqlite3?):(?:\/\/)?/, '').replace(/\?.*$/s, '') }))
		.filter(({ text }) => text !== '' && !text.includes(':memory:') && !/[=\s]/.test(text));
	return { names: files, ...rest };
}
