import { type ModDirective, readModLines } from './mod-lines.ts';
import type { Exclusion, ModuleFile, ModuleLine, Replacement, Requirement } from './model.ts';

/** Directives that say nothing of which code goes into a program. */
const PASSED_OVER = new Set(['retract', 'godebug', 'ignore']);

/** Parses a go.mod. It never fails: what is not understood is left out, and `complete` is then false. */
export function parseGoMod(text: string): ModuleFile {
	const { directives, complete } = readModLines(text);
	let path: string | undefined;
	let go: ModuleLine | undefined;
	let toolchain: ModuleLine | undefined;
	const require: Requirement[] = [];
	const exclude: Exclusion[] = [];
	const replace: Replacement[] = [];
	const tool: string[] = [];
	let understood = complete;
	for (const directive of directives) {
		const { verb, tokens, comment } = directive;
		const [first, second] = tokens;
		if (verb === 'replace') {
			const replacement = replacementOf(directive);
			if (replacement === undefined) understood = false;
			else replace.push(replacement);
		} else if (verb === 'require' && tokens.length === 2 && first !== undefined && second !== undefined) {
			require.push({ path: first.text, version: second.text, indirect: /^indirect\s*(?:;|$)/.test(comment) });
		} else if (verb === 'exclude' && tokens.length === 2 && first !== undefined && second !== undefined) {
			exclude.push({ path: first.text, version: second.text });
		} else if (verb === 'tool' && tokens.length === 1 && first !== undefined) tool.push(first.text);
		else if (verb === 'module' && tokens.length === 1 && first !== undefined) path ??= first.text;
		else if (verb === 'go' && tokens.length === 1) go ??= lineOf(directive);
		else if (verb === 'toolchain' && tokens.length === 1) toolchain ??= lineOf(directive);
		else if (!PASSED_OVER.has(verb)) understood = false;
	}
	return { path, go, toolchain, require, exclude, replace, tool, complete: understood };
}

/** The one value of a directive, with its place. */
export function lineOf(directive: ModDirective): ModuleLine | undefined {
	const [value] = directive.tokens;
	if (value === undefined) return undefined;
	const { text, ...place } = value;
	return { value: text, ...place };
}

/** Reads `path [version] => target [version]`. */
export function replacementOf({ tokens }: ModDirective): Replacement | undefined {
	const arrow = tokens.findIndex((token) => token.text === '=>');
	const [path, version] = tokens.slice(0, arrow);
	const [target, targetVersion] = tokens.slice(arrow + 1);
	if (arrow < 1 || arrow > 2 || path === undefined || target === undefined || tokens.length > arrow + 3) return undefined;
	return {
		path: path.text,
		version: version?.text ?? '',
		target: target.text,
		targetVersion: targetVersion?.text ?? '',
	};
}

/** Whether the target of a replacement is a directory, and not a module path. */
export function isDirectoryTarget(target: string): boolean {
	return /^(?:\.{1,2}(?:[/\\]|$)|[/\\]|[A-Za-z]:[/\\])/.test(target);
}

/** The N of the Go 1.N that a `go` line names; a go.mod without one means Go 1.16 as the go command has it. */
export function goMinorOf(line: ModuleLine | undefined): number {
	const match = /^1\.(\d{1,5})(?:[.a-z]|$)/.exec(line?.value ?? '');
	return match === null ? 16 : Number(match[1]);
}
