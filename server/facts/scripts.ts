import { expandShellWord, parseShell } from '../dockerfile/shell.ts';
import type { ShellCommand, ShellNode } from '../dockerfile/shell-syntax.ts';
import type { BuildContext, ImageBuild, RanCommand, StageState } from '../image/model.ts';
import { basename, isAbsolute, join } from '../workspace/paths.ts';
import { contextPathOf } from './placed-module.ts';

/** A script of the build context that a RUN runs. */
export interface Script {
	/** The workspace path. */
	readonly path: string;
	readonly text: string;
}

/**
 * The scripts that the commands of the stages run, as far as COPY brings them from the context.
 *
 * @param readText The text at a workspace path, `undefined` where there is none.
 */
export async function readScripts(
	image: ImageBuild,
	context: BuildContext | undefined,
	readText: (path: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<RanCommand, Script>> {
	const found = new Map<RanCommand, Script>();
	if (context === undefined) return found;
	for (const state of image.stages) {
		for (const command of state.ran) {
			const path = scriptPath(context, state, command);
			const text = path === undefined ? undefined : await readText(path);
			if (path !== undefined && text !== undefined) found.set(command, { path, text });
		}
	}
	return found;
}

function scriptPath(context: BuildContext, state: StageState, { words, workingDirectory }: RanCommand): string | undefined {
	const [program] = words;
	const isShell = program !== undefined && /^(?:\/(?:usr\/)?bin\/)?(?:sh|ash|bash|dash)$/.test(program);
	// Of a shell's options only those that change nothing of what it runs go before a script.
	const script = isShell ? words.slice(1).find((word) => word === undefined || !/^-[eux]+$/.test(word)) : program;
	if (script === undefined || script.startsWith('-') || (!isShell && !script.includes('/'))) return undefined;
	const path = isAbsolute(script) ? join('/', script) : workingDirectory && join(workingDirectory, script);
	const source = path === undefined ? undefined : contextPathOf(context, state, path);
	return source === undefined || context.kind(source) !== 'file' || context.ignored(source) ? undefined : join(context.directory, source);
}

/** What a script says of the modules that it downloads: by which command, and in which directory of the image, or that it does not. */
export type ScriptDownload =
	| { readonly answer: 'yes'; readonly command: ShellCommand; readonly directory: string }
	| { readonly answer: 'no' | 'unknown' };

/** Programs and scripts that may run Go. */
const MAY_RUN_GO = /\bgo\b|\b(?:make|gmake|mage|task|just|goreleaser|bazel)\b|\.sh\b|\b(?:eval|source)\b|^\s*\.\s/m;
/** Whoever speaks of the vendor directory takes the modules from there. */
const FROM_VENDOR = /-mod[= ]["']?vendor/;

/**
 * Whether the script downloads modules whenever it runs.
 *
 * @param directory The directory of the image that it is run in, `undefined` where that is not known.
 */
export function downloadIn({ text }: Script, directory: string | undefined): ScriptDownload {
	if (!MAY_RUN_GO.test(text) || FROM_VENDOR.test(text)) return { answer: 'no' };
	let current = directory;
	for (const command of certainCommands(parseShell(text, 0))) {
		if (changesDirectory(command)) current = current && directoryAfter(current, command);
		else if (downloads(command)) return current === undefined ? { answer: 'unknown' } : { answer: 'yes', command, directory: current };
	}
	return { answer: 'unknown' };
}

/** The commands that run in the script's own shell unless one before them fails: none of a branch, a loop or a function. */
function certainCommands(node: ShellNode): ShellCommand[] {
	switch (node.kind) {
		case 'command':
			return [node];
		case 'list':
			return node.items.filter(({ operator }) => operator !== '||').flatMap((item) => certainCommands(item.node));
		case 'pipeline':
			return node.commands.length === 1 ? node.commands.flatMap(certainCommands) : [];
		case 'group':
			return node.subshell ? [] : certainCommands(node.body);
		default:
			return [];
	}
}

function changesDirectory({ words }: ShellCommand): boolean {
	return /^(?:cd|pushd|popd)$/.test(words[0]?.raw ?? '');
}

function directoryAfter(directory: string, { words }: ShellCommand): string | undefined {
	const [, to, ...more] = words;
	if (words[0]?.raw !== 'cd' || to === undefined || more.length > 0) return undefined;
	const path = expandShellWord(to, () => ({ value: undefined }));
	return path === undefined || path.startsWith('-') ? undefined : join(directory, path);
}

function downloads({ words }: ShellCommand): boolean {
	const [program, subcommand, ...rest] = words.map(({ raw }) => raw);
	if (program === undefined || basename(program) !== 'go' || rest.some((word) => word.includes('@'))) return false;
	if (subcommand === 'mod') return /^(?:download|vendor|tidy|verify)$/.test(rest[0] ?? '');
	return /^(?:build|install|test|vet|run)$/.test(subcommand ?? '');
}
