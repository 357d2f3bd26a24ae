import { Position, Range, type TextDocument, Uri, window, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type FileParams, IMAGE, type ImageResult } from '../server/lsp/protocol.ts';
import { needsMetBy } from '../server/picture/met-needs.ts';
import type { ImagePicture, PictureEntry, PictureInstruction, PictureNeed } from '../server/picture/model.ts';
import { MARKS, symbolText, whereText } from '../server/picture/words.ts';
import { tellInformation, withoutIcons } from './messages.ts';

/** Where a person can go to see why. */
interface Goal {
	/** A Go file; the Dockerfile where it is left out. */
	readonly path?: string;
	readonly line: number;
	readonly column: number;
}

/**
 * Says why the files of an image are in it: which instruction put each there, and which need of the program it meets, shown at which Go
 * line. With the cursor on an instruction, those that it put there; otherwise all that the Dockerfile put there.
 */
export async function why(client: BaseLanguageClient, document: TextDocument): Promise<void> {
	const result = await client.sendRequest<ImageResult>(IMAGE, { uri: document.uri.toString() } satisfies FileParams);
	const name = workspace.asRelativePath(document.uri);
	const editor = window.visibleTextEditors.find((each) => each.document === document);
	const offset = editor === undefined ? undefined : document.offsetAt(editor.selection.active);
	// Of several targets the one that the cursor is in, else the last.
	const picture = result.pictures.findLast((each) => putThere(each, offset).length > 0) ?? result.pictures.at(-1);
	if (picture === undefined) {
		tellInformation(`${name} does not build or run a Go program, so nothing is known of its image.`);
		return;
	}
	const here = putThere(picture, offset);
	const shown = here.length > 0 ? here : picture.tree.filter(isPutThere);
	if (shown.length === 0) {
		tellInformation(`No file is known that an instruction of ${name} puts into the image.`);
		return;
	}
	const items = grouped(shown.map((entry) => ({ ...describe(entry, picture), path: entry.path, goal: goalOf(entry, picture) })));
	const picked = await window.showQuickPick(items, {
		title: here.length > 0 ? 'Why is this here?' : `Why is this in the image of ${withoutIcons(name)}?`,
		placeHolder: 'Select a file to go to the line that needs it',
		matchOnDescription: true,
		matchOnDetail: true,
	});
	if (picked?.goal === undefined) return;
	const { path, line, column } = picked.goal;
	const uri = path === undefined ? document.uri : Uri.parse(result.uris[path] ?? document.uri.toString());
	const position = new Position(line - 1, column - 1);
	await window.showTextDocument(uri, { selection: new Range(position, position) });
}

/** What the instruction at an offset of the Dockerfile put into the image; nothing without an offset. */
function putThere({ tree }: ImagePicture, offset: number | undefined): PictureEntry[] {
	if (offset === undefined) return [];
	return tree.filter((entry) => isPutThere(entry) && entry.from.start <= offset && offset <= entry.from.end);
}

function isPutThere(entry: PictureEntry): entry is PictureEntry & { readonly from: PictureInstruction } {
	return typeof entry.from === 'object' && entry.kind !== 'directory';
}

interface Item {
	readonly label: string;
	readonly description: string;
	readonly detail: string;
	readonly path: string;
	readonly goal: Goal | undefined;
}

/** So many files with the same reason are one line, so that they do not hide the others. */
const MANY = 4;

/** The files that one instruction put there for the same reason, as their directory where they are many. */
function grouped(items: readonly Item[]): Item[] {
	const byReason = new Map<string, Item[]>();
	for (const item of items) {
		const key = `${item.detail}\n${item.description}`;
		byReason.set(key, [...(byReason.get(key) ?? []), item]);
	}
	return [...byReason.values()].flatMap((same) => {
		const [first] = same;
		if (first === undefined || same.length < MANY) return same;
		const directory = commonDirectory(same.map(({ path }) => path));
		return [{ ...first, label: withoutIcons(directory), detail: `${same.length} files · ${first.detail}` }];
	});
}

/** The deepest directory that all paths are in: `/srv/assets/`. */
function commonDirectory(paths: readonly string[]): string {
	const [first = '/', ...others] = paths;
	let directory = first.slice(0, first.lastIndexOf('/') + 1);
	while (directory !== '/' && !others.every((path) => path.startsWith(directory))) {
		directory = directory.slice(0, directory.lastIndexOf('/', directory.length - 2) + 1);
	}
	return directory;
}

function describe(entry: PictureEntry, picture: ImagePicture): { label: string; description: string; detail: string } {
	const { starts } = picture.title;
	const needs = needsMetBy(picture, entry.path);
	const reasons = [
		...(entry.path === starts?.path ? ['The container starts it'] : []),
		...needs.map((need) => `${MARKS[need.state]} ${need.title}${placeOf(need)}`),
	];
	const by = typeof entry.from === 'object' ? `Line ${entry.from.line}: ${entry.from.text}` : '';
	return {
		label: withoutIcons(entry.path),
		description: withoutIcons(reasons.join(' · ') || 'No need of the program is known for it'),
		detail: withoutIcons(by),
	};
}

function placeOf({ places }: PictureNeed): string {
	const [first] = places;
	const where = first === undefined ? undefined : whereText(first);
	return first === undefined ? '' : ` — ${symbolText(first)}${where === undefined ? '' : ` at ${where}`}`;
}

function goalOf(entry: PictureEntry, picture: ImagePicture): Goal | undefined {
	const place = needsMetBy(picture, entry.path)
		.flatMap(({ places }) => places)
		.find(({ path, line }) => path !== undefined && line !== undefined);
	if (place?.path !== undefined && place.line !== undefined) return { path: place.path, line: place.line, column: place.column ?? 1 };
	return typeof entry.from === 'object' ? { line: entry.from.line, column: entry.from.column } : undefined;
}
