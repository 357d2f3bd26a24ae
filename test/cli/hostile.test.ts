import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleCommandLine } from '../support/command-line.ts';
import { HOSTILE_HOST } from '../support/hostile-texts.ts';
import { makeHostileWorkspace } from '../support/hostile-workspace.ts';
import { createWatcher, type Watcher } from '../support/watcher.ts';

/** Every command of the command line, run on a workspace that was made to do harm. */

/** A command that takes longer hangs; a loaded machine takes its time. */
const PATIENCE = 100_000;

/** What makes a terminal do something, or shows text in another order. Line feeds end lines, and CRLF may in a patch. */
const CONTROL = /(?!\t|\n|\r\n)[\p{Cc}\p{Cf}]/u;

const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

(process.platform === 'win32' ? describe.skip : describe)('command line in a hostile workspace', function () {
	this.timeout(PATIENCE * 2);
	let place: string;
	let workspace: string;
	let bundle: string;
	let watcher: Watcher;

	before(() => {
		place = mkdtempSync(join(tmpdir(), 'go-scratch-hostile-'));
		chmodSync(place, 0o755);
		bundle = bundleCommandLine(join(place, 'product'));
		for (const name of ['outside', 'cache', 'watched']) {
			mkdirSync(join(place, name));
		}
		watcher = createWatcher(join(place, 'watched'));
		writeFileSync(join(place, 'outside', 'Dockerfile'), 'FROM golang:1.22\nCOPY . .\nRUN go build -o /app .\nCMD /app\n');
		writeFileSync(join(place, 'outside', 'secret'), 'the secret\n');
		workspace = join(place, 'workspace');
		mkdirSync(workspace);
		makeHostileWorkspace(workspace);
		// All of it belongs to the user who runs the commands, so that nothing but go-scratch keeps them from writing.
		give(place);
	});

	after(() => {
		chmodSync(join(workspace, 'closed/directory'), 0o700);
		rmSync(place, { recursive: true, force: true });
	});

	function give(path: string): void {
		if (user.uid === undefined) {
			return;
		}
		for (const each of [path, ...everything(path)]) {
			if (!lstatSync(each).isSymbolicLink()) {
				chownSync(each, user.uid, user.gid as number);
			}
		}
	}

	function run(...words: string[]): { code: number | null; out: string; error: string } {
		const env = {
			PATH: process.env.PATH,
			HOME: join(place, 'cache'),
			XDG_CACHE_HOME: join(place, 'cache'),
			NODE_OPTIONS: `--require ${watcher.script}`,
		};
		const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=512', bundle, ...words], {
			cwd: workspace,
			env,
			timeout: PATIENCE,
			killSignal: 'SIGKILL',
			maxBuffer: 256 * 1024 * 1024,
			...user,
		});
		assert.equal(signal, null, `${words.join(' ')} comes to an end`);
		assert.equal(watcher.seen(), '', `${words.join(' ')} starts no process and connects to nothing`);
		return { code: status, out: stdout.toString(), error: stderr.toString() };
	}

	function assertHarmless(text: string, what: string): void {
		const found = CONTROL.exec(text);
		assert.ok(
			found === null,
			`${what} holds no control character: ${JSON.stringify(text.slice(Math.max(0, (found?.index ?? 0) - 60), (found?.index ?? 0) + 60))}`,
		);
	}

	/** A runner takes a line for a command that begins with `::` or `##[`, after blanks too. */
	function assertNoCommands(text: string, what: string): void {
		const commands = text.split(/\r\n|\r|\n/).filter((line) => /^\s*(?:::|##\[)/.test(line));
		assert.deepEqual(commands, [], `${what} holds no workflow command`);
	}

	/** The outside of the workspace: names, kinds and contents. */
	function outside(): string {
		const hash = createHash('sha256');
		for (const path of everything(place)) {
			if (!/\/(?:workspace|cache|watched)(?:\/|$)/.test(path.slice(place.length))) {
				hash.update(stateOf(path));
			}
		}
		return hash.digest('hex');
	}

	/** What is in the workspace. */
	function inside(): Map<string, string> {
		return new Map(everything(workspace).map((path) => [path.slice(workspace.length + 1), stateOf(path)]));
	}

	for (const format of ['text', 'json', 'sarif', 'github']) {
		it(`checks it, and reports as ${format}`, () => {
			const before = [outside(), inside()];
			const { code, out, error } = run('check', '--format', format);
			assert.equal(code, 2, 'some of it cannot be read');
			assertHarmless(out, 'the output');
			assertHarmless(error, 'the standard error');
			assertNoCommands(error, 'the standard error');
			if (format === 'json' || format === 'sarif') {
				assert.ok(JSON.parse(out), 'the output is JSON');
			} else if (format === 'text') {
				assertNoCommands(out, 'the output');
				assert.match(out, /cannot be read|could not be read/, 'the summary counts what could not be read');
			} else {
				for (const line of out.split('\n')) {
					assert.match(line, /^$|^::(?:error|warning|notice) file=|^[^:#\s]/, 'every command is one of ours');
					assert.doesNotMatch(line, /^::error file=main\.go,line=1::forged/);
				}
			}
			assert.deepEqual([outside(), inside()], before, 'nothing is written');
		});
	}

	it('takes a baseline that forges', () => {
		const before = outside();
		const { code, out, error } = run('check', '--baseline', 'baseline.json', 'Dockerfile');
		assert.equal(code, 1);
		assert.match(out + error, /forged/, 'what is gone is named');
		for (const text of [out, error]) {
			assertHarmless(text, 'what is said of the baseline');
			assertNoCommands(text, 'what is said of the baseline');
		}
		assert.equal(outside(), before);
	});

	it('writes a baseline', () => {
		const before = outside();
		const { out, error } = run('check', '--write-baseline', 'written.json');
		assertHarmless(out + error, 'what is said');
		assertNoCommands(out + error, 'what is said');
		assert.ok(JSON.parse(readFileSync(join(workspace, 'written.json'), 'utf8')));
		rmSync(join(workspace, 'written.json'));
		assert.equal(outside(), before);
	});

	it('shows what it would fix', () => {
		const before = [outside(), inside()];
		const { code, error } = run('fix', '--diff');
		assert.equal(code, 2);
		assertHarmless(error, 'the standard error');
		assertNoCommands(error, 'the standard error');
		assert.deepEqual([outside(), inside()], before, 'nothing is written');
	});

	it('generates a Dockerfile, and runs nothing that a name says', () => {
		const before = [outside(), inside()];
		const { code, out, error } = run('generate', '--stdout');
		assert.ok(code === 0 || code === 2, `the exit code is ${code}`);
		assertHarmless(out + error, 'the Dockerfile');
		// A comment may name them: it ends with its line.
		const instructions = out.replace(/^#.*\n/gm, '');
		assert.doesNotMatch(instructions, /^RUN id|\$\(id\)[^"']*$|a;id[^"']*$/m, 'no name is a command');
		assert.deepEqual([outside(), inside()], before, 'nothing is written');
	});

	it('fixes it, and leaves alone what is no Dockerfile of it', () => {
		const around = outside();
		const before = inside();
		const { code, out, error } = run('fix');
		assert.equal(code, 2, 'some of it cannot be read');
		for (const text of [out, error]) {
			assertHarmless(text, 'what is said');
			assertNoCommands(text, 'what is said');
		}
		assert.equal(outside(), around, 'nothing beside the workspace is changed');
		const after = inside();
		assert.deepEqual([...after.keys()], [...before.keys()], 'no file comes or goes');
		const changed = [...after].filter(([path, state]) => before.get(path) !== state).map(([path]) => path);
		assert.ok(changed.length > 0, 'something is fixed');
		for (const path of changed) {
			assert.match(path, /Dockerfile[^/]*$/, 'only Dockerfiles are written');
			assert.doesNotMatch(readFileSync(join(workspace, path), 'utf8'), new RegExp(`^RUN id|^ADD.*${HOSTILE_HOST}`, 'm'));
		}
	});
});

/** All that is in a directory, and in those below it; links are not followed. Names that are not UTF-8 are left out. */
function everything(directory: string): string[] {
	let entries: ReturnType<typeof entriesOf>;
	try {
		entries = entriesOf(directory);
	} catch {
		return [];
	}
	return entries.flatMap((entry) => {
		const path = join(directory, entry.name);
		if (entry.name.includes('\ufffd') || !exists(path)) {
			return [];
		}
		return entry.isDirectory() ? [path, ...everything(path)] : [path];
	});
}

function entriesOf(directory: string) {
	return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function exists(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function stateOf(path: string): string {
	const { mode, size } = lstatSync(path);
	const kind = lstatSync(path);
	const content = kind.isSymbolicLink()
		? readlinkSync(path)
		: kind.isFile()
			? createHash('sha256').update(readFileSync(path)).digest('hex')
			: '';
	return `${mode} ${kind.isDirectory() ? '' : size} ${content}`;
}
