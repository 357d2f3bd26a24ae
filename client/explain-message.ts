import { commands, env, Position, Range, type TextDocument, window } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { EXPLAIN, type ExplainedCauseItem, type ExplainParams, type ExplainResult, OPEN_RULE } from '../server/lsp/protocol.ts';
import { tellInformation, withoutIcons } from './messages.ts';
import { onTwoLines, type PickLine, pickLine, separator } from './pick.ts';

/** What a line of the list leads to. */
interface Goal {
	readonly code: string | undefined;
	readonly position: { readonly line: number; readonly character: number } | undefined;
}

/** In characters: what a person copied is offered only if it is no longer. */
const LONGEST_COPIED = 4000;

/**
 * Says what a message of the engine, the go command, the program or the kubelet means, and which of its causes is true of the Dockerfile.
 *
 * @param document The Dockerfile that the message is about; `undefined` if there is none.
 * @param text The message; without it, a person is asked.
 */
export async function explainMessage(
	client: BaseLanguageClient,
	document: TextDocument | undefined,
	text: string | undefined,
): Promise<void> {
	const message = text ?? (await askForMessage());
	if (message === undefined || message.trim() === '') return;
	const uri = document?.uri.toString();
	const params: ExplainParams = { text: message, ...(uri !== undefined && { uri }) };
	const { explanations } = await client.sendRequest<ExplainResult>(EXPLAIN, params);
	if (explanations.length === 0) {
		tellInformation('No message that go-scratch knows is in this text.', {
			title: 'Show the rules',
			run: () => commands.executeCommand(OPEN_RULE),
		});
		return;
	}
	const lines = explanations.flatMap((explanation, index): PickLine<Goal>[] => [
		...(index === 0 ? [] : [separator()]),
		{ label: `$(output) ${withoutIcons(explanation.line)}` },
		onTwoLines(`$(info) ${plain(explanation.meaning)}`),
		...explanation.causes.map(causeLine),
	]);
	const placeholder = 'Select a cause to go to its line, or to its documentation';
	const picked = await pickLine(lines, { title: 'What the message means', placeholder });
	if (picked?.position !== undefined && document !== undefined) {
		const position = new Position(picked.position.line, picked.position.character);
		await window.showTextDocument(document, { selection: new Range(position, position) });
	} else if (picked?.code !== undefined) await commands.executeCommand(OPEN_RULE, picked.code);
}

const ICONS = { yes: '$(check)', no: '$(circle-slash)', unknown: '$(question)' } as const;
const HERE = { yes: 'true here', no: 'not here', unknown: '' } as const;

function causeLine({ text, code, here, finding, position }: ExplainedCauseItem): PickLine<Goal> {
	const { label, detail } = onTwoLines(`${ICONS[here]} ${plain(text)}`);
	const rule = [code, finding].filter((each) => each !== undefined).join(': ');
	const isKnown = position !== undefined || code !== undefined;
	return {
		label,
		description: HERE[here],
		detail: withoutIcons([detail, rule].filter(Boolean).join(' · ')),
		...(isKnown && { value: { code, position } }),
	};
}

/** One of our own texts, without its marks for code. */
function plain(text: string): string {
	return withoutIcons(text.replaceAll('`', ''));
}

/** Asks for the message; what is selected, or was copied, is offered. */
async function askForMessage(): Promise<string | undefined> {
	const editor = window.activeTextEditor;
	const selected = editor?.document.getText(editor.selection) ?? '';
	const copied = selected.trim() === '' ? (await env.clipboard.readText()).trim() : '';
	return window.showInputBox({
		title: 'Explain a container error',
		prompt: 'Paste what docker, Go, the program or Kubernetes says',
		placeHolder: 'exec /app: no such file or directory',
		value: selected.trim() === '' ? (copied.length <= LONGEST_COPIED ? copied : '') : selected,
	});
}
