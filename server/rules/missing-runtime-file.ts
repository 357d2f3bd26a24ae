import { argumentWord, copyWords, written } from '../dockerfile/write.ts';
import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { insertAfter, lastBuildingInstruction, lastCopy, stageReference } from '../fixes/instructions.ts';
import { stateOf } from '../fixes/supply.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import { fixedPart } from '../image/context/glob.ts';
import type { BuildContext } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import type { Evidence } from '../program/model.ts';
import { dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import type { Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-runtime-file',
	severity: 'warning',
	fixAll: false,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The program opens a file of the repository at run time, but the file is not in the image.',
		why: 'A relative path is relative to the working directory of the container: `/`, unless WORKDIR is set. Templates and static files next to the source are not in the image unless they are copied: `open templates/index.html: no such file or directory`.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead: 'FROM scratch\nCOPY --from=build /src/templates /templates\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reports literal relative paths that exist in the workspace, below the directory in which the program is usually started. Files embedded with `//go:embed` need no copy; a file that is both embedded and opened is not reported, because such programs read it from disk only during development. Nor are files that the program creates itself, or that a compose file mounts. A file that is the default of a flag is information, if the program cannot do without it and the image starts it without arguments: it may be mounted.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const directory = target.state.workingDirectory;
			if (directory === undefined) continue;
			const seen = new Set<string>();
			const opened = [...evidenceOf(target, 'runtime-file'), ...evidenceOf(target, 'named-file'), ...defaultsOfFlags(target)];
			for (const { binary, evidence } of opened) {
				const path = evidence.detail;
				// Relative to which directory it is opened is not known if the program changes it.
				if (path === undefined || binary.program?.unknowns.some(({ kind }) => kind === 'working-directory')) continue;
				const wanted = join(directory, fixedPart(path));
				if (seen.has(wanted) || !isInWorkspace(facts, binary, evidence) || target.state.files.has(wanted) !== 'no') continue;
				seen.add(wanted);
				if (makes(target, binary, wanted, directory) || facts.context?.mounts.some((mount) => isWithin(mount, wanted)) === true) continue;
				const others = opened.filter((each) => each.evidence !== evidence && areAlternatives(facts, binary, each.evidence, evidence));
				if (others.some((each) => target.state.files.has(join(directory, fixedPart(each.evidence.detail ?? ''))) !== 'no')) continue;
				// A file that is in the binary as well is read from the disk while developing, or by choice.
				if (isEmbedded(binary, fixedPart(path))) continue;
				const elsewhere = directoryThatHolds(target, binary, fixedPart(path));
				const instead =
					elsewhere === undefined
						? 'Copy it to that path, or embed it with //go:embed.'
						: `It is in ${elsewhere}: set WORKDIR ${elsewhere}.`;
				const unless = evidence.flag === undefined ? '' : ` unless the flag ${evidence.flag} names another file`;
				yield {
					...(evidence.flag !== undefined && { severity: 'information' as const }),
					range: target.state.stage.from.range,
					message: `The program opens ${path}${unless} (${saidOf(evidence, binary.program)}), but ${wanted} is not in the image. ${instead}`,
					related: relatedPlaces([evidence]),
					fixes: () =>
						elsewhere === undefined ? fixes(facts, target, binary, fixedPart(path), wanted) : [setDirectory(facts, target, elsewhere)],
				};
			}
		}
	},
};

/** Files that the program opens by the default of a flag, and cannot do without, where the image starts it without arguments. */
function defaultsOfFlags(target: Target): ReturnType<typeof evidenceOf> {
	if (resolveCommandPath(target.state)?.arguments.length !== 0) return [];
	return evidenceOf(target, 'default-file').filter(({ binary, evidence }) => binary.started && evidence.flag !== undefined);
}

/**
 * Whether both are values that one variable is given, or directories that one call is given: of a path for development and one for the
 * image the latter is meant.
 */
function areAlternatives(facts: Facts, binary: ShippedBinary, one: Evidence, other: Evidence): boolean {
	if (one.path !== other.path) return false;
	const [name] = /^[\w.]+(?= = )/.exec(one.symbol) ?? [];
	if (name !== undefined && other.symbol.startsWith(`${name} = `)) return true;
	return (
		one.line === other.line &&
		one.character === other.character &&
		[one, other].every(({ detail = '' }) => kindsOf(facts, binary, detail).includes('directory'))
	);
}

/** Whether the program makes the file or directory itself, or a directory below it with those above. */
function makes(target: Target, { program }: ShippedBinary, wanted: string, directory: string): boolean {
	const made = [
		...(program?.unknowns ?? []).filter(({ kind }) => kind === 'created-file'),
		...evidenceOf(target, 'writable-directory').map(({ evidence }) => evidence),
	];
	return made.some(({ detail, symbol }) => {
		if (detail === undefined) return false;
		const path = join(directory, detail);
		return path === wanted || (/Mkdir/.test(symbol) && (isWithin(wanted, path) || isWithin(path, wanted)));
	});
}

/** The directory of the image that holds the file by its relative name: that of the program, or one that something is copied into. */
function directoryThatHolds({ state }: Target, binary: ShippedBinary, path: string): string | undefined {
	const copied = copiesOf(state).flatMap(({ destination }) =>
		destination?.endsWith(`/${path}`) ? [destination.slice(0, -path.length - 1)] : [],
	);
	const candidates = [dirname(binary.path), ...copied].filter((directory) => directory !== '' && directory !== '/');
	return candidates.find((directory) => state.files.has(join(directory, path)) === 'yes');
}

function setDirectory(facts: Facts, { state }: Target, directory: string): Fix | undefined {
	const word = argumentWord(directory, facts.dockerfile);
	if (word === undefined) return undefined;
	return {
		title: `Set WORKDIR ${directory}`,
		edits: [insertAfter(facts.dockerfile, lastBuildingInstruction(state.stage), [written`WORKDIR ${word}`])],
		preferred: false,
	};
}

/** The directories that people start a program in: that of its module, and that of its package. */
function startDirectories({ program, mainPackage }: ShippedBinary): string[] {
	const directories = [program?.module?.directory, mainPackage?.directory, ...(program?.roots.map(({ directory }) => directory) ?? [])];
	return directories.filter((directory) => directory !== undefined);
}

/** What is at a path of the workspace, from where the program may be started. */
function kindsOf({ context }: Facts, binary: ShippedBinary, path: string): (string | undefined)[] {
	return startDirectories(binary).map((directory) => {
		const within = context === undefined ? undefined : relativeWithin(context.directory, join(directory, fixedPart(path)));
		return within === undefined ? undefined : context?.kind(within);
	});
}

/** Whether the file is there in the workspace, from where the program is started. */
function isInWorkspace({ context }: Facts, binary: ShippedBinary, { need, detail = '' }: Evidence): boolean {
	return startDirectories(binary).some((directory) => {
		const within = context === undefined ? undefined : relativeWithin(context.directory, join(directory, fixedPart(detail)));
		const kind = within === undefined || within === '.' ? undefined : context?.kind(within);
		if (kind !== 'directory' || need !== 'named-file') return kind === 'file' || kind === 'directory';
		// A word that a library is given may be the name of a package as well as that of a directory with files.
		if (context === undefined || within === undefined) return false;
		return context.children(within)?.length !== 0 && !mayHoldGo(context, within, 3);
	});
}

/** Whether Go files are in the directory or below it, as far down as it is looked, or may be. */
function mayHoldGo(context: BuildContext, directory: string, depth: number): boolean {
	const names = context.children(directory);
	if (names === undefined || names.length > 200 || names.some((name) => name.endsWith('.go'))) return true;
	const below = names.map((name) => `${directory}/${name}`).filter((path) => context.kind(path) === 'directory');
	return depth > 0 && below.some((path) => mayHoldGo(context, path, depth - 1));
}

/** Whether a //go:embed of the program takes the file, or the directory that it lies in. */
function isEmbedded(binary: ShippedBinary, path: string): boolean {
	const embedded = (binary.program?.embeds ?? []).map((embed) => join(dirname(embed.path), fixedPart(embed.pattern.replace(/^all:/, ''))));
	return startDirectories(binary).some((directory) => embedded.some((each) => isWithin(each, join(directory, path))));
}

function fixes(facts: Facts, target: Target, binary: ShippedBinary, path: string, wanted: string): Fix[] {
	const { build, program } = binary;
	const builder = build && stateOf(facts, build);
	const source = program?.module?.directory ?? build?.sourceDirectory;
	if (build?.directory === undefined || builder === undefined || source === undefined || build.sourceDirectory === undefined) return [];
	const within = relativeWithin(source, build.sourceDirectory);
	if (within === undefined) return [];
	// The build stage holds a copy of the module; the file lies in it as it does in the workspace.
	const moduleInImage = within === '.' ? build.directory : join(build.directory, ...within.split('/').map(() => '..'));
	const from = join(moduleInImage, path);
	if (builder.files.has(from) !== 'yes' || builder.stage.index >= target.state.stage.index) return [];
	const copy = written`COPY --from=${stageReference(builder.stage)} ${copyWords([from], wanted, facts.dockerfile)}`;
	if (copy === undefined) return [];
	return [
		{
			title: `Copy ${path} into the image`,
			edits: [insertAfter(facts.dockerfile, lastCopy(target.state.stage), [copy])],
			preferred: false,
		},
	];
}
