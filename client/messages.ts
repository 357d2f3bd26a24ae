import { window } from 'vscode';
import { withoutLinks } from '../server/text/message.ts';

/**
 * Messages hold names from the repository, of which VS Code would make links to commands. VS Code cuts a message without buttons to one
 * line.
 */

/** A button of a message. */
export interface Button {
	readonly title: string;
	run(): unknown;
}

type Show = (message: string, ...titles: string[]) => Thenable<string | undefined>;

export function tellInformation(message: string, ...buttons: readonly Button[]): void {
	void tell(window.showInformationMessage, message, buttons);
}

export function tellWarning(message: string, ...buttons: readonly Button[]): void {
	void tell(window.showWarningMessage, message, buttons);
}

export function tellError(message: string, ...buttons: readonly Button[]): void {
	void tell(window.showErrorMessage, message, buttons);
}

async function tell(show: Show, message: string, buttons: readonly Button[]): Promise<void> {
	const chosen = await show(withoutLinks(message), ...buttons.map(({ title }) => title));
	try {
		await buttons.find(({ title }) => title === chosen)?.run();
	} catch (error) {
		tellError(reasonOf(error));
	}
}

/** What an error says, for a person. */
export function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The text of an item to pick, in which `$(name)` is no icon. */
export function withoutIcons(text: string): string {
	return withoutLinks(text).replaceAll('$(', '\\$(');
}
