import { isReadFor } from '../knowledge/files-that-matter.ts';
import type { GoModule, MainPackage } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { basename, isWithin, join, relativePath } from '../workspace/paths.ts';

/** What the files of the repository say of how it is built, beside go.mod. */
export interface BuildHabits {
	/** The variable that `-X` writes the version into, and the file that says so. */
	readonly stamp: { readonly variable: string; readonly saidBy: string } | undefined;
	/** GOPRIVATE, if go.mod requires a module that it matches. */
	readonly privateModules: string | undefined;
}

export const NO_HABITS: BuildHabits = { stamp: undefined, privateModules: undefined };

/** Larger files are generated. */
const MAX_LENGTH = 256 * 1024;

/** Reads the makefiles, recipes, workflows and Dockerfiles of the program, of its module and of the workspace. */
export async function readBuildHabits(files: Files, mainPackage: MainPackage, root: string): Promise<BuildHabits> {
	const { module } = mainPackage;
	if (module === undefined) return NO_HABITS;
	const directories = new Set([mainPackage.directory, module.directory, root, join(root, '.github/workflows')]);
	let habits = NO_HABITS;
	for (const directory of directories) {
		for (const { name, kind } of (await files.list(directory)) ?? []) {
			const path = join(directory, name);
			if (kind !== 'file' || !tellsOfBuilds(path)) continue;
			const text = await files.readText(path);
			if (text === undefined || text.length > MAX_LENGTH) continue;
			const variable = habits.stamp === undefined ? await stampIn(files, text, name, mainPackage, module) : undefined;
			habits = {
				stamp: habits.stamp ?? (variable === undefined ? undefined : { variable, saidBy: name }),
				privateModules: habits.privateModules ?? privateModulesIn(text, module),
			};
		}
	}
	return habits;
}

function tellsOfBuilds(path: string): boolean {
	if ((['make', 'recipe', 'workflow', 'script'] as const).some((purpose) => isReadFor(purpose, path))) return true;
	return /^(?:\.envrc|\.gitlab-ci\.yml|(?:.*\.)?Dockerfile(?:\..*)?)$/.test(basename(path));
}

/** The variable of the program's own that the text has the linker set to a version (`go doc cmd/link`), as `main.version`. */
async function stampIn(files: Files, text: string, name: string, mainPackage: MainPackage, module: GoModule): Promise<string | undefined> {
	const set = [...text.matchAll(/-X[ =]\s*["']?([\w./~-]+\.\w*[Vv]ersion)=/g)].map(([, variable = '']) => variable);
	// https://goreleaser.com/customization/builds/go: what it sets where nothing else is said.
	if (/^\.goreleaser\./.test(name) && !/^[ \t]*(?:-[ \t]*)?ldflags:/m.test(text)) set.push('main.version');
	for (const variable of new Set(set)) {
		const dot = variable.lastIndexOf('.');
		const importPath = variable.slice(0, dot);
		const directory = importPath === 'main' ? mainPackage.directory : directoryOf(importPath, module);
		if (directory !== undefined && (await isDeclared(files, directory, variable.slice(dot + 1)))) return variable;
	}
	return undefined;
}

/** The directory of a package of the module. */
function directoryOf(importPath: string, { directory, file }: GoModule): string | undefined {
	const { path } = file;
	return path !== undefined && isWithin(path, importPath) ? join(directory, relativePath(path, importPath)) : undefined;
}

/** Whether a Go file of the directory declares a variable of that name: the linker ignores any other without a word. */
async function isDeclared(files: Files, directory: string, name: string): Promise<boolean> {
	const declaration = new RegExp(`^(?:var\\s+|\\s+)(?:\\w+\\s*,\\s*)*${name}\\b(?:\\s*,\\s*\\w+)*(?:\\s+string)?\\s*(?:=|$)`, 'm');
	for (const { name: file, kind } of (await files.list(directory)) ?? []) {
		if (kind !== 'file' || !file.endsWith('.go') || file.endsWith('_test.go')) continue;
		if (declaration.test((await files.readText(join(directory, file))) ?? '')) return true;
	}
	return false;
}

/** GOPRIVATE as the text sets it, if the module requires one that its patterns match (`go help private`). */
function privateModulesIn(text: string, { file }: GoModule): string | undefined {
	for (const [, value = ''] of text.matchAll(/\bGOPRIVATE["']?\s*(?:[:?]?=|:)\s*["']?([\w.*,/~-]+)/g)) {
		const patterns = value.split(',').filter((pattern) => pattern !== '');
		const expressions = patterns.map(
			(pattern) =>
				new RegExp(
					`^${pattern
						.replace(/[.]/g, '\\.')
						.replaceAll('*', '[^/]*')
						.replace(/(?<!\/)\/+$/, '')}(?:/|$)`,
				),
		);
		if (file.require.some(({ path }) => expressions.some((expression) => expression.test(path)))) return value;
	}
	return undefined;
}
