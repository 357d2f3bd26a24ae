import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';
import { findCommand } from '../chromium.ts';
import { run } from '../processes.ts';
import { CACHE, inProject } from '../project.ts';

/**
 * Compares what go-scratch reports with what the linker keeps. The Go linker drops every function that nothing can reach, so the names that
 * are left in a binary bound what the program can do: what it cannot do, no rule may report.
 */

/** A need, the rule that reports it, and the functions of which a binary must hold one to have it. */
interface LinkedNeed {
	readonly code: string;
	readonly names: readonly string[];
	/** Names of functions of whichever package that count too. */
	readonly pattern?: RegExp;
}

export const LINKED_NEEDS: readonly LinkedNeed[] = [
	// A server links tls.Client too, so what leads to it counts: requests, connections, and methods that turn one to TLS.
	{
		code: 'missing-ca-certificates',
		names: [
			'net/http.(*Client).do',
			'net/http.(*Transport).dialConn',
			'crypto/tls.dial',
			'crypto/tls.(*Dialer).DialContext',
			'crypto/x509.SystemCertPool',
		],
		pattern: /\.(?:[sS]tartTLS|ClientHandshake|[dD]ial\w*TLS\w*|upgradeTLS|ssl)$/,
	},
	{ code: 'missing-timezone-data', names: ['time.LoadLocation'] },
	{
		code: 'missing-tmp',
		names: ['os.CreateTemp', 'os.MkdirTemp', 'os.TempDir', 'mime/multipart.(*Reader).readForm', 'os.OpenFile'],
	},
	{
		code: 'missing-user-database',
		names: ['os/user.Current', 'os/user.Lookup', 'os/user.LookupId', 'os/user.LookupGroup', 'os/user.LookupGroupId', 'os/user.lookupUser'],
	},
	{ code: 'missing-executable', names: ['os/exec.Command', 'os/exec.(*Cmd).Start', 'os/exec.LookPath', 'os.StartProcess', 'syscall.Exec'] },
	{ code: 'loopback-listener', names: ['net.Listen', 'net.(*ListenConfig).Listen', 'net.ListenTCP'] },
];

/** The needs whose silence is looked at: others are in most binaries, for what the standard library does by itself. */
const JUDGED_SILENCES: readonly string[] = ['missing-ca-certificates', 'missing-timezone-data'];

export interface Compared {
	/** Codes of findings in an empty image that the binary cannot have; each is a fault. */
	readonly invented: readonly string[];
	/** Codes that the binary may have and that nothing was reported of. */
	readonly silent: readonly string[];
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
	const build = ['build', '-trimpath', '-o', binary, packageName];
	const built = await run(go, build, { cwd: workspace, env: environment });
	if (built.code !== 0) {
		if (OUT_OF_REACH.test(built.output)) return { skipped: built.output.trim() };
		throw new Error(`${name} does not build:\n${built.output.trim()}`);
	}
	const listed = await run(go, ['tool', 'nm', binary], { cwd: workspace, env: environment });
	const names = new Set(listed.output.split('\n').map((line) => line.trim().split(/\s+/).slice(2).join(' ')));
	const codes = await codesOf(workspace, packageName, modules);
	rmSync(binary);
	const can = ({ names: wanted, pattern }: LinkedNeed) =>
		wanted.some((each) => names.has(each)) || (pattern !== undefined && [...names].some((each) => pattern.test(each)));
	return {
		invented: LINKED_NEEDS.filter((need) => codes.has(need.code) && !can(need)).map(({ code }) => code),
		silent: LINKED_NEEDS.filter((need) => JUDGED_SILENCES.includes(need.code) && !codes.has(need.code) && can(need)).map(
			({ code }) => code,
		),
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
