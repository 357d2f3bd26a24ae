import type { FileTree, ImageBuild, RanCommand } from '../image/model.ts';
import { isReadFor } from '../knowledge/files-that-matter.ts';
import { join } from '../workspace/paths.ts';
import type { Script } from './scripts.ts';

/** What a make command is told. */
interface MakeCall {
	/** The image directory that it runs in. */
	readonly directory: string;
	/** The files that may hold its rules, the first that is there. */
	readonly files: readonly string[];
	/** Empty where the first rule is meant. */
	readonly targets: readonly string[];
}

/** The rules that a make command follows, as the build context has them. */
export interface Makefile {
	readonly call: MakeCall;
	readonly text: string;
}

/**
 * The makefiles of the make commands, as far as COPY brings them from the context.
 *
 * @param readScript The file at a workspace path, `undefined` where there is none.
 */
export async function readMakefiles(
	image: ImageBuild,
	readScript: (path: string) => Promise<Script | undefined>,
): Promise<ReadonlyMap<RanCommand, Makefile>> {
	const found = new Map<RanCommand, Makefile>();
	for (const command of image.stages.flatMap(({ ran }) => ran)) {
		const call = makeCall(command);
		const path = call?.files.find((each) => command.files.has(each) !== 'no');
		const source = path === undefined ? undefined : command.files.get(path)?.source;
		const file = source === undefined || !isReadFor('make', source) ? undefined : await readScript(source);
		if (call !== undefined && file !== undefined) found.set(command, { call, text: file.text });
	}
	return found;
}

/** Reads `make [-C DIR] [-f FILE] [TARGET…]`; `undefined` for other programs, and where an option or a variable may change what make does. */
function makeCall({ words, workingDirectory, certain }: RanCommand): MakeCall | undefined {
	if (!certain || !/^g?make$/.test(words[0] ?? '') || workingDirectory === undefined) return undefined;
	let directory = workingDirectory;
	let file: string | undefined;
	const targets: string[] = [];
	for (let at = 1; at < words.length; at++) {
		const word = words[at];
		if (word === undefined) return undefined;
		if (word === '-C' || word === '-f') {
			const value = words[++at];
			if (value === undefined) return undefined;
			if (word === '-C') directory = join(directory, value);
			else file = value;
		} else if (/^-[sk]$|^-j\d*$/.test(word)) continue;
		else if (/^-|=/.test(word)) return undefined;
		else targets.push(word);
	}
	const names = file === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [file];
	return { directory, files: names.map((name) => join(directory, name)), targets };
}

/** Whoever says which Go runs, or where modules come from, knows more than can be seen here. */
const SAYS_MORE =
	/\bGOTOOLCHAIN\b|\bGO111MODULE\b|\bGOFLAGS\b|\bGOWORK\b|-modfile\b|\bgo\.(?:mod|work)\b|\bgo\s+(?:mod|work)\s+(?:init|edit)\b/;

interface MakeRule {
	readonly needs: readonly string[];
	readonly recipe: string[];
}

/**
 * Whether make runs the go command in its own directory whenever the targets are made: a line of a recipe that begins with go.
 * @param files what is in the image: a target that is there already may be up to date
 */
export function runsGo(makefile: Makefile, files: FileTree): boolean {
	return !SAYS_MORE.test(makefile.text) && recipeLines(makefile, files).some((line) => GO.test(line));
}

/** A run of the go command in a recipe. */
export interface RecipeCommand {
	/** As make hands it to the shell, `go mod tidy`. */
	readonly text: string;
	/** What stands after `go`. */
	readonly words: readonly string[];
}

/**
 * The go commands that make runs whenever the targets are made, of lines without branches and quotes.
 * @param files as for {@link runsGo}
 */
export function goInRecipes(makefile: Makefile, files: FileTree): readonly RecipeCommand[] {
	return recipeLines(makefile, files)
		.filter((line) => !/\|\||["'`$#()]/.test(line))
		.flatMap((line) => line.split(/&&|;/))
		.flatMap((part) => {
			const found = /^[@+\s]*(?:\w+=\S*\s+)*(go\s.*)$/.exec(part);
			const text = found?.[1]?.trim();
			return text === undefined ? [] : [{ text, words: text.split(/\s+/).slice(1) }];
		});
}

/** The lines of the recipes that make follows whenever the targets are made, variables replaced as far as they are known. */
function recipeLines({ text, call: { directory, targets } }: Makefile, files: FileTree): readonly string[] {
	const { rules, variables, phony, first } = parse(text);
	const pending = targets.length > 0 ? [...targets] : first === undefined ? [] : [first];
	const seen = new Set<string>();
	const lines: string[] = [];
	for (let target = pending.pop(); target !== undefined; target = pending.pop()) {
		const rule = rules.get(target);
		if (rule === undefined || seen.has(target) || seen.size > MOST_RULES) continue;
		seen.add(target);
		if (!phony.has(target) && files.has(join(directory, target)) !== 'no') continue;
		lines.push(...rule.recipe.map((line) => expand(line, variables)));
		pending.push(...rule.needs);
	}
	return lines;
}

const MOST_RULES = 200;

/** `go build …`, with variables in front; not `go install TOOL@VERSION`, which needs no go.mod. */
const GO =
	/^[@+]*\s*(?:\w+=(?:"[^"]*"|'[^']*'|[^\s;&|"'`$]*)\s+)*go\s+(?:build|install|test|vet|generate|list)\b(?![^;&|]*@)(?![^;&|]*\s-C\b)/;

function parse(text: string): {
	readonly rules: ReadonlyMap<string, MakeRule>;
	readonly variables: ReadonlyMap<string, string>;
	readonly phony: ReadonlySet<string>;
	readonly first: string | undefined;
} {
	const rules = new Map<string, MakeRule>();
	const variables = new Map<string, string>();
	const phony = new Set<string>();
	let first: string | undefined;
	let current: MakeRule | undefined;
	let conditions = 0;
	for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
		const word = /^\s*(\w+)/.exec(line)?.[1] ?? '';
		if (/^if(?:n?eq|n?def)$/.test(word)) conditions++;
		else if (word === 'endif') conditions--;
		// What stands under a condition may not count.
		if (conditions > 0) continue;
		if (line.startsWith('\t')) {
			current?.recipe.push(line.slice(1));
			continue;
		}
		const variable = /^\s*(?:export\s+)?(\w+)\s*[:?]?:?=\s*(.*)$/s.exec(line.trimEnd());
		const rule = /^([^\s:#=][^:=#]*):(?![:=])([^;#]*)$/.exec(line);
		if (variable !== null) variables.set(variable[1] as string, variable[2] as string);
		else if (rule !== null) {
			const names = (rule[1] as string).trimEnd().split(/\s+/);
			const needs = expand(rule[2] as string, variables)
				.split(/\s+/)
				.filter((name) => name !== '');
			if (names[0] === '.PHONY') for (const name of needs) phony.add(name);
			if (names[0]?.startsWith('.') !== true) first ??= names[0];
			current = { needs, recipe: [] };
			for (const name of names) if (!rules.has(name)) rules.set(name, current);
		} else if (line.trim() !== '' && !line.startsWith('#')) current = undefined;
	}
	return { rules, variables, phony, first };
}

/** The text with variables replaced, those that are not known left as they are. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
	let result = text;
	for (let depth = 0; depth < 5 && /\$[({]\w/.test(result) && result.length < 10_000; depth++) {
		result = result.replace(/\$[({](\w+)[)}]/g, (whole, name: string) => variables.get(name) ?? whole);
	}
	return result;
}
