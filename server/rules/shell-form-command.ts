import { toExecForm } from '../dockerfile/exec-form.ts';
import { shellFeaturesOf, shellFormWords } from '../dockerfile/shell.ts';
import type { CommandForm, Dockerfile, Instruction } from '../dockerfile/syntax.ts';
import { inExecForm } from '../fixes/instructions.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { Setting, StageState } from '../image/model.ts';
import { chainOf, rootOf } from '../image/stage-chain.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'shell-form-command',
	severity: 'warning',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary:
			'CMD, ENTRYPOINT or HEALTHCHECK uses shell form: it needs a shell, which scratch images lack, and the program does not receive signals.',
		why: 'In shell form the engine starts `/bin/sh -c "…"`. An image without a shell fails with `exec: "/bin/sh": stat /bin/sh: no such file or directory`. A shell may stay PID 1 and not forward SIGTERM, so the container stops only when it is killed after the timeout.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nCMD /app',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]',
		notes:
			'An error when the stage has no shell; information in Alpine images, whose shell executes the last command in its own place; otherwise a warning. Not reported for `exec …`, nor for HEALTHCHECK in an image with a shell. The fix splits words as the shell does. It is offered only when the command uses no shell feature (variable, operator, glob, redirect, substitution); otherwise the message names the feature. An ENTRYPOINT in shell form ignores CMD; converting it would turn that CMD into arguments, so fix-all does not apply that fix.',
	},
	*check(facts) {
		const seen = new Set<Instruction>();
		for (const { state } of facts.targets) {
			for (const setting of [state.entrypoint, state.command]) {
				// CMD is ignored where ENTRYPOINT is in shell form.
				if (setting === state.command && state.entrypoint?.value?.form === 'shell') continue;
				yield* checkCommand(facts.dockerfile, state, setting, seen);
			}
			for (const instruction of state.stage.instructions) {
				if (instruction.keyword !== 'HEALTHCHECK' || state.shell !== 'no' || instruction.command?.form !== 'shell') continue;
				yield finding(facts.dockerfile, state, instruction, instruction.command);
			}
		}
	},
};

function* checkCommand(
	dockerfile: Dockerfile,
	state: StageState,
	setting: Setting<CommandForm | undefined> | undefined,
	seen: Set<Instruction>,
): Iterable<Finding> {
	const { instruction, value: command } = setting ?? {};
	if (instruction === undefined || command?.form !== 'shell' || seen.has(instruction)) return;
	seen.add(instruction);
	// The shell replaces itself by the program, or is the program itself.
	if (state.shell !== 'no' && /^\s*(?:exec\s|(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh\s*$)/.test(command.text)) return;
	yield finding(dockerfile, state, instruction, command);
}

function finding(dockerfile: Dockerfile, state: StageState, instruction: Instruction, command: CommandForm & { form: 'shell' }): Finding {
	const words = shellFormWords(command.text);
	const hidesCommand = instruction.keyword === 'ENTRYPOINT' && state.command?.instruction !== undefined;
	const replaced = state.shell !== 'no' && replacesItself(state, command.text);
	const why =
		state.shell === 'no'
			? `${instruction.keyword} in shell form runs /bin/sh -c, but this image has no shell: it fails with 'exec: "/bin/sh": stat /bin/sh: no such file or directory'.`
			: `${instruction.keyword} in shell form starts the program through /bin/sh -c: ${replaced ? 'the shell of this image gives way to the program, others stay process 1 and keep SIGTERM from it' : 'the shell may stay process 1 and keep SIGTERM from the program'}.`;
	return {
		range: { start: instruction.keywordRange.start, end: command.range.end },
		severity: state.shell === 'no' ? 'error' : replaced ? 'information' : 'warning',
		message: `${why} ${instruction.keyword === 'HEALTHCHECK' && words === undefined ? checkItself(state) : advice(dockerfile, command, words, hidesCommand, state.shell)}`,
		fixes: () => {
			const edit = inExecForm(command);
			if (edit === undefined) return [];
			const preferred = !hidesCommand && !setsShell(state);
			return [{ title: `Convert ${instruction.keyword} to exec form`, edits: [edit], preferred }];
		},
	};
}

/** Whether the shell is another than `sh -c`: one that reads a profile, such as `bash -lc`, may set what the program needs. */
function setsShell(state: StageState): boolean {
	return chainOf(state).some(({ stage }) =>
		stage.instructions.some(
			(each) =>
				each.keyword === 'SHELL' &&
				!(
					each.command?.form === 'exec' &&
					/^(?:\/bin\/)?(?:sh|ash|bash|dash) (?:-[eux]+ |-o pipefail )*-[eux]*c$/.test(joinedWords(each.command))
				),
		),
	);
}

const joinedWords = ({ items }: CommandForm & { form: 'exec' }) => items.map(({ value }) => value).join(' ');

/** A check that calls on other programs and on what a shell does with them has no exec form. */
function checkItself(state: StageState): string {
	const program = resolveCommandPath(state)?.path ?? '/app';
	return `Let the program check itself with a flag, in exec form: HEALTHCHECK CMD ${toExecForm([program, '-healthcheck'])}.`;
}

/**
 * Whether the shell executes the last command in place of itself: ash of BusyBox does (seen with 1.35), dash does not (0.5.12). In a pipe or in
 * the background no shell does.
 */
function replacesItself(state: StageState, text: string): boolean {
	const base = rootOf(state).base;
	return base?.distribution === 'alpine' && !setsShell(state) && !APART.test(text);
}

/** A pipe, or `&`. */
const APART = /(?<!\|)\|(?!\|)|(?<!&)&(?!&)/;

function advice(
	dockerfile: Dockerfile,
	command: CommandForm,
	words: readonly string[] | undefined,
	hidesCommand: boolean,
	shell: StageState['shell'],
): string {
	if (hidesCommand) return 'Exec form fixes this, but the CMD, which is ignored now, would become its arguments.';
	if (words !== undefined) return `Write it in exec form: ${toExecForm(words)}.`;
	const features = shellFeaturesOf(dockerfile.text.slice(command.range.start, command.range.end));
	if (features.length === 0) return 'Write it in exec form.';
	const text = command.form === 'shell' ? command.text : '';
	const instead = shell === 'no' ? ', or use a base image with a shell' : APART.test(text) ? '' : ', or start the program with exec';
	return `Exec form does not support ${features.slice(0, 3).join(' and ')}: let the program do it${instead}.`;
}
