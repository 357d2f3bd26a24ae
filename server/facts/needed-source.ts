import type { RelatedPlace } from '../findings/finding.ts';
import { viewOf } from '../image/context/context-view.ts';
import { glob, isGlob } from '../image/context/glob.ts';
import type { BuildContext, GoBuild, RanCommand, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { isBefore } from '../image/stage-chain.ts';
import type { EmbedPattern, OwnPackage } from '../program/model.ts';
import { dirname, isWithin, join, normalize, relativeWithin } from '../workspace/paths.ts';
import type { Facts } from './facts.ts';
import { type ContextCopy, contextCopies, imagePathOf, modFlagOf, moduleOfBuild } from './placed-module.ts';

/** A file or directory of the build context that a build needs, and that is not in the stage when it runs. */
export interface NeededSource {
	/** From the context's root. */
	readonly path: string;
	/** Where it would have to be in the image. */
	readonly imagePath: string;
	readonly need:
		| { readonly kind: 'package'; readonly package: OwnPackage }
		| { readonly kind: 'embed'; readonly embed: EmbedPattern }
		/** `vendor`, which `-mod=vendor` requires. */
		| { readonly kind: 'vendor' };
	/** Whether it is on disk. */
	readonly exists: boolean;
	/** Whether .dockerignore leaves out all of it. */
	readonly ignored: boolean;
	/** The copy of a directory that brings it, or would if it were sent. */
	readonly copy: ContextCopy | undefined;
}

/** What a build needs of the workspace and is known not to have, in the order in which the go command looks for it. */
export function* neededSource(facts: Facts, state: StageState, build: GoBuild): Iterable<NeededSource> {
	const { context } = facts;
	const program = facts.programOf(build);
	if (context === undefined || program === undefined || !build.command.certain) return;
	// Where go.mod is not the workspace's, other packages may be meant; an overlay brings files from anywhere.
	if (moduleOfBuild(facts, build) === undefined || lastFlag(build.flags, 'overlay') !== undefined) return;
	const vendor = neededVendor(facts, context, state, build.command, build);
	if (vendor !== undefined) {
		yield vendor;
		return;
	}
	const found = (path: string, need: NeededSource['need']): NeededSource | undefined => {
		const imagePath = imagePathOf(build, join(context.directory, path));
		return imagePath === undefined ? undefined : source(context, state, build, path, imagePath, need);
	};
	const absent = new Set<string>();
	for (const one of program.ownPackages) {
		const path = relativeWithin(context.directory, one.directory);
		if (path === undefined || !isAbsentPackage(build, one)) continue;
		absent.add(one.directory);
		// Where the directory is sent for the sake of other files, it is a Go file that the ignore file leaves out.
		const files = one.files.map((name) => normalize(join(path, name)));
		const isFile = !isLeftOut(context, path) && files.every((file) => isLeftOut(context, file));
		const needed = found(isFile ? (files[0] as string) : path, { kind: 'package', package: one });
		if (needed !== undefined) yield needed;
	}
	for (const embed of program.embeds) {
		// Of a package that is not there either it is the package that is missed.
		if (absent.has(dirname(embed.path))) continue;
		const path = embeddedPath(context, build, embed);
		const needed = path === undefined ? undefined : found(path, { kind: 'embed', embed });
		if (needed !== undefined) yield needed;
	}
}

function source(
	context: BuildContext,
	state: StageState,
	build: GoBuild,
	path: string,
	imagePath: string,
	need: NeededSource['need'],
): NeededSource {
	return {
		path,
		imagePath,
		need,
		exists: context.kind(path) !== 'absent',
		ignored: isLeftOut(context, path),
		copy: copyOf(context, state, build, path),
	};
}

/** The copy of a directory that brings the path before a build, or would if it were sent. */
export function copyOf(context: BuildContext, state: StageState, { instruction }: GoBuild, path: string): ContextCopy | undefined {
	return contextCopies(context, state).find(
		(each) =>
			each.kind === 'directory' && isWithin(each.path === '.' ? path : each.path, path) && isBefore(each.copy.instruction, instruction),
	);
}

/** What go build says where it is missing. */
export function failureOf({ need, imagePath }: NeededSource, { command }: GoBuild): string {
	if (need.kind === 'vendor') return 'inconsistent vendoring';
	if (need.kind === 'embed') return `pattern ${need.embed.pattern}: no matching files found`;
	const { importPath, importedIn } = need.package;
	if (importedIn !== undefined) return `no required module provides package ${importPath}`;
	if (importPath !== COMMAND_LINE_ARGUMENTS) {
		const place = imagePath.endsWith('.go') ? dirname(imagePath) : imagePath;
		return command.files.has(place) === 'no' ? `stat ${place}: directory not found` : `no Go files in ${place}`;
	}
	return `no required module provides package ${need.package.files[0] ?? ''}`;
}

/** What the go command calls files that are named one by one. */
const COMMAND_LINE_ARGUMENTS = 'command-line-arguments';

/** The Go line that is the reason. */
export function relatedPlaceOf({ need }: NeededSource): RelatedPlace[] {
	if (need.kind === 'embed') {
		const { path, line, pattern } = need.embed;
		const message = `//go:embed ${pattern}`;
		return [{ path, line, character: 0, length: message.length, message }];
	}
	if (need.kind !== 'package' || need.package.importedIn === undefined) return [];
	const { path, line } = need.package.importedIn;
	const message = `"${need.package.importPath}"`;
	return [{ path, line, character: 0, length: message.length, message }];
}

/** Whether none of the package's files is in the image, nor any other Go file in its place. */
function isAbsentPackage(build: GoBuild, { directory, files }: OwnPackage): boolean {
	const place = imagePathOf(build, directory);
	if (place === undefined) return false;
	const tree = build.command.files;
	if (!files.every((name) => tree.has(join(place, name)) === 'no')) return false;
	const listed = tree.children(place);
	if (listed === undefined) return tree.has(place) === 'no';
	return listed.complete && !listed.names.some((name) => name.endsWith('.go'));
}

/** The context path of what an embed pattern names on disk, where nothing of it is in the image. */
function embeddedPath(context: BuildContext, build: GoBuild, { pattern, path }: EmbedPattern): string | undefined {
	const directory = relativeWithin(context.directory, dirname(path));
	if (directory === undefined) return undefined;
	const plain = pattern.replace(/^all:/, '');
	if (/[[\\]/.test(plain)) return undefined;
	const isAbsent = (below: string) => {
		const at = imagePathOf(build, join(context.directory, below));
		return at !== undefined && build.command.files.has(at) === 'no';
	};
	if (!isGlob(plain)) {
		const below = normalize(join(directory, plain));
		const kind = context.kind(below);
		return (kind === 'file' || kind === 'directory') && isAbsent(below) ? below : undefined;
	}
	const list = (at: string) => {
		const names = context.kind(at) === 'directory' ? context.children(at) : [];
		return names && { names, complete: true };
	};
	const matched = glob({ list }, '.', normalize(join(directory, plain)));
	if (matched.matches.length === 0 || !matched.complete || !matched.matches.every(isAbsent)) return undefined;
	// One file stands for the pattern; a directory in front of the wildcard says more.
	const names = plain.split('/');
	const literal = normalize(join(directory, ...names.slice(0, names.findIndex(isGlob))));
	return literal !== normalize(directory) && isAbsent(literal) ? literal : matched.matches.length === 1 ? matched.matches[0] : undefined;
}

/** The vendor directory that the build asks for, where it is known not to be there. */
function neededVendor(
	facts: Facts,
	context: BuildContext,
	state: StageState,
	command: RanCommand,
	build: GoBuild,
): NeededSource | undefined {
	if (modFlagOf(command) !== 'vendor') return undefined;
	const placed = moduleOfBuild(facts, build);
	if (placed === undefined || placed.module.file.require.length === 0) return undefined;
	const { imageDirectory, contextPath } = placed.work ?? placed;
	const imagePath = join(imageDirectory, 'vendor');
	if (command.files.has(join(imagePath, 'modules.txt')) !== 'no') return undefined;
	const path = normalize(join(contextPath, 'vendor'));
	return source(context, state, build, path, imagePath, { kind: 'vendor' });
}

/** Whether the file, or all of the directory, is there and is not sent. */
export function isLeftOut(context: BuildContext, path: string): boolean {
	const there = context.kind(path);
	return (there === 'file' || there === 'directory') && viewOf(context).kind(path) === 'absent';
}
