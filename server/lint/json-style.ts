import type { FormattingOptions } from 'jsonc-parser';

/** How a JSON file is indented, and how its lines end. */
export function styleOf(text: string): FormattingOptions {
	const indented = /^([ \t]+)\S/m.exec(text)?.[1];
	return {
		tabSize: indented?.includes('\t') ? 4 : (indented?.length ?? 2),
		insertSpaces: indented === undefined || !indented.includes('\t'),
		eol: text.includes('\r\n') ? '\r\n' : '\n',
	};
}
