import { expandShellWord, parseShell } from '../dockerfile/shell.ts';
import type { ShellCommand, ShellNode } from '../dockerfile/shell-syntax.ts';
import type { BuildContext, ImageBuild, RanCommand, StageState } from '../image/model.ts';
import { commandsOf, isBefore } from '../image/stage-chain.ts';
import { isReadFor } from '../knowledge/files-that-matter.ts';
import { remembered } from '../text/remembered.ts';
import { basename, isAbsolute, join } from '../workspace/paths.ts';

/** A script of the build context that a RUN runs. */
export interface Script {
	/** The workspace path. */
	readonly path: string;
	readonly text: string;
}

/**
 * The scripts that the commands of the stages run, as far as COPY brings them from the context.
 *
 * @param readScript The script at a workspace path, `undefined` where there is none; the same one as long as its text is.
 */
export async function readScripts(
	image: ImageBuild,
	context: BuildContext | undefined,
	readScript: (path: string) => Promise<Script | undefined>,
): Promise<ReadonlyMap<RanCommand, Script>> {
	const found = new Map<RanCommand, Script>();
	if (context === undefined) return found;
	for (const state of image.stages) {
		for (const command of state.ran) {
			const path = scriptPath(state, command);
			const script = path === undefined ? undefined : await readScript(path);
			if (script !== undefined) found.set(command, script);
		}
	}
	return found;
}

function scriptPath(state: StageState, command: RanCommand): string | undefined {
	const { words, workingDirectory, certain } = command;
	const [program] = words;
	const isShell = program !== undefined && /^(?:\/(?:usr\/)?bin\/)?(?:sh|ash|bash|dash)$/.test(program);
	// Of a shell's options only those that change nothing of what it runs go before a script.
	const script = isShell ? words.slice(1).find((word) => word === undefined || !/^-[eux]+$/.test(word)) : program;
	if (!certain || script === undefined || !isReadFor('script', script) || (!isShell && !script.includes('/'))) return undefined;
	const path = isAbsolute(script) ? join('/', script) : workingDirectory && join(workingDirectory, script);
	const entry = path === undefined ? undefined : command.files.get(path);
	return path === undefined || entry?.kind !== 'file' || isChanged(state, command, path) ? undefined : entry.source;
}

/** Whether a program that is not followed may have changed the file before the command runs, or go.mod. */
function isChanged(state: StageState, command: RanCommand, path: string): boolean {
	const earlier = commandsOf(state).filter((each) => each !== command && !isBefore(command.instruction, each.instruction));
	return earlier.some(({ words, node }) => {
		const names = [...words, ...node.redirects.map(({ target }) => target?.raw)];
		return words[0] !== 'chmod' && names.some((name) => name?.endsWith(basename(path)) === true || name?.endsWith('go.mod') === true);
	});
}

/** What a script says of the modules that it downloads, or that it downloads none. */
export type ScriptDownload =
	| {
			readonly answer: 'yes';
			readonly command: ShellCommand;
			/** The directory of the image that it runs in. */
			readonly directory: string;
			/** The packages that it builds, `./…` each; `undefined` where it downloads all that go.mod names. */
			readonly packages: readonly string[] | undefined;
	  }
	| { readonly answer: 'no' | 'unknown' };

/** Programs and scripts that may run Go. */
const MAY_RUN_GO = /\bgo\b|\b(?:make|gmake|mage|task|just|goreleaser|bazel)\b|\.sh\b|\b(?:eval|source)\b|^[ \t]*\.\s/m;
/** Whoever says where modules come from, or changes go.mod, knows more of them than can be seen here. */
const SAYS_MORE =
	/-mod[= ]|\bGO(?:FLAGS|PATH|MODCACHE|111MODULE|WORK|PROXY|PRIVATE|NOPROXY|NOSUMDB|SUMDB|INSECURE|AUTH|VCS)\b|\bgo\.(?:mod|sum|work)\b|\bgo\s+(?:mod\s+(?:init|tidy|edit|vendor)|work)\b|\bgit\s+(?:config|submodule)\b|\.netrc|\.ssh\b|\r/;

/**
 * Whether the script downloads modules whenever it runs.
 *
 * @param directory The directory of the image that it is run in, `undefined` where that is not known.
 */
export function downloadIn(script: Script, directory: string | undefined): ScriptDownload {
	const commands = certainCommands(script);
	if (commands === undefined) return { answer: 'no' };
	let current = directory;
	for (const command of commands) {
		if (CHANGES_DIRECTORY.test(command.words[0]?.raw ?? '')) current = current && directoryAfter(current, command);
		else if (command.words[0]?.raw === 'go') {
			const found = downloaded(command);
			if (found === undefined) continue;
			if (found === 'unknown' || current === undefined) return { answer: 'unknown' };
			return { answer: 'yes', command, directory: current, packages: found.packages };
		}
	}
	return { answer: 'unknown' };
}

/** The commands that run in the script's own shell whenever it runs; `undefined` where it downloads no modules. */
const certainCommands = remembered(({ text }: Script): readonly ShellCommand[] | undefined => {
	if (!MAY_RUN_GO.test(text) || SAYS_MORE.test(text)) return undefined;
	const commands: ShellCommand[] = [];
	addCertain(parseShell(text, 0), text, commands);
	return commands;
});

/** Commands behind which it is not certain what runs, or where. */
const LEAVES = /^(?:\.|source|eval|exec|exit|return|command|builtin|alias|trap)$/;
const MAY_LEAVE = /\b(?:cd|pushd|popd|exec|exit|return|source|eval)\b|(?:^|[;\s])\.\s/;
/** Commands that succeed, or else end what is built: what stands behind them and `&&` runs. */
const SUCCEEDS = /^(?:cd|go|set|export|echo|printf|mkdir|apk|apt-get|apt|pwd)$/;
const CHANGES_DIRECTORY = /^(?:cd|pushd|popd)$/;

/**
 * Adds those of {@link certainCommands} that the node holds: none of a branch, a loop or a function.
 *
 * @returns whether what follows is certain too
 */
function addCertain(node: ShellNode, text: string, commands: ShellCommand[]): boolean {
	const skip = ({ range }: ShellNode) => !MAY_LEAVE.test(text.slice(range.start, range.end));
	switch (node.kind) {
		case 'command':
			if (LEAVES.test(node.words[0]?.raw ?? '')) return false;
			commands.push(node);
			return true;
		case 'list': {
			let certain = true;
			for (const [index, { node: item, operator }] of node.items.entries()) {
				const before = node.items[index - 1]?.node;
				if (operator === '||') certain = false;
				else if (operator === '&&') certain &&= before?.kind === 'command' && SUCCEEDS.test(before.words[0]?.raw ?? '');
				else certain = true;
				if (!(certain ? addCertain(item, text, commands) : skip(item))) return false;
			}
			return true;
		}
		case 'group':
			// Where a subshell goes, or that it ends, is its own.
			return node.subshell || addCertain(node.body, text, commands);
		case 'unknown':
			return false;
		default:
			return skip(node);
	}
}

function directoryAfter(directory: string, { words }: ShellCommand): string | undefined {
	const [, to, ...more] = words;
	if (words[0]?.raw !== 'cd' || to === undefined || more.length > 0) return undefined;
	const path = expandShellWord(to, () => ({ value: undefined }));
	return path === undefined || /^[-~]/.test(path) ? undefined : join(directory, path);
}

/** Flags of go build, install, test and vet that take the next word. */
const TAKES_WORD =
	/^--?(?:o|ldflags|gcflags|asmflags|gccgoflags|tags|p|pkgdir|toolexec|buildmode|compiler|installsuffix|run|count|timeout)$/;

/** What a run of the go command downloads: nothing, something that is not known, or what packages of the directory want. */
function downloaded({ words }: ShellCommand): { readonly packages: readonly string[] | undefined } | 'unknown' | undefined {
	const [, subcommand, ...rest] = words.map(({ raw }) => raw);
	if (subcommand === 'mod') return rest.length === 1 && rest[0] === 'download' ? { packages: undefined } : 'unknown';
	if (subcommand === 'version' || subcommand === 'env') return undefined;
	if (!/^(?:build|install|test|vet)$/.test(subcommand ?? '')) return 'unknown';
	const packages: string[] = [];
	for (let at = 0; at < rest.length; at++) {
		const word = rest[at] as string;
		if (/^--?(?:C|h|help|n|modfile|overlay)\b/.test(word)) return 'unknown';
		if (TAKES_WORD.test(word)) at++;
		else if (!word.startsWith('-')) packages.push(word);
	}
	if (!packages.every((each) => /^\.(?:\/[\w./-]*)?$/.test(each))) return 'unknown';
	return { packages: packages.length === 0 ? ['.'] : packages };
}
