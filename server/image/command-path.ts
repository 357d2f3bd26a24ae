import { parseShell } from '../dockerfile/shell.ts';
import type { CommandForm } from '../dockerfile/syntax.ts';
import type { Answer } from '../text/answer.ts';
import { remembered } from '../text/remembered.ts';
import { isAbsolute, join } from '../workspace/paths.ts';
import type { Environment, FileTree, StageState } from './model.ts';
import { expandToWords } from './shell/shell-words.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Whether a program of that name (or at that path) is in the stage, as the engine looks for it: along PATH, from the working directory. */
export function findExecutable(state: Pick<StageState, 'files' | 'environment' | 'workingDirectory'>, name: string): Answer {
	return locateExecutable(state, name).answer;
}

export interface LocatedExecutable {
	readonly answer: Answer;
	/** Where it is, where that is known; for a name with a slash, where it would be. */
	readonly path: string | undefined;
}

/** {@link findExecutable} with the path. */
export function locateExecutable(state: Pick<StageState, 'files' | 'environment' | 'workingDirectory'>, name: string): LocatedExecutable {
	if (name === '') return { answer: 'unknown', path: undefined };
	if (name.includes('/')) {
		const path = isAbsolute(name) ? join('/', name) : state.workingDirectory === undefined ? undefined : join(state.workingDirectory, name);
		return { answer: path === undefined ? 'unknown' : state.files.has(path), path };
	}
	return alongPath(state.files, state.environment, name);
}

/** Looks for `name` in the directories that PATH lists. */
export function alongPath(files: FileTree, environment: Environment, name: string): LocatedExecutable {
	const setting = environment.get('PATH');
	if (setting === undefined && !environment.complete) return { answer: 'unknown', path: undefined };
	const path = setting === undefined ? DEFAULT_PATH : setting.value;
	if (path === undefined) return { answer: 'unknown', path: undefined };
	let unknown = false;
	for (const directory of path.split(':').slice(0, 64)) {
		if (!isAbsolute(directory)) continue;
		const candidate = join(directory, name);
		const present = files.has(candidate);
		if (present === 'unknown') unknown = true;
		// What comes first on PATH may hide what is certain further on; it is the same program for all that is asked here.
		if (present === 'yes' && files.get(candidate)?.kind !== 'directory') return { answer: 'yes', path: candidate };
	}
	// An assignment in exec form names a program that no image has.
	return { answer: unknown && !/^[A-Za-z_]\w*=/.test(name) ? 'unknown' : 'no', path: undefined };
}

/** What ENTRYPOINT and CMD together start. */
export interface StartedCommand {
	/** The setting that names the program: `undefined` where neither is set. */
	readonly from: 'entrypoint' | 'command';
	readonly form: CommandForm;
	/** The program as written, with everything that only starts others (tini, `sh -c`, `exec`) taken away. `undefined` where not known. */
	readonly program: string | undefined;
	/** Its arguments, as far as they are known, CMD's included. */
	readonly arguments: readonly (string | undefined)[];
	/** Where the program is: `undefined` where it is not known. */
	readonly path: string | undefined;
	readonly present: Answer;
}

/**
 * The program that a container of the stage starts: ENTRYPOINT with CMD as its arguments, or CMD alone; seen through init programs
 * and a shell that only execs.
 */
export const resolveCommandPath = remembered(startedCommand);

function startedCommand(state: StageState): StartedCommand | undefined {
	const entrypoint = state.entrypoint?.value;
	const command = state.command?.value;
	const form = state.entrypoint === undefined ? command : entrypoint;
	if (form === undefined || (state.entrypoint === undefined && !state.commandKnown)) return undefined;
	const from = state.entrypoint === undefined ? 'command' : 'entrypoint';
	let words: readonly (string | undefined)[] = wordsOf(form, state);
	// CMD comes behind an ENTRYPOINT in exec form only.
	if (from === 'entrypoint' && form.form === 'exec' && command?.form === 'exec') words = [...words, ...wordsOf(command, state)];
	words = withoutStarters(words, state, 0);
	const program = words[0];
	const found = program === undefined ? { answer: 'unknown' as const, path: undefined } : locateExecutable(state, program);
	return { from, form, program, arguments: words.slice(1), path: found.path, present: found.answer };
}

/** The words of a command, `undefined` for one that is not known; a shell text that is more than one command has one unknown word. */
function wordsOf(form: CommandForm, state: StageState): (string | undefined)[] {
	if (form.form === 'exec') return form.items.map((item) => item.value);
	return shellWords(form.text, form.range.start, state);
}

function shellWords(text: string, offset: number, state: StageState): (string | undefined)[] {
	const node = parseShell(text, offset);
	if (node.kind !== 'command' || node.words.length === 0) return [undefined];
	return node.words
		.flatMap((word) => expandToWords(word, state.environment, () => undefined))
		.map((word) => (word.pattern ? undefined : word.value));
}

/** Programs that start the command behind their own options, with the options that take a value. */
const STARTERS: ReadonlyMap<string, readonly string[]> = new Map([
	['tini', ['-p', '-e']],
	['tini-static', ['-p', '-e']],
	['dumb-init', ['--rewrite', '-r']],
	['catatonit', []],
	['exec', ['-a']],
	['nice', ['-n']],
	['su-exec', []],
	['gosu', []],
]);

/** Whether a word of a shell's command line says that the next one is the text to run: `-c`, `-ec`, `-lc`. */
export function isCommandOption(word: string | undefined): boolean {
	return word !== undefined && /^-[a-z]*c$/.test(word);
}

function withoutStarters(words: readonly (string | undefined)[], state: StageState, depth: number): readonly (string | undefined)[] {
	const [first] = words;
	const name = first?.slice(first.lastIndexOf('/') + 1);
	if (name === undefined || depth > 8) return words;
	if (/^(?:sh|ash|bash|dash)$/.test(name)) {
		if (!isCommandOption(words[1])) return words;
		// A shell that is absent is itself what fails to start.
		if (locateExecutable(state, first as string).answer === 'no') return words;
		return words[2] === undefined ? [undefined] : withoutStarters(shellWords(words[2], 0, state), state, depth + 1);
	}
	const values = STARTERS.get(name);
	// An init that is absent is itself what fails to start.
	if (values === undefined || (name !== 'exec' && locateExecutable(state, first as string).answer === 'no')) return words;
	let at = 1;
	for (; at < words.length; at++) {
		const word = words[at];
		if (word === '--') {
			at++;
			break;
		}
		if (word === undefined || !word.startsWith('-')) break;
		if (values.includes(word)) at++;
	}
	if (name === 'su-exec' || name === 'gosu') at++;
	return at >= words.length ? words : withoutStarters(words.slice(at), state, depth + 1);
}

/** Whether the user (a uid; `undefined` not known) may create files in the directory. */
export function isWritableBy(state: Pick<StageState, 'files'>, directory: string, uid: number | undefined): Answer {
	const present = state.files.has(directory);
	if (present !== 'yes') return uid === 0 ? 'unknown' : present;
	const entry = state.files.get(directory);
	if (entry === undefined || entry.kind === 'unknown') return 'unknown';
	if (entry.kind === 'file') return 'no';
	if (uid === 0) return 'yes';
	if (entry.mode !== undefined && (entry.mode & 0o002) !== 0) return 'yes';
	if (uid === undefined || entry.owner === undefined || entry.mode === undefined) return 'unknown';
	if (entry.owner === uid) return (entry.mode & 0o200) !== 0 ? 'yes' : 'no';
	// The owning group is not followed.
	return (entry.mode & 0o020) !== 0 ? 'unknown' : 'no';
}
