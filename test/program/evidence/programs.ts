import { createEvidenceCache, defaultName, type EvidenceCache, findEvidence } from '../../../server/program/evidence/evidence.ts';
import type { EvidenceResult } from '../../../server/program/evidence/judge/conclusions.ts';
import { scanHeader } from '../../../server/program/header.ts';
import type { Closure, GoPackage, GoSourceFile } from '../../../server/program/package.ts';
import { isStandardPackage } from '../../../server/program/standard-library.ts';

/** The module path of the programs under test. */
const MODULE = 'example.com/app';

/** Files by path: a directory of `example.com/app` for own ones, an import path for those of dependencies. */
export type GoFiles = Readonly<Record<string, string>>;

/** Reads an archive whose files begin with `-- path --` lines; what stands before the first is the file main.go. */
export function filesOf(archive: string): GoFiles {
	const files: Record<string, string> = {};
	let path = 'main.go';
	for (const line of archive.split('\n')) {
		const marker = /^\s*-- (\S+) --$/.exec(line);
		if (marker !== null) path = marker[1] as string;
		else files[path] = `${files[path] ?? ''}${line}\n`;
	}
	for (const [name, text] of Object.entries(files)) if (!/^\s*package /m.test(text)) files[name] = `package main\n${text}`;
	return files;
}

/** The closure of `example.com/app`; what starts with another module's path is a dependency, absent ones are unread. */
export function closureOf(files: GoFiles, versions: Readonly<Record<string, string>> = {}): Closure {
	const byPackage = new Map<string, GoSourceFile[]>();
	for (const [path, text] of Object.entries(files)) {
		const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
		const importPath = /^[^/]+\.[^/]+\//.test(path) ? directory : [MODULE, directory].filter((part) => part !== '').join('/');
		const header = scanHeader(text);
		if (header === undefined) continue;
		byPackage.set(importPath, [...(byPackage.get(importPath) ?? []), { path, version: versions[path] ?? text, header }]);
	}
	const packages = new Map<string, GoPackage>();
	const unread = new Map<string, string | undefined>();
	const standard = new Set<string>();
	const waiting = [MODULE];
	for (let importPath = waiting.shift(); importPath !== undefined; importPath = waiting.shift()) {
		if (packages.has(importPath)) continue;
		const source = byPackage.get(importPath);
		if (source === undefined) {
			if (isStandardPackage(importPath)) standard.add(importPath);
			else if (importPath !== 'C') unread.set(importPath, undefined);
			continue;
		}
		const imports = new Set(source.flatMap(({ header }) => header.imports.map(({ path }) => path)));
		const own = importPath === MODULE || importPath.startsWith(`${MODULE}/`);
		const name = source[0]?.header.package ?? defaultName(importPath);
		packages.set(importPath, { importPath, name, directory: importPath, standard: false, own, files: source, imports });
		waiting.push(...imports);
	}
	return { packages, roots: [MODULE], unread, standard };
}

export function evidenceOf(
	archive: string,
	{ tags = [], cache = createEvidenceCache() }: { tags?: readonly string[]; cache?: EvidenceCache } = {},
): Promise<EvidenceResult> {
	const files = filesOf(archive);
	return findEvidence({ closure: closureOf(files), readText: async (path) => files[path], tags, cache });
}
