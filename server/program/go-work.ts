import { lineOf, replacementOf } from './go-mod.ts';
import { readModLines } from './mod-lines.ts';
import type { ModuleLine, Replacement, WorkFile } from './model.ts';

/** Parses a go.work. It never fails: what is not understood is left out, and `complete` is then false. */
export function parseGoWork(text: string): WorkFile {
	const { directives, complete } = readModLines(text);
	let go: ModuleLine | undefined;
	let toolchain: ModuleLine | undefined;
	const use: ModuleLine[] = [];
	const replace: Replacement[] = [];
	let understood = complete;
	for (const directive of directives) {
		const line = directive.tokens.length === 1 ? lineOf(directive) : undefined;
		if (directive.verb === 'replace') {
			const replacement = replacementOf(directive);
			if (replacement === undefined) understood = false;
			else replace.push(replacement);
		} else if (directive.verb === 'use' && line !== undefined) use.push(line);
		else if (directive.verb === 'go' && line !== undefined) go ??= line;
		else if (directive.verb === 'toolchain' && line !== undefined) toolchain ??= line;
		else if (directive.verb !== 'godebug') understood = false;
	}
	return { go, toolchain, use, replace, complete: understood };
}
