import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** A program that is loaded with compiled code, on a Node without a cache of its own. */
describe('compiled code that is kept by us', function () {
	this.timeout(60_000);
	let directory: string;
	let cache: string;

	before(function () {
		if ('enableCompileCache' in nodeModule) this.skip();
	});

	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-compiled-'));
		cache = join(directory, 'cache');
		const library = fileURLToPath(new URL('../../server/workspace/node-compile-cache.ts', import.meta.url));
		buildSync({
			stdin: {
				contents: `import { loadCompiled } from ${JSON.stringify(library)};\nloadCompiled(\`\${__dirname}/program.cjs\`, process.env)();`,
				resolveDir: directory,
			},
			outfile: join(directory, 'start.cjs'),
			bundle: true,
			platform: 'node',
			format: 'cjs',
		});
		program('one');
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	const program = (says: string) =>
		writeFileSync(
			join(directory, 'program.cjs'),
			`const { basename } = require('path');\nconsole.log(basename(__filename), ${JSON.stringify(says)}, module.exports === exports);`,
		);

	function run(environment: Record<string, string> = {}, ...flags: string[]): string {
		const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined, GO_SCRATCH_CACHE: cache, ...environment };
		const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, join(directory, 'start.cjs')], { encoding: 'utf8', env });
		assert.deepEqual([status, stderr], [0, '']);
		return stdout;
	}

	const entries = () => (existsSync(cache) ? readdirSync(cache).map((name) => join(cache, name)) : []);
	const inodes = () => entries().map((file) => statSync(file).ino);
	const ONE = 'program.cjs one true\n';

	it('is written by the first start, and taken by the second', () => {
		assert.equal(run(), ONE);
		const written = inodes();
		assert.equal(written.length, 1);
		assert.equal(run(), ONE);
		assert.deepEqual(inodes(), written, 'what was taken is not written again');
	});

	it('is not that of another program of the same length and times', () => {
		run();
		const file = join(directory, 'program.cjs');
		const { atime, mtime } = statSync(file);
		program('two');
		utimesSync(file, atime, mtime);
		assert.equal(run(), 'program.cjs two true\n');
	});

	it('is not that of a process with other flags', () => {
		run();
		assert.equal(run({}, '--max-semi-space-size=8'), ONE);
		assert.equal(entries().length, 2);
	});

	it('is compiled again where it is damaged', () => {
		run();
		const [file = ''] = entries();
		const whole = readFileSync(file);
		const flipped = Uint8Array.from(whole);
		flipped[whole.length >> 1] = ~(whole[whole.length >> 1] as number);
		for (const damaged of [Buffer.alloc(0), whole.subarray(0, whole.length >> 1), flipped]) {
			writeFileSync(file, damaged);
			assert.equal(run(), ONE);
			assert.deepEqual(readFileSync(file).length, whole.length);
		}
	});

	it('is not kept where that is not wanted, or not safe', function () {
		assert.equal(run({ GO_SCRATCH_CACHE: 'off' }), ONE);
		assert.equal(run({ NODE_DISABLE_COMPILE_CACHE: '1' }), ONE);
		assert.deepEqual(entries(), []);
		if (process.platform === 'win32') return void this.skip();
		mkdirSync(cache);
		spawnSync('chmod', ['777', cache]);
		assert.equal(run(), ONE);
		assert.deepEqual(entries(), []);
	});
});
