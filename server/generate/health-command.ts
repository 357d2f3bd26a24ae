import type { Program } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { join } from '../workspace/paths.ts';

/** Names of commands and flags that check whether the program works. */
const NAME = '-{0,2}(?:health[-_]?check|check[-_]?health|healthz?)';

/** Go that asks a server: without it, a name says nothing of what is checked. */
const ASKS = /\bhttp\.(?:Get|Head|NewRequest\w*|Client\b|DefaultClient\b)|\bnet\.Dial|\bgrpc\.(?:Dial|NewClient)|\bNewHealthClient\b/;

/** Larger files are generated. */
const MAX_LENGTH = 256 * 1024;

/**
 * The arguments with which the program checks itself: a sub-command (`os.Args[1]`, cobra), or a flag (`flag`, `pflag`) whose branch ends the
 * program. `undefined` where it has none, where that is not certain, and for a program that does not listen, which asks others.
 */
export async function healthArguments(files: Files, program: Program): Promise<readonly string[] | undefined> {
	const [main] = program.roots;
	if (!program.listeners.some(({ purpose }) => purpose === 'service')) return undefined;
	const sources = await ownSources(files, program);
	for (const { directory, text } of sources) {
		if (!ASKS.test(text)) continue;
		const found = (directory === main?.directory ? (comparedArgument(text) ?? flagIn(text)) : undefined) ?? commandIn(text, sources);
		if (found !== undefined) return [found];
	}
	return undefined;
}

interface Source {
	readonly directory: string;
	/** Without lines that are comments. */
	readonly text: string;
}

async function ownSources(files: Files, { ownPackages }: Program): Promise<readonly Source[]> {
	const sources: Source[] = [];
	for (const { directory, files: names } of ownPackages) {
		for (const name of names) {
			const source = await files.readText(join(directory, name));
			if (source !== undefined && source.length <= MAX_LENGTH) sources.push({ directory, text: source.replace(/^[ \t]*\/\/.*$/gm, '') });
		}
	}
	return sources;
}

/** In UTF-16 code units; a longer statement is not looked through. */
const MAX_STATEMENT = 8000;

/** What follows a match: only of the first one, so that many that do not end take no longer. */
function after({ index, 0: matched }: RegExpExecArray, text: string): string {
	const start = index + matched.length;
	return text.slice(start, start + MAX_STATEMENT);
}

/** `os.Args[1] == "healthcheck"`, or a case of it. */
function comparedArgument(text: string): string | undefined {
	const compared = new RegExp(`\\bos\\.Args\\[1\\]\\s*==\\s*"(${NAME})"`).exec(text)?.[1];
	if (compared !== undefined) return compared;
	const start = /^(\t*)switch os\.Args\[1\] \{\n/m.exec(text);
	if (start === null) return undefined;
	const [, indentation] = start;
	const [, cases = ''] = new RegExp(`^([\\s\\S]*?)^${indentation}\\}`, 'm').exec(after(start, text)) ?? [];
	return new RegExp(`^${indentation}case (?:"[^"\\n]*", )*"(${NAME})"`, 'm').exec(cases)?.[1];
}

/** A flag of which the program only ends. */
function flagIn(text: string): string | undefined {
	const declared = new RegExp(
		`(?:\\b(\\w+)\\s*(?::=|=)\\s*(p?flag)\\.Bool\\(|(p?flag)\\.BoolVar\\(\\s*&([\\w.]+)\\s*,)\\s*"(${NAME})"\\s*,\\s*false\\s*,\\s*"([^"\\n]*)"`,
	).exec(text);
	if (declared === null) return undefined;
	const [, pointer, kind, otherKind, variable, name, usage = ''] = declared;
	if (TURNS_ON.test(usage)) return undefined;
	const read = pointer === undefined ? (variable ?? '').replaceAll('.', '\\.') : `\\*${pointer}`;
	const start = new RegExp(`\\bif\\s+${read}\\s*\\{`).exec(text);
	const branch = start === null ? undefined : /^([\s\S]*?)\n\t\}/.exec(after(start, text))?.[1];
	if (branch === undefined || !/\b(?:os\.Exit\(|return\b|log\.Fatal)/.test(branch) || SERVES.test(branch)) return undefined;
	const isLong = (kind ?? otherKind) === 'pflag' || /\bflag "github\.com\/spf13\/pflag"/.test(text);
	return `${isLong ? '--' : '-'}${name}`;
}

/** What a flag says that lets others ask. */
const TURNS_ON = /\b(?:enabl|disabl|serv(?:e|ing)\b|endpoint|expos|interval|handler|register|periodic)/i;

const SERVES = /\bListenAndServe|\.Handle(?:Func)?\(/;

const REQUIRES = /\bcobra\.(?:ExactArgs|MinimumNArgs|RangeArgs|ExactValidArgs)\b|\bMark(?:Persistent)?FlagRequired\b/;

/** More root commands than a program has. */
const MOST_ROOTS = 20;

/** A command of cobra that the root command has. */
function commandIn(text: string, sources: readonly Source[]): string | undefined {
	const literal = `&cobra\\.Command\\{\\s*Use:\\s*"(${NAME})"`;
	const [, variable, name] =
		new RegExp(`\\b(\\w+)\\s*(?::=|=)\\s*${literal}`).exec(text) ??
		new RegExp(`^func (\\w+)\\([^\\n]*\\{\\n\\treturn ${literal}`, 'm').exec(text) ??
		[];
	// What needs an argument checks what it is told to.
	if (variable === undefined || name === undefined || REQUIRES.test(text)) return undefined;
	const started = sources.flatMap((each) => [...each.text.matchAll(/\b(\w+)\.Execute(?:Context)?\(/g)].map(([, root]) => root as string));
	const added = [...new Set(started)].slice(0, MOST_ROOTS).some((root) => {
		const adds = new RegExp(`\\b${root}\\.AddCommand\\((?:[^()]|\\([^()]{0,200}\\)){0,1000}?\\b${variable}\\b`);
		return sources.some((each) => adds.test(each.text));
	});
	return added ? name : undefined;
}
