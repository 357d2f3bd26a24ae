import { copyWords, type Written, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { failureOf, type NeededSource, neededSource, relatedPlaceOf } from '../facts/needed-source.ts';
import { type ContextCopy, contextCopies } from '../facts/placed-module.ts';
import { insertAfter } from '../fixes/instructions.ts';
import type { BuildContext, GoBuild, StageState } from '../image/model.ts';
import { isBefore, workingDirectoryAt } from '../image/stage-chain.ts';
import { basename, dirname, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'source-not-copied',
	severity: 'error',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'A package of the module, or a file that the program embeds, is not in the image when it is built.',
		why: 'The go command finds only what is in the image: `no required module provides package example.com/app/internal/names`, `pattern page.html: no matching files found`, and with -mod=vendor `inconsistent vendoring`. `COPY *.go ./` copies no directories.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum *.go ./\nRUN go build -o /app .',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum *.go ./\nCOPY internal/ ./internal/\nRUN go build -o /app .',
		notes:
			'Not reported when a RUN, a mount or another stage may have brought the files, when go.mod is not the one of the workspace, or when a COPY would bring them and .dockerignore excludes them: that is `file-ignored`. A vendor directory that the workspace does not have is information if Git ignores it or a build file names it, because it is then made before the image is built. The fix copies the directory or the file after the source.',
	},
	*check(facts) {
		const { context } = facts;
		if (context === undefined) return;
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			const said = new Set<string>();
			for (const build of state.builds) {
				const needed = [...neededSource(facts, state, build)].filter((each) => !(each.ignored && each.copy !== undefined));
				const fresh = needed.filter(({ path }) => !said.has(path));
				for (const { path } of fresh) said.add(path);
				const [first] = fresh;
				if (first !== undefined) yield finding(facts, context, state, build, first, fresh);
			}
		}
	},
};

function finding(
	facts: Facts,
	context: BuildContext,
	state: StageState,
	build: GoBuild,
	first: NeededSource,
	needed: readonly NeededSource[],
): Finding {
	const others = needed.length - 1;
	const more = others === 0 ? '' : ` ${others} more ${others === 1 ? 'is' : 'are'} missing.`;
	const failure = `go build fails with '${failureOf(first, build)}'.`;
	const related = needed.flatMap(relatedPlaceOf).slice(0, 5);
	if (!first.exists) {
		return {
			range: build.commandRange,
			severity: facts.isMadeBefore(first.path) ? 'information' : 'error',
			message: `-mod=vendor requires ${first.path}, which the build context does not have: ${failure} Run go mod vendor before the image is built, or build without -mod=vendor.`,
		};
	}
	const what =
		first.need.kind === 'embed'
			? `${basename(first.need.embed.path)} embeds ${first.path}`
			: first.need.kind === 'vendor'
				? `-mod=vendor requires ${first.path}`
				: `The build needs ${first.path}`;
	const anchor = lastSource(context, state, build);
	return {
		range: anchor?.copy.sourceRange ?? build.commandRange,
		message: `${what}, which is not copied: ${failure}${more} Copy it before the build.`,
		related,
		fixes: () => [anchor && copyFix(facts, state, build, anchor, needed)],
	};
}

/** The last copy, before the build, of Go files or of a directory. */
function lastSource(context: BuildContext, state: StageState, { instruction }: GoBuild): ContextCopy | undefined {
	return contextCopies(context, state).findLast(
		({ copy, kind, path }) =>
			copy.instruction.stage === state.stage.index &&
			isBefore(copy.instruction, instruction) &&
			(kind === 'directory' || path.endsWith('.go') || basename(path) === 'go.mod'),
	);
}

function copyFix(
	{ dockerfile }: Facts,
	state: StageState,
	{ command }: GoBuild,
	{ copy }: ContextCopy,
	needed: readonly NeededSource[],
): Fix | undefined {
	const directory = workingDirectoryAt(state, copy.instruction);
	if (directory === undefined || needed.some(({ ignored, exists }) => ignored || !exists)) return undefined;
	const lines: Written[] = [];
	const paths = new Set<string>();
	for (const each of needed) {
		const { path, place, isFile } = highestAbsent(command.files, each);
		if (paths.has(path)) continue;
		paths.add(path);
		const below = relativeWithin(directory, isFile ? dirname(place) : place);
		const destination = below === undefined ? `${isFile ? dirname(place) : place}/` : below === '.' ? './' : `./${below}/`;
		const words = copyWords([isFile ? path : `${path}/`], destination.replace(/^\/\/$/, '/'), dockerfile);
		if (words === undefined) return undefined;
		lines.push(written`COPY ${words}`);
	}
	return { title: `Copy ${[...paths].join(', ')}`, edits: [insertAfter(dockerfile, copy.instruction, lines)], preferred: true };
}

/** The needed directory or file itself, or the highest directory above it that is not in the image either. */
function highestAbsent(
	files: StageState['files'],
	{ path, imagePath, need }: NeededSource,
): { readonly path: string; readonly place: string; readonly isFile: boolean } {
	let found = { path, place: imagePath, isFile: need.kind === 'embed' && /\.[^/]*$/.test(basename(path)) };
	while (dirname(found.path) !== '.' && dirname(found.place) !== '/' && files.has(dirname(found.place)) === 'no') {
		found = { path: dirname(found.path), place: dirname(found.place), isFile: false };
	}
	return found;
}
