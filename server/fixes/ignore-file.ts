import type { BuildContext } from '../image/model.ts';
import type { Fix } from '../rules/rule.ts';
import type { TextEdit } from '../text/text.ts';
import { basename } from '../workspace/paths.ts';

/** The fix that sends `path`, as seen from the context's root, although the ignore file leaves it out: the last pattern wins. */
export function takeBack(context: BuildContext, path: string): Fix[] {
	const { ignoreFile } = context;
	if (ignoreFile === undefined) return [];
	const { text } = ignoreFile;
	const newline = text.includes('\r\n') ? '\r\n' : '\n';
	const edit: TextEdit = {
		range: { start: text.length, end: text.length },
		newText: `${text === '' || text.endsWith('\n') ? '' : newline}!${path}${newline}`,
	};
	return [
		{
			title: `Take back ${path} in ${basename(ignoreFile.path)}`,
			edits: [],
			otherEdits: new Map([[ignoreFile.path, [edit]]]),
			preferred: true,
		},
	];
}
