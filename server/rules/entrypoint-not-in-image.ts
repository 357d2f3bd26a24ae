import type { CommandForm, Instruction } from '../dockerfile/syntax.ts';
import { findExecutable } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import type { Facts, Target } from '../lint/facts.ts';
import type { Range } from '../text/text.ts';
import { basename, isAbsolute, join } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'entrypoint-not-in-image',
	severity: 'error',
	fixAll: true,
	documentation: {
		summary: 'The file that ENTRYPOINT or CMD starts is not in the image.',
		why: 'The container fails with `exec: "/myapp": stat /myapp: no such file or directory`, for a bare name with `exec: "myapp": executable file not found in $PATH`. A relative path is seen from WORKDIR, a bare name is looked up in PATH, and a script needs the interpreter that its first line names: without it the message is `exec /entrypoint.sh: no such file or directory`.',
		example: 'FROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/myapp"]',
		instead: 'FROM scratch\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]',
		notes:
			'Speaks only where all files of the stage at that path are known: not for an unknown base image, nor after a `make` or script of the same stage. The fix names the binary that was copied in, where only one can be meant.',
	},
	*check(facts) {
		const seen = new Set<Instruction>();
		for (const target of facts.targets) {
			const { state } = target;
			// With an ENTRYPOINT the words of CMD are its arguments.
			const setting = state.entrypoint ?? state.command;
			const instruction = setting?.instruction;
			if (setting?.value === undefined || instruction === undefined || seen.has(instruction)) continue;
			const started = startedBy(setting.value, state);
			if (started === undefined) continue;
			const found = finding(facts, target, started);
			if (found === undefined) continue;
			seen.add(instruction);
			yield found;
		}
	},
};

interface Started {
	readonly name: string;
	readonly range: Range;
	/** How another name is written in its place. */
	write(name: string): string;
}

/** What a command starts, as far as it is written out. */
function startedBy(form: CommandForm, state: StageState): Started | undefined {
	if (form.form === 'exec') {
		const [first] = form.items;
		return first && { name: first.value, range: first.range, write: (name) => JSON.stringify(name) };
	}
	// Where there is no shell, that is what fails.
	if (form.form !== 'shell' || state.shell !== 'yes' || /[|;&<>(){}`\n*?~]/.test(form.text)) return undefined;
	const match = /^\s*((?:exec\s+)?)([\w./-]+)(?=\s|$)/.exec(form.text);
	if (match?.[2] === undefined || match[1] === undefined || !match[2].includes('/')) return undefined;
	const start = form.range.start + match[0].length - match[2].length;
	return { name: match[2], range: { start, end: start + match[2].length }, write: (name) => name };
}

function finding(facts: Facts, target: Target, started: Started): Finding | undefined {
	const { state } = target;
	const { name, range } = started;
	if (name === '') return undefined;
	const answer = findExecutable(state, name);
	if (answer === 'no') {
		const path = absolutePath(state, name);
		const bare = !name.includes('/');
		const fixes = otherPaths(target, name).map(
			(each): Fix => ({ title: `Start ${each}`, edits: [{ range, newText: started.write(each) }], preferred: true }),
		);
		const there = target.binaries.map((binary) => binary.path);
		const where = there.length === 0 ? '' : ` The image holds ${[...new Set(there)].slice(0, 3).join(', ')}.`;
		return {
			range,
			message: bare
				? `No directory of PATH holds ${name}: the container fails with 'exec: "${name}": executable file not found in $PATH'.${where}`
				: `The image has no ${path ?? name}: the container fails with 'exec: "${name}": stat ${name}: no such file or directory'.${where}`,
			fixes: fixes.length === 1 ? fixes : [],
		};
	}
	return answer === 'yes' ? withoutInterpreter(facts, state, started) : undefined;
}

function absolutePath(state: StageState, name: string): string | undefined {
	if (isAbsolute(name)) return join('/', name);
	return state.workingDirectory === undefined ? undefined : join(state.workingDirectory, name);
}

/** The paths that were meant: the only Go binary, or the files that are known by that name. */
function otherPaths(target: Target, name: string): string[] {
	const binaries = [...new Set(target.binaries.map((binary) => binary.path))];
	const known = [...binaries, ...target.state.files.copiedFiles().map((file) => file.path)];
	const sameName = [...new Set(known.filter((path) => basename(path) === basename(name)))];
	return sameName.length > 0 ? sameName : binaries;
}

/** A script whose interpreter is not there. */
function withoutInterpreter(facts: Facts, state: StageState, { name, range }: Started): Finding | undefined {
	const path = absolutePath(state, name);
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
			message: `${path} is a script for ${interpreter}, which this image does not hold: the container fails with 'exec ${path}: no such file or directory'. Start the program itself, or take a base image with that interpreter.`,
		};
	}
	if (entry.content !== undefined || state.shell !== 'no' || !/\.(?:sh|bash)$/.test(path)) return undefined;
	if (facts.targets.some(({ binaries }) => binaries.some((binary) => binary.path === path))) return undefined;
	return {
		range,
		message: `${path} is a shell script, and this image has no shell: the container fails with 'exec ${path}: no such file or directory'. Start the program itself, or take a base image with a shell.`,
	};
}
