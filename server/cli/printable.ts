import type { Markdown } from '../text/markdown.ts';
import { HIDDEN, visible } from '../text/visible.ts';

/**
 * What the command line may print. A text of the repository, of the command line or of the system gets in by a function of this module
 * only, which takes from it what a terminal or the runner of a workflow would obey.
 */
class Output {
	readonly #textFor: (terminal: boolean) => string;

	constructor(textFor: (terminal: boolean) => string) {
		this.#textFor = textFor;
	}

	textFor(terminal: boolean): string {
		return this.#textFor(terminal);
	}
}

export type Printable = Output;

/** A text for people, with nothing hidden in it but what styles it. */
class Text extends Output {
	readonly escaped: string;

	constructor(escaped: string) {
		super(() => withoutCommands(escaped));
		this.escaped = escaped;
	}
}

export type TerminalText = Text;

/** A value that is no such text yet. */
type Content = TerminalText | string | number;

/** The text between the values as the source has it; a value that is not made by this module shows its hidden characters. */
export function terminal(parts: TemplateStringsArray, ...values: readonly Content[]): TerminalText {
	return new Text(parts.map((part, index) => part + (index < values.length ? escapedOf(values[index] as Content) : '')).join(''));
}

export function joined(contents: readonly Content[], separator: '' | ', ' | '  ' | '\n' = ''): TerminalText {
	return new Text(contents.map(escapedOf).join(separator));
}

/** A text whose line feeds are its own, such as a page or a stack. */
export function linesOf(text: string): TerminalText {
	return joined(text.split('\n'), '\n');
}

/** @param open,close Numbers of https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
export function styled(content: Content, open: number, close: number): TerminalText {
	return new Text(`\u001B[${open}m${withoutCommands(escapedOf(content))}\u001B[${close}m`);
}

/** A line of progress in place of the one that stands there, or nothing. */
export function replacedLine(content: TerminalText): Printable {
	return new Text(`\r\u001B[2K${content.escaped}`);
}

/** As many characters of the text as are given, which must hold no styles. */
export function cut({ escaped }: TerminalText, characters: number): TerminalText {
	return new Text([...escaped].slice(0, characters).join(''));
}

/** The value as a program reads it. What is hidden is escaped as JSON can, so that the value stays the same. */
export function json(value: unknown): Printable {
	const text = JSON.stringify(value, undefined, 2)
		.replace(HIDDEN, (character) => (character === '\n' ? character : character.split('').map(unicodeEscape).join('')))
		// `##[command]`, which the runner of a workflow obeys within a line, can stand in a string only.
		.replace(OLD_COMMAND, '\\u0023');
	return new Output(() => `${text}\n`);
}

function unicodeEscape(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export interface XmlElement {
	readonly name: string;
	/** Those that are `undefined` are left out. */
	readonly attributes: Readonly<Record<string, string | number | undefined>>;
	readonly children?: readonly (XmlElement | string)[];
}

/** The element as a document of XML 1.0. What is hidden in a text is made visible: most of it may not stand in XML, even escaped. */
export function xml(root: XmlElement): Printable {
	const text = `<?xml version="1.0" encoding="UTF-8"?>\n${xmlLines(root, '').join('\n')}\n`;
	return new Output(() => text);
}

function xmlLines({ name, attributes, children = [] }: XmlElement, indentation: string): string[] {
	const words = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : ` ${key}="${xmlText(String(value))}"`));
	const start = `${indentation}<${name}${words.join('')}`;
	if (children.length === 0) return [`${start}/>`];
	const [first] = children;
	if (typeof first === 'string') return [`${start}>${xmlText(first)}</${name}>`];
	const inner = children.flatMap((child) => (typeof child === 'string' ? [xmlText(child)] : xmlLines(child, `${indentation}  `)));
	return [`${start}>`, ...inner, `${indentation}</${name}>`];
}

/** In one line, so that no runner of a workflow takes the start of one for a command. */
function xmlText(text: string): string {
	const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
	return visible(text)
		.replace(/[&<>"]/g, (character) => references[character] as string)
		.replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
		.replace(OLD_COMMAND, '&#35;');
}

/**
 * Markdown for a comment in GitHub, GitLab or the like, with nothing in it that these take for a person, an issue or a label, whom they
 * would notify or link: what starts such a name does not stand beside it.
 */
export function markdownText({ markdown }: Markdown): Printable {
	// Of marks in text only: in code, where Markdown has no references, nobody is named.
	const text = markdown.replace(/(&#(?:33|35|36|38|64|94|126);)(?=\w)/g, '$1&#8203;');
	return new Output(() => withoutCommands(text));
}

/** The text of a file, for a program as it is; on a terminal with what is hidden in its lines visible. */
export function fileText(text: string): Printable {
	return new Output((terminal) => (terminal ? readable(text) : text));
}

/**
 * A patch, for a program as it is but for lines around it which `git apply` and `patch` pass over: with these the runner of a workflow
 * obeys nothing that stands in the patch.
 */
export function patch(text: string, environment: NodeJS.ProcessEnv): Printable {
	if (text === '' || environment.GITHUB_ACTIONS !== 'true') return fileText(text);
	const token = crypto.randomUUID();
	return new Output((terminal) => (terminal ? readable(text) : `::stop-commands::${token}\n${text}::${token}::\n`));
}

function readable(text: string): string {
	return text
		.split('\n')
		.map((line) => line.replace(/\r$/, '').split('\t').map(visible).join('\t'))
		.join('\n');
}

export interface WorkflowCommand {
	readonly name: 'error' | 'warning' | 'notice';
	/** Those that are `undefined` are left out. */
	readonly properties: Readonly<Record<string, string | number | undefined>>;
	readonly message: string;
}

/**
 * Commands for the runner of a workflow of GitHub Actions, one on each line:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function workflowCommands(commands: readonly WorkflowCommand[]): Printable {
	const lines = commands.map(({ name, properties, message }) => {
		const all = Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : `${key}=${propertyOf(String(value))}`));
		return `::${name} ${all.join(',')}::${dataOf(message)}\n`;
	});
	return new Output(() => lines.join(''));
}

/** What ends a command, or starts an escape, is escaped as the runner reads it, and what is hidden as in any text. */
function dataOf(text: string): string {
	return text
		.split(/(\r|\n)/)
		.map((part) => (part === '\r' ? '%0D' : part === '\n' ? '%0A' : visible(part).replace(OLD_COMMAND, '\\x23').replaceAll('%', '%25')))
		.join('');
}

/** In a property, what separates properties is escaped too. */
function propertyOf(text: string): string {
	return dataOf(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export function together(...all: readonly Printable[]): Printable {
	return new Output((terminal) => all.map((each) => each.textFor(terminal)).join(''));
}

function escapedOf(content: Content): string {
	return content instanceof Text ? content.escaped : visible(String(content));
}

/** How an older form of a command starts, which may stand anywhere in a line; that of other runners is like it: `##vso[`, `##teamcity[`. */
const OLD_COMMAND = /#(?=#\w*\[)/g;

/** The text with nothing in it that the runner of a workflow takes for a command: it reads both streams, line by line. */
function withoutCommands(text: string): string {
	return text.replace(/^([^\S\n\r\u2028\u2029]*):(?=:)/gm, '$1\\x3a').replace(OLD_COMMAND, '\\x23');
}
