import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** The patches of `fix --diff`, given to Git itself. */

const WRONG = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER 65534:65534
CMD /app
HEALTHCHECK CMD /app check
`;

const TEXTS: Readonly<Record<string, string>> = {
	'with line feeds': WRONG,
	'with the line endings of Windows': WRONG.replaceAll('\n', '\r\n'),
	'without a final line feed': WRONG.slice(0, -1),
	'with carriage returns within lines': WRONG.replace('USER', '# one\r# two\rthree\nUSER').replace('scratch\n', 'scratch\n# \r\n'),
};

/** Names that Git quotes, and names that it does not. */
const NAMES =
	process.platform === 'win32'
		? ['Dockerfile', 'a b/Dockerfile', 'ümläut/Dockerfile']
		: [
				...['Dockerfile', 'a b/Dockerfile', 'ümläut 𝒢/Dockerfile', 'q"uote/Dockerfile', "q'uote/Dockerfile"],
				...['t\tab/Dockerfile', 'back\\slash/Dockerfile', 'b/Dockerfile', ' /x.dockerfile', 'line\nfeed/Dockerfile', '\x01\x7f/Dockerfile'],
			];

describe('patches of fix --diff', function () {
	this.timeout(60_000);
	let bundle: string;
	let directory: string;

	before(function () {
		if (spawnSync('git', ['--version']).status !== 0) this.skip();
		const product = mkdtempSync(join(tmpdir(), 'go-scratch-diff-'));
		bundle = join(product, 'cli.cjs');
		buildSync({
			stdin: {
				contents: `import { run } from ${JSON.stringify(fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url)))};
				void run(process.argv.slice(2)).then(({ exitCode }) => { process.exitCode = exitCode; });`,
				resolveDir: product,
			},
			...{ outfile: bundle, bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'] },
			define: { 'import.meta.url': '__filename' },
		});
	});

	after(() => bundle !== undefined && rmSync(dirname(bundle), { recursive: true, force: true }));

	beforeEach(() => {
		directory = realpathSync(mkdtempSync(join(tmpdir(), 'go-scratch-diff-')));
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	function write(path: string, text: string): void {
		mkdirSync(dirname(join(directory, path)), { recursive: true });
		writeFileSync(join(directory, path), text);
	}

	function run(from: string, ...words: string[]): { code: number | null; out: string; error: string } {
		const env = { ...process.env, FORCE_COLOR: undefined, GO_SCRATCH_CACHE: 'off' };
		const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], {
			cwd: join(directory, from),
			encoding: 'utf8',
			env,
		});
		return { code: status, out: stdout, error: stderr };
	}

	/** @param input What comes through its standard input. */
	function git(from: string, words: readonly string[], input = ''): string {
		// Where the temporary directory itself lies in a repository, that one does not count.
		const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(directory), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
		const { status, stdout, stderr } = spawnSync('git', words, { cwd: join(directory, from), encoding: 'utf8', input, env });
		assert.equal(status, 0, `git ${words.join(' ')}: ${stderr}${input}`);
		return stdout;
	}

	/** What `fix` itself writes into the files, in a copy of all. */
	function fixed(names: readonly string[]): string[] {
		const copy = realpathSync(mkdtempSync(join(tmpdir(), 'go-scratch-diff-copy-')));
		try {
			cpSync(directory, copy, { recursive: true, verbatimSymlinks: true });
			spawnSync(process.execPath, [bundle, 'fix', '.'], { cwd: copy, env: { ...process.env, GO_SCRATCH_CACHE: 'off' } });
			return names.map((name) => readFileSync(join(copy, name), 'utf8'));
		} finally {
			rmSync(copy, { recursive: true, force: true });
		}
	}

	const texts = (names: readonly string[]) => names.map((name) => readFileSync(join(directory, name), 'utf8'));

	for (const [title, text] of Object.entries(TEXTS)) {
		it(`are taken by git apply, and do what fix does: ${title}`, () => {
			for (const name of NAMES) {
				write(name, text);
				chmodSync(join(directory, name), 0o755);
			}
			const wanted = fixed(NAMES);
			assert.ok(wanted.every((each) => each !== text));
			// Outside of a repository.
			const { code, out } = run('', 'fix', '--diff');
			assert.equal(code, 1);
			git('', ['apply'], out);
			assert.deepEqual(texts(NAMES), wanted);
			assert.ok(process.platform === 'win32' || statSync(join(directory, 'Dockerfile')).mode & 0o100);
			// In one, with an index that knows the files.
			for (const name of NAMES) write(name, text);
			git('', ['init', '-q']);
			git('', ['-c', 'core.autocrlf=false', 'add', '-A']);
			git('', ['apply', '--index'], run('', 'fix', '--diff').out);
			assert.deepEqual(texts(NAMES), wanted);
		});
	}

	it('are taken from a directory of the repository, for files below it', () => {
		const names = ['sub/a b/Dockerfile', 'sub/Dockerfile'];
		for (const name of names) write(name, WRONG);
		git('', ['init', '-q']);
		const wanted = fixed(names);
		const { out, error } = run('sub', 'fix', '--diff');
		assert.doesNotMatch(error, /git apply/);
		git('sub', ['apply'], out);
		assert.deepEqual(texts(names), wanted);
		// As from the root.
		for (const name of names) write(name, WRONG);
		git('', ['apply'], out);
		assert.deepEqual(texts(names), wanted);
	});

	it('name files above the current directory from the root of the repository, and say where Git changes them', () => {
		const names = ['above/Dockerfile'];
		for (const name of names) write(name, WRONG);
		mkdirSync(join(directory, 'sub'));
		git('', ['init', '-q']);
		const wanted = fixed(names);
		const { out, error } = run('sub', 'fix', '--diff', '../above');
		assert.match(out, /^diff --git a\/above\/Dockerfile b\/above\/Dockerfile$/m);
		assert.ok(error.includes(`git apply changes ${join(directory, 'above/Dockerfile')} only if it is run in ${directory}.`), error);
		git('', ['apply'], out);
		assert.deepEqual(texts(names), wanted);
	});

	it('name files of another directory from its root, outside of any repository', () => {
		write('program/go.mod', 'module example.com/app\n\ngo 1.26\n');
		write('program/deploy/Dockerfile', WRONG);
		mkdirSync(join(directory, 'elsewhere'));
		const { out, error } = run('elsewhere', 'fix', '--diff', '../program/deploy/Dockerfile');
		assert.ok(error.includes(`only if it is run in ${join(directory, 'program')}.`), error);
		git('program', ['apply'], out);
		assert.match(readFileSync(join(directory, 'program/deploy/Dockerfile'), 'utf8'), /CMD \["\/app"\]/);
	});

	it('change a file once that links lead to, also where the repository itself is reached through one', function () {
		if (process.platform === 'win32') this.skip();
		write('repository/real/Dockerfile', WRONG);
		git('repository', ['init', '-q']);
		symlinkSync('real/Dockerfile', join(directory, 'repository/linked.dockerfile'));
		symlinkSync('repository', join(directory, 'link'));
		const wanted = fixed(['repository/real/Dockerfile']);
		for (const path of ['.', '../link', '../link/linked.dockerfile']) {
			write('repository/real/Dockerfile', WRONG);
			const { out } = run('repository', 'fix', '--diff', path);
			assert.equal(out.match(/^diff/gm)?.length, 1, path);
			git('repository', ['apply'], out);
			assert.deepEqual(texts(['repository/real/Dockerfile']), wanted);
		}
	});

	it('are not made for a link that leaves what was named; nor does fix write through one', function () {
		if (process.platform === 'win32') this.skip();
		write('outer/file', WRONG);
		write('tree/go.mod', 'module example.com/app\n\ngo 1.26\n');
		write('tree/sub/Dockerfile', WRONG);
		symlinkSync('../outer/file', join(directory, 'tree/Dockerfile'));
		symlinkSync('sub/Dockerfile', join(directory, 'tree/inner.dockerfile'));
		const refusal = `Dockerfile cannot be written: it is a link to ${join(directory, 'outer/file')}, outside the paths that were named.\n`;
		for (const words of [['.'], [], ['Dockerfile'], ['*file']]) {
			const diff = run('tree', 'fix', '--diff', ...words);
			assert.deepEqual([diff.code, diff.error.startsWith(refusal)], [2, true], diff.error);
			assert.doesNotMatch(diff.out, /outer/);
			const { code, error } = run('tree', 'fix', ...words);
			assert.deepEqual([code, error], [2, refusal]);
			assert.equal(readFileSync(join(directory, 'outer/file'), 'utf8'), WRONG);
		}
		assert.match(readFileSync(join(directory, 'tree/sub/Dockerfile'), 'utf8'), /CMD \["\/app"\]/);
		// Both directories are named, so it leaves neither.
		assert.equal(run('tree', 'fix', '.', '../outer').error, '');
		assert.match(readFileSync(join(directory, 'outer/file'), 'utf8'), /CMD \["\/app"\]/);
		// A directory within the tree is a tree of its own; a file that is named belongs to its workspace.
		write('tree/sub/Dockerfile', WRONG);
		mkdirSync(join(directory, 'tree/other'));
		symlinkSync('../sub/Dockerfile', join(directory, 'tree/other/Dockerfile'));
		assert.equal(run('tree', 'fix', 'other').code, 2);
		assert.equal(readFileSync(join(directory, 'tree/sub/Dockerfile'), 'utf8'), WRONG);
		run('tree', 'fix', 'other/Dockerfile');
		assert.match(readFileSync(join(directory, 'tree/sub/Dockerfile'), 'utf8'), /CMD \["\/app"\]/);
	});
});
