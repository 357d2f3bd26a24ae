import { applyEdits, type Range } from '../text/text.ts';
import { toExecForm } from './exec-form.ts';
import type { CopyInstruction, Dockerfile } from './syntax.ts';

/**
 * How names are written into the files of a build. Names of files, literals of Go programs and words of other people's Dockerfiles may
 * hold anything: a blank that splits a COPY, `$(…)` that a shell runs, a line feed that starts another instruction. So there is one
 * writer for each place that a name can stand in. A writer gives `undefined` where its place cannot hold the name: then there is no fix.
 */

declare const made: unique symbol;

/** Text for a Dockerfile or an ignore file. Nothing but a writer makes it, so that the compiler finds a name that is written as it is. */
export type Written = string & { readonly [made]: true };

/** An edit of a file of a build. */
export interface WrittenEdit {
	readonly range: Range;
	readonly newText: Written;
}

/** Text of this project's own around what is written: ``written`RUN mkdir ${shellWord(name)}` ``. `undefined` where a part of it is. */
export function written(text: TemplateStringsArray): Written;
export function written<Part extends Written | undefined>(
	text: TemplateStringsArray,
	...parts: readonly Part[]
): Written | Extract<Part, undefined>;
export function written(text: TemplateStringsArray, ...parts: readonly (Written | undefined)[]): Written | undefined {
	return parts.includes(undefined) ? undefined : (String.raw({ raw: text }, ...parts) as Written);
}

/** `parts` with `separator` in between. `undefined` where one of them is. */
export function joined<Part extends Written | undefined>(
	parts: readonly Part[],
	separator = written` `,
): Written | Extract<Part, undefined> {
	return parts.includes(undefined as Part) ? (undefined as Extract<Part, undefined>) : (parts.join(separator) as Written);
}

/** What stands in the Dockerfile itself, for moving it about. */
export function asItStands({ text }: Dockerfile, { start, end }: Range): Written {
	return text.slice(start, end) as Written;
}

/** What stands in the Dockerfile itself, with edits of it that lie within the range; `undefined` where one does not. */
export function withEdits({ text }: Dockerfile, { start, end }: Range, edits: readonly WrittenEdit[]): Written | undefined {
	if (edits.some(({ range }) => range.start < start || range.end > end)) return undefined;
	const moved = edits.map(({ range, newText }) => ({ range: { start: range.start - start, end: range.end - start }, newText }));
	return applyEdits(text.slice(start, end), moved) as Written;
}

/** The line ending that the Dockerfile has. */
export function lineEnding({ newline }: Dockerfile): Written {
	return newline as Written;
}

/** `line` with the line endings of the Dockerfile, and with its keyword in lower case where `lowerCase` says so. */
export function inStyle(line: Written, { newline }: Dockerfile, lowerCase: boolean): Written {
	const cased = lowerCase ? line.replace(/^[A-Z]+(?=\s|$)/, (keyword) => keyword.toLowerCase()) : line;
	return cased.replace(/\r?\n/g, newline) as Written;
}

/** Signs that no shell and no part of Docker takes for anything but themselves. */
const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;

/** A word that is the same wherever it stands: a version, a tag, the name of a user or a stage. */
export function plainWord(text: string): Written | undefined {
	return PLAIN.test(text) && !text.startsWith('-') ? (text as Written) : undefined;
}

/** A number, such as that of a user or of a stage. */
export function number(value: number): Written {
	return String(value) as Written;
}

/**
 * What no name is written with: control characters, line and paragraph separators, marks that are not seen or turn the direction of the
 * text, halves of a character, and the sign that stands for bytes that are not UTF-8.
 */
const UNWRITABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\uFFFD]/u;

function isWritable(name: string): boolean {
	return !UNWRITABLE.test(name);
}

/** A word of a shell's command line in RUN, which Docker hands to the shell as it is. */
export function shellWord(name: string): Written | undefined {
	if (!isWritable(name)) return undefined;
	return (PLAIN.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`) as Written;
}

/** A package as `go build` is told it, `.` or `./cmd/app`. `undefined` where Go refuses the directory, whatever the quotes. */
export function packageWord(argument: string): Written | undefined {
	// golang.org/x/mod/module, CheckImportPath; three dots are a pattern.
	return /^[A-Za-z0-9_.~+/-]+$/.test(argument) && !argument.includes('...') ? shellWord(argument) : undefined;
}

/** What of a Dockerfile decides how its words are written: its escape character. */
export type Dialect = Pick<Dockerfile, 'escape'>;

/** What all paths of a COPY or ADD have in common: Docker expands variables and removes quotes, in a JSON array too. */
function copyPath(path: string, dialect: Dialect): string | undefined {
	// Whether a backslash is part of the name depends on the builder and on other parts of the path.
	if (!isWritable(path) || path.includes('\\')) return undefined;
	// The builder takes what starts with `<<` for a heredoc, in a JSON array too.
	return path.replace(dialect.escape === '`' ? /["'$<`]/g : /["'$<]/g, (sign) => dialect.escape + sign);
}

/** A source that stands for itself, as docs.docker.com/reference/dockerfile/#copy escapes signs of patterns. */
function copySource(path: string, dialect: Dialect): string | undefined {
	return copyPath(path.replace(/[*?[]/g, '[$&]'), dialect);
}

/** Whether COPY can have the word without JSON. */
function isPlainCopyWord(word: string): boolean {
	return PLAIN.test(word) && !word.startsWith('--');
}

/** The sources and the destination of a COPY: bare words where they are plain, else a JSON array. */
export function copyWords(sources: readonly string[], destination: string, dialect: Dialect): Written | undefined {
	const words = [...sources.map((source) => copySource(source, dialect)), copyPath(destination, dialect)];
	if (!words.every((word) => word !== undefined)) return undefined;
	return (words.every(isPlainCopyWord) ? words.join(' ') : toExecForm(words)) as Written;
}

/** A source in the place of, or beside, those of a COPY or ADD that is there. */
export function sourceWord(path: string, copy: CopyInstruction, dialect: Dialect): Written | undefined {
	const word = copySource(path, dialect);
	if (word === undefined) return undefined;
	if (copy.json) return JSON.stringify(word) as Written;
	return isPlainCopyWord(word) ? (word as Written) : undefined;
}

/** A value of ENV, ARG or LABEL, or the argument of WORKDIR or USER. Docker expands variables and removes quotes in all of them. */
export function argumentWord(value: string, dialect: Dialect): Written | undefined {
	if (!isWritable(value)) return undefined;
	// WORKDIR and USER take what starts with two dashes for an option.
	if (PLAIN.test(value) && !value.startsWith('--')) return value as Written;
	return `"${value.replace(dialect.escape === '`' ? /["$`]/g : /["$\\]/g, (sign) => dialect.escape + sign)}"` as Written;
}

/** What JSON does not escape and a line of a Dockerfile should not hold. */
const UNWRITABLE_IN_JSON = /[\0\x7F-\x9F\p{Cf}\p{Zl}\p{Zp}\p{Cs}\uFFFD]/u;

/** A command in exec form. Docker expands nothing in it. */
export function execForm(words: readonly string[]): Written | undefined {
	return words.some((word) => UNWRITABLE_IN_JSON.test(word)) ? undefined : (toExecForm(words) as Written);
}

/** A word of a command that is in exec form. */
export function execWord(word: string): Written | undefined {
	return execForm([word])?.slice(1, -1) as Written | undefined;
}

/** A line of comment. It can hold any text, for nobody reads it but people: what cannot be written is a question mark. */
export function comment(text: string): Written {
	const line = text.replace(new RegExp(UNWRITABLE, 'gu'), '?');
	// At the top of the file that would be a parser directive.
	return (/^\s*[A-Za-z][A-Za-z0-9]*\s*=/.test(line) ? `# - ${line}` : `# ${line}`) as Written;
}

/**
 * The line of an ignore file that takes back `path`, from the context's root. The engine makes a regular expression of a pattern, in
 * which a backslash makes the next sign stand for itself, and trims white space. It escapes by itself what means something to regular
 * expressions alone, but for `^`, `|` and braces (moby/patternmatcher 0.6.0).
 */
export function ignoreException(path: string): Written | undefined {
	if (!isWritable(path)) return undefined;
	const end = path.trimStart();
	const middle = end.trim();
	const blanks = (text: string) => text.replace(/\s/g, '[$&]');
	const before = blanks(path.slice(0, path.length - end.length));
	return `!${before}${middle.replace(/[*?[\]\\^|{}]/g, '\\$&')}${blanks(end.slice(middle.length))}` as Written;
}

/** Signs of a plain scalar of YAML that mean nothing to it, and the words that are no strings: numbers, truth values, nothing. */
const PLAIN_IN_YAML = /^[A-Za-z_./][A-Za-z0-9_./:@%+=-]*$/;
const NO_STRING = /^(?:true|false|yes|no|on|off|y|n|null|\.inf|\.nan)$|:$/i;

/**
 * A text as a value in YAML.
 *
 * @param expanded whether compose expands variables in it
 */
export function yamlText(text: string, expanded: boolean): Written | undefined {
	if (UNWRITABLE_IN_JSON.test(text)) return undefined;
	const escaped = expanded ? text.replaceAll('$', '$$$$') : text;
	return (PLAIN_IN_YAML.test(escaped) && !NO_STRING.test(escaped) ? escaped : JSON.stringify(escaped)) as Written;
}

/** Texts as a list of YAML on one line, each in quotes. */
export function yamlFlow(texts: readonly string[], expanded: boolean): Written | undefined {
	const words = execForm(texts);
	return words && ((expanded ? words.replaceAll('$', '$$$$') : words) as Written);
}

/** Lines of YAML, indented so many columns, the first of them included; each ends with a line ending of the file. */
export function yamlLines(lines: readonly Written[], column: number, newline: '\n' | '\r\n'): Written {
	return lines.map((line) => `${' '.repeat(column)}${line}${newline}`).join('') as Written;
}

/**
 * Lines of a Dockerfile in a literal block of a compose file, indented so many columns. Compose takes `$$` for `$`.
 *
 * @returns `undefined` where a line holds what YAML does not take as it is
 */
export function yamlLiteral(lines: readonly string[], column: number, newline: '\n' | '\r\n'): Written | undefined {
	if (lines.some((line) => /[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(line))) return undefined;
	const indented = lines.map((line) => (line === '' ? '' : ' '.repeat(column) + line.replaceAll('$', '$$$$')));
	return indented.map((line) => line + newline).join('') as Written;
}

/** Entries of a mapping of YAML, each on a line; those after the first are indented so many columns. */
export function yamlEntries(entries: readonly Written[], column: number, newline: '\n' | '\r\n'): Written {
	return entries.join(newline + ' '.repeat(column)) as Written;
}

/** Texts as a list of YAML, an item a line; the lines after the first are indented so many columns. */
export function yamlBlock(texts: readonly string[], column: number, newline: '\n' | '\r\n', expanded: boolean): Written | undefined {
	const items = texts.map((text) => yamlText(text, expanded));
	if (!items.every((item) => item !== undefined)) return undefined;
	return items.map((item) => `- ${item}`).join(newline + ' '.repeat(column)) as Written;
}
