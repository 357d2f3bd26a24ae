import { BASES } from '../deployments/compose/files.ts';
import { composeFor, type GeneratedCompose } from '../generate/compose-service.ts';
import {
	type Candidate,
	directoryOf,
	findCandidates,
	type GeneratedFile,
	type GeneratedFiles,
	generateFor,
} from '../generate/generation.ts';
import { buildCommand, placeFor } from '../generate/place.ts';
import type { Analyser } from '../lint/analyse.ts';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { dirname, isWithin, join, normalize, relativePath, relativeWithin } from '../workspace/paths.ts';
import { fileText, type Printable, type TerminalText, terminal } from './printable.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';
import { writeTexts } from './write-files.ts';

export interface GenerateRequest {
	readonly directory: string;
	readonly main: string | undefined;
	readonly output: string | undefined;
	readonly stdout: boolean;
	readonly comments: boolean;
	readonly force: boolean;
	/** Whether to write a compose file beside the Dockerfile. */
	readonly compose: boolean;
}

/**
 * Writes, or prints, a Dockerfile for the one main package that is meant, and a .dockerignore where there is none; and a compose file where
 * that is asked for.
 *
 * @returns What to tell the person.
 * @throws UsageError where it is not plain which program is meant, where something would be overwritten, or where a file cannot be written:
 * then none is.
 */
export async function generateDockerfile(
	command: GenerateRequest,
	analyser: Analyser,
	files: Files,
	print: (text: Printable) => void,
): Promise<TerminalText> {
	const path = pathFromNative(absolutePath(command.directory));
	if ((await files.status(path)) === undefined) throw new UsageError(`${command.directory} cannot be read: no such directory.`);
	const directory = await directoryOf(files, path);
	const root = await findRoot(files, directory);
	const { workspace, candidates, message } = await findCandidates(analyser.reader, directory, root, new AbortController().signal);
	if (message !== undefined) throw new UsageError(message);
	const candidate = choose(candidates, command.main, directory);
	const generated = await generateFor(files, workspace, candidate, command.comments);
	if (typeof generated === 'string') throw new UsageError(generated);

	const [dockerfile, ...others] = generated.files as [GeneratedFile, ...GeneratedFile[]];
	if (command.stdout) {
		print(fileText(dockerfile.content));
		return terminal`${generated.summary}`;
	}
	const place = command.output === undefined ? undefined : pathFromNative(absolutePath(command.output));
	const output = place ?? (await placeFor(files, workspace, candidate.mainPackage));
	const compose = command.compose ? await composeBeside(files, output, generated, command.comments) : undefined;
	const exists = (await files.status(output)) !== undefined;
	// A compose file is also written for the Dockerfile that an earlier run has written.
	const isSame = compose !== undefined && (await files.readText(output)) === dockerfile.content;
	if (exists && !isSame && !command.force) {
		throw new UsageError(
			`${shownPath(output)} exists. Use --force to overwrite it, --output FILE to write another file, or --stdout to print.`,
		);
	}
	// An ignore file that bears the Dockerfile's name goes where that goes.
	const own = `${dockerfile.path}.dockerignore`;
	const placed = others.map((file) => (file.path === own ? { ...file, path: `${output}.dockerignore` } : file));
	const absent: GeneratedFile[] = [];
	for (const file of placed) if ((await files.status(file.path)) === undefined) absent.push(file);
	const toWrite = [
		...(isSame ? [] : [{ path: output, content: dockerfile.content }]),
		...absent,
		...(compose === undefined ? [] : [{ path: compose.path, content: compose.text }]),
	];
	// After a kill between the two, the .dockerignore alone does no harm, and the next `generate` goes on.
	writeTexts(
		[...toWrite].reverse().map(({ path, content }) => ({
			path,
			text: content,
			overwrites: command.force && path === output,
			createsDirectories: true,
		})),
	);
	const summary = [generated.summary, ...(compose?.summary ?? [])].join(' ');
	const wrote = terminal`${summary}\nWritten: ${toWrite.map((file) => shownPath(file.path)).join(', ')}`;
	// Compose builds what it starts.
	const here = pathFromNative(absolutePath('.'));
	if (compose !== undefined || !isWithin(here, generated.context) || !isWithin(here, output)) return wrote;
	return terminal`${wrote}\nBuild it with: ${buildCommand(here, generated.context, output, candidate.mainPackage)}`;
}

/**
 * The compose file for a Dockerfile that is written to `output`.
 *
 * @throws UsageError where there is a compose file, which is never overwritten.
 */
async function composeBeside(
	files: Files,
	output: string,
	{ container, context, newline }: GeneratedFiles,
	comments: boolean,
): Promise<GeneratedCompose & { readonly path: string }> {
	const directory = dirname(output);
	for (const name of BASES) {
		const path = join(directory, name);
		if ((await files.status(path)) !== undefined) throw new UsageError(`${shownPath(path)} exists, and --compose does not overwrite it.`);
	}
	const build = { context: relativePath(directory, context), dockerfile: relativePath(context, output) };
	const compose = composeFor(container, build, comments, newline);
	if (compose === undefined) throw new UsageError('The names of these files cannot be written into a compose file.');
	return { ...compose, path: join(directory, 'compose.yaml') };
}

function choose(candidates: readonly Candidate[], wanted: string | undefined, directory: string): Candidate {
	const seen = ({ mainPackage }: Candidate) => relativeWithin(directory, mainPackage.directory) ?? mainPackage.directory;
	if (wanted !== undefined) {
		const named = candidates.filter(({ mainPackage }) => mainPackage.importPath === wanted || mainPackage.binaryName === wanted);
		const found = candidates.find((candidate) => seen(candidate) === normalize(wanted)) ?? (named.length === 1 ? named[0] : undefined);
		if (found !== undefined) return found;
		throw new UsageError(`There is no main package ${wanted}. The main packages are:`, ...list(candidates, seen));
	}
	// The directory's own package is meant before those below it.
	const own = candidates.find((candidate) => seen(candidate) === '.');
	if (own !== undefined) return own;
	// One program among examples and code generators is the one that is meant.
	const shipped = candidates.filter(({ mainPackage }) => mainPackage.rank === 'shipped');
	const [first, ...others] = shipped.length === 1 ? shipped : candidates;
	if (first !== undefined && others.length === 0) return first;
	throw new UsageError('There are several main packages; choose one with --main:', ...list(candidates, seen));
}

function list(candidates: readonly Candidate[], seen: (candidate: Candidate) => string): string[] {
	return candidates.map((candidate) => {
		const needs = candidate.needs === '' ? 'needs nothing' : `needs ${candidate.needs}`;
		return `  --main ${seen(candidate)}  (${candidate.mainPackage.importPath}; ${needs})`;
	});
}
