import { ignoreException, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Fix } from '../findings/finding.ts';
import type { BuildContext } from '../image/model.ts';
import { basename } from '../workspace/paths.ts';

/** The fix that sends `path`, as seen from the context's root, although the ignore file leaves it out: the last pattern wins. */
export function takeBack(context: BuildContext, path: string): Fix[] {
	const { ignoreFile } = context;
	if (ignoreFile === undefined) return [];
	const { text } = ignoreFile;
	const line = ignoreException(path);
	if (line === undefined) return [];
	const newline = text.includes('\r\n') ? written`\r\n` : written`\n`;
	const edit: WrittenEdit = {
		range: { start: text.length, end: text.length },
		newText: written`${text === '' || text.endsWith('\n') ? written`` : newline}${line}${newline}`,
	};
	return [
		{
			title: `Re-include ${path} in ${basename(ignoreFile.path)}`,
			edits: [],
			otherEdits: new Map([[ignoreFile.path, [edit]]]),
			preferred: true,
		},
	];
}
