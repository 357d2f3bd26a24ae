import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { SERVER_FLAGS } from '../../client/server-flags.ts';
import { inProject } from '../project.ts';
import { costOf, median, milliseconds, percentile, report } from './measure.ts';

/** Large programs, of which the module cache may hold one; `!` stands before upper-case letters there. */
const KNOWN = [
	['github.com/caddyserver/caddy/v2', './cmd/caddy'],
	['github.com/coredns/coredns', '.'],
	['github.com/traefik/traefik/v3', './cmd/traefik'],
	['github.com/prometheus/prometheus', './cmd/prometheus'],
	['github.com/gohugoio/hugo', '.'],
] as const;

const ROUNDS = 5;
/** After so many changes V8 has compiled what it will. */
const WARM_UP = 10;

interface Found {
	readonly packages: number;
	readonly unread: number;
	readonly evidence?: number;
	/** What the reading took without the start of the process, in milliseconds of processor time. */
	readonly reading?: number;
	readonly again?: readonly number[];
	readonly memory: number;
	readonly longest: number;
}

/** Compares the reading of a large program with `go list -deps` of it, whose build cache is warm. */
export async function compareProgram(named: readonly string[]): Promise<void> {
	if (spawnSync('go', ['version']).status !== 0) {
		console.log('Skipped: the reading of a large program. It is compared with the go command: https://go.dev/dl/');
		return;
	}
	const [directory, wanted] = named[0] === undefined ? (findProgram() ?? []) : [path.resolve(named[0]), named[1] ?? '.'];
	if (directory === undefined || wanted === undefined) {
		console.log(
			`Skipped: the reading of a large program. Give one whose modules are downloaded, \`npm run bench -- DIRECTORY PACKAGE\`, or run ` +
				`\`git clone https://github.com/caddyserver/caddy && cd caddy && go mod download\`.`,
		);
		return;
	}
	if (!existsSync(directory)) {
		console.log(`Skipped: the reading of a large program, for there is no directory ${directory}.`);
		return;
	}
	console.log(`Reading ${wanted} in ${directory}`);
	const temporary = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
	try {
		const reader = path.join(temporary, 'read-program.mjs');
		await build({
			entryPoints: [inProject('scripts/bench/read-program.ts')],
			outfile: reader,
			bundle: true,
			minify: true,
			platform: 'node',
			format: 'esm',
			logLevel: 'warning',
		});
		await measure(reader, directory, wanted, path.join(temporary, 'kept'));
	} finally {
		rmSync(temporary, { recursive: true });
	}
}

async function measure(reader: string, directory: string, wanted: string, kept: string): Promise<void> {
	const environment = { ...process.env, GOPROXY: 'off', GOFLAGS: '', GOOS: 'linux', CGO_ENABLED: '1' };
	const list = (more = {}) => costOf('go', ['list', '-deps', '-e', wanted], directory, { ...environment, ...more });
	const listAnew = async () => {
		const GOCACHE = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
		try {
			return await list({ GOCACHE });
		} finally {
			rmSync(GOCACHE, { recursive: true });
		}
	};
	const read = async (mode: string, cache = 'off') => {
		const cost = await costOf(process.execPath, [...SERVER_FLAGS, reader, mode, directory, wanted], directory, {
			...process.env,
			GO_SCRATCH_CACHE: cache,
		});
		return { ...cost, found: JSON.parse(cost.output) as Found };
	};
	// The first run fills the caches of the go command, of the file system, and ours.
	await list();
	await read('keep', kept);
	const runs = {
		go: () => list(),
		goAnew: listAnew,
		closure: () => read('closure'),
		program: () => read('program'),
		programKept: () => read('program', kept),
		programChanged: () => read('changed', kept),
	};
	const costs = new Map<string, { processor: number; wall: number; found?: Found }[]>();
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, run] of Object.entries(runs)) costs.set(name, [...(costs.get(name) ?? []), await run()]);
	}
	const middle = (name: keyof typeof runs, of: 'processor' | 'wall') => median((costs.get(name) ?? []).map((cost) => cost[of]));
	const { found } = await read('program');
	console.log(
		`  ${found.packages} packages beyond the standard library, ${found.unread} not on disk, ${found.evidence} places that show a need`,
	);
	const against = (title: string, bar: number | undefined, name: keyof typeof runs, other: 'go' | 'goAnew' = 'go') => {
		const [processor, wall] = [middle(name, 'processor'), middle(name, 'wall')];
		const detail = `${milliseconds(processor)} of processor time against ${milliseconds(middle(other, 'processor'))}; on the wall ${milliseconds(wall)} against ${milliseconds(middle(other, 'wall'))}`;
		report(title, processor / middle(other, 'processor'), bar, detail);
	};
	console.log('  In a new process, against go list -deps, which has its build cache, as this has what the last process kept:');
	against('evidence included, where nothing changed since the last process', 1, 'programKept');
	const reading = median((costs.get('programKept') ?? []).map(({ found }) => found?.reading ?? Number.NaN));
	report('the same, without the start of Node', reading / middle('go', 'processor'), 0.2, `${milliseconds(reading)} of processor time`);
	against('evidence included, where a Go file changed since the last process', 1, 'programChanged');
	against('the closure alone, with nothing kept', 0.2, 'closure');
	against('evidence included, with nothing kept', 1, 'program');
	console.log('  For the first time, against go list -deps with an empty build cache:');
	against('the closure alone', undefined, 'closure', 'goAnew');
	against('evidence included', undefined, 'program', 'goAnew');
	const { again = [] } = (await read('again')).found;
	const settled = again.slice(WARM_UP);
	report(
		'again after a changed Go file',
		median(settled),
		20,
		`of processor time; 95 % within ${milliseconds(percentile(settled, 0.95))}; the first ${WARM_UP} times ${milliseconds(median(again.slice(0, WARM_UP)))}`,
		' ms',
	);
	report('resident memory at most', found.memory, 150, 'with the evidence', ' MB');
	report('longest time without a turn for others', found.longest, 100, '', ' ms');
}

/** The newest version of a large program that the module cache holds with all its modules. */
function findProgram(): readonly [directory: string, wanted: string] | undefined {
	const cache = spawnSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).stdout.trim();
	for (const [module, wanted] of KNOWN) {
		const parent = path.join(cache, path.dirname(module));
		if (!existsSync(parent)) continue;
		const versions = readdirSync(parent).filter((name) => name.startsWith(`${path.basename(module)}@`));
		for (const version of versions.sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))) {
			const directory = path.join(parent, version);
			const listed = spawnSync('go', ['list', '-deps', wanted], { cwd: directory, env: { ...process.env, GOPROXY: 'off', GOFLAGS: '' } });
			if (listed.status === 0) return [directory, wanted];
		}
	}
	return undefined;
}
