import type { CommandForm, Instruction } from '../dockerfile/syntax.ts';
import { execWord, plainWord, type Written } from '../dockerfile/write.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { startedDirectories } from '../facts/started-directory.ts';
import { findExecutable, resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import type { Answer } from '../text/answer.ts';
import type { Range } from '../text/text.ts';
import { basename, isAbsolute } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'entrypoint-not-in-image',
	severity: 'error',
	fixAll: true,
	documentation: {
		summary: 'The file that ENTRYPOINT or CMD starts is not in the image.',
		why: 'The container fails with `exec: "/myapp": stat /myapp: no such file or directory`, or, for a name without a slash, `exec: "myapp": executable file not found in $PATH`. A relative path is relative to WORKDIR, a name without a slash is looked up in PATH, and a script needs the interpreter of its `#!` line: without it the message is `exec /entrypoint.sh: no such file or directory`.',
		example: 'FROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/myapp"]',
		instead: 'FROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only when all files of the stage at that path are known: not for an unknown base image, nor after `make` or a script in the same stage. The fix starts the binary that was copied in, if there is only one candidate.',
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
	return started.present === 'yes' ? withoutInterpreter(facts, state, started) : undefined;
}

/** Starts the one program that was meant. */
function startAnother(target: Target, { name, range, write }: Started): Fix[] {
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
function withoutInterpreter(facts: Facts, state: StageState, { name, path, range }: Started): Finding | undefined {
	if (path === undefined || !name.includes('/')) return undefined;
	const entry = state.files.get(path);
	if (entry === undefined || entry.kind !== 'file' || entry.build !== undefined) return undefined;
	const line = entry.content === undefined ? undefined : /^#!\s*(\S+)(?:\s+(\S+))?/.exec(entry.content);
	if (line?.[1] !== undefined) {
		const viaEnv = basename(line[1]) === 'env' && line[2] !== undefined && !line[2].startsWith('-') ? line[2] : undefined;
		const interpreter =
			state.files.has(line[1]) === 'no' ? line[1] : viaEnv !== undefined && findExecutable(state, viaEnv) === 'no' ? viaEnv : undefined;
		if (interpreter === undefined) return undefined;
		return {
			range,
			message: `${path} is a script for ${interpreter}, which this image does not contain: the container fails with 'exec ${path}: no such file or directory'. Start the program directly, or use a base image with that interpreter.`,
		};
	}
	if (entry.content !== undefined || state.shell !== 'no' || !/\.(?:sh|bash)$/.test(path)) return undefined;
	if (facts.targets.some(({ binaries }) => binaries.some((binary) => binary.path === path))) return undefined;
	return {
		range,
		message: `${path} is a shell script, but this image has no shell: the container fails with 'exec ${path}: no such file or directory'. Start the program directly, or use a base image with a shell.`,
	};
}
