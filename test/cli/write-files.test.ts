import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs, {
	chmodSync,
	linkSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { UsageError } from '../../server/cli/usage-error.ts';
import { type FileSystem, TEMPORARY_NAME, type TextToWrite, writeText, writeTexts } from '../../server/cli/write-files.ts';

/** Files are written whole or not at all: with a fault, or a kill, at every call that the writer makes. */

const OLD = `FROM golang:1.26\n${'# a line of the old text\n'.repeat(40)}CMD /app\n`;
const LONGER = `FROM golang:1.26\n${'# a line of the new text, which is longer\n'.repeat(40)}CMD ["/app"]\n`;
const SHORTER = 'FROM golang:1.26\nCMD ["/app"]\n';

interface Case {
	/** Makes the files that are there before, and says what to write; paths from the directory. */
	readonly prepare: (directory: string) => readonly TextToWrite[];
	/** Whether the directory takes no new files, which nothing refuses to root. */
	readonly closed?: boolean;
}

const replace = (text: string) => (directory: string) => {
	writeFileSync(join(directory, 'Dockerfile'), OLD, { mode: 0o640 });
	return [{ path: join(directory, 'Dockerfile'), text, overwrites: true }];
};

const withSecondName = (text: string) => (directory: string) => {
	const texts = replace(text)(directory);
	linkSync(join(directory, 'Dockerfile'), join(directory, 'second'));
	return texts;
};

const CASES: Readonly<Record<string, Case>> = {
	'a longer text': { prepare: replace(LONGER) },
	'a shorter text': { prepare: replace(SHORTER) },
	'a longer text of a file with two hard links': { prepare: withSecondName(LONGER) },
	'a shorter text of a file with two hard links': { prepare: withSecondName(SHORTER) },
	'a longer text in a directory that takes no new file': { prepare: replace(LONGER), closed: true },
	'a shorter text in a directory that takes no new file': { prepare: replace(SHORTER), closed: true },
	'a text through a link': {
		prepare(directory) {
			mkdirSync(join(directory, 'real'));
			writeFileSync(join(directory, 'real/file'), OLD);
			symlinkSync('real/file', join(directory, 'Dockerfile'));
			return [{ path: join(directory, 'Dockerfile'), text: LONGER, overwrites: true }];
		},
	},
	'a file that a link names and that does not exist': {
		prepare(directory) {
			mkdirSync(join(directory, 'real'));
			symlinkSync('real/file', join(directory, 'report.json'));
			return [{ path: join(directory, 'report.json'), text: LONGER, overwrites: true }];
		},
	},
	'two new files and their directories': {
		prepare: (directory) => [
			{ path: join(directory, 'a/b/Dockerfile'), text: LONGER, overwrites: false, createsDirectories: true },
			{ path: join(directory, 'a/.dockerignore'), text: SHORTER, overwrites: false, createsDirectories: true },
		],
	},
	'a new file, and one that is overwritten': {
		prepare: (directory) => [
			...replace(SHORTER)(directory),
			{ path: join(directory, '.dockerignore'), text: SHORTER, overwrites: false, createsDirectories: true },
		],
	},
};

type Fault = (name: string, call: () => unknown, args: readonly unknown[]) => unknown;

/** The file system with `fault` in place of call number `at`, from 0, and of those after it where `forever` is set. */
function faulty(at: number, fault: Fault, { closed = false, forever = false } = {}): { system: FileSystem; calls: () => number } {
	let calls = 0;
	const system = new Proxy(fs, {
		get(target, name: keyof FileSystem) {
			return (...args: unknown[]) => {
				const call = () => (target[name] as (...all: unknown[]) => unknown)(...args);
				const number = calls++;
				if (number === at || (forever && number > at)) return fault(name, call, args);
				if (closed && name === 'openSync' && args[1] === 'wx') throw systemError('EACCES');
				return call();
			};
		},
	}) as FileSystem;
	return { system, calls: () => calls };
}

function systemError(code: string): Error {
	return Object.assign(new Error(code), { code });
}

const FAULTS: Readonly<Record<string, Fault>> = {
	ENOSPC(name, call, args) {
		// A full disk takes what it has room for first.
		if (name === 'writeSync') {
			const [file, bytes, offset, length, position] = args as [number, Buffer, number, number, number];
			fs.writeSync(file, bytes, offset, length >> 1, position);
		}
		if (/^(?:close|unlink|rmdir|access)/.test(name)) return call();
		throw systemError('ENOSPC');
	},
	EACCES() {
		throw systemError('EACCES');
	},
	EIO(name, call) {
		// The system has closed the file when it says so.
		if (name === 'closeSync') call();
		throw systemError('EIO');
	},
};

/** All that lies in the directory: texts of files, targets of links. */
function contentOf(directory: string, from = ''): Record<string, string> {
	const found: Record<string, string> = {};
	for (const entry of readdirSync(join(directory, from), { withFileTypes: true })) {
		const path = from === '' ? entry.name : `${from}/${entry.name}`;
		if (entry.isDirectory()) Object.assign(found, { [`${path}/`]: '' }, contentOf(directory, path));
		else
			found[path] = entry.isSymbolicLink() ? `-> ${fs.readlinkSync(join(directory, path))}` : readFileSync(join(directory, path), 'utf8');
	}
	return found;
}

/**
 * Fails unless each file holds its old text or its new one, and nothing else is there but temporary files of ours.
 *
 * @param files How many files are written: each has one temporary file at most.
 * @returns Whether all is as before.
 */
function assertOldOrNew(
	content: Readonly<Record<string, string>>,
	before: Readonly<Record<string, string>>,
	after: Readonly<Record<string, string>>,
	files: number,
	place: string,
): { old: boolean } {
	const isTemporary = (path: string) => TEMPORARY_NAME.test(path.split('/').pop() ?? '');
	const temporaries = Object.keys(content).filter(isTemporary);
	assert.ok(temporaries.length <= files, `${place}: ${temporaries}`);
	let old = true;
	for (const path of new Set([...Object.keys(before), ...Object.keys(content)])) {
		if (isTemporary(path) || content[path] === before[path]) continue;
		old = false;
		// In place, the line feeds that take the rest of the old text away are cut off by the next call.
		assert.equal(content[path]?.replace(/\n+$/, '\n'), after[path], `${place}: ${path}`);
	}
	return { old };
}

describe('the writer of files', function () {
	this.timeout(120_000);
	let directory: string;

	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-write-'));
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	/** Does `act` with the files of a case in a new directory. */
	function inNewDirectory<T>(act: (directory: string) => T): T {
		const own = mkdtempSync(join(directory, 'case-'));
		try {
			return act(own);
		} finally {
			rmSync(own, { recursive: true, force: true });
		}
	}

	/** What is there before and after the texts are written, and how many calls that takes. */
	function outcomes({ prepare, closed }: Case): { before: Record<string, string>; after: Record<string, string>; calls: number } {
		return inNewDirectory((own) => {
			const texts = prepare(own);
			const before = contentOf(own);
			const { system, calls } = faulty(-1, () => undefined, { closed });
			writeTexts(texts, system);
			return { before, after: contentOf(own), calls: calls() };
		});
	}

	for (const [title, each] of Object.entries(CASES)) {
		for (const [code, fault] of Object.entries(FAULTS)) {
			it(`leaves the old or the new text where any one call fails with ${code}: ${title}`, function () {
				if (process.platform === 'win32') this.skip();
				const { before, after, calls } = outcomes(each);
				assert.notDeepEqual(before, after);
				assert.ok(calls > 4);
				let failures = 0;
				for (let at = 0; at < calls; at++) {
					inNewDirectory((own) => {
						const texts = each.prepare(own);
						const { system } = faulty(at, fault, { closed: each.closed });
						let failed = false;
						try {
							writeTexts(texts, system);
						} catch (error) {
							assert.ok(error instanceof UsageError, String(error));
							assert.match(error.message, /cannot be written: /);
							failed = true;
							failures++;
						}
						assert.deepEqual(contentOf(own), failed ? before : after, `call ${at}`);
					});
				}
				assert.ok(failures > 0);
			});
		}

		it(`leaves the old or the new text where all calls fail from one on, as after a kill: ${title}`, function () {
			if (process.platform === 'win32') this.skip();
			const { before, after, calls } = outcomes(each);
			for (let at = 0; at < calls; at++) {
				inNewDirectory((own) => {
					const texts = each.prepare(own);
					const { system } = faulty(
						at,
						() => {
							throw systemError('EIO');
						},
						{ closed: each.closed, forever: true },
					);
					try {
						writeTexts(texts, system);
					} catch (error) {
						assert.ok(error instanceof UsageError, String(error));
					}
					assertOldOrNew(contentOf(own), before, after, texts.length, `call ${at}`);
				});
			}
		});
	}

	it('leaves the old or the new text where it is killed between any two calls, in a process of its own', function () {
		if (process.platform === 'win32') this.skip();
		const program = join(directory, 'program.cjs');
		const source = fileURLToPath(new URL('../../server/cli/write-files.ts', import.meta.url));
		buildSync({
			stdin: {
				contents: `
					import fs from 'node:fs';
					import { writeTexts } from ${JSON.stringify(source)};
					const [at, closed, texts] = JSON.parse(process.argv[2]);
					let calls = 0;
					const system = new Proxy(fs, { get: (target, name) => (...args) => {
						if (calls++ === at) process.kill(process.pid, 'SIGKILL');
						if (closed && name === 'openSync' && args[1] === 'wx') throw Object.assign(new Error(), { code: 'EACCES' });
						return target[name](...args);
					} });
					writeTexts(texts, system);
				`,
				resolveDir: directory,
			},
			outfile: program,
			bundle: true,
			platform: 'node',
			format: 'cjs',
		});
		// The others do the same in another order; that all calls fail from one on is the same to the disk, and the test above has it.
		for (const title of ['a shorter text of a file with two hard links', 'a new file, and one that is overwritten']) {
			const each = CASES[title] as Case;
			const { before, after, calls } = outcomes(each);
			let olds = 0;
			let news = 0;
			for (let at = 0; at < calls; at++) {
				inNewDirectory((own) => {
					const texts = each.prepare(own);
					const { signal } = spawnSync(process.execPath, [program, JSON.stringify([at, each.closed === true, texts])]);
					assert.equal(signal, 'SIGKILL');
					const { old } = assertOldOrNew(contentOf(own), before, after, texts.length, `${title}, call ${at}`);
					if (old) olds++;
					else news++;
				});
			}
			assert.ok(olds > 0 && news > 0, title);
		}
	});

	it('says that a file system is full, and leaves the file and nothing beside it', function () {
		if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
		try {
			execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', directory], { stdio: 'ignore' });
		} catch {
			this.skip();
		}
		try {
			const file = join(directory, 'Dockerfile');
			for (const secondName of [false, true]) {
				rmSync(file, { force: true });
				rmSync(join(directory, 'fill'), { force: true });
				writeFileSync(file, OLD);
				if (secondName) linkSync(file, join(directory, 'second'));
				try {
					writeFileSync(join(directory, 'fill'), Buffer.alloc(128 * 1024));
				} catch (error) {
					assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
				}
				const before = readdirSync(directory);
				assert.throws(() => writeText(file, `${OLD}${LONGER.repeat(10)}`), /Dockerfile cannot be written: no space left on device\.$/);
				assert.equal(readFileSync(file, 'utf8'), OLD);
				assert.throws(() => writeText(join(directory, 'new'), LONGER), /new cannot be written: no space left on device\.$/);
				assert.deepEqual(readdirSync(directory), before);
			}
		} finally {
			execFileSync('umount', [directory]);
		}
	});

	it('keeps links, hard links, the mode and the owner', function () {
		if (process.platform === 'win32') this.skip();
		const file = join(directory, 'Dockerfile');
		for (const text of [LONGER, SHORTER]) {
			rmSync(directory, { recursive: true });
			mkdirSync(directory);
			writeFileSync(file, OLD);
			chmodSync(file, 0o4751);
			if (process.getuid?.() === 0) fs.chownSync(file, 65534, 65533);
			chmodSync(file, 0o4751);
			symlinkSync('Dockerfile', join(directory, 'link'));
			const { uid, gid, mode, ino } = statSync(file);
			writeText(join(directory, 'link'), text);
			assert.ok(lstatSync(join(directory, 'link')).isSymbolicLink());
			assert.equal(readFileSync(file, 'utf8'), text);
			const now = statSync(file);
			assert.deepEqual([now.uid, now.gid, now.mode], [uid, gid, mode]);
			assert.notEqual(now.ino, ino);
			linkSync(file, join(directory, 'second'));
			writeText(file, OLD);
			assert.equal(readFileSync(join(directory, 'second'), 'utf8'), OLD);
			assert.equal(statSync(file).nlink, 2);
			writeText(join(directory, 'second'), text);
			assert.equal(readFileSync(file, 'utf8'), text);
			assert.deepEqual(readdirSync(directory).sort(), ['Dockerfile', 'link', 'second']);
		}
	});

	it('puts all files into place one right after the other', () => {
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-write-'));
		try {
			const made: string[] = [];
			const system = new Proxy(fs, {
				get(target, name: keyof FileSystem) {
					return (...args: unknown[]) => {
						made.push(name);
						return (target[name] as (...all: unknown[]) => unknown)(...args);
					};
				},
			}) as FileSystem;
			writeTexts(
				['a', 'b', 'c'].map((name) => ({ path: join(directory, name), text: LONGER, overwrites: false })),
				system,
			);
			const first = made.indexOf('linkSync');
			assert.deepEqual(made.slice(first, first + 3), ['linkSync', 'linkSync', 'linkSync'], made.join(' '));
			assert.ok(made.slice(first).includes('fsyncSync'), 'their directory is flushed afterwards');
		} finally {
			rmSync(directory, { recursive: true });
		}
	});

	it('never takes the place of something that appears while it creates a file', () => {
		const path = join(directory, 'Dockerfile');
		const { system } = faulty(-1, () => undefined);
		const racing = new Proxy(system, {
			get: (target, name: keyof FileSystem) => {
				if (name === 'linkSync') writeFileSync(path, OLD);
				return target[name];
			},
		});
		const text = { path, text: LONGER, overwrites: false };
		assert.throws(() => writeTexts([text], racing), /Dockerfile cannot be written: it exists\.$/);
		assert.equal(readFileSync(path, 'utf8'), OLD);
		assert.deepEqual(readdirSync(directory), ['Dockerfile']);
	});

	it('writes to a pipe or a device as it is', function () {
		if (process.platform === 'win32') this.skip();
		writeText('/dev/null', LONGER);
		assert.ok(lstatSync('/dev/null').isCharacterDevice());
	});
});
