import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { NeedId } from '../../server/knowledge/need-ids.ts';
import { readLinkedFile } from '../../server/linked/read.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';
import { withBytesOf } from '../../server/workspace/node-read.ts';
import { findCommand } from '../chromium.ts';
import { run } from '../processes.ts';
import { CACHE, inProject } from '../project.ts';

/**
 * Compares what go-scratch reports with what the linker keeps. The Go linker drops every function that nothing can reach, so the names that
 * are left in a binary bound what the program can do: what it cannot do, no rule may report.
 */

/** The rules whose findings the names of functions bound, and the need that each reports. */
const NEEDS: ReadonlyMap<string, NeedId> = new Map([
	['missing-ca-certificates', 'certificate-roots'],
	['missing-timezone-data', 'zone-data'],
	['missing-tmp', 'temporary-directory'],
	['missing-user-database', 'user-database'],
	['missing-executable', 'executable'],
	['loopback-listener', 'listener'],
]);

/** The needs whose silence is looked at: others are in most binaries, for what the standard library does by itself. */
const JUDGED_SILENCES: readonly string[] = ['missing-ca-certificates', 'missing-timezone-data'];

export interface Compared {
	/** Codes of findings in an empty image that the binary cannot have; each is a fault. */
	readonly invented: readonly string[];
	/** Codes that the binary may have and that nothing was reported of. */
	readonly silent: readonly string[];
	/** The functions that show each need. */
	readonly shown: ReadonlyMap<NeedId, readonly string[]>;
}

/** At most three of the functions that show the need of the rule. */
export function functionsFor(code: string, { shown }: Compared): readonly string[] {
	return (shown.get(NEEDS.get(code) as NeedId) ?? []).slice(0, 3);
}

/** What one program's comparison gave, or why there is none here. */
export type Comparison = Compared | { readonly skipped: string };

/** What Go says of a proxy that it cannot reach, or that does not have a module. */
const OUT_OF_REACH = /dial tcp|no such host|timeout|connection (?:refused|reset)|reading https?:/i;

/** What was found out of silences that were read, by `MODULE@VERSION PACKAGE CODE`. */
export function readSilences(): ReadonlyMap<string, string> {
	const lines = readFileSync(inProject('scripts', 'compare-linked', 'silent.txt'), 'utf8').split('\n');
	const entries = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => /^(\S+ \S+ \S+) (.+)$/.exec(line));
	return new Map(entries.map((entry) => [entry?.[1] ?? '', entry?.[2] ?? '']));
}

const LINKED = path.join(CACHE, 'linked');

/**
 * Builds a main package and compares. Modules are downloaded with this machine's own settings of Go.
 *
 * @param name as `MODULE@VERSION PACKAGE`
 */
export async function compareLinked(name: string): Promise<Comparison> {
	const go = findCommand('go');
	if (go === undefined) return { skipped: 'Go is not installed: https://go.dev/dl/' };
	const [module, packageName] = name.split(' ') as [string, string];
	const workspace = path.join(LINKED, 'workspaces', name.replace(/[^\w@.-]+/g, '+'));
	const modules = path.join(LINKED, 'modules');
	mkdirSync(LINKED, { recursive: true });
	const environment = { ...process.env, GOMODCACHE: modules, GO111MODULE: 'on', GOFLAGS: '-modcacherw', GOWORK: 'off', CGO_ENABLED: '0' };
	const downloaded = await run(go, ['mod', 'download', '-json', module], { cwd: LINKED, env: environment });
	const directory = /"Dir": "([^"]+)"/.exec(downloaded.output)?.[1];
	if (directory === undefined) return { skipped: /"Error": "([^"]+)"/.exec(downloaded.output)?.[1] ?? downloaded.output.trim() };
	rmSync(workspace, { recursive: true, force: true });
	cpSync(directory, workspace, { recursive: true });
	const binary = `${workspace}.binary`;
	const build = ['build', '-trimpath', '-ldflags=-s -w', '-o', binary, packageName];
	const built = await run(go, build, { cwd: workspace, env: environment });
	if (built.code !== 0) {
		if (OUT_OF_REACH.test(built.output)) return { skipped: built.output.trim() };
		throw new Error(`${name} does not build:\n${built.output.trim()}`);
	}
	const found = await withBytesOf(binary, readLinkedFile);
	rmSync(binary);
	const needs = found.kind === 'program' ? found.needs : undefined;
	if (needs === undefined) throw new Error(`${name} is not read as a linked program: ${JSON.stringify(found)}`);
	const codes = await codesOf(workspace, packageName, modules);
	rmSync(workspace, { recursive: true });
	const isShown = (need: NeedId) => needs.may.has(need) && !needs.embedded.has(need);
	// What the standard library does for other needs does not show one, unless source does.
	const cannot = (need: NeedId) => needs.without.has(need) || (need === 'certificate-roots' && !needs.may.has(need));
	return {
		invented: [...NEEDS].filter(([code, need]) => codes.has(code) && cannot(need)).map(([code]) => code),
		silent: JUDGED_SILENCES.filter((code) => !codes.has(code) && isShown(NEEDS.get(code) as NeedId)),
		shown: needs.may,
	};
}

/** The codes of the findings in a Dockerfile that builds the package and copies it to an empty image. */
async function codesOf(workspace: string, packageName: string, modules: string): Promise<ReadonlySet<string>> {
	const text = [
		'FROM golang:1.26 AS build',
		'WORKDIR /src',
		'COPY . .',
		`RUN CGO_ENABLED=0 go build -o /app ${packageName}`,
		'FROM scratch',
		'COPY --from=build /app /app',
		'ENTRYPOINT ["/app"]',
		'',
	].join('\n');
	const file = path.join(workspace, 'Dockerfile.linked');
	writeFileSync(file, text);
	const installation = { moduleCaches: [pathFromNative(modules)], goroot: undefined, gopath: [] };
	const analyser = createAnalyser({ files: createNodeFiles(), installation });
	const root = pathFromNative(workspace);
	const { findings } = await analyser.analyse({ path: `${root}/Dockerfile.linked`, text, root });
	return new Set(findings.map(({ code }) => code));
}
