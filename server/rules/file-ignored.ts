import type { Facts } from '../facts/facts.ts';
import { contextCopies, contextPaths, imagePathOf } from '../facts/placed-module.ts';
import { takeBack } from '../fixes/ignore-file.ts';
import { viewOf } from '../image/context/context-view.ts';
import type { BuildContext, FileTree, GoBuild, StageState } from '../image/model.ts';
import type { EmbedPattern } from '../program/model.ts';
import { basename, dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'file-ignored',
	severity: 'error',
	fixAll: false,
	documentation: {
		summary: '.dockerignore excludes a file that COPY names, go.mod, or a file that the program embeds.',
		why: 'Files that .dockerignore excludes are not sent to the build. COPY of such a file fails with `failed to calculate checksum of ref …: "/config.yaml": not found`, although the file exists; without go.mod the go command fails with `go: go.mod file not found in current directory or any parent directory`; and `//go:embed` fails with `pattern web/dist: no matching files found`.',
		example: '# .dockerignore: *.yaml\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY config.yaml ./',
		instead: '# .dockerignore: *.yaml, !config.yaml\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY config.yaml ./',
		notes:
			'Reads .dockerignore as the engine does: the last pattern that matches wins. Embedded files are checked only when a COPY of their directory would include them and no RUN generates them. The fix adds an exception (`!path`) at the end of the ignore file; fix-all does not change that file.',
	},
	*check(facts) {
		const { context } = facts;
		if (context?.ignoreFile === undefined) return;
		const said = new Set<string>();
		const fresh = (path: string) => !said.has(path) && said.add(path) !== undefined;
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const copy of state.copies) {
				if (copy.from.kind !== 'context' || copy.present !== 'no' || /[*?[\\]/.test(copy.source ?? '')) continue;
				const [path] = contextPaths(context, copy);
				if (path === undefined || path === '.' || !isLeftOut(context, path) || !fresh(path)) continue;
				yield {
					range: copy.sourceRange,
					message: `${nameOf(context)} excludes ${path}: the build fails with '"/${path}": not found'. Re-include it there with !${path}.`,
					fixes: () => takeBack(context, path),
				};
			}
			for (const build of state.builds) yield* ofBuild(facts, context, state, build, fresh);
		}
	},
};

function nameOf(context: BuildContext): string {
	return basename(context.ignoreFile?.path ?? '.dockerignore');
}

/** Whether the file, or all of the directory, is there and is not sent. */
function isLeftOut(context: BuildContext, path: string): boolean {
	const there = context.kind(path);
	return (there === 'file' || there === 'directory') && viewOf(context).kind(path) === 'absent';
}

function* ofBuild(
	facts: Facts,
	context: BuildContext,
	state: StageState,
	build: GoBuild,
	fresh: (path: string) => boolean,
): Iterable<Finding> {
	const program = facts.programOf(build);
	const { files } = build.command;
	const copies = contextCopies(context, state);
	/** The copy of a directory that would bring the path, if it were sent. */
	const copyOf = (path: string) =>
		copies.find(
			({ kind, path: from, copy }) =>
				kind === 'directory' && isWithin(from === '.' ? path : from, path) && copy.instruction.range.start < build.instruction.range.start,
		);
	const goMod = program?.module && join(program.module.directory, 'go.mod');
	const module = goMod === undefined ? undefined : relativeWithin(context.directory, goMod);
	if (goMod !== undefined && module !== undefined && isLeftOut(context, module) && isAbsent(files, build, goMod) && fresh(module)) {
		yield {
			range: copyOf(module)?.copy.sourceRange ?? build.commandRange,
			message: `${nameOf(context)} excludes ${module}: the build fails with 'go: go.mod file not found in current directory or any parent directory'. Re-include it there with !${module}.`,
			fixes: () => takeBack(context, module),
		};
	}
	for (const embed of program?.embeds ?? []) {
		const path = embeddedPath(context, embed);
		if (path === undefined || !isLeftOut(context, path)) continue;
		const copy = copyOf(path);
		// It may be made in the image, or come from another stage.
		if (copy === undefined || !isAbsent(files, build, join(context.directory, path)) || !fresh(path)) continue;
		yield {
			range: copy.copy.sourceRange,
			message: `${nameOf(context)} excludes ${path}, which ${basename(embed.path)} embeds: go build fails with 'pattern ${embed.pattern}: no matching files found'. Re-include it there with !${path}.`,
			related: [
				{
					path: embed.path,
					line: embed.line,
					character: 0,
					length: '//go:embed '.length + embed.pattern.length,
					message: `//go:embed ${embed.pattern}`,
				},
			],
			fixes: () => takeBack(context, path),
		};
	}
}

/** Whether a path of the workspace is known not to be in the image, where the source that is built is its copy. */
function isAbsent(files: FileTree, build: GoBuild, path: string): boolean {
	const at = imagePathOf(build, path);
	return at !== undefined && files.has(at) === 'no';
}

/** The context path that an embed pattern names: the file or directory itself, or the directory whose files a wildcard takes. */
function embeddedPath(context: BuildContext, { pattern, path }: EmbedPattern): string | undefined {
	const names = pattern.replace(/^all:/, '').split('/');
	const wildcard = names.findIndex((name) => /[*?[\\]/.test(name));
	// Whether a wildcard matches anything is known only where its whole directory is left out.
	const literal = wildcard < 0 ? names : names.slice(0, wildcard);
	if (literal.length === 0) return undefined;
	return relativeWithin(context.directory, join(dirname(path), literal.join('/')));
}
