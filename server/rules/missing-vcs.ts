import type { Facts } from '../facts/facts.ts';
import { isLeftOut } from '../facts/needed-source.ts';
import { takeBack } from '../fixes/ignore-file.ts';
import { alongPath } from '../image/command-path.ts';
import type { BuildContext, GoBuild, RanCommand } from '../image/model.ts';
import { flagsOfVariable } from '../image/shell/go-flags.ts';
import { ancestors, basename, dirname, isAbsolute, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-vcs',
	severity: 'warning',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'A RUN gets the version from git, but .git is not in the build stage.',
		why: '`git describe` and `git rev-parse` fail with `fatal: not a git repository (or any of the parent directories): .git` and exit code 128 if .git is not sent or not copied. In `VERSION=$(git describe) && go build` that ends the build; inside the arguments of another command, the version is just empty.',
		example:
			'# .dockerignore: .git\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN VERSION=$(git describe --tags) && go build -ldflags "-X main.version=$VERSION" -o /app .',
		instead:
			'# .dockerignore: .git\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nARG VERSION=dev\nRUN go build -ldflags "-X main.version=$VERSION" -o /app .',
		notes:
			'An error when the failure ends the RUN. Reported only when the workspace is a Git repository whose .git does not reach the directory that git runs in, or has a .git file, as worktrees and submodules have. Not reported for commands followed by `||`, or if git is not in the image; `-buildvcs=true` is reported then, because go build runs git itself. The fix includes .git again if .dockerignore excludes it.',
	},
	*check(facts) {
		const { context } = facts;
		if (context === undefined) return;
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const command of state.ran) {
				const found = finding(facts, context, command);
				if (found === undefined) continue;
				yield found;
				break;
			}
			for (const build of state.builds) {
				const found = withoutGit(build);
				if (found === undefined) continue;
				yield found;
				break;
			}
		}
	},
};

/** Subcommands that read the history. */
const READS_HISTORY = /^(?:describe|rev-parse|rev-list|log|show|status|diff|branch|tag)$/;

function finding(facts: Facts, context: BuildContext, command: RanCommand): Finding | undefined {
	const directory = directoryOfGit(command);
	if (directory === undefined || alongPath(command.files, command.environment, 'git').answer === 'no') return undefined;
	const repository = repositoryOf(context, command, directory);
	if (repository === undefined) return undefined;
	const { start, end } = command.instruction.range;
	const text = facts.dockerfile.text.slice(start, end);
	// Whoever goes on without the version has thought of it.
	if (/\|\|/.test(text)) return undefined;
	const { ends } = command;
	const { path, ignored } = repository;
	const why =
		context.kind(path) === 'file'
			? `${path} is a file, which names a directory outside the build context`
			: ignored
				? `${basename(context.ignoreFile?.path ?? '.dockerignore')} excludes ${path}`
				: `${path} is not copied`;
	return {
		range: command.node.range,
		severity: ends ? 'error' : 'warning',
		message: `${why}: git fails with 'fatal: not a git repository (or any of the parent directories): .git'${ends ? '' : ', and what it should print is empty'}. Take the version from an ARG.`,
		fixes: () =>
			ignored && context.kind(path) === 'directory' ? takeBack(context, path).map((fix) => ({ ...fix, preferred: false })) : [],
	};
}

/** A build that has to write the revision into the binary, of a repository that is there, in a stage without git. */
function withoutGit({ flags, command, commandRange, directory }: GoBuild): Finding | undefined {
	const { files, environment, ends } = command;
	const fromVariable = flagsOfVariable(command.goEnvironment.get('GOFLAGS')?.value ?? '');
	const stamps = [...fromVariable, ...flags].findLast(({ name }) => name === 'buildvcs');
	if (!ends || directory === undefined || !/^(?:1|t|true)$/i.test(stamps?.value ?? '')) return undefined;
	if (alongPath(files, environment, 'git').answer !== 'no') return undefined;
	if (![...ancestors(directory)].some((each) => files.has(join(each, '.git')) === 'yes')) return undefined;
	return {
		range: stamps?.range ?? commandRange,
		severity: 'error',
		message:
			"-buildvcs=true needs git, which this stage does not contain: go build fails with 'missing Git command'. Install git, or remove the flag.",
	};
}

/** The directory that a git command reads the history of; `undefined` for other commands, and where it is not known. */
function directoryOfGit({ words, workingDirectory, environment }: RanCommand): string | undefined {
	if (words[0] !== 'git' || environment.get('GIT_DIR') !== undefined) return undefined;
	let directory = workingDirectory;
	let at = 1;
	for (; words[at]?.startsWith('-') === true; at++) {
		const option = words[at];
		if (option === '-C') {
			const to = words[++at];
			if (to === undefined) return undefined;
			directory = isAbsolute(to) ? normalize(to) : directory && join(directory, to);
		} else if (option === '-c') at++;
		else if (option !== '--no-pager') return undefined;
	}
	return READS_HISTORY.test(words[at] ?? '') ? directory : undefined;
}

/** The .git of the context that should be in the image directory or above it, where there is none. */
function repositoryOf(
	context: BuildContext,
	{ files }: RanCommand,
	directory: string,
): { readonly path: string; readonly ignored: boolean } | undefined {
	for (const each of ancestors(directory)) {
		const source = files.get(each)?.source;
		const below = source === undefined ? undefined : relativeWithin(context.directory, source);
		const path = below === undefined ? undefined : normalize(join(below, '.git'));
		const answer = files.has(join(each, '.git'));
		if (answer === 'yes') {
			const isFile = files.get(join(each, '.git'))?.kind === 'file' && path !== undefined && context.kind(path) === 'file';
			return isFile && path !== undefined ? { path, ignored: false } : undefined;
		}
		if (answer === 'unknown') return undefined;
		if (path !== undefined && context.kind(path) !== 'absent' && context.kind(path) !== 'unknown') {
			const above = [...ancestors(dirname(each))];
			return above.every((higher) => files.has(join(higher, '.git')) === 'no') ? { path, ignored: isLeftOut(context, path) } : undefined;
		}
	}
	return undefined;
}
