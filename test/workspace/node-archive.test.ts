import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
	chmodSync,
	chownSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createNodeArchive } from '../../server/workspace/node-archive.ts';
import { ABSENT, cacheDirectory, makeCacheDirectory } from '../../server/workspace/node-cache-directory.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ON_WINDOWS = process.platform === 'win32';
const AS_ROOT = process.geteuid?.() === 0;
/** Any user id but our own. */
const SOMEBODY = 65534;

describe('the archive on disk', () => {
	let directory: string;
	let caches: string;
	let program: string;
	let warnings: string[];

	beforeEach(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-archive-'));
		caches = path.join(directory, 'caches');
		program = path.join(directory, 'program.cjs');
		writeFileSync(program, 'one build');
		warnings = [];
	});

	afterEach(() => rmSync(directory, { recursive: true }));

	const open = (GO_SCRATCH_CACHE = caches) => {
		const archive = createNodeArchive({ HOME: directory, GO_SCRATCH_CACHE }, program, (message) => warnings.push(message));
		assert.ok(archive);
		return archive;
	};
	const content = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) % 251);
	const read = (name = 'a') => {
		const found = open().read(name);
		return found && [...found];
	};
	/** Writes an entry and answers its file. */
	function entry(): string {
		open().write('a', content);
		const [name] = readdirSync(caches);
		assert.ok(name);
		return path.join(caches, name);
	}

	it('gives back what was written, to the same build only', () => {
		entry();
		assert.deepEqual(read(), [...content]);
		assert.equal(read('b'), undefined);
		writeFileSync(program, 'another build');
		assert.equal(read(), undefined);
		open().write('empty', new Uint8Array());
		assert.deepEqual(read('empty'), []);
		if (!ON_WINDOWS) assert.equal(statSync(caches).mode & 0o777, 0o700, 'nobody else reads it');
		assert.deepEqual(warnings, []);
	});

	it('forgets an entry where it is told to', () => {
		entry();
		open().forget('a');
		open().forget('never written');
		assert.equal(read(), undefined);
		assert.deepEqual(readdirSync(caches), []);
	});

	it('can be turned off, and does without a directory that cannot be made', () => {
		assert.equal(
			createNodeArchive({ HOME: directory, GO_SCRATCH_CACHE: 'off' }, program, () => {}),
			undefined,
		);
		const blocked = open(path.join(program, 'below-a-file'));
		blocked.write('a', Uint8Array.of(1));
		assert.equal(blocked.read('a'), undefined);
	});

	it('makes no directory before there is something to keep', () => {
		assert.equal(read(), undefined);
		assert.ok(!existsSync(caches));
	});

	it('forgets what was not used for longest, and leaves alone what is not its own', () => {
		mkdirSync(caches, { mode: 0o700 });
		const others = [
			'go-anything',
			'go-0123456789abcdef',
			'go-0123456789abcdef.kept.sh',
			'start-server-1.sh',
			'xgo-0123456789abcdef.kept',
			'go-0123456789ABCDEF.kept',
		];
		for (let number = 0; number < 40; number++) others.push(`go-anything-${number}`, `start-v20-${number}`);
		for (const name of others) {
			writeFileSync(path.join(caches, name), name);
			utimesSync(path.join(caches, name), 1, 1);
		}
		const archive = open();
		for (let number = 0; number < 40; number++) archive.write(`entry ${number}`, Uint8Array.of(number));
		const own = readdirSync(caches).filter((name) => !others.includes(name));
		assert.equal(own.length, 36);
		assert.deepEqual([...(archive.read('entry 39') ?? [])], [39]);
		for (const name of others) assert.equal(readFileSync(path.join(caches, name), 'utf8'), name);
	});

	it('removes what a process that was ended left unfinished, once it is old', () => {
		const file = entry();
		const [old, recent] = [`${file}.0123456789abcdef`, `${file}.fedcba9876543210`];
		const another = `${file}.mine`;
		for (const each of [old, recent, another]) writeFileSync(each, 'half');
		for (const each of [old, another]) utimesSync(each, 1, 1);
		open().write('b', content);
		assert.deepEqual([old, recent, another].map(existsSync), [false, true, true]);
	});

	it('takes no entry that is damaged in any place, deletes it, and keeps the next', () => {
		const file = entry();
		const whole = readFileSync(file);
		const damaged: Buffer[] = [];
		const places = [
			...Array(40).keys(),
			...Array.from({ length: 60 }, (_, step) => Math.floor((step * whole.length) / 60)),
			whole.length - 1,
		];
		for (const at of places) {
			const flipped = Buffer.from(whole);
			flipped[at] = (whole[at] as number) ^ 1;
			const zeroed = Buffer.from(whole).fill(0, at);
			damaged.push(flipped, whole.subarray(0, at));
			if (!zeroed.equals(whole)) damaged.push(zeroed);
		}
		damaged.push(Buffer.concat([whole, Buffer.of(0)]), Buffer.concat([whole.subarray(0, 32), whole]));
		for (const each of damaged) {
			writeFileSync(file, each);
			assert.equal(read(), undefined);
			assert.ok(!existsSync(file));
		}
		entry();
		assert.deepEqual(read(), [...content]);
	});

	it('takes no entry for another', () => {
		const file = entry();
		open().write('b', content);
		const other = readdirSync(caches).find((name) => path.join(caches, name) !== file) as string;
		renameSync(file, path.join(caches, other));
		assert.equal(read('b'), undefined);
	});

	it('follows no link in place of an entry, and leaves alone what it leads to', function () {
		if (ON_WINDOWS) return void this.skip();
		const file = entry();
		const target = path.join(directory, 'target');
		renameSync(file, target);
		const before = readFileSync(target);
		symlinkSync(target, file);
		assert.equal(read(), undefined);
		assert.ok(!existsSync(file));
		symlinkSync(target, file);
		open().write('a', Uint8Array.of(1));
		assert.ok(lstatSync(file).isFile());
		assert.deepEqual(readFileSync(target), before);
	});

	it('waits for no named pipe in place of an entry, and goes round a directory', () => {
		const file = entry();
		rmSync(file);
		if (!ON_WINDOWS && spawnSync('mkfifo', [file]).status === 0) assert.equal(read(), undefined);
		mkdirSync(file);
		writeFileSync(path.join(file, 'mine'), '');
		assert.equal(read(), undefined);
		open().write('a', content);
		assert.deepEqual(readdirSync(caches), [path.basename(file)], 'nothing is left unfinished');
		assert.deepEqual(readdirSync(file), ['mine']);
	});

	for (const mode of [0o666, 0o620, 0o602]) {
		it(`takes no entry that others can write: mode ${mode.toString(8)}`, function () {
			if (ON_WINDOWS) return void this.skip();
			const file = entry();
			chmodSync(file, mode);
			assert.equal(read(), undefined);
			entry();
			assert.equal(statSync(file).mode & 0o777, 0o600);
			assert.deepEqual(read(), [...content]);
		});
	}

	it('takes no entry of another user', function () {
		if (!AS_ROOT) return void this.skip();
		const file = entry();
		chownSync(file, SOMEBODY, SOMEBODY);
		assert.equal(read(), undefined);
		entry();
		assert.deepEqual(read(), [...content]);
	});

	for (const [why, arrange] of [
		[
			'it is a link',
			() => {
				renameSync(caches, `${caches}-target`);
				symlinkSync(`${caches}-target`, caches);
			},
		],
		[
			'it is not a directory',
			() => {
				rmSync(caches, { recursive: true });
				writeFileSync(caches, '');
			},
		],
		['it belongs to another user', () => chownSync(caches, SOMEBODY, SOMEBODY)],
		['other users have access to it (run chmod 700)', () => chmodSync(caches, 0o755)],
		['other users have access to it (run chmod 700)', () => chmodSync(caches, 0o701)],
	] as const) {
		it(`keeps nothing in a directory, and says so once: ${why}`, function () {
			if (ON_WINDOWS || (why.includes('belongs') && !AS_ROOT)) return void this.skip();
			entry();
			arrange();
			const before = existsSync(caches) && statSync(caches).isDirectory() ? readdirSync(caches) : [];
			const archive = open();
			assert.equal(archive.read('a'), undefined);
			archive.write('b', content);
			archive.forget('a');
			assert.deepEqual(warnings, [`The cache directory ${caches} is not used: ${why}.`]);
			if (before.length > 0) assert.deepEqual(readdirSync(caches), before);
		});
	}

	it('leaves nothing on a full disk', function () {
		mkdirSync(caches);
		if (!AS_ROOT || spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', caches]).status !== 0) return void this.skip();
		try {
			const archive = open();
			archive.write('a', content);
			archive.write('large', new Uint8Array(1 << 20));
			assert.equal(readdirSync(caches).length, 1);
			assert.deepEqual(read(), [...content]);
			assert.equal(read('large'), undefined);
		} finally {
			assert.equal(spawnSync('umount', [caches]).status, 0);
		}
	});

	it('is whole for whoever reads while several processes write', async function () {
		this.timeout(60_000);
		const script = path.join(directory, 'write.mts');
		const source = pathToFileURL(fileURLToPath(new URL('../../server/workspace/node-archive.ts', import.meta.url))).href;
		writeFileSync(
			script,
			`import { createNodeArchive } from ${JSON.stringify(source)};
			const archive = createNodeArchive({ GO_SCRATCH_CACHE: ${JSON.stringify(caches)} }, ${JSON.stringify(program)}, console.error);
			let found = 0;
			for (let count = 0; count < 100; count++) {
				archive.write('a', new Uint8Array(50_000).fill(Number(process.argv[2])));
				const content = archive.read('a');
				if (content === undefined) continue;
				found++;
				if (content.length !== 50_000 || content.some((byte) => byte !== content[0])) process.exit(3);
			}
			process.exit(found > 0 ? 0 : 4);`,
		);
		const ends = ['1', '2'].map((word) => {
			const child = spawn(process.execPath, ['--import', 'tsx', script, word], { cwd: ROOT, stdio: 'inherit' });
			return new Promise((resolve) => child.on('close', resolve));
		});
		assert.deepEqual(await Promise.all(ends), [0, 0]);
		assert.equal(readdirSync(caches).length, 1);
	});
});

describe('the directory for caches', () => {
	const HOME = path.resolve('/home/somebody');

	it('is the one that GO_SCRATCH_CACHE names, or none', () => {
		assert.equal(cacheDirectory({ HOME, GO_SCRATCH_CACHE: 'off' }), undefined);
		assert.equal(cacheDirectory({ HOME, GO_SCRATCH_CACHE: 'relative' }), path.resolve('relative'));
	});

	it('is that of the XDG specification, where a relative path counts as none', function () {
		if (process.platform === 'win32' || process.platform === 'darwin') return void this.skip();
		assert.equal(cacheDirectory({ HOME, XDG_CACHE_HOME: '/caches' }), '/caches/go-scratch');
		for (const XDG_CACHE_HOME of ['relcache', './relcache', '', undefined]) {
			assert.equal(cacheDirectory({ HOME, XDG_CACHE_HOME }), '/home/somebody/.cache/go-scratch');
			assert.equal(cacheDirectory({ XDG_CACHE_HOME }), undefined);
			assert.equal(cacheDirectory({ HOME: 'relative', XDG_CACHE_HOME }), undefined);
		}
	});

	let directory: string;

	beforeEach(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-caches-'));
	});

	afterEach(() => rmSync(directory, { recursive: true }));

	it('makes its directory and those above it, closed to others', () => {
		const made = path.join(directory, 'one', 'two');
		assert.equal(makeCacheDirectory(made), undefined);
		if (!ON_WINDOWS)
			assert.deepEqual(
				[made, path.dirname(made)].map((each) => statSync(each).mode & 0o777),
				[0o700, 0o700],
			);
		assert.equal(makeCacheDirectory(made), undefined);
	});

	it('gives up a directory that cannot be made', () => {
		writeFileSync(path.join(directory, 'file'), '');
		assert.equal(makeCacheDirectory(path.join(directory, 'file', 'below')), ABSENT);
		// In a process of its own, which is ended: Node's recursive mkdir never returns there.
		const module = pathToFileURL(path.join(ROOT, 'server/workspace/node-cache-directory.ts')).href;
		const script = `import(${JSON.stringify(module)}).then((m) => console.log(m.makeCacheDirectory('/proc/nowhere/sub')))`;
		const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT, encoding: 'utf8', timeout: 20_000 });
		assert.equal(stdout, `${ABSENT}\n`);
	});
});
