import { defaultRequest, type FactsReader } from '../facts/build-facts.ts';
import { parseIgnoreFile } from '../image/context/dockerignore.ts';
import type { GoWorkspace, MainPackage, Program } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import { readBuildHabits } from './build-habits.ts';
import type { ContainerNeeds } from './container-needs.ts';
import { findAbsentEmbeds } from './frontend.ts';
import { type Generated, generate } from './generate.ts';
import { healthArguments } from './health-command.ts';
import { planFor } from './plan.ts';
import { findRuntimeFiles } from './runtime-files.ts';

/** A main package to write a Dockerfile for. */
export interface Candidate {
	readonly mainPackage: MainPackage;
	readonly program: Program;
	/** What the program needs from its image, for display; empty if it needs nothing. */
	readonly needs: string;
}

export interface Candidates {
	readonly workspace: GoWorkspace;
	readonly candidates: readonly Candidate[];
	/** Why there is no candidate; `undefined` if there is one. */
	readonly message: string | undefined;
}

export interface GeneratedFile {
	readonly path: string;
	readonly content: string;
	/** Whether the file exists. */
	readonly exists: boolean;
}

/** The files to write: the Dockerfile first, then its ignore file. */
export interface GeneratedFiles {
	readonly files: readonly GeneratedFile[];
	/** The directory that is sent to the build. */
	readonly context: string;
	/** What the program needs and what was added for it. */
	readonly summary: string;
	readonly container: ContainerNeeds;
	/** The line ending of the files. */
	readonly newline: '\n' | '\r\n';
}

/**
 * The main packages in `directory` and below it; those that look like examples or code generators come last.
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

/** The directory of a path that may be a file in it, such as go.mod. */
export async function directoryOf(files: Files, path: string): Promise<string> {
	return (await files.status(path))?.kind === 'file' ? dirname(path) : path;
}

/**
 * The files to write for the program; does not write them.
 *
 * @returns A sentence that says why, if there can be none.
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
	const absentEmbeds = await findAbsentEmbeds(files, program, workspace.root);
	const habits = await readBuildHabits(files, mainPackage, workspace.root);
	const health = await healthArguments(files, program);
	const generated = generate({ workspace, mainPackage, program, runtimeFiles, absentEmbeds, habits, health, comments, newline });
	if (typeof generated === 'string') return generated;
	const withStatus = async (name: string, content: string): Promise<GeneratedFile> => {
		const path = join(generated.directory, name);
		return { path, content, exists: (await files.status(path)) !== undefined };
	};
	const leftOut = await ignoredPath(files, generated, mainPackage.directory);
	// The engine prefers an ignore file with the Dockerfile's name, so the existing .dockerignore stays unchanged.
	const ignoreFile = leftOut === undefined ? '.dockerignore' : 'Dockerfile.dockerignore';
	const notes =
		leftOut === undefined ? [] : [`The existing .dockerignore excludes ${leftOut}, so this Dockerfile has its own ignore file.`];
	return {
		files: [await withStatus('Dockerfile', generated.dockerfile), await withStatus(ignoreFile, generated.dockerignore)],
		context: generated.directory,
		summary: [...generated.summary, ...notes].join(' '),
		container: generated.container,
		newline,
	};
}

/** The first path that the build reads but the existing .dockerignore excludes. */
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
		names.add(`possibly more (${plan.unread.length} ${plan.unread.length === 1 ? 'module' : 'modules'} not read)`);
	return [...names].join(', ');
}

function describeAbsence({ root, modules, mainPackages, complete }: GoWorkspace, directory: string): string {
	const shown = relativeWithin(root, directory);
	const where = shown === undefined || shown === '.' ? directory : shown;
	const searched = complete ? '' : ' The search stopped early: there are too many files.';
	const elsewhere = (mainPackages ?? [])
		.slice(0, 3)
		.map((mainPackage) => relativeWithin(root, mainPackage.directory) ?? mainPackage.directory);
	const hint = elsewhere.length > 0 ? ` Found in ${elsewhere.join(', ')}.` : '';
	const withModules = modules.length === 0 ? ' There is no go.mod either: open a folder with one, or run go mod init.' : '';
	return `No main package found in ${where}: no Go file there or below declares 'package main' and is built for linux.${withModules}${searched}${hint}`;
}
