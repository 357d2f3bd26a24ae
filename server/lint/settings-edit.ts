import { applyEdits, modify } from 'jsonc-parser';
import { readSettingsFile } from './settings.ts';

/**
 * The text of a `.go-scratch.json` with a rule turned off; everything else stays, also comments.
 *
 * @param text that of the file; `undefined` for a new one
 * @returns `undefined` for a file that cannot be read
 */
export function withRuleOff(text: string | undefined, code: string): string | undefined {
	const before = text === undefined || text.trim() === '' ? '{}\n' : text;
	if (readSettingsFile(before, [code]).problems.some(({ fatal }) => fatal)) return undefined;
	const indented = /^([ \t]+)\S/m.exec(before)?.[1];
	const formattingOptions = {
		tabSize: indented?.includes('\t') ? 4 : (indented?.length ?? 2),
		insertSpaces: indented === undefined || !indented.includes('\t'),
		eol: before.includes('\r\n') ? '\r\n' : '\n',
	};
	try {
		// At the end, a comment after the last property would come to be after the new one.
		return applyEdits(before, modify(before, ['rules', code], 'off', { formattingOptions, getInsertionIndex: () => 0 }));
	} catch {
		// "rules" is not an object.
		return undefined;
	}
}
