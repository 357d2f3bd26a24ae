import { applyEdits, modify, type ParseError, parse } from 'jsonc-parser';
import type { LaunchConfiguration } from '../findings/finding.ts';
import { styleOf } from './json-style.ts';

/**
 * The text of a launch.json with a configuration more; everything else stays, also comments.
 *
 * @returns the text as it is where it has a configuration of that name; `undefined` for a file that cannot be read
 */
export function withLaunch(text: string, configuration: LaunchConfiguration): string | undefined {
	const errors: ParseError[] = [];
	const file: unknown = parse(text, errors, { allowTrailingComma: true });
	if (errors.length > 0 || typeof file !== 'object' || file === null || Array.isArray(file)) return undefined;
	const { configurations = [] } = file as { readonly configurations?: unknown };
	if (!Array.isArray(configurations)) return undefined;
	if (configurations.some((each) => each?.name === configuration.name)) return text;
	const formattingOptions = styleOf(text);
	// At the end, a comment after the last configuration would come to be after the new one.
	const edits =
		configurations.length === 0
			? modify(text, ['configurations'], [configuration], { formattingOptions })
			: modify(text, ['configurations', 0], configuration, { formattingOptions, isArrayInsertion: true });
	return applyEdits(text, edits);
}
