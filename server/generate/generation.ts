import { defaultRequest, type FactsReader } from '../facts/build-facts.ts';
import { parseIgnoreFile } from '../image/context/dockerignore.ts';
import type { GoWorkspace, MainPackage, Program } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import { type Generated, generate } from './generate.ts';
import { planFor } from './plan.ts';
import { findRuntimeFiles } from './runtime-files.ts';

/** A main package that a Dockerfile can be written for. */
export interface Candidate {
	readonly mainPackage: MainPackage;
	readonly program: Program;
	/** What the program needs of its image, for a person; empty where it needs nothing. */
	readonly needs: string;
}

export interface Candidates {
	readonly workspace: GoWorkspace;
	readonly candidates: readonly Candidate[];
	/** What was looked for and where; `undefined` where something was found. */
	readonly message: string | undefined;
}

export interface GeneratedFile {
	readonly path: string;
	readonly content: string;
	/** Whether a file of that name is there already. */
	readonly exists: boolean;
}

/** What is written: the Dockerfile first, then its ignore file. */
export interface GeneratedFiles {
	readonly files: readonly GeneratedFile[];
	/** What was found in the program and what was put in for it. */
	readonly summary: string;
}

/**
 * The main packages in `directory` and below it, what looks like an example or a code generator last.
 *
 * @param root The workspace directory.
 */
export async function findCandidates(reader: FactsReader, directory: string, root: string, signal: AbortSignal): Promise<Candidates> {
	const workspace = await reader.readWorkspace(isWithin(root, directory) ? root : directory, signal);
	const below = (workspace.mainPackages ?? []).filter((mainPackage) => isWithin(directory, mainPackage.directory));
	const candidates: Candidate[] = [];
	for (const mainPackage of [...below].sort((a, b) => Number(a.rank === 'unlikely') - Number(b.rank === 'unlikely'))) {
		const program = await reader.readProgram(workspace, defaultRequest(mainPackage), signal);
		candidates.push({ mainPackage, program, needs: describeNeeds(program) });
	}
	return { workspace, candidates, message: candidates.length > 0 ? undefined : describeAbsence(workspace, directory) };
}

/** The directory meant by a path that may be that of a file in it: a go.mod, say. */
export async function directoryOf(files: Files, path: string): Promise<string> {
	return (await files.status(path))?.kind === 'file' ? dirname(path) : path;
}

/**
 * The files of an image for the program. Nothing is written.
 *
 * @returns A sentence that says why, where there can be none.
 */
export async function generateFor(
	files: Files,
	workspace: GoWorkspace,
	{ mainPackage, program }: Candidate,
	comments: boolean,
): Promise<GeneratedFiles | string> {
	const goMod = mainPackage.module === undefined ? undefined : await files.readText(join(mainPackage.module.directory, 'go.mod'));
	const newline = goMod?.includes('\r\n') ? '\r\n' : '\n';
	const runtimeFiles = await findRuntimeFiles(files, mainPackage, program);
	const generated = generate({ workspace, mainPackage, program, runtimeFiles, comments, newline });
	if (typeof generated === 'string') return generated;
	const withStatus = async (name: string, content: string): Promise<GeneratedFile> => {
		const path = join(generated.directory, name);
		return { path, content, exists: (await files.status(path)) !== undefined };
	};
	const leftOut = await ignoredPath(files, generated, mainPackage.directory);
	// The engine prefers the ignore file that bears the Dockerfile's name, so that the other one can stay as it is.
	const ignoreFile = leftOut === undefined ? '.dockerignore' : 'Dockerfile.dockerignore';
	const notes = leftOut === undefined ? [] : [`.dockerignore leaves out ${leftOut}, so this Dockerfile has an ignore file of its own.`];
	return {
		files: [await withStatus('Dockerfile', generated.dockerfile), await withStatus(ignoreFile, generated.dockerignore)],
		summary: [...generated.summary, ...notes].join(' '),
	};
}

/** The first of the paths that the build reads that a .dockerignore which is there already leaves out. */
async function ignoredPath(files: Files, { directory, sent }: Generated, mainDirectory: string): Promise<string | undefined> {
	const text = await files.readText(join(directory, '.dockerignore'));
	if (text === undefined) return undefined;
	const { ignores } = parseIgnoreFile(text);
	const goFiles = ((await files.list(mainDirectory)) ?? []).filter(({ name }) => name.endsWith('.go') && !name.endsWith('_test.go'));
	const source = relativeWithin(directory, mainDirectory) ?? '.';
	for (const path of [...sent, ...goFiles.map(({ name }) => join(source, name))]) {
		if (path !== '.' && ignores(path) && (await files.status(join(directory, path))) !== undefined) return path;
	}
	return undefined;
}

function describeNeeds(program: Program): string {
	const plan = planFor([program]);
	const names = new Set<string>();
	for (const { need, because } of plan.needs) if (because !== undefined) names.add(need.title);
	for (const { importPath } of plan.cgo) names.add(`a C library for ${importPath}`);
	for (const { detail } of plan.executables) if (detail !== undefined) names.add(detail);
	for (const { detail } of plan.runtimeFiles) if (detail !== undefined) names.add(detail);
	if (plan.unread.length > 0)
		names.add(`whatever ${plan.unread.length} unread ${plan.unread.length === 1 ? 'module needs' : 'modules need'}`);
	return [...names].join(', ');
}

function describeAbsence({ root, modules, mainPackages, complete }: GoWorkspace, directory: string): string {
	const shown = relativeWithin(root, directory);
	const where = shown === undefined || shown === '.' ? directory : shown;
	const searched = complete ? '' : ' The search ended early, for there is very much below it.';
	const elsewhere = (mainPackages ?? [])
		.slice(0, 3)
		.map((mainPackage) => relativeWithin(root, mainPackage.directory) ?? mainPackage.directory);
	const hint = elsewhere.length > 0 ? ` There is one in ${elsewhere.join(', ')}.` : '';
	const withModules = modules.length === 0 ? ' Nor is there a go.mod.' : '';
	return `There is no Go program in ${where}: no Go file there or below it says 'package main' and is part of a build for linux.${withModules}${searched}${hint}`;
}
