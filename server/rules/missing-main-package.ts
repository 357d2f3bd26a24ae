import { packageWord, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { contextPaths } from '../facts/placed-module.ts';
import { canEdit } from '../fixes/go-command.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { chainOf, isBefore } from '../image/stage-chain.ts';
import type { MainPackage, Program } from '../program/model.ts';
import type { Range } from '../text/text.ts';
import { isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-main-package',
	severity: 'error',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'The package being built does not exist or is not package main, so no executable is produced.',
		why: 'For a package that is not `main`, `go build -o app` writes an archive without an error; starting that file fails with `permission denied`, because it is not executable. For a missing directory `go build` fails with `directory not found`, and for one without Go files with `no Go files in …`.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app ./cmd/app',
		notes:
			'Not reported for patterns such as `./...`, for builds without `-o` (they only check the code), for archives and libraries (`-buildmode`), when a RUN may generate the package, or when a COPY before the build fails. There is a quick fix for each main package of the module.',
	},
	*check(facts) {
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const build of state.builds) {
				const program = facts.programOf(build);
				if (program === undefined || build.packages.length > 1 || build.packages.includes(undefined)) continue;
				const mode = lastFlag(build.flags, 'buildmode');
				if (mode !== undefined && !/^(?:exe|pie|default)$/.test(mode.value ?? '')) continue;
				if (endsBefore(facts, state, build)) continue;
				const found = absent(facts, build, program) ?? notMain(facts, build, program);
				if (found !== undefined) yield found;
			}
		}
	},
};

/**
 * Whether a COPY before the build names a module or a directory that is not there: it ends the build, and the package may come with it. No
 * package comes with a file such as go.sum.
 */
function endsBefore({ context, isMadeBefore }: Facts, state: StageState, build: GoBuild): boolean {
	if (context === undefined) return false;
	return chainOf(state).some(({ copies }) =>
		copies.some((copy) => {
			if (copy.from.kind !== 'context' || copy.present !== 'no' || !/^(?:.*\/)?(?:go\.mod|[^.*?[\\/]+)\/?$/.test(copy.source ?? ''))
				return false;
			const [path] = contextPaths(context, copy);
			return path !== undefined && context.kind(path) === 'absent' && !isMadeBefore(path) && isBefore(copy.instruction, build.instruction);
		}),
	);
}

/** A package that is named and not there. */
function absent(facts: Facts, build: GoBuild, program: Program): Finding | undefined {
	const [name] = build.packages;
	const argument = name ?? '.';
	if (!program.missing.includes(argument) || build.directory === undefined || argument.includes('...')) return undefined;
	const relative = /^\.{1,2}(?:\/|$)/.test(argument) || argument.endsWith('.go');
	if (!relative) return undefined;
	const path = join(build.directory, argument);
	const { files } = build.command;
	const present = files.has(path);
	// What is not in the build context may have been made in the image.
	if (present === 'unknown' || (present === 'yes' && argument.endsWith('.go'))) return undefined;
	if (present === 'yes') {
		const children = files.children(path);
		if (children === undefined || !children.complete || children.names.some((each) => each.endsWith('.go'))) return undefined;
	}
	const says = argument.endsWith('.go')
		? argument.includes('/')
			? `'stat ${path}: directory not found'`
			: `'no required module provides package ${argument}'`
		: present === 'yes'
			? `'no Go files in ${path}'`
			: `'directory not found'`;
	return {
		range: packageRange(build) ?? build.commandRange,
		message: `There is no package at ${path}: go build fails with ${says}. ${mainsText(mainsOf(facts, build))}`,
		fixes: () => fixesFor(facts, build),
	};
}

/** A package that is there and that no program is made of. */
function notMain(facts: Facts, build: GoBuild, program: Program): Finding | undefined {
	const [root] = program.roots;
	const output = lastFlag(build.flags, 'o')?.value;
	if (root === undefined || program.roots.length > 1 || program.missing.length > 0 || root.name === 'main' || root.name === '')
		return undefined;
	if (build.subcommand !== 'build' || output === undefined || output === '/dev/null' || build.packages[0]?.includes('...') === true)
		return undefined;
	return {
		range: packageRange(build) ?? build.commandRange,
		message: `${root.importPath} is package ${root.name}, not main: go build writes an archive to ${output}, and starting it fails with 'permission denied'. ${mainsText(mainsOf(facts, build))}`,
		fixes: () => fixesFor(facts, build),
	};
}

/** The place of the one package argument. */
function packageRange(build: GoBuild): Range | undefined {
	const [name] = build.packages;
	if (name === undefined) return undefined;
	const path = build.directory && join(build.directory, name);
	const index = build.command.words.findLastIndex((word) => word === name || (word?.startsWith('/') === true && normalize(word) === path));
	return build.command.wordNodes[index]?.range;
}

/** The main packages that can be named from where the command runs, the likely ones first. */
function mainsOf(facts: Facts, build: GoBuild): { readonly argument: string; readonly main: MainPackage }[] {
	const { sourceDirectory } = build;
	const module = facts.programOf(build)?.module;
	if (sourceDirectory === undefined) return [];
	return (facts.go?.mainPackages ?? [])
		.filter((main) => isWithin(sourceDirectory, main.directory) && main.module?.directory === module?.directory)
		.sort((a, b) => Number(a.rank === 'unlikely') - Number(b.rank === 'unlikely'))
		.map((main) => {
			const below = relativeWithin(sourceDirectory, main.directory) ?? '.';
			return { argument: below === '.' ? '.' : `./${below}`, main };
		});
}

function mainsText(mains: ReturnType<typeof mainsOf>): string {
	if (mains.length === 0) return 'Name the main package.';
	const likely = mains.filter(({ main }) => main.rank === 'shipped');
	const named = (likely.length > 0 ? likely : mains).map(({ argument }) => argument);
	if (named.length === 1) return `The main package is ${named[0]}.`;
	return `Main packages are ${named.slice(0, 3).join(', ')}${named.length > 3 ? ' and others' : ''}.`;
}

/** More actions than this would fill the menu. */
const MOST_ACTIONS = 8;

function fixesFor(facts: Facts, build: GoBuild): Fix[] {
	if (!canEdit(build)) return [];
	const range = packageRange(build);
	const end = build.command.wordNodes.at(-1)?.range.end;
	const mains = mainsOf(facts, build);
	return mains.slice(0, MOST_ACTIONS).flatMap(({ argument }): Fix[] => {
		const title = `Build ${argument}`;
		const newText = packageWord(argument);
		if (newText === undefined) return [];
		if (range !== undefined)
			return [{ title, edits: [{ range, newText }], changes: ['packages', 'outputs'], preferred: mains.length === 1 }];
		if (end === undefined || build.packages.length > 0) return [];
		return [
			{
				title,
				edits: [{ range: { start: end, end }, newText: written` ${newText}` }],
				changes: ['packages', 'outputs'],
				preferred: mains.length === 1,
			},
		];
	});
}
