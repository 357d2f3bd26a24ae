import type { Fix } from '../findings/finding.ts';
import { gitLineStarts, positionAt, type TextEdit } from '../text/text.ts';
import type { Files } from '../workspace/files.ts';
import type { CheckedFile } from './checked.ts';

/** What a fix does to one file. */
export interface Change {
	/** An absolute path. */
	readonly file: string;
	/** Whether the file is made by the change; its one edit is then the whole text. */
	readonly creates: boolean;
	/** They do not overlap. */
	readonly edits: readonly Edit[];
}

/** A part of a file and the text to put in its place; lines and columns from 1, lines as Git counts them, columns in UTF-16 code units. */
export interface Edit {
	readonly line: number;
	readonly column: number;
	readonly endLine: number;
	readonly endColumn: number;
	readonly newText: string;
}

/** The text of a file other than the Dockerfile, or `undefined` where it cannot be read. */
export type TextOf = Files['readText'];

/** What the fix does to the Dockerfile and to other files. */
export async function changesOf(file: CheckedFile, fix: Fix, textOf: TextOf): Promise<Change[]> {
	const changes: Change[] = [];
	if (fix.edits.length > 0) changes.push({ file: file.path, creates: false, edits: placed(fix.edits, file.lineStarts) });
	for (const [path, edits] of fix.otherEdits ?? []) {
		const text = await textOf(path);
		if (text !== undefined && edits.length > 0) changes.push({ file: path, creates: false, edits: placed(edits, gitLineStarts(text)) });
	}
	for (const [path, newText] of fix.create ?? []) {
		changes.push({ file: path, creates: true, edits: [{ line: 1, column: 1, endLine: 1, endColumn: 1, newText }] });
	}
	return changes;
}

function placed(edits: readonly TextEdit[], starts: readonly number[]): Edit[] {
	return edits.map(({ range, newText }) => {
		const start = positionAt(starts, range.start);
		const end = positionAt(starts, range.end);
		return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1, newText };
	});
}
