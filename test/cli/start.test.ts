import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** The start of the command line, and what it keeps for the next: here it loads a program that says how it came to be. */
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
				return { exitCode: words.length, analysed: words[0] !== 'help', allIsOut: words[0] !== 'slow' };
			};`,
		);
	}

	function run(words: readonly string[] = [], environment: Record<string, string> = {}): string {
		const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined, GO_SCRATCH_CACHE: cache, ...environment };
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, 'cli.cjs'), ...words], { encoding: 'utf8', env });
		assert.equal(status, words.length, stderr);
		return stdout;
	}

	const kept = () => (existsSync(cache) ? readdirSync(cache) : []);

	it('keeps what it compiled, for the same program only', () => {
		assert.equal(run(['a', 'b']), 'onea b');
		const [first] = kept();
		assert.ok(first);
		const { mtimeMs } = statSync(join(cache, first));
		assert.equal(run(), 'one');
		assert.equal(statSync(join(cache, first)).mtimeMs, mtimeMs, 'it is used, and not written again');
		// Of the same length, and dated back, as packages date their files.
		program('two');
		utimesSync(join(directory, 'command-line.cjs'), 0, 0);
		assert.equal(run(), 'two');
		assert.equal(kept().length, 2);
	});

	it('compiles anew what was kept damaged, or by somebody else', () => {
		run();
		const file = join(cache, kept()[0] as string);
		const whole = readFileSync(file);
		for (const damaged of [
			Buffer.alloc(0),
			Buffer.from('nonsense'),
			whole.subarray(0, whole.length >> 1),
			Buffer.concat([whole.subarray(0, 8), whole]),
		]) {
			writeFileSync(file, damaged);
			assert.equal(run(), 'one');
			assert.deepEqual(readFileSync(file).length, whole.length);
		}
		if (process.platform === 'win32') return;
		writeFileSync(file, 'nonsense');
		chmodSync(file, 0o666);
		assert.equal(run(), 'one');
		assert.equal(statSync(file).mode & 0o777, 0o600);
	});

	it('keeps nothing where that is not wanted, not possible, or not worth it', () => {
		assert.equal(run([], { GO_SCRATCH_CACHE: 'off' }), 'one');
		assert.equal(run([], { NODE_DISABLE_COMPILE_CACHE: '1' }), 'one');
		assert.equal(run(['help']), 'onehelp');
		assert.deepEqual(kept(), []);
		writeFileSync(cache, 'a file where the directory would be');
		assert.equal(run(), 'one');
	});

	it('forgets what was kept first, and leaves alone what others keep there', () => {
		run();
		const [first] = kept();
		for (let age = 1; age <= 20; age++) {
			for (const name of [`start-old-${age}`, `go-old-${age}`]) {
				writeFileSync(join(cache, name), '');
				utimesSync(join(cache, name), 1000 - age, 1000 - age);
			}
		}
		program('new');
		run();
		const starts = kept().filter((name) => name.startsWith('start'));
		assert.ok(starts.length < 10 && starts.includes(first as string) && starts.includes('start-old-1') && !starts.includes('start-old-20'));
		assert.equal(kept().length - starts.length, 20);
	});
});
