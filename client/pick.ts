import { type QuickPickItem, QuickPickItemKind, window } from 'vscode';

/** A line of a list. One without a value is there to be read, and leads nowhere. */
export interface PickLine<Value> extends QuickPickItem {
	readonly value?: Value | undefined;
}

interface PickOptions {
	readonly title: string;
	readonly placeholder: string;
	/** Whether it stays while a person looks at something else. */
	readonly stays?: boolean;
}

/** Lets a person read a list, and pick a line with a value; the first of these has the focus. `undefined` if none is picked. */
export function pickLine<Value>(
	lines: readonly PickLine<Value>[],
	{ title, placeholder, stays = false }: PickOptions,
): Promise<Value | undefined> {
	const pick = window.createQuickPick<PickLine<Value>>();
	Object.assign(pick, { title, placeholder, ignoreFocusOut: stays, matchOnDescription: true, matchOnDetail: true });
	pick.items = lines;
	pick.activeItems = lines.filter(({ value }) => value !== undefined).slice(0, 1);
	return new Promise((resolve) => {
		pick.onDidAccept(() => {
			const value = pick.selectedItems[0]?.value;
			if (value === undefined) return;
			resolve(value);
			pick.hide();
		});
		pick.onDidHide(() => {
			resolve(undefined);
			pick.dispose();
		});
		pick.show();
	});
}

export function separator(label = ''): PickLine<never> {
	return { label, kind: QuickPickItemKind.Separator };
}

/** In characters, about: what a list shows of a line. */
const WIDTH = 72;

/** A text on the two lines of an item, because a list cuts what is too long. */
export function onTwoLines(text: string): { readonly label: string; readonly detail?: string } {
	const end = text.length <= WIDTH ? -1 : text.lastIndexOf(' ', WIDTH);
	return end <= 0 ? { label: text } : { label: text.slice(0, end), detail: text.slice(end + 1) };
}
