import { parseMount } from '../dockerfile/mount.ts';
import { parseShell } from '../dockerfile/shell.ts';
import type { ShellCommand, ShellWord } from '../dockerfile/shell-syntax.ts';
import type { CommandInstruction, ExecItem } from '../dockerfile/syntax.ts';
import { isAbsolute, join } from '../workspace/paths.ts';
import { fromOf } from './copy-instruction.ts';
import { expandIn } from './expansion.ts';
import { baseTree } from './files/base-tree.ts';
import { createTree, type Details, type MutableTree, type TreeNode } from './files/file-tree.ts';
import type { CopiedSource } from './model.ts';
import { runShell, start, startShell } from './shell/shell-run.ts';
import type { StageRun } from './stage-run.ts';

/** Follows a RUN: its mounts are there while it runs, and gone afterwards with all that was written to them. */
export function runInstruction(run: StageRun, instruction: CommandInstruction): void {
	const unmount = mountAll(run, instruction);
	runCommandForm(run, instruction);
	unmount();
}

function runCommandForm(run: StageRun, instruction: CommandInstruction): void {
	const { command, heredocs } = instruction;
	if (command === undefined) return;
	if (run.build.commandBudget < 0) {
		run.tree.makeUnknown('/');
		return;
	}
	const shell = startShell(run, instruction);
	if (command.form === 'exec') {
		const node = commandOf(command.items, command.range);
		const words = node.words.map((word, index) => {
			const value = command.items[index]?.value ?? '';
			return { value, text: value, pattern: false, node: word };
		});
		if (words.length > 0) start(shell, node, words, shell.exported.snapshot(), undefined, []);
		return;
	}
	if (!/(?:^|\/)(?:sh|ash|bash|dash|busybox)$/.test(run.shell[0] ?? '')) {
		// PowerShell, cmd and whatever else SHELL names speak another language.
		run.tree.makeUnknown('/');
		return;
	}
	// `RUN <<EOF`: the document itself is what the shell runs.
	const [script] = heredocs;
	if (script !== undefined && /^\s*\d?<<-?\s*["']?\w+["']?\s*$/.test(command.text)) {
		// As written, for places are wanted; to the shell, tabs that `<<-` drops are white space.
		runShell(shell, parseShell(run.build.dockerfile.text.slice(script.range.start, script.range.end), script.range.start));
		return;
	}
	runShell(shell, parseShell(command.text, command.range.start));
}

/** A command in exec form as the shell's syntax would have it: every word stands for itself. */
function commandOf(items: readonly ExecItem[], range: { start: number; end: number }): ShellCommand {
	const words: ShellWord[] = items.map((item) => ({
		raw: item.value,
		range: item.range,
		parts: [{ kind: 'literal', value: item.value, quoted: true }],
	}));
	return { kind: 'command', assignments: [], words, redirects: [], range };
}

/** Puts the mounts in place and returns what takes them away. */
function mountAll(run: StageRun, instruction: CommandInstruction): () => void {
	const covered: { path: string; node: TreeNode }[] = [];
	for (const flag of instruction.flags) {
		if (flag.name !== 'mount' || flag.value === undefined) continue;
		const mount = parseMount(expandIn(run, flag.value) ?? flag.value.raw);
		const target = mount.target ?? (mount.type === 'secret' && mount.id !== undefined ? `/run/secrets/${mount.id}` : undefined);
		if (target === undefined || target.includes('$')) continue;
		const path = isAbsolute(target)
			? join('/', target)
			: run.workingDirectory === undefined
				? undefined
				: join(run.workingDirectory, target);
		if (path === undefined || mount.type === 'ssh') continue;
		// The build's root cannot be covered.
		if (path === '/') continue;
		covered.push({ path, node: run.tree.detach(path) });
		const details: Details = { instruction, mode: undefined, owner: undefined };
		if (mount.type === 'secret') run.tree.writeFile(path, details);
		else if (mount.type === 'bind') bind(run, path, mount.from, mount.source ?? '/', details);
		else {
			run.tree.makeDirectory(path, { ...details, mode: 0o755 });
			if (mount.type !== 'tmpfs') run.tree.open(path);
		}
	}
	return () => {
		for (const { path, node } of covered.reverse()) run.tree.restore(path, node);
	};
}

function bind(run: StageRun, path: string, from: string | undefined, source: string, details: Details): void {
	const origin: CopiedSource['from'] = from === undefined ? { kind: 'context' } : fromOf(run, from);
	const { view } = run.build;
	if (origin.kind === 'context' && view !== undefined) {
		const within = join('/', source).slice(1) || '.';
		const kind = view.kind(within);
		if (kind === 'directory') {
			run.tree.makeDirectory(path, details);
			run.tree.mount(path, { ...details, view, path: within, lacks: undefined });
			return;
		}
		if (kind === 'file') {
			run.tree.writeFile(path, { ...details, source: view.workspacePath(within), named: true });
			return;
		}
	}
	const files =
		origin.kind === 'stage'
			? (origin.state.files as MutableTree)
			: origin.kind === 'image'
				? createTree(baseTree(origin.base), run.build.clock)
				: undefined;
	const found = files?.find(join('/', source));
	if (found?.answer === 'yes') run.tree.copy(path, found, details);
	else run.tree.writeFile(path, { ...details, kind: 'something' });
}
