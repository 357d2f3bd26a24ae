import { applyEdits, modify } from 'jsonc-parser';
import { styleOf } from './json-style.ts';
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
	try {
		// At the end, a comment after the last property would come to be after the new one.
		return applyEdits(before, modify(before, ['rules', code], 'off', { formattingOptions: styleOf(before), getInsertionIndex: () => 0 }));
	} catch {
		// "rules" is not an object.
		return undefined;
	}
}
