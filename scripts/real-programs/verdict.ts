import type { Watched } from '../../test/images/engine.ts';
import type { Verdict } from './result.ts';

/**
 * Tells a program that ran from one that its image let down. A program has started if it still runs when the watch ends, or if it
 * ended in its own words: its usage, a missing setting, a database that does not answer. It has not started if the engine or the loader
 * refused it, or if what it says at its end is one of these.
 */
const LACKS: readonly { readonly lacks: string; readonly pattern: RegExp }[] = [
	// The engine's and the loader's words.
	{
		lacks: 'its executable, or the loader of it',
		pattern: /^exec \S+: (?:no such file or directory|exec format error|permission denied)/m,
	},
	{ lacks: 'a shared library', pattern: /error while loading shared libraries: \S+|version `\S+' not found \(required by/ },
	// What go-scratch supplies.
	{ lacks: 'CA certificates', pattern: /x509: (?:certificate signed by unknown authority|failed to load system roots)/ },
	{ lacks: 'time zone data', pattern: /unknown time zone \S+/ },
	{
		lacks: 'a directory for temporary files',
		pattern: /\b\w+ \/(?:var\/)?tmp(?:\/\S*)?: (?:no such file or directory|permission denied|read-only file system)/,
	},
	{ lacks: 'a user database', pattern: /user: (?:unknown user|lookup \w+|Current requires cgo)/ },
	{ lacks: 'a home directory', pattern: /\$HOME (?:is not defined|not set|must be set)|nor \$HOME are defined/ },
	{ lacks: 'C code', pattern: /Binary was compiled with 'CGO_ENABLED=0'|requires cgo to work/ },
	{
		lacks: 'an executable',
		pattern: /exec: "[^"]+": (?:executable file not found in \$PATH|stat \S+: no such file)|fork\/exec \S+: no such file/,
	},
	{
		lacks: 'the right to write',
		pattern:
			/\b(?:mkdir|open|create|rename|unlinkat|chmod|chown|touch) [^\s:]+: (?:permission denied|read-only file system|operation not permitted)/,
	},
];

/** A file that a program does not find; the path is in the first group. */
const ABSENT_FILES = [
	/\b(?:open|stat|lstat|read|readdir|chdir|CreateFile|no such file or directory:|failed to read) ["'`]?([^\s"'`:]+)["'`]?: (?:no such file or directory|file does not exist)/g,
	/pattern matches no files: [`"]([^`"]+)[`"]/g,
];

/** How much of a line is kept. */
const LONGEST = 240;

/**
 * @param inRepository Whether a path, from the working directory of the program, is one of the repository: what the program does not
 * find although the repository holds it, the image lacks. Any other file is a setting that a person brings.
 */
export function judge({ state, code, output }: Watched, inRepository: (path: string) => boolean): Verdict {
	const text = plain(output);
	if (state === 'refused') {
		return { outcome: 'fails', code, lacks: 'what the engine wants', says: shorten(lineWith(text, /OCI runtime|Error response|./)) };
	}
	const lack = findLack(text, inRepository);
	const says = shorten(lack?.line ?? tellingLine(text, state === 'exited' && code !== 0));
	if (state === 'running') return { outcome: 'runs', code: undefined, lacks: lack?.lacks, says };
	if (code === 137 && text.trim() === '') return { outcome: 'fails', code, lacks: 'memory, or it was killed', says };
	return { outcome: lack === undefined || code === 0 ? 'exits' : 'fails', code, lacks: lack?.lacks, says };
}

/** How programs complain. */
const COMPLAINT =
	/\b(?:panic|fatal|error|failed|cannot|could(?: not|n't)|unable|required|no such|not found|not set|refused|denied|missing|invalid|must)\b/i;

/** The line that tells how it went: of a program that failed its last complaint; else the first that has a word. */
function tellingLine(text: string, failed: boolean): string {
	const lines = text.split('\n').filter((line) => /[A-Za-z]{3}/.test(line));
	if (!failed) return lines[0] ?? '';
	const goroutine = lines.findIndex((line) => /^goroutine \d+ /.test(line));
	const before = goroutine < 0 ? lines : lines.slice(0, goroutine);
	return before.findLast((line) => COMPLAINT.test(line)) ?? before[0] ?? lines[0] ?? '';
}

/**
 * The verdict on a program whose counterpart was started with everything at hand: what both end for the want of, the image does not
 * lack.
 */
export function fairly(verdict: Verdict, reference: Verdict): Verdict {
	const words = ({ says }: Verdict) => says.replace(/\d+/g, '');
	if (verdict.outcome !== 'fails' || reference.outcome !== 'fails' || words(verdict) !== words(reference)) return verdict;
	return { ...verdict, outcome: 'exits', lacks: undefined };
}

function findLack(text: string, inRepository: (path: string) => boolean): { lacks: string; line: string } | undefined {
	for (const { lacks, pattern } of LACKS) if (pattern.test(text)) return { lacks, line: lineWith(text, pattern) };
	for (const pattern of ABSENT_FILES) {
		for (const match of text.matchAll(pattern)) {
			const path = (match[1] as string).replace(/^\.?\/+/, '').replace(/\/?[^/]*\*.*$/, '');
			if (path !== '' && inRepository(path)) return { lacks: `${path} of the repository`, line: lineAt(text, match.index) };
		}
	}
	return undefined;
}

/** Without colours, and without what loggers escape. */
function plain(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
	return text.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\\"', '"');
}

function lineWith(text: string, pattern: RegExp): string {
	const match = pattern.exec(text);
	return match === null ? '' : lineAt(text, match.index);
}

function lineAt(text: string, offset: number): string {
	const end = text.indexOf('\n', offset);
	return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end);
}

function shorten(line: string): string {
	const trimmed = line.trim();
	return trimmed.length > LONGEST ? `${trimmed.slice(0, LONGEST)}…` : trimmed;
}

/** The last words of a build that failed: those of the step where BuildKit shows them, else its error. */
export function lastWords(output: string): string {
	const step = /^------\n > [^\n]*\n([\s\S]*?)^------$/m.exec(output)?.[1] ?? '';
	const lines = step
		.split('\n')
		.map((line) => line.replace(/^\d+\.\d+ /, '').trim())
		.filter((line) => line !== '');
	const errors = lines.filter((line) => !/^(?:go: downloading |#)/.test(line)).slice(-3);
	const error = output.split('\n').filter((line) => line.startsWith('ERROR: '));
	return shorten((errors.length > 0 ? errors.join(' / ') : (error.at(-1) ?? output.trim().split('\n').at(-1) ?? '')).replaceAll('\t', ' '));
}
