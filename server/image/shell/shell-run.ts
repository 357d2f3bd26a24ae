import { added } from '../../dockerfile/expand.ts';
import type { ShellCommand, ShellListItem, ShellNode, ShellRedirect } from '../../dockerfile/shell-syntax.ts';
import type { CommandInstruction, Heredoc } from '../../dockerfile/syntax.ts';
import { withoutFinalNewlines } from '../../text/ends.ts';
import { afford } from '../expansion.ts';
import type { Environment, RanCommand } from '../model.ts';
import type { StageRun } from '../stage-run.ts';
import { createVariables, layered } from '../variables.ts';
import { assign, type Call, forgetVariables, pathIn, resolve, type Shell, unknownProgram, writeText } from './call.ts';
import { goEnvironmentOf } from './go-environment.ts';
import { effectOf } from './shell-effects.ts';
import { type ExpandedWord, expandToText, expandToWords } from './shell-words.ts';

/** Starts a shell with the stage's variables. */
export function startShell(run: StageRun, instruction: CommandInstruction): Shell {
	const below = layered(run.environment.snapshot(), run.arguments.snapshot());
	return {
		run,
		instruction,
		directory: run.workingDirectory,
		variables: createVariables(below),
		exported: createVariables(below),
		exportsAll: false,
		exportedNames: new Set(),
		certain: true,
		depth: 0,
		ends: true,
		stopsOnError: run.shell.some((word) => /^-[a-z]*e/.test(word)),
		quoted: false,
	};
}

/** Variables that a shell sets by itself, to what is not known here. */
const OF_SHELL = /^(?:OLDPWD|PPID|RANDOM|SECONDS|HOSTNAME|UID|EUID|LINENO|BASH_VERSION|SHELL)$/;

/** The variables as the shell expands them: with those that it sets by itself, and with HOME, which the engine sets. */
function variablesOf({ run, directory, variables }: Shell): Environment {
	return {
		complete: variables.complete,
		get(name) {
			const setting = variables.get(name);
			if (setting !== undefined) return setting;
			if (name === 'PWD') return { value: directory, instruction: undefined };
			if (name === 'HOME') return { value: run.user.value.uid === 0 ? '/root' : undefined, instruction: undefined };
			return OF_SHELL.test(name) ? { value: undefined, instruction: undefined } : undefined;
		},
	};
}

const MAX_DEPTH = 60;
/** A loop over more words than these is followed once, with the variable unknown. */
const MAX_TURNS = 24;

/**
 * Follows `node` and writes what it leaves behind into the stage.
 * @returns what it prints, where that is known
 */
export function runShell(shell: Shell, node: ShellNode, input?: string): string | undefined {
	// Loops within loops are given up as a whole; that all is unknown was said when the budget ran out.
	if (shell.run.build.commandBudget < 0) return undefined;
	if (shell.depth > MAX_DEPTH) {
		shell.run.tree.makeUnknown('/');
		return undefined;
	}
	switch (node.kind) {
		case 'command':
			return runCommand(shell, node, input);
		case 'list':
			return runList(shell, node.items);
		case 'pipeline': {
			let output = input;
			const several = node.commands.length > 1;
			for (const [index, command] of node.commands.entries()) {
				// The status of a pipeline is that of its last command.
				const ends = shell.ends && index === node.commands.length - 1;
				output = several ? runApart({ ...shell, ends }, command, output) : runShell(shell, command, output);
			}
			return output;
		}
		case 'group': {
			const output = node.subshell ? runApart(shell, node.body, input) : runInside(shell, node.body, input);
			return redirect(shell, node.redirects, output);
		}
		case 'if': {
			runTolerant(shell, node.condition);
			runPerhaps(shell, node.otherwise === undefined ? [node.then] : [node.then, node.otherwise]);
			return undefined;
		}
		case 'case':
			runPerhaps(shell, node.branches);
			return undefined;
		case 'loop':
			runLoop(shell, node);
			return undefined;
		case 'unknown':
			shell.run.tree.makeUnknown('/');
			return undefined;
	}
}

/** In the same shell, which goes on where it fails. */
function runTolerant(shell: Shell, node: ShellNode): string | undefined {
	const { ends } = shell;
	shell.ends = false;
	const output = runInside(shell, node);
	shell.ends = ends;
	return output;
}

/** One level further in, in the same shell. */
function runInside(shell: Shell, node: ShellNode, input?: string): string | undefined {
	shell.depth += 1;
	const output = runShell(shell, node, input);
	shell.depth -= 1;
	return output;
}

/** In a subshell: directory and variables are its own. */
function runApart(shell: Shell, node: ShellNode, input?: string): string | undefined {
	return runShell({ ...shell, ...variablesApart(shell), depth: shell.depth + 1 }, node, input);
}

/** The variables of a shell for one that starts as it is and goes its own way. */
function variablesApart({ variables, exported }: Shell): Pick<Shell, 'variables' | 'exported'> {
	return { variables: createVariables(variables.snapshot()), exported: createVariables(exported.snapshot()) };
}

function runList(shell: Shell, items: readonly ShellListItem[]): string | undefined {
	const certain = shell.certain;
	let printed: string | undefined = '';
	for (let start = 0; start < items.length; ) {
		// A chain of && and ||: what stands behind && runs for certain where the RUN fails otherwise, so not where a later || saves it.
		let end = start + 1;
		while (end < items.length && (items[end]?.operator === '&&' || items[end]?.operator === '||')) end++;
		let lastOr = -1;
		for (let index = start + 1; index < end; index++) if (items[index]?.operator === '||' && !isExit(items[index]?.node)) lastOr = index;
		/** Whether a test before this link may have ended the chain, and what follows the chain makes the RUN succeed all the same. */
		let tested = false;
		for (let index = start; index < end; index++) {
			const item = items[index] as ShellListItem;
			if (item.operator === '||' && isExit(item.node)) continue;
			shell.certain = certain && (index === start || (item.operator === '&&' && index > lastOr && !tested));
			tested ||= end < items.length && isTest(item.node);
			// What a `||` saves, what runs in the background, and what is not last without `set -e` may fail.
			const mayFail = index < lastOr || items[end]?.operator === '&' || (end < items.length && !shell.stopsOnError);
			const output = mayFail ? runTolerant(shell, item.node) : runInside(shell, item.node);
			printed = shell.certain ? added(printed, output) : undefined;
		}
		start = end;
	}
	shell.certain = certain;
	return printed;
}

/** `exit 1`, `false`, or a group that ends with one. */
function isExit(node: ShellNode | undefined): boolean {
	if (node?.kind === 'group') return isExit(node.body);
	if (node?.kind === 'list') return isExit(node.items.at(-1)?.node);
	return node?.kind === 'command' && /^(?:exit|false)$/.test(node.words[0]?.raw ?? '') && node.words[1]?.raw !== '0';
}

/** `[ -f x ]` and its like, which nobody writes to see it succeed each time. */
function isTest(node: ShellNode): boolean {
	return node.kind === 'command' && /^(?:test|\[\[?)$/.test(node.words[0]?.raw ?? '');
}

/** Follows branches of which it is not known which is taken: afterwards, what any of them set is not known. */
function runPerhaps(shell: Shell, branches: readonly ShellNode[]): void {
	const directories = new Set<string | undefined>([shell.directory]);
	for (const branch of branches) {
		const inner: Shell = { ...shell, ...variablesApart(shell), certain: false, depth: shell.depth + 1 };
		runShell(inner, branch);
		directories.add(inner.directory);
		if (!inner.exported.complete && shell.exported.complete) forgetVariables(shell);
		for (const each of ['variables', 'exported'] as const) {
			for (const [name, setting] of inner[each].own()) {
				if (shell[each].get(name)?.value !== setting.value || setting.value === undefined) {
					shell[each].set(name, { value: undefined, instruction: shell.instruction });
				}
			}
		}
	}
	if (directories.size > 1) shell.directory = undefined;
}

function runLoop(shell: Shell, node: ShellNode & { kind: 'loop' }): void {
	const words = node.words?.flatMap((word) => expandToWords(word, variablesOf(shell), (body) => substituted(shell, body)));
	if (
		node.variable === undefined ||
		words === undefined ||
		words.length > MAX_TURNS ||
		words.some((word) => word.value === undefined || word.pattern)
	) {
		if (node.variable !== undefined) assign(shell, node.variable, { value: undefined, instruction: shell.instruction });
		runPerhaps(shell, [node.body]);
		return;
	}
	for (const word of words) {
		assign(shell, node.variable, { value: word.value, instruction: shell.instruction });
		runInside(shell, node.body);
	}
}

/** What `$(…)` prints: it runs in a subshell and may leave files behind like any command. */
function substituted(shell: Shell, body: ShellNode, inArgument = true): string | undefined {
	const printed = runApart({ ...shell, ends: shell.ends && !inArgument }, body);
	return printed === undefined ? undefined : withoutFinalNewlines(printed);
}

function runCommand(shell: Shell, node: ShellCommand, piped: string | undefined): string | undefined {
	const { run } = shell;
	run.build.commandBudget -= 1;
	if (run.build.commandBudget < 0) return unknownFromHere(shell);
	// An assignment alone fails as the substitution in it does.
	const inArgument = node.words.length > 0;
	const substitute = (body: ShellNode) => substituted(shell, body, inArgument);
	const all: ExpandedWord[] = [];
	for (const word of node.words) {
		const expanded = expandToWords(word, variablesOf(shell), substitute);
		const length = expanded.reduce((sum, { text }) => sum + text.length + 1, 0);
		if (!afford(run, length - word.raw.length)) return unknownFromHere(shell);
		for (const each of expanded) all.push(each);
	}
	const assigned = node.assignments.map(({ name, value: word }) => {
		const { value } = expandToText(word, variablesOf(shell), substitute);
		const affordable = value !== undefined && afford(run, value.length - (word?.raw.length ?? 0));
		return { name, setting: { value: affordable ? value : undefined, instruction: shell.instruction } };
	});
	if (all.length === 0) {
		for (const { name, setting } of assigned) assign(shell, name, setting);
		return redirect(shell, node.redirects, '');
	}
	let environment: Environment = shell.exported.snapshot();
	if (assigned.length > 0) {
		const variables = createVariables(environment);
		for (const { name, setting } of assigned) variables.set(name, setting);
		environment = variables;
	}
	return start(shell, node, all, environment, inputOf(shell, node, piped));
}

/** Where the budget has run out, anything may have been written. */
function unknownFromHere(shell: Shell): undefined {
	shell.run.tree.makeUnknown('/');
	return undefined;
}

/** Runs the command that `all` is; also what `env`, `time`, `sudo` and their like run in turn. */
export function start(
	shell: Shell,
	node: ShellCommand,
	all: readonly ExpandedWord[],
	environment: Environment,
	input: string | undefined,
	redirects: readonly ShellRedirect[] = node.redirects,
): string | undefined {
	const { run, instruction } = shell;
	const ran: RanCommand = {
		instruction,
		node,
		words: all.map((word) => word.value),
		wordNodes: all.map((word) => word.node),
		workingDirectory: shell.directory,
		environment,
		goEnvironment: goEnvironmentOf(environment, run.goEnvironment, run.user.value.uid === 0, run.base?.go?.minor),
		files: run.tree.fork(),
		certain: shell.certain,
		ends: shell.ends && shell.certain,
		quoted: shell.quoted,
	};
	run.ran.push(ran);
	const first = all[0]?.value;
	const call: Call = {
		shell,
		node,
		name: first === undefined ? '' : first.slice(first.lastIndexOf('/') + 1),
		words: all.slice(1),
		all,
		ran,
		environment,
		input,
		run: runShell,
		start: (words, its) => start(shell, node, words, its, input, []),
		path: (word) => pathIn(shell, word),
	};
	const output = first === undefined || (first.includes('/') && isOwnProgram(shell, first)) ? unknownProgram(call) : effectOf(call);
	return redirect(shell, redirects, output !== undefined && afford(run, output.length) ? output : undefined);
}

/** A path of the author's own (`./build.sh`, `/app/tool`), which may be named like a known program and is none. */
function isOwnProgram(shell: Shell, path: string): boolean {
	// The go command is the go command wherever it was unpacked.
	if (path.endsWith('/bin/go')) return false;
	return !/^(?:\/usr|\/usr\/local|\/usr\/local\/go|\/go|\/root\/go|)\/s?bin\/[^/]+$|^\/busybox\/[^/]+$/.test(resolve(shell, path) ?? path);
}

function inputOf(shell: Shell, node: ShellCommand, piped: string | undefined): string | undefined {
	for (const { operator, target, content } of node.redirects) {
		if (operator === '<<' || operator === '<<-') return content ?? heredocOf(shell.instruction, target?.raw)?.content;
		if (operator !== '<') continue;
		const path = pathOf(shell, target);
		return path === undefined ? undefined : shell.run.tree.get(path)?.content;
	}
	return piped;
}

function heredocOf(instruction: CommandInstruction, name: string | undefined): Heredoc | undefined {
	const bare = name?.replace(/["'\\]/g, '');
	return instruction.heredocs.find((heredoc) => heredoc.name === bare);
}

function pathOf(shell: Shell, target: ShellRedirect['target']): string | undefined {
	const { value } = expandToText(target, variablesOf(shell), () => undefined);
	return value === undefined || target?.parts.some((part) => part.kind === 'other' && !part.raw.startsWith('~'))
		? undefined
		: resolve(shell, value);
}

/** Writes what a command prints where its redirects say, and hands on what they leave. */
function redirect(shell: Shell, redirects: readonly ShellRedirect[], output: string | undefined): string | undefined {
	let rest = output;
	for (const { operator, descriptor, target } of redirects) {
		if (!/^(?:>|>>|>\||&>|&>>)$/.test(operator)) continue;
		const path = pathOf(shell, target);
		const standardOutput = descriptor === undefined || descriptor === 1;
		if (path === '/dev/null' || path?.startsWith('/dev/std')) {
			if (standardOutput) rest = path === '/dev/null' ? '' : rest;
			continue;
		}
		if (path === undefined) shell.run.tree.makeUnknown(shell.directory ?? '/');
		else writeText(shell, path, standardOutput ? output : undefined, operator.endsWith('>>'));
		if (standardOutput) rest = '';
	}
	return rest;
}
