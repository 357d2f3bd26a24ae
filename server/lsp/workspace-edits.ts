import type { CreateFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Fix } from '../findings/finding.ts';
import { titleWithout } from '../fixes/losses.ts';
import { withLaunch } from '../lint/launch-edit.ts';
import { minimalEdits } from '../lint/line-diff.ts';
import type { TextEdit as OffsetEdit } from '../text/text.ts';
import { visible } from '../text/visible.ts';
import type { OpenDocument } from './documents.ts';
import type { Features } from './features.ts';
import { createPositionMap, type PositionMap } from './positions.ts';

/** What is needed to speak of other files than the one at hand. */
export interface EditContext {
	readonly features: Features;
	/** The document that the client has open at the path. */
	documentAt(path: string): OpenDocument | undefined;
	readText(path: string): Promise<string | undefined>;
	/** The URI of a path, in the client's spelling where it has the file open. */
	uriOf(path: string): string;
}

/** A fix of `document` as an edit of the workspace; `undefined` where the client cannot do what the fix needs. */
export async function fixToWorkspaceEdit(fix: Fix, document: OpenDocument, context: EditContext): Promise<WorkspaceEdit | undefined> {
	const { features } = context;
	if (fix.create !== undefined && fix.create.size > 0 && !features.createFiles) return undefined;
	const changes: (TextDocumentEdit | CreateFile)[] = [];
	for (const [path, content] of fix.create ?? []) changes.push(...creation(path, content, context));
	if (fix.edits.length > 0) changes.push(textDocumentEdit(document.uri, document.version, toEdits(fix.edits, document.positions)));
	for (const [path, edits] of fix.otherEdits ?? []) {
		const change = await changeElsewhere(path, () => edits, context);
		if (change === undefined) return undefined;
		changes.push(change);
	}
	for (const [path, configuration] of fix.launch ?? []) {
		const text = context.documentAt(path)?.text ?? (await context.readText(path));
		const after = text === undefined ? undefined : withLaunch(text, configuration);
		const change = after === undefined ? undefined : await changeElsewhere(path, (before) => minimalEdits(before, after), context);
		// The title says that it is added.
		if (change === undefined) return undefined;
		if (after !== text) changes.push(change);
	}
	if (!features.documentChanges) return withoutDocumentChanges(changes);
	// Our own editor asks itself, with all that may be lost.
	return features.confirmation && !features.ownEditor && fix.losses !== undefined && fix.losses.length > 0
		? toBeConfirmed(titleWithout(fix), fix.losses, changes)
		: { documentChanges: changes };
}

/** An edit that the editor previews first, with what is lost by it. */
function toBeConfirmed(title: string, losses: readonly string[], changes: readonly (TextDocumentEdit | CreateFile)[]): WorkspaceEdit {
	return {
		documentChanges: changes.map((change) =>
			'edits' in change ? { ...change, edits: change.edits.map((edit) => ({ ...edit, annotationId: LOSSES })) } : change,
		),
		changeAnnotations: {
			[LOSSES]: { label: visible(title), description: visible(`Lost: ${losses.join('; ')}`), needsConfirmation: true },
		},
	};
}

const LOSSES = 'losses';

/**
 * Whole files as an edit of the workspace: those that are there are replaced. For a client that creates no files, one that is not there
 * is an edit of an empty document; clients open such a document under its name, and saving it makes the file.
 */
export async function filesToWorkspaceEdit(files: ReadonlyMap<string, string>, context: EditContext): Promise<WorkspaceEdit> {
	const changes: (TextDocumentEdit | CreateFile)[] = [];
	for (const [path, content] of files) {
		const replaced = await changeElsewhere(path, (text) => [{ range: { start: 0, end: text.length }, newText: content }], context);
		changes.push(...(replaced === undefined ? creation(path, content, context) : [replaced]));
	}
	return context.features.documentChanges ? { documentChanges: changes } : withoutDocumentChanges(changes);
}

function creation(path: string, content: string, { features, uriOf }: EditContext): (TextDocumentEdit | CreateFile)[] {
	const uri = uriOf(path);
	const start = { line: 0, character: 0 };
	const insertion = textDocumentEdit(uri, null, [{ range: { start, end: start }, newText: content }]);
	return features.createFiles ? [{ kind: 'create', uri, options: { overwrite: false, ignoreIfExists: false } }, insertion] : [insertion];
}

/** An edit of a file that may be open; `undefined` where there is none of that path. */
async function changeElsewhere(
	path: string,
	edits: (text: string) => readonly OffsetEdit[],
	context: EditContext,
): Promise<TextDocumentEdit | undefined> {
	const open = context.documentAt(path);
	const text = open?.text ?? (await context.readText(path));
	if (text === undefined) return undefined;
	const positions = open?.positions ?? createPositionMap(text, context.features.encoding);
	return textDocumentEdit(context.uriOf(path), open?.version ?? null, toEdits(edits(text), positions));
}

/** Edits of the one document as an edit of the workspace. */
export function editsToWorkspaceEdit(edits: readonly OffsetEdit[], document: OpenDocument, features: Features): WorkspaceEdit {
	const change = textDocumentEdit(document.uri, document.version, toEdits(edits, document.positions));
	return features.documentChanges ? { documentChanges: [change] } : withoutDocumentChanges([change]);
}

function toEdits(edits: readonly OffsetEdit[], positions: PositionMap): TextEdit[] {
	return edits.map(({ range, newText }) => ({ range: positions.range(range), newText }));
}

function textDocumentEdit(uri: string, version: number | null, edits: TextEdit[]): TextDocumentEdit {
	return { textDocument: { uri, version }, edits };
}

/** The older form, which knows edits of existing files only. */
function withoutDocumentChanges(changes: readonly (TextDocumentEdit | CreateFile)[]): WorkspaceEdit {
	const byUri: Record<string, TextEdit[]> = {};
	for (const change of changes) if ('textDocument' in change) byUri[change.textDocument.uri] = change.edits as TextEdit[];
	return { changes: byUri };
}
