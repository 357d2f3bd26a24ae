import type { CommandFields, CommandSection, FileCommands } from './command-sections.ts';
import { METHODS, nameOf, symbolOf } from './names.ts';
import { type Scan, STRIDE } from './scan.ts';
import { COMMA, LEFT_PAREN, RIGHT_BRACE, RIGHT_PAREN, SEMICOLON } from './tokens.ts';
import { textOf, type Value, type ValueScope } from './values.ts';

/** Parts of declarations that run only for a sub-command: the functions of a command's literal, the cases of a switch over an argument. */

export function noCommands(): FileCommands {
	return { sections: [], added: new Set(), literals: new Set(), borrowed: false };
}

/** Packages whose type Command is a command: cobra, urfave/cli, ffcli. */
const OF_COMMANDS =
	/^(?:github\.com\/spf13\/cobra|github\.com\/(?:urfave|codegangsta)\/cli(?:\/v\d+)?|gopkg\.in\/urfave\/cli\.v\d+|github\.com\/peterbourgon\/ff(?:\/v\d+)?(?:\/ffcli)?)$/;

/** The fields whose functions run for the command, and for those below it. */
const RUNS = /^(?:(?:Persistent)?(?:Pre|Post)?RunE?|Action|Before|After|Exec)$/;

const CHILDREN = /^(?:Commands|Subcommands)$/;

/** Whether the symbol is a type of commands. */
export function isCommandType(scan: Scan, symbol: number): boolean {
	if (symbol < 0) return false;
	const { symbols, names } = scan;
	return (
		names.texts[symbols.names[symbol] as number] === 'Command' &&
		OF_COMMANDS.test(names.texts[symbols.packages[symbol] as number] as string)
	);
}

/** Whether the type that ends here is a list of commands: `[]*cobra.Command`. */
export function isCommandList(scan: Scan, start: number): boolean {
	const [, name] = /^\[\]\s*\*?\s*(\w+)\.Command\s*$/.exec(scan.text.slice(start, Math.min(scan.start, start + MAX_TYPE))) ?? [];
	const imported = name === undefined ? 0 : (scan.names.imports[nameOf(scan.names, name)] ?? 0);
	return imported !== 0 && OF_COMMANDS.test(scan.imports[imported - 1]?.path ?? '');
}

/** In UTF-16 units; such a type is shorter. */
const MAX_TYPE = 60;

/** Begins what runs for the field of a command's literal, where the field holds its function. */
export function enterField(scan: Scan, key: number, literal: CommandFields | undefined, added: boolean): CommandSection | undefined {
	if (literal === undefined || scan.section !== undefined || !RUNS.test(scan.names.texts[key] as string)) return undefined;
	return enterSection(scan, { words: [], literal, added });
}

/** Notes what the field of a literal says of commands below its own. */
export function noteField(scan: Scan, key: number, value: Value | undefined): void {
	const name = scan.names.texts[key] as string;
	if (name === 'DefaultCommand') scan.commands.borrowed = true;
	else if (CHILDREN.test(name)) noteAdded(scan, [value]);
}

/** Begins the case of a switch over the first argument. */
export function enterCase(scan: Scan, words: readonly string[]): CommandSection | undefined {
	if (words.length === 0 || scan.section !== undefined) return undefined;
	return enterSection(scan, { words, literal: undefined, added: true });
}

/** Whether the subject of a `switch` is the first argument of the program. */
export function isFirstArgument(scan: Scan, head: string): boolean {
	const subject = head.slice(head.lastIndexOf(';') + 1).trim();
	if (FIRST_ARGUMENT.test(subject)) return true;
	const local = /^\w+$/.test(subject) ? scan.names.locals[nameOf(scan.names, subject)] : undefined;
	const known = local === undefined || local === 0 ? undefined : scan.localValues[local - 1];
	if (known === undefined || known.changed || known.replaced || known.others.length > 0) return false;
	const value = known.value?.kind === 'element' && known.value.index === 1 ? known.value.of : known.value;
	const symbol = value?.kind === 'symbol' || value?.kind === 'call' ? value.symbol : -1;
	if (symbol < 0) return false;
	const { symbols, names } = scan;
	const name = `${names.texts[symbols.packages[symbol] as number]}.${names.texts[symbols.names[symbol] as number]}`;
	return value === known.value ? name === 'flag.Arg' : name === 'os.Args';
}

const FIRST_ARGUMENT = /^(?:strings\.ToLower\()?(?:os\.Args\[1\]|flag\.Arg\(0\)|flag\.Args\(\)\[0\])\)?$/;

/** The words of a case, all of which are constants. */
export function caseWords(values: string): readonly string[] {
	return /^\s*"[^"\\]*"(?:\s*,\s*"[^"\\]*")*\s*$/.test(values)
		? [...values.matchAll(/"([^"\\]+)"/g)].map(([, word]) => word as string)
		: [];
}

/** The word that the condition of an `if` requires: `len(os.Args) > 1 && os.Args[1] == "serve"`. */
export function wordIn(head: string): readonly string[] {
	if (head.includes('||')) return [];
	const [, word] = /(?:^|[&;])\s*(?:os\.Args\[1\]|flag\.Arg\(0\))\s*==\s*"([^"\\]+)"\s*(?:&&|$)/.exec(head) ?? [];
	return word === undefined ? [] : [word];
}

function enterSection(scan: Scan, of: Pick<CommandSection, 'words' | 'literal' | 'added'>): CommandSection {
	const section = { ...of, declaration: scan.current / STRIDE, start: scan.uses.length, end: scan.uses.length };
	scan.commands.sections.push(section);
	scan.section = section;
	// What is mentioned on both sides is noted on both.
	scan.symbols.stamp++;
	return section;
}

export function leaveSection(scan: Scan, section: CommandSection | undefined): void {
	if (section === undefined) return;
	section.end = scan.uses.length;
	scan.section = undefined;
	scan.symbols.stamp++;
}

/** Notes values as commands that are added to another. */
export function noteAdded(scan: Scan, values: readonly (Value | undefined)[], depth = 0): void {
	if (depth > 4) return;
	for (const value of values) {
		if (value?.kind === 'symbol' || value?.kind === 'call') scan.commands.added.add(value.symbol);
		else if (value?.kind === 'method') scan.commands.added.add(symbolOf(scan.symbols, METHODS, nameOf(scan.names, value.name)));
		else if (value?.kind === 'literal') scan.commands.literals.add(value.fields);
		else if (value?.kind === 'local') noteAdded(scan, [value.local.value, ...value.local.others], depth + 1);
		else if (value?.kind === 'list') noteAdded(scan, value.parts, depth + 1);
		else if (value?.kind === 'address' || value?.kind === 'field' || value?.kind === 'pointed' || value?.kind === 'element')
			noteAdded(scan, [value.of], depth + 1);
	}
}

/** Notes where the function of a command is handed on or called by hand, or the command gets other words; `scan` stands after the selector. */
export function noteBorrowed(scan: Scan, name: string): void {
	if (!BORROWED.test(name) || !scan.imports.some(({ path }) => OF_COMMANDS.test(path))) return;
	if (scan.kind !== LEFT_PAREN) {
		const isHandedOn = scan.kind === SEMICOLON || scan.kind === COMMA || scan.kind === RIGHT_PAREN || scan.kind === RIGHT_BRACE;
		if (isHandedOn && name !== 'SetArgs') scan.commands.borrowed = true;
		return;
	}
	// Commands of os/exec run without arguments, and servers with others.
	const isOther = name === 'Run' && !CALLED_BY_HAND.test(scan.text.slice(scan.start, scan.start + MAX_CALL));
	if (!isOther) scan.commands.borrowed = true;
}

const BORROWED = /^(?:RunE?|Action|Exec|SetArgs)$/;

const CALLED_BY_HAND = /^\(\s*&?\w+\s*,\s*(?:args|nil|\[\]string\b)/;

/** In UTF-16 units. */
const MAX_CALL = 80;

/** The words that start the section; none where they are not known. */
export function wordsOf({ words, literal }: CommandSection, scope: ValueScope): readonly string[] {
	if (literal === undefined) return words;
	const { text, complete } = textOf(literal.get('Use') ?? literal.get('Name'), scope);
	const [, name] = /^(\S+)(\s?)/.exec(text) ?? [];
	if (name === undefined || (!complete && name.length === text.length)) return [];
	const aliases = literal.get('Aliases');
	if (aliases === undefined) return literal.has('Aliases') ? [] : [name];
	if (aliases.kind !== 'list') return [];
	const others = aliases.parts.map((part) => textOf(part, scope));
	return others.every((each) => each.complete) ? [name, ...others.map((each) => each.text)] : [];
}
