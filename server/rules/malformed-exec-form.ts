import { toExecForm } from '../dockerfile/exec-form.ts';
import { splitAsShellWords } from '../dockerfile/shell.ts';
import type { CommandForm, Instruction } from '../dockerfile/syntax.ts';
import { execForm } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'malformed-exec-form',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'The command looks like exec form but is not valid: it is not JSON, or the whole command line is one string.',
		why: 'Exec form is a JSON array of strings. `[\'/app\']` and `["/app",]` are not JSON, so the engine passes them to a shell, which looks for a program named `[/app]` and fails. Without a shell the container fails too. `["/app --port 80"]` is JSON, but names a program whose file name contains spaces: `exec: "/app --port 80": stat /app --port 80: no such file or directory`.',
		example: "FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ['/app']",
		instead: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			"Not reported for the shell's test command (`RUN [ -f x ]`). The fix writes the intended JSON; if that is ambiguous, there is no fix.",
	},
	*check(facts) {
		for (const instruction of facts.dockerfile.instructions) {
			const command = commandOf(instruction);
			if (command === undefined || instruction.onbuild || facts.image.stages[instruction.stage]?.windows) continue;
			const found =
				command.form === 'malformed-exec' ? notJson(command) : command.form === 'exec' ? oneString(facts, instruction, command) : undefined;
			if (found !== undefined) yield found;
		}
	},
};

function commandOf(instruction: Instruction): CommandForm | undefined {
	switch (instruction.keyword) {
		case 'RUN':
		case 'CMD':
		case 'ENTRYPOINT':
		case 'SHELL':
		case 'HEALTHCHECK':
			return instruction.command;
		default:
			return undefined;
	}
}

function notJson(command: CommandForm & { form: 'malformed-exec' }): Finding {
	const meant = command.items && toExecForm(command.items);
	return {
		range: command.range,
		message: `This is not a JSON array of strings, so the engine passes it to a shell.${meant === undefined ? ' Write each word in double quotes, with commas between.' : ` Write ${meant}.`}`,
		fixes: () => [command.items && inExecForm(command, command.items)],
	};
}

function oneString(facts: Facts, instruction: Instruction, command: CommandForm & { form: 'exec' }): Finding | undefined {
	const [item] = command.items;
	if (item === undefined || command.items.length > 1 || !/\S\s+\S/.test(item.value)) return undefined;
	// A CMD of one string may be an argument of the ENTRYPOINT.
	if (instruction.keyword === 'CMD' && facts.image.stages[instruction.stage]?.entrypoint?.value !== undefined) return undefined;
	if (instruction.keyword === 'SHELL') return undefined;
	const words = splitAsShellWords(item.value);
	if (words === undefined || words.length < 2) return undefined;
	// A file name may hold spaces.
	if (item.value.startsWith('/') && facts.image.stages[instruction.stage]?.files.has(item.value) !== 'no') return undefined;
	const meant = toExecForm(words);
	return {
		range: item.range,
		message: `The whole command line is one string: the engine looks for a program named "${item.value}" and fails with 'no such file or directory' or 'executable file not found in $PATH'. Write ${meant}.`,
		fixes: () => [inExecForm(command, words)],
	};
}

function inExecForm(command: CommandForm, words: readonly string[]): Fix | undefined {
	const newText = execForm(words);
	return newText && { title: `Write ${newText}`, edits: [{ range: command.range, newText }], preferred: true };
}
