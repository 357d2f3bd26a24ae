import { lineStarts, type Range } from '../text/text.ts';
import { heredocOpenings } from './heredoc.ts';
import { isTestCommand, meantItems, readJsonArray } from './json-array.ts';
import { blankedText, type LogicalLine, rangeOf, type Span } from './logical-line.ts';
import { type OutlineEntry, outlineOf } from './outline.ts';
import type { ArgInstruction, Assignment, CommandForm, Dockerfile, Flag, FromInstruction, Instruction, Stage, Word } from './syntax.ts';
import { isSpace, quotedWordEnd, splitOnSpace, splitQuoted, trimSpan } from './words.ts';

/**
 * Reads a Dockerfile. Any text at all gives a syntax tree, in time linear in its length; what cannot be read is an
 * {@link UnknownInstruction} or an instruction without some of its parts.
 */
export function parseDockerfile(text: string): Dockerfile {
	const outline = outlineOf(text, heredocSpan);
	const instructions: Instruction[] = [];
	const globalArguments: ArgInstruction[] = [];
	const stages: { index: number; from: FromInstruction; instructions: Instruction[] }[] = [];
	for (const entry of outline.entries) {
		const { keyword } = splitKeyword(entry.line.text, { start: 0, end: entry.line.text.length });
		const opensStage = keywordOf(entry.line.text, keyword) === 'FROM';
		const reader: Reader = {
			escape: outline.escape,
			stage: opensStage ? stages.length : stages.length - 1,
			...entry,
		};
		const instruction = readInstruction(reader, { start: 0, end: entry.line.text.length }, false);
		instructions.push(instruction);
		if (instruction.keyword === 'FROM') stages.push({ index: stages.length, from: instruction, instructions: [] });
		else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction);
		else if (instruction.keyword === 'ARG') globalArguments.push(instruction);
	}
	return {
		text,
		lineStarts: lineStarts(text),
		newline: firstNewline(text),
		escape: outline.escape,
		directives: outline.directives,
		comments: outline.comments,
		instructions,
		globalArguments,
		stages: stages.map(
			(stage): Stage => ({
				...stage,
				range: { start: stage.from.range.start, end: (stage.instructions.at(-1) ?? stage.from).range.end },
			}),
		),
	};
}

function firstNewline(text: string): '\n' | '\r\n' {
	const feed = text.indexOf('\n');
	return feed > 0 && text.charCodeAt(feed - 1) === 13 ? '\r\n' : '\n';
}

/** What is known of an instruction before its arguments are read. */
interface Reader extends OutlineEntry {
	readonly escape: '\\' | '`';
	readonly stage: number;
}

/** What all instructions have in common. Where it is spread into one it stands last, which V8 does twenty times as fast. */
type Base = Omit<Extract<Instruction, { keyword: 'UNKNOWN' }>, 'keyword'>;

/** The keyword's span and that of the arguments, flags included. */
function splitKeyword(text: string, span: Span): { keyword: Span; rest: Span } {
	const trimmed = trimSpan(text, span);
	let end = trimmed.start;
	while (end < trimmed.end && !isSpace(text.charCodeAt(end))) end++;
	const rest = trimSpan(text, { start: end, end: trimmed.end });
	return { keyword: { start: trimmed.start, end }, rest: rest.start < rest.end ? rest : { start: end, end } };
}

function keywordOf(text: string, span: Span): string {
	return text.slice(span.start, span.end).toUpperCase();
}

/** Where an instruction may open heredocs: the arguments of ADD, COPY and RUN, behind ONBUILD too, unless they are a JSON array. */
function heredocSpan(text: string, escapeCharacter: string): Span | undefined {
	let { keyword, rest } = splitKeyword(text, { start: 0, end: text.length });
	if (keywordOf(text, keyword) === 'ONBUILD') ({ keyword, rest } = splitKeyword(text, rest));
	if (!['ADD', 'COPY', 'RUN'].includes(keywordOf(text, keyword))) return undefined;
	const body = flagSpans(text, rest, escapeCharacter).rest;
	return readJsonArray(text, body) === undefined ? body : undefined;
}

function readInstruction(reader: Reader, span: Span, onbuild: boolean): Instruction {
	const { line } = reader;
	const { keyword, rest } = splitKeyword(line.text, span);
	const end = endWithHeredocs(reader, rangeOf(line, { start: keyword.start, end: rest.end }).end);
	const keywordRange = rangeOf(line, keyword);
	const base: Base = {
		keywordRange,
		range: { start: keywordRange.start, end },
		argumentsRange: rangeOf(line, rest),
		stage: reader.stage,
		onbuild,
	};
	const name = keywordOf(line.text, keyword);
	switch (name) {
		case 'FROM':
			return readFrom(reader, base, rest);
		case 'ARG':
			return { keyword: name, assignments: splitQuoted(line.text, rest, reader.escape).map((word) => assignment(line, word)), ...base };
		case 'ENV':
		case 'LABEL':
			return { keyword: name, assignments: readPairs(reader, rest), ...base };
		case 'RUN':
		case 'CMD':
		case 'ENTRYPOINT':
		case 'SHELL': {
			const { flags, rest: body } = readFlags(reader, rest);
			return { keyword: name, flags, command: readCommand(reader, body), heredocs: name === 'RUN' ? reader.heredocs : [], ...base };
		}
		case 'COPY':
		case 'ADD':
			return readCopy(reader, base, name, rest);
		case 'WORKDIR':
		case 'USER':
		case 'STOPSIGNAL':
		case 'MAINTAINER':
			return { keyword: name, words: rest.start < rest.end ? [wordOf(line, rest)] : [], ...base };
		case 'EXPOSE':
			return { keyword: name, words: splitOnSpace(line.text, rest).map((word) => wordOf(line, word)), ...base };
		case 'VOLUME':
			return { keyword: name, words: wordsOrJson(line, rest).words, ...base };
		case 'HEALTHCHECK':
			return readHealthcheck(reader, base, rest);
		case 'ONBUILD':
			return {
				keyword: name,
				// The builder refuses ONBUILD ONBUILD, and a chain of them must not recurse.
				instruction: rest.start < rest.end && !onbuild ? readInstruction(reader, rest, true) : undefined,
				...base,
			};
		default:
			return { keyword: 'UNKNOWN', ...base };
	}
}

/** The end of an instruction whose line ends at `lineEnd`: that of its last heredoc's delimiter, where there is one. */
function endWithHeredocs(reader: Reader, lineEnd: number): number {
	return reader.delimiters.findLast((delimiter) => delimiter !== undefined)?.end ?? lineEnd;
}

function wordOf(line: LogicalLine, span: Span): Word {
	const range = rangeOf(line, span);
	return { raw: line.file.slice(range.start, range.end), range };
}

function readFrom(reader: Reader, base: Base, rest: Span): FromInstruction {
	const { flags, rest: body } = readFlags(reader, rest);
	const words = splitOnSpace(reader.line.text, body).map((word) => wordOf(reader.line, word));
	const named = words.length === 3 && words[1]?.raw.toUpperCase() === 'AS';
	return {
		keyword: 'FROM',
		platform: flags.find((flag) => flag.name === 'platform')?.value,
		image: words[0],
		alias: named ? words[2] : undefined,
		...base,
	};
}

/** Reads `NAME=value …`, or the old form `NAME the rest`, which is that of a first word without an equals sign. */
function readPairs(reader: Reader, rest: Span): Assignment[] {
	const { line } = reader;
	const words = splitQuoted(line.text, rest, reader.escape);
	const first = words[0];
	if (first === undefined) return [];
	if (line.text.slice(first.start, first.end).includes('=')) return words.map((word) => assignment(line, word));
	let nameEnd = rest.start;
	while (nameEnd < rest.end && !isSpace(line.text.charCodeAt(nameEnd))) nameEnd++;
	const value = trimSpan(line.text, { start: nameEnd, end: rest.end });
	const nameRange = rangeOf(line, { start: rest.start, end: nameEnd });
	return [
		{
			name: line.text.slice(rest.start, nameEnd),
			nameRange,
			value: value.start < value.end ? wordOf(line, value) : undefined,
			range: rangeOf(line, value.start < value.end ? rest : { start: rest.start, end: nameEnd }),
		},
	];
}

function assignment(line: LogicalLine, word: Span): Assignment {
	const equals = line.text.indexOf('=', word.start);
	const nameEnd = equals >= 0 && equals < word.end ? equals : word.end;
	return {
		name: line.text.slice(word.start, nameEnd),
		nameRange: rangeOf(line, { start: word.start, end: nameEnd }),
		value: nameEnd < word.end ? wordOf(line, { start: nameEnd + 1, end: word.end }) : undefined,
		range: rangeOf(line, word),
	};
}

/** The words that start with `--`, and what is behind them. */
function flagSpans(text: string, span: Span, escapeCharacter: string): { flags: Span[]; rest: Span } {
	const flags: Span[] = [];
	let rest = span;
	while (rest.start < rest.end && text.startsWith('--', rest.start)) {
		const end = quotedWordEnd(text, rest.start, rest.end, escapeCharacter);
		const flag = { start: rest.start, end };
		rest = trimSpan(text, { start: end, end: rest.end });
		// `--` alone ends the flags.
		if (end - flag.start === 2) break;
		flags.push(flag);
	}
	return { flags, rest };
}

function readFlags(reader: Reader, span: Span): { flags: Flag[]; rest: Span } {
	const { line } = reader;
	const { flags, rest } = flagSpans(line.text, span, reader.escape);
	return {
		flags: flags.map((flag) => {
			const { name, value, range } = assignment(line, flag);
			return { name: name.slice(2), value, range };
		}),
		rest,
	};
}

/** Reads `body` as an exec form where it is one, and as shell text otherwise. */
function readCommand(reader: Reader, body: Span): CommandForm | undefined {
	const { line } = reader;
	if (body.start >= body.end) return undefined;
	if (reader.heredocs.length > 0) return heredocScript(reader, body);
	const array = readJsonArray(line.text, body);
	if (array !== undefined) {
		return {
			form: 'exec',
			items: array.items.map((item) => ({ value: item.value, range: rangeOf(line, item.span) })),
			range: rangeOf(line, array.span),
		};
	}
	const text = blankedText(line, body);
	const range = rangeOf(line, body);
	if (line.text[body.start] !== '[' || isTestCommand(line.text, body)) return { form: 'shell', text, range };
	return { form: 'malformed-exec', text, items: meantItems(line.text, body), range };
}

/**
 * The command of a RUN with heredocs. One whose whole text is `<<EOF` is a script: the heredoc's content; else the shell gets
 * the line and the heredocs behind it as they are written.
 */
function heredocScript(reader: Reader, body: Span): CommandForm {
	const { line, heredocs } = reader;
	const opening = rangeOf(line, body);
	const range: Range = { start: opening.start, end: endWithHeredocs(reader, opening.end) };
	const openings = heredocOpenings(line.text, body);
	const alone = openings.length === 1 && openings[0]?.span.start === body.start && openings[0].span.end === body.end;
	const first = alone ? blank(line.file.slice(opening.start, opening.end)) : blankedText(line, body);
	const scriptEnd = alone ? Math.min(heredocs[0]?.range.end ?? range.end, range.end) : range.end;
	// A carriage return would keep the shell from seeing the delimiter; an empty line changes nothing.
	const script = line.file.slice(opening.end, scriptEnd).replaceAll('\r\n', '\n\n');
	return { form: 'shell', text: first + script + blank(line.file.slice(scriptEnd, range.end)), range };
}

function blank(text: string): string {
	return text.replace(/[^\n]/g, ' ');
}

function wordsOrJson(line: LogicalLine, body: Span): { words: Word[]; spans: Span[]; json: boolean } {
	const array = readJsonArray(line.text, body);
	if (array !== undefined) {
		const spans = array.items.map((item) => item.span);
		return { words: array.items.map((item) => ({ raw: item.value, range: rangeOf(line, item.span) })), spans, json: true };
	}
	const spans = splitOnSpace(line.text, body);
	return { words: spans.map((word) => wordOf(line, word)), spans, json: false };
}

function readCopy(reader: Reader, base: Base, keyword: 'COPY' | 'ADD', rest: Span): Instruction {
	const { flags, rest: body } = readFlags(reader, rest);
	const { words, spans, json } = wordsOrJson(reader.line, body);
	const openings = new Set(json ? [] : heredocOpenings(reader.line.text, body).map((opening) => opening.span.start));
	const paths = words.filter((_, index) => !openings.has(spans[index]?.start ?? -1));
	// While a path is being typed, a single word is what is copied.
	const complete = words.length > 1 && !openings.has(spans.at(-1)?.start ?? -1);
	return {
		keyword,
		flags,
		sources: complete ? paths.slice(0, -1) : paths,
		destination: complete ? paths.at(-1) : undefined,
		json,
		heredocs: reader.heredocs,
		...base,
	};
}

function readHealthcheck(reader: Reader, base: Base, rest: Span): Instruction {
	const { flags, rest: body } = readFlags(reader, rest);
	const { keyword, rest: command } = splitKeyword(reader.line.text, body);
	const runs = keywordOf(reader.line.text, keyword) === 'CMD';
	return { keyword: 'HEALTHCHECK', flags, command: runs ? readCommand(reader, command) : undefined, ...base };
}
