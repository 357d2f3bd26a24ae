import {
	type CancellationToken,
	type Connection,
	type Features,
	type MessageType,
	ShowMessageNotification,
	ShowMessageRequest,
} from 'vscode-languageserver';
import { withoutLinks } from '../text/message.ts';
import { visible, visibleLines } from '../text/visible.ts';

/** The one place from which messages go to a person. Names of the repository in them are shown as text. */

/** Tells a person something. Not the request of the same purpose, which the library sends: nobody waits for an answer. */
export function showMessage(connection: Connection, type: MessageType, message: string): Promise<void> {
	return connection.sendNotification(ShowMessageNotification.type, { type, message: withoutLinks(message) });
}

/** Sends a message without waiting: if it does not arrive, the client is gone or does not know it. */
export function send(sending: Promise<unknown>): void {
	sending.catch(() => {});
}

/**
 * Lets a person choose one of `titles`.
 *
 * @returns `undefined` where none is chosen. Rejects where the client cannot ask.
 */
export async function askForOne(
	connection: Connection,
	type: MessageType,
	message: string,
	titles: readonly string[],
	token: CancellationToken,
): Promise<string | undefined> {
	const actions = titles.map((title) => ({ title: visible(title) }));
	const chosen = await connection.sendRequest(ShowMessageRequest.type, { type, message: withoutLinks(message), actions }, token);
	return titles[actions.findIndex(({ title }) => title === chosen?.title)];
}

/** Has the client log names as text too, be it the server that logs or the library. */
export const LOGGED_AS_TEXT: Features = {
	__brand: 'features',
	console: (Base) =>
		class extends Base {
			override error(message: string): void {
				super.error(visibleLines(message));
			}
		},
};
