import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Whether the Node that runs this keeps what it compiled. */
const HAS_COMPILE_CACHE = 'enableCompileCache' in nodeModule;

/** The start of the command line: here it loads a program that says how it came to be. */
describe('the start of the command line', function () {
	this.timeout(60_000);
	let directory: string;
	let cache: string;

	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-start-'));
		cache = join(directory, 'cache');
		const start = fileURLToPath(new URL('../../server/cli/start.ts', import.meta.url));
		buildSync({ entryPoints: [start], outfile: join(directory, 'cli.cjs'), bundle: true, platform: 'node', format: 'cjs' });
		program('one');
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	function program(says: string): void {
		writeFileSync(
			join(directory, 'command-line.cjs'),
			`exports.run = async (words) => {
				require('fs').writeSync(1, ${JSON.stringify(says)} + words.join(' '));
				return { exitCode: words.length, allIsOut: words[0] !== 'slow' };
			};`,
		);
	}

	function run(words: readonly string[] = [], environment: Record<string, string> = {}): string {
		const env = {
			...process.env,
			NODE_COMPILE_CACHE: undefined,
			NODE_DISABLE_COMPILE_CACHE: undefined,
			GO_SCRATCH_CACHE: cache,
			...environment,
		};
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, 'cli.cjs'), ...words], { encoding: 'utf8', env });
		assert.equal(status, words.length, stderr);
		assert.equal(stderr, '');
		return stdout;
	}

	/** The files that Node keeps. */
	const kept = (below = cache): string[] =>
		existsSync(below)
			? readdirSync(below, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(below, name)).isFile())
			: [];

	it('runs the program with its words, and ends with its exit code', () => {
		assert.equal(run(['a', 'b']), 'onea b');
		assert.equal(run(['slow']), 'oneslow');
		program('two');
		assert.equal(run(), 'two');
	});

	it('has Node keep what it compiled, where Node can, in a directory that is closed to others', () => {
		run();
		assert.equal(kept().length > 0, HAS_COMPILE_CACHE);
		if (!HAS_COMPILE_CACHE || process.platform === 'win32') return;
		assert.equal(statSync(cache).mode & 0o077, 0);
	});

	it('compiles again what was kept and is damaged', function () {
		run();
		const [name] = kept();
		if (name === undefined) return void this.skip();
		const file = join(cache, name);
		const whole = readFileSync(file);
		const flipped = Uint8Array.from(whole);
		flipped[whole.length >> 1] = ~(whole[whole.length >> 1] as number);
		const zeroed = Buffer.concat([whole.subarray(0, whole.length >> 1), Buffer.alloc(whole.length - (whole.length >> 1))]);
		for (const damaged of [Buffer.alloc(0), whole.subarray(0, whole.length >> 1), flipped, zeroed]) {
			writeFileSync(file, damaged);
			assert.equal(run(), 'one');
		}
	});

	it('keeps nothing where that is not wanted or not possible', () => {
		assert.equal(run([], { GO_SCRATCH_CACHE: 'off' }), 'one');
		assert.equal(run([], { NODE_DISABLE_COMPILE_CACHE: '1' }), 'one');
		assert.deepEqual(kept(), []);
		rmSync(cache, { recursive: true, force: true });
		writeFileSync(cache, 'a file where the directory would be');
		assert.equal(run(), 'one');
	});

	it('keeps nothing in a directory that others have access to, or that a link leads to', function () {
		if (process.platform === 'win32') return void this.skip();
		mkdirSync(cache);
		spawnSync('chmod', ['777', cache]);
		assert.equal(run(), 'one');
		assert.deepEqual(kept(), []);
		const target = join(directory, 'target');
		mkdirSync(target, { mode: 0o700 });
		rmSync(cache, { recursive: true });
		symlinkSync(target, cache);
		assert.equal(run(), 'one');
		assert.deepEqual(kept(target), []);
	});

	it('removes no file from the directory', () => {
		mkdirSync(cache, { mode: 0o700 });
		const names = Array.from({ length: 60 }, (_, number) => [
			`start-server-${number}.sh`,
			`start-v20-x64-${number}`,
			`go-${number}`,
		]).flat();
		for (const name of names) writeFileSync(join(cache, name), name);
		run();
		for (const name of names) assert.equal(readFileSync(join(cache, name), 'utf8'), name);
	});
});
