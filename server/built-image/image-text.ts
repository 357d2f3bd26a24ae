import { parseDockerfile } from '../dockerfile/parse.ts';
import type { Dockerfile, Instruction } from '../dockerfile/syntax.ts';
import { positionAt } from '../text/text.ts';
import type { BuiltImage, ImageConfiguration } from './model.ts';

/**
 * A Dockerfile that stands for a built image, so that the rules have instructions to point at: a line for the image, one for each layer
 * as the history has it, and one for each setting of the configuration. What the image is, is not read out of it.
 */
export interface ImageText {
	readonly dockerfile: Dockerfile;
	/** By the number of the line, from 0. */
	readonly places: readonly ImagePlace[];
	/** The instruction that stands for a layer. */
	layer(index: number): Instruction | undefined;
	/** The instruction that stands for a setting. */
	setting(keyword: Instruction['keyword'], name?: string): Instruction | undefined;
}

/** What of the image a line stands for. */
export type ImagePlace =
	| { readonly kind: 'image' }
	/** @property index from 0 */
	| { readonly kind: 'layer'; readonly index: number; readonly digest: string | undefined; readonly createdBy: string | undefined }
	| { readonly kind: 'setting'; readonly text: string };

interface Line {
	readonly text: string;
	readonly place: ImagePlace;
	/** Which of several settings of one instruction. */
	readonly name?: string;
}

export function imageText(image: BuiltImage): ImageText {
	const name = /^[\w./:@-]+$/.test(image.name ?? '') ? image.name : 'image';
	const lines: Line[] = [
		{ text: `FROM ${name}`, place: { kind: 'image' } },
		...image.layers.map(({ digest, createdBy }, index) => layerLine(index, digest, createdBy)),
		...(image.configuration === undefined ? [] : settingLines(image.configuration)),
	];
	const dockerfile = parseDockerfile(`${lines.map(({ text }) => onOneLine(text)).join('\n')}\n`);
	const byLine = new Map<number, Instruction>();
	const settings = new Map<string, Instruction>();
	for (const instruction of dockerfile.instructions) {
		const index = positionAt(dockerfile.lineStarts, instruction.range.start).line;
		byLine.set(index, instruction);
		const line = lines[index];
		if (line?.place.kind === 'setting') settings.set(settingKey(instruction.keyword, line.name), instruction);
	}
	return {
		dockerfile,
		places: lines.map(({ place }) => place),
		layer: (index) => byLine.get(index + 1),
		setting: (keyword, wanted) => settings.get(settingKey(keyword, wanted)),
	};
}

function settingKey(keyword: Instruction['keyword'], name = ''): string {
	return `${keyword} ${name}`;
}

/** The text without what would end its line, or take the next one in: every line is one instruction, whatever the image says. */
function onOneLine(text: string): string {
	const line = text.replace(/[\r\n]+/g, ' ');
	let end = line.length;
	while (end > 0 && /[\\\s]/.test(line.charAt(end - 1))) end--;
	return line.slice(0, end);
}

/** The part of a line of the history that shows what it is; some hold whole scripts. */
const MAX_LINE = 500;

/** The line of a layer: the instruction as the history has it, where that is one, without flags, whose work is done. */
function layerLine(index: number, digest: string | undefined, createdBy: string | undefined): Line {
	const place: ImagePlace = { kind: 'layer', index, digest, createdBy: createdBy === undefined ? undefined : shownInstruction(createdBy) };
	const text = createdBy === undefined ? '' : asInstruction(shownInstruction(createdBy));
	const instruction = onlyInstruction(text);
	const isWhole =
		instruction !== undefined &&
		(instruction.keyword === 'RUN'
			? instruction.command?.form === 'shell' && instruction.heredocs.length === 0
			: (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') && instruction.heredocs.length === 0);
	return { text: isWhole ? text : `ADD layer-${index + 1} /`, place };
}

/**
 * What a builder writes into the history, as a person wrote it: `COPY /app /app # buildkit` of BuildKit, `/bin/sh -c #(nop)  CMD ["/app"]`
 * of the builder before it, `RUN |1 VERSION=1 /bin/sh -c make # buildkit` with the values of ARG.
 */
export function shownInstruction(createdBy: string): string {
	const line = createdBy
		.replace(/\s+/g, ' ')
		.trim()
		.replace(/ # buildkit$/, '');
	const old = /^\/bin\/sh -c #\(nop\) +(.*)$/s.exec(line);
	if (old !== null) return cut(old[1] as string);
	const shell = /^(?:RUN )?(?:\|\d+ .*?)?\/bin\/(?:ba|a|da)?sh -(?:[a-z]*)c (.*)$/.exec(line);
	return cut(shell === null ? line : `RUN ${shell[1]}`);
}

function cut(text: string): string {
	return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text;
}

/** `COPY file:abc… in /` of the old builder names what it copied by its digest. */
function asInstruction(text: string): string {
	return onOneLine(text)
		.replace(/^(ADD|COPY) ((?:file|dir|multi):[0-9a-f]+) in (\S+)$/, '$1 $2 $3')
		.replace(/^(ADD|COPY)((?: --\S+)+) /, '$1 ');
}

/** The instruction that the text is, where it is one as a whole, on one line. */
function onlyInstruction(text: string): Instruction | undefined {
	if (text !== onOneLine(text)) return undefined;
	const { instructions } = parseDockerfile(`FROM image\n${text}\n`);
	const [, instruction] = instructions;
	return instructions.length === 2 && instruction?.range.end === `FROM image\n${text}`.length ? instruction : undefined;
}

function settingLines(configuration: ImageConfiguration): Line[] {
	const { environment, volumes, ports, workingDirectory, user, stopSignal, shell, healthcheck, entrypoint, command } = configuration;
	const shellWords = shell ?? DEFAULT_SHELL;
	return [
		...environment.map(({ name, value }) => line(`ENV ${name}=${quoted(value)}`, name)),
		...ports.map((port) => line(`EXPOSE ${inWords(port)}`)),
		...volumes.map((volume) => line(`VOLUME ${exec([volume])}`)),
		...(shell === undefined ? [] : [line(`SHELL ${exec(shell)}`)]),
		...(workingDirectory === '' ? [] : [line(`WORKDIR ${inWords(workingDirectory)}`)]),
		...(stopSignal === undefined ? [] : [line(`STOPSIGNAL ${inWords(stopSignal)}`)]),
		...(user === '' ? [] : [line(`USER ${inWords(user)}`)]),
		...healthcheckLine(healthcheck),
		...(entrypoint === undefined ? [] : [line(commandText('ENTRYPOINT', entrypoint, shellWords))]),
		...(command === undefined ? [] : [line(commandText('CMD', command, shellWords))]),
	];
}

const DEFAULT_SHELL = ['/bin/sh', '-c'];

function line(text: string, name?: string): Line {
	return { text, place: { kind: 'setting', text: cut(text) }, ...(name !== undefined && { name }) };
}

function healthcheckLine(test: readonly string[] | undefined): Line[] {
	const [kind, ...words] = test ?? [];
	if (kind === 'CMD') return [line(`HEALTHCHECK CMD ${exec(words)}`)];
	if (kind === 'CMD-SHELL') {
		const text = `HEALTHCHECK CMD ${words.join(' ')}`;
		const instruction = onlyInstruction(text);
		const isSame = instruction?.keyword === 'HEALTHCHECK' && instruction.command?.form === 'shell';
		return [line(isSame ? text : `HEALTHCHECK CMD ${exec(['/bin/sh', '-c', ...words])}`)];
	}
	return kind === 'NONE' ? [line('HEALTHCHECK NONE')] : [];
}

/** The command in the form in which it was written: an engine keeps what shell form starts, which is the shell with one text. */
function commandText(keyword: 'ENTRYPOINT' | 'CMD', words: readonly string[], shell: readonly string[]): string {
	const text = words.at(-1) ?? '';
	if (words.length === shell.length + 1 && shell.every((word, index) => words[index] === word)) {
		const written = `${keyword} ${text}`;
		const instruction = onlyInstruction(written);
		const command = instruction?.keyword === keyword ? instruction.command : undefined;
		if (command !== undefined && command.form !== 'exec' && command.text === text) return written;
	}
	return `${keyword} ${exec(words)}`;
}

function exec(words: readonly string[]): string {
	return JSON.stringify(words);
}

/** A value in quotes, on one line; it is shown, and not read back. */
function quoted(value: string): string {
	return `"${value
		.replace(/[\\"$]/g, '\\$&')
		.replace(/\s/g, ' ')
		.slice(0, MAX_LINE)}"`;
}

/** A word on one line, without what would end it or make a flag of it. */
function inWords(value: string): string {
	const shown = onOneLine(value.replace(/\s/g, ' ').trim().slice(0, MAX_LINE));
	return shown === '' || shown.startsWith('--') || shown.startsWith('<<') ? JSON.stringify(shown) : shown;
}
