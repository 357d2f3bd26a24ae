import type { Check, CheckAction, Command, Field } from '../model.ts';
import { all, itemsOf, type Layer, last, textOf, withKey } from './layers.ts';
import { splitCommand } from './words.ts';

/** A command: one text, which is split without a shell, or a list of words. */
export function commandField(layers: readonly Layer[], key: string): Field<Command> | undefined {
	const layer = last(layers, key);
	return layer && { value: commandOf(layer), at: layer.value.at, key: layer.value.key };
}

function commandOf(layer: Layer): Command | undefined {
	const { value } = layer;
	if (value.kind === 'list') return { words: itemsOf(layer).map(wordOf), split: false };
	const text = textOf(layer);
	const words = text === undefined ? undefined : splitCommand(text);
	return words && { words: words.map((word) => ({ value: word, at: value.at, key: undefined })), split: true };
}

function wordOf(item: Layer): Field<string> {
	return { value: textOf(item), at: item.value.at, key: undefined };
}

/** https://docs.docker.com/reference/compose-file/services/#healthcheck */
export function healthCheck(layers: readonly Layer[]): Check[] {
	const sections = all(layers, 'healthcheck');
	const section = sections.at(-1)?.value;
	if (section === undefined) return [];
	const test = last(sections, 'test');
	const disabled = last(sections, 'disable');
	const at = withKey(section);
	const action: CheckAction =
		disabled !== undefined && textOf(disabled) === 'true'
			? { kind: 'none', at: disabled.value.at }
			: test === undefined
				? { kind: 'other', at: section.at }
				: testOf(test);
	return [{ kind: 'health', at, key: section.key ?? at, action }];
}

function testOf(test: Layer): CheckAction {
	const { value } = test;
	if (value.kind === 'text') return { kind: 'shell', at: value.at, text: { value: textOf(test), at: value.at, key: value.key } };
	const [first, ...rest] = value.kind === 'list' ? itemsOf(test) : [];
	switch (first && textOf(first)) {
		case 'NONE':
			return { kind: 'none', at: value.at };
		case 'CMD':
			return { kind: 'exec', at: value.at, words: rest.map(wordOf) };
		case 'CMD-SHELL':
			return rest.length === 1 ? { kind: 'shell', at: value.at, text: wordOf(rest[0] as Layer) } : { kind: 'other', at: value.at };
		default:
			return { kind: 'other', at: value.at };
	}
}

const HOOKS = [
	['post_start', 'post-start'],
	['pre_stop', 'pre-stop'],
] as const;

/** https://docs.docker.com/compose/how-tos/lifecycle */
export function lifecycleHooks(layers: readonly Layer[]): Check[] {
	return HOOKS.flatMap(([key, kind]) =>
		all(layers, key).flatMap((section) =>
			itemsOf(section).flatMap((hook): Check[] => {
				const command = hook.value.get('command');
				const words = command && commandOf({ ...hook, value: command })?.words;
				if (command === undefined || words === undefined) return [];
				const place = section.value.key ?? command.at;
				return [{ kind, at: hook.value.at, key: place, action: { kind: 'exec', at: command.at, words } }];
			}),
		),
	);
}
