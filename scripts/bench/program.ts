import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
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

interface Found {
	readonly packages: number;
	readonly unread: number;
	readonly evidence?: number;
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
		await measure(reader, directory, wanted);
	} finally {
		rmSync(temporary, { recursive: true });
	}
}

async function measure(reader: string, directory: string, wanted: string): Promise<void> {
	const environment = { ...process.env, GOPROXY: 'off', GOFLAGS: '', GOOS: 'linux', CGO_ENABLED: '1' };
	const list = () => costOf('go', ['list', '-deps', '-e', wanted], directory, environment);
	const read = async (mode: string) => {
		const cost = await costOf(process.execPath, [reader, mode, directory, wanted], directory);
		return { ...cost, found: JSON.parse(cost.output) as Found };
	};
	// The first run fills the caches of the go command and of the file system.
	await list();
	await read('closure');
	const costs: {
		go: Awaited<ReturnType<typeof list>>;
		closure: Awaited<ReturnType<typeof read>>;
		program: Awaited<ReturnType<typeof read>>;
	}[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		costs.push({ go: await list(), closure: await read('closure'), program: await read('program') });
	}
	const middle = (of: (each: (typeof costs)[number]) => number) => median(costs.map(of));
	const go = { processor: middle(({ go }) => go.processor), wall: middle(({ go }) => go.wall) };
	const [{ program }] = costs as [(typeof costs)[number]];
	console.log(
		`  ${program.found.packages} packages beyond the standard library, ${program.found.unread} not on disk, ${program.found.evidence} places that show a need`,
	);
	const against = (name: string, bar: number, of: (each: (typeof costs)[number]) => { processor: number; wall: number }) => {
		const [processor, wall] = [middle((each) => of(each).processor), middle((each) => of(each).wall)];
		const detail = `${milliseconds(processor)} of processor time against ${milliseconds(go.processor)}; on the wall ${milliseconds(wall)} against ${milliseconds(go.wall)}`;
		report(name, processor / go.processor, bar, detail);
	};
	against('cold, evidence included, against go list', 1, ({ program }) => program);
	against('cold, the closure alone, against go list', 0.2, ({ closure }) => closure);
	const { again = [] } = (await read('again')).found;
	report(
		'again after a changed Go file',
		median(again),
		20,
		`of processor time; 95 % within ${milliseconds(percentile(again, 0.95))}`,
		' ms',
	);
	report(
		'resident memory at most',
		middle(({ program }) => program.found.memory),
		150,
		'with the evidence',
		' MB',
	);
	report(
		'longest time without a turn for others',
		middle(({ program }) => program.found.longest),
		100,
		'',
		' ms',
	);
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
