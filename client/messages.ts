import { window } from 'vscode';
import { withoutLinks } from '../server/text/message.ts';

/** Messages hold names from the repository, of which VS Code would make links to commands. */

export function tellInformation(message: string): void {
	void window.showInformationMessage(withoutLinks(message));
}

export function tellWarning(message: string): void {
	void window.showWarningMessage(withoutLinks(message));
}

/** What VS Code shows of a command that failed. */
export function failure(reason: unknown): Error {
	return new Error(withoutLinks(reason instanceof Error ? reason.message : String(reason)), { cause: reason });
}

/** The text of an item to pick, in which `$(name)` is no icon. */
export function withoutIcons(text: string): string {
	return withoutLinks(text).replaceAll('$(', '\\$(');
}
