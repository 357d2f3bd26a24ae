import { toExecForm } from '../dockerfile/exec-form.ts';
import { shellFeaturesOf, shellFormWords } from '../dockerfile/shell.ts';
import type { CommandForm, CopyInstruction, Instruction } from '../dockerfile/syntax.ts';
import { execForm, execWord, plainWord, type Written, written } from '../dockerfile/write.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { startedDirectories } from '../facts/started-directory.ts';
import type { StartedFile } from '../facts/started-file.ts';
import { findExecutable, isCommandOption, resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import type { Answer } from '../text/answer.ts';
import type { Range } from '../text/text.ts';
import { basename, isAbsolute, isWithin } from '../workspace/paths.ts';
import type { Finding, Fix, RelatedPlace, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'entrypoint-not-in-image',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'The file that ENTRYPOINT or CMD starts is not in the image, or cannot be executed.',
		why: 'The container fails with `exec: "/myapp": stat /myapp: no such file or directory`, or, for a name without a slash, `exec: "myapp": executable file not found in $PATH`. A relative path is relative to WORKDIR, a name without a slash is looked up in PATH, and a script needs the interpreter of its `#!` line: without it the message is `exec /entrypoint.sh: no such file or directory`, also where Windows line endings make the interpreter `/bin/sh\\r`. A directory, and a file that is not executable, fail with `permission denied`.',
		example: 'FROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/myapp"]',
		instead: 'FROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only when all files of the stage at that path are known: not for an unknown base image, nor after `make` or a script in the same stage. The fix starts the binary that was copied in, if there is only one candidate. Scripts copied from the build context are read; whether they are executable is known where no RUN may change modes.',
	},
	*check(facts) {
		const seen = new Set<Instruction>();
		for (const target of facts.targets) {
			const { state } = target;
			// With an ENTRYPOINT the words of CMD are its arguments.
			const setting = state.entrypoint ?? state.command;
			const instruction = setting?.instruction;
			if (setting?.value === undefined || instruction === undefined || seen.has(instruction)) continue;
			// What is no exec form, or one string for a whole command line, is mended first: the words are not those that were meant.
			if (isMalformed(setting.value)) continue;
			const started = startedBy(state);
			if (started === undefined) continue;
			// That the binary is in a directory of that name is said where it is built.
			if (startedDirectories(facts, target).length > 0) continue;
			const found = finding(facts, target, started);
			if (found === undefined) continue;
			seen.add(instruction);
			yield found;
		}
	},
};

function isMalformed(command: CommandForm): boolean {
	if (command.form !== 'exec') return command.form === 'malformed-exec';
	return command.items.length === 1 && /\S\s+\S/.test(command.items[0]?.value ?? '');
}

interface Started {
	readonly name: string;
	/** From the image's root, where it is known. */
	readonly path: string | undefined;
	readonly present: Answer;
	readonly range: Range;
	/** How another name is written in its place; nothing where it stands inside other quotes. */
	readonly write: ((name: string) => Written | undefined) | undefined;
}

/** What the stage's command starts, seen through init programs and a shell that only starts it. */
function startedBy(state: StageState): Started | undefined {
	const started = resolveCommandPath(state);
	if (started?.program === undefined || started.program === '') return undefined;
	const { form, program: name, path, present } = started;
	if (form.form === 'exec') {
		const item = form.items.find(({ value }) => value === name);
		if (item !== undefined) return { name, path, present, range: item.range, write: execWord };
	} else if (state.shell !== 'yes') {
		// Where there is no shell, that is what fails.
		return undefined;
	}
	// A bare name may be a builtin or a function of the shell.
	if (!name.includes('/')) return undefined;
	const at = form.form === 'shell' ? form.text.search(new RegExp(`(?<![^\\s])${name.replace(/[^\w/]/g, '\\$&')}(?!\\S)`)) : -1;
	if (at < 0) return { name, path, present, range: form.range, write: undefined };
	const start = form.range.start + at;
	return { name, path, present, range: { start, end: start + name.length }, write: plainWord };
}

function finding(facts: Facts, target: Target, started: Started): Finding | undefined {
	const { state } = target;
	const { name, path, range } = started;
	if (started.present === 'no') {
		const shell = absentShell(state, started);
		if (shell !== undefined) return shell;
		const bare = !name.includes('/');
		const there = placedBinaries(target);
		const where = there.length === 0 ? '' : ` The image holds ${there.slice(0, 3).join(', ')}.`;
		return {
			range,
			message: bare
				? `${name} is not in any directory of PATH: the container fails with 'exec: "${name}": executable file not found in $PATH'.${where}`
				: `The image does not contain ${path ?? name}: the container fails with 'exec: "${name}": stat ${name}: no such file or directory'.${where}`,
			fixes: () => startAnother(target, started),
		};
	}
	if (started.present !== 'yes') return undefined;
	return directory(target, started) ?? notExecutable(target, started) ?? withoutInterpreter(facts, target, started);
}

/** A shell in exec form, where there is none: `["sh", "-c", "/app"]`. */
function absentShell(state: StageState, { name, range }: Started): Finding | undefined {
	const setting = state.entrypoint ?? state.command;
	const form = setting?.value;
	if (form?.form !== 'exec' || !/^(?:sh|ash|bash|dash)$/.test(basename(name))) return undefined;
	const at = form.items.findIndex(({ value }) => value === name);
	const text = isCommandOption(form.items[at + 1]?.value) ? form.items[at + 2]?.value : undefined;
	const fails = name.includes('/')
		? `'exec: "${name}": stat ${name}: no such file or directory'`
		: `'exec: "${name}": executable file not found in $PATH'`;
	const words = text === undefined || form.items.length > at + 3 ? undefined : shellFormWords(text);
	const meant = words && [...form.items.slice(0, at).map(({ value }) => value), ...words];
	const features = text === undefined ? [] : shellFeaturesOf(text);
	const instead =
		meant !== undefined
			? `Write ${toExecForm(meant)}.`
			: features.length > 0
				? `Exec form does not support ${features.slice(0, 3).join(' and ')}: let the program do it, or use a base image with a shell.`
				: 'Start the program directly, or use a base image with a shell.';
	return {
		range,
		message: `This image does not contain ${name}: the container fails with ${fails}. ${instead}`,
		fixes: () => {
			const newText = meant && execForm(meant);
			// A shell does not pass on the words of CMD, which the program would get.
			const preferred = state.entrypoint === undefined || state.command?.instruction === undefined;
			return [newText && { title: `Write ${newText}`, edits: [{ range: form.range, newText }], preferred }];
		},
	};
}

function directory(target: Target, started: Started): Finding | undefined {
	const { path, name, range, write } = started;
	if (path === undefined || target.state.files.get(path)?.kind !== 'directory') return undefined;
	// /bin may be a link to /usr/bin, and what is copied lies in the latter.
	const inside = placedBinaries(target).filter((each) => isWithin(path, each) || isWithin(`/usr${path}`, each));
	const [binary] = inside;
	const where = inside.length === 0 ? '' : ` It holds ${inside.slice(0, 3).join(', ')}.`;
	return {
		range,
		message: `${path} is a directory in this image: the container fails with 'exec: "${name}": permission denied'.${where} Start the program in it.`,
		fixes: () => {
			const newText = binary === undefined || inside.length > 1 ? undefined : write?.(binary);
			return [newText && { title: `Start ${binary}`, edits: [{ range, newText }], preferred: true }];
		},
	};
}

/** A file without the right to be executed: it has none in the build context, or the Dockerfile sets its mode. */
function notExecutable({ state, startedFile }: Target, { path, name, range }: Started): Finding | undefined {
	if (path === undefined) return undefined;
	const { kind, instruction, mode } = state.files.get(path) ?? {};
	const file = startedFile?.path === path ? startedFile : undefined;
	const closed = kind === 'file' && mode !== undefined && (mode & 0o111) === 0;
	if (!closed && file?.executable !== false) return undefined;
	const copy = instruction?.keyword === 'COPY' && instruction.stage === state.stage.index && mode === undefined ? instruction : undefined;
	return {
		range,
		message: `${path} is not executable: the container fails with 'exec: "${name}": permission denied'. ${mode === undefined ? 'Copy it with --chmod=755, or make it executable in the build context' : `Its mode is ${mode.toString(8)}: make it 755`}.`,
		related: file === undefined ? [] : placeOf(file, 'not executable'),
		fixes: () => [copy && namesOnly(state, copy) ? withMode(copy) : undefined],
	};
}

function placeOf({ source }: StartedFile, message: string): RelatedPlace[] {
	return source === undefined ? [] : [{ path: source, line: 0, character: 0, length: 0, message }];
}

/** Whether the instruction copies the one file and nothing else, so that its mode is that of the file. */
function namesOnly(state: StageState, copy: CopyInstruction): boolean {
	const own = state.copies.filter(({ instruction }) => instruction === copy);
	return own.length === 1 && own[0]?.from.kind === 'context' && copy.flags.every(({ name }) => name !== 'chmod');
}

function withMode({ keywordRange }: CopyInstruction): Fix {
	const at = keywordRange.end;
	return { title: 'Copy it with --chmod=755', edits: [{ range: { start: at, end: at }, newText: written` --chmod=755` }], preferred: true };
}

/** Starts the one program that was meant. */
function startAnother(target: Target, { name, range, write }: Started): Fix[] {
	// An assignment was not meant to be a program: it belongs into ENV.
	if (!name.includes('/') && name.includes('=')) return [];
	const paths = otherPaths(target, name);
	const [path] = paths;
	if (path === undefined || paths.length > 1) return [];
	const newText = write?.(path);
	return newText === undefined ? [] : [{ title: `Start ${path}`, edits: [{ range, newText }], preferred: true }];
}

/** Where the target's binaries lie; of one that a bare name stands for, that is not known. */
function placedBinaries({ binaries }: Target): string[] {
	return [...new Set(binaries.map(({ path }) => path).filter(isAbsolute))];
}

const STARTS_OTHERS =
	/^(?:(?:ba|da|a|z|k|c|tc)?sh|busybox|env|exec|tini|dumb-init|catatonit|docker-init|gosu|su-exec|setpriv|supervisord|s6-svscan|python[\d.]*|node|perl|ruby|php|java)$/;

/** The paths that were meant: the only Go binary, or the files that are known by that name. */
function otherPaths(target: Target, name: string): string[] {
	const binaries = placedBinaries(target);
	const known = [...binaries, ...target.state.files.copiedFiles().map((file) => file.path)];
	const sameName = [...new Set(known.filter((path) => basename(path) === basename(name)))];
	// A shell or an init program was meant to start what stands behind it, which another program in its place does not.
	return sameName.length > 0 || STARTS_OTHERS.test(basename(name)) ? sameName : binaries;
}

/** A script whose interpreter is not there. */
function withoutInterpreter(facts: Facts, target: Target, { name, path, range }: Started): Finding | undefined {
	const { state, startedFile } = target;
	if (path === undefined || !name.includes('/')) return undefined;
	const entry = state.files.get(path);
	if (entry === undefined || entry.kind !== 'file' || entry.build !== undefined) return undefined;
	const text = entry.content ?? (startedFile?.path === path ? startedFile.text : undefined);
	const related: RelatedPlace[] =
		entry.content === undefined && startedFile?.path === path ? placeOf(startedFile, 'the first line of the script') : [];
	const line = text === undefined ? undefined : readInterpreter(text);
	if (line !== undefined) {
		const message = interpreterFailure(state, path, line);
		return message === undefined ? undefined : { range, message, related };
	}
	if (text !== undefined && isStartedDirectly(state, name)) {
		return {
			range,
			message: `${path} is a text without a first line such as #!/bin/sh: the container fails with 'exec ${path}: exec format error'. Add that line.`,
			related,
		};
	}
	if (text !== undefined || state.shell !== 'no' || !/\.(?:sh|bash)$/.test(path)) return undefined;
	if (facts.targets.some(({ binaries }) => binaries.some((binary) => binary.path === path))) return undefined;
	return {
		range,
		message: `${path} is a shell script, but this image has no shell: the container fails with 'exec ${path}: no such file or directory'. Start the program directly, or use a base image with a shell.`,
	};
}

/** Whether the engine itself starts the program, in exec form: a shell, and init programs, run a script without a first line all the same. */
function isStartedDirectly(state: StageState, name: string): boolean {
	const form = (state.entrypoint ?? state.command)?.value;
	return form?.form === 'exec' && form.items[0]?.value === name;
}

/** The first line of a script, as the kernel reads it. */
interface Interpreter {
	readonly program: string;
	/** What `env` is told to start. */
	readonly viaEnv: string | undefined;
	/** The word that has the carriage return of a Windows line ending at its end. */
	readonly carriageReturn: string | undefined;
}

function readInterpreter(text: string): Interpreter | undefined {
	const line = /^#![ \t]*([^\n]*)/.exec(text)?.[1];
	const [program = '', ...words] = line?.trim().split(/[ \t]+/) ?? [];
	if (line === undefined || program === '') return undefined;
	const first = words[0] === '-S' ? words[1] : words[0];
	const viaEnv = basename(program) === 'env' && first !== undefined && !/^-|=/.test(first) ? first : undefined;
	return { program, viaEnv, carriageReturn: line.endsWith('\r') ? (words.at(-1) ?? program) : undefined };
}

/** What the container fails with, in a sentence; `undefined` where the interpreter is there, or that is not known. */
function interpreterFailure(state: StageState, path: string, { program, viaEnv, carriageReturn }: Interpreter): string | undefined {
	const notFound = `'exec ${path}: no such file or directory'`;
	const notStarted = (name: string) =>
		state.base?.addsUsersWith === 'adduser' ? `"env: can't execute '${name}'"` : `"env: '${name}': No such file or directory"`;
	if (carriageReturn !== undefined) {
		const fails =
			carriageReturn === program
				? `fails with ${notFound}`
				: carriageReturn === viaEnv
					? `fails with ${notStarted(`${viaEnv}\\r`)}`
					: 'fails at once';
		return `${path} has Windows line endings, so that its first line ends with '${carriageReturn}\\r': the container ${fails}. Save the file with LF line endings.`;
	}
	const instead = 'Start the program directly, or use a base image with that interpreter.';
	if (state.files.has(program) === 'no')
		return `${path} is a script for ${program}, which this image does not contain: the container fails with ${notFound}. ${instead}`;
	if (viaEnv === undefined || findExecutable(state, viaEnv) !== 'no') return undefined;
	return `${path} is a script for ${viaEnv}, which this image does not contain: the container fails with ${notStarted(viaEnv)}. ${instead}`;
}
