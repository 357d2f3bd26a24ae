import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as fc from 'fast-check';
import { findDockerfiles } from '../../server/cli/dockerfiles.ts';
import { shownPath } from '../../server/cli/shown-path.ts';
import { createNodeFiles } from '../../server/workspace/node-files.ts';

describe('the search for Dockerfiles', () => {
	let directory: string;
	const before = process.cwd();

	beforeEach(() => {
		directory = realpathSync(mkdtempSync(join(tmpdir(), 'go-scratch-search-')));
		process.chdir(directory);
	});

	afterEach(() => {
		process.chdir(before);
		rmSync(directory, { recursive: true, force: true });
	});

	function write(files: Readonly<Record<string, string>>): void {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(directory, path)), { recursive: true });
			writeFileSync(join(directory, path), text);
		}
	}

	async function found(...paths: string[]): Promise<string[]> {
		const unreadable: string[] = [];
		const dockerfiles = await findDockerfiles(paths, createNodeFiles(), ({ failure }) => unreadable.push(failure.message));
		if (unreadable.length > 0) throw new Error(unreadable.join('\n'));
		return dockerfiles.map(({ path }) => relative(directory, path).replaceAll('\\', '/'));
	}

	it('heeds nested .gitignore files, exceptions and .git/info/exclude, up to the root of the repository', async () => {
		write({
			'.gitignore': 'build/\n*.tmp.dockerfile\n/only-here/\n',
			'.git/info/exclude': 'excluded\n',
			'.git/HEAD': '',
			Dockerfile: '',
			'build/Dockerfile': '',
			'a/build/Dockerfile': '',
			'a/x.tmp.dockerfile': '',
			'a/only-here/Dockerfile': '',
			'only-here/Dockerfile': '',
			'excluded/Dockerfile': '',
			'b/.gitignore': '!x.tmp.dockerfile\nDockerfile\n',
			'b/x.tmp.dockerfile': '',
			'b/y.tmp.dockerfile': '',
			'b/Dockerfile': '',
			'b/c/Dockerfile': '',
		});
		assert.deepEqual(await found('.'), ['Dockerfile', 'a/only-here/Dockerfile', 'b/x.tmp.dockerfile']);
		// From below, what is said above holds as well.
		assert.deepEqual(await found('b'), ['b/x.tmp.dockerfile']);
	});

	it('takes the working directory for the workspace of a file in it, without Git', async () => {
		write({ 'a/go.mod': '', 'a/Dockerfile': '', 'b/.git/HEAD': '', 'b/c/Dockerfile': '' });
		const roots = async (...paths: string[]) =>
			(await findDockerfiles(paths, createNodeFiles(), () => assert.fail())).map(({ root }) => relative(directory, root));
		assert.deepEqual(await roots('a/Dockerfile', 'b/c/Dockerfile'), ['', 'b']);
		process.chdir(join(directory, 'b'));
		assert.deepEqual(await roots('../a/Dockerfile'), ['a']);
	});

	it('takes what is named itself, ignored or not', async () => {
		write({
			'.git/HEAD': '',
			'.gitignore': 'build/\n*.dockerfile\n',
			'build/Dockerfile': '',
			'build/deep/Dockerfile': '',
			'x.dockerfile': '',
		});
		assert.deepEqual(await found('x.dockerfile', 'build'), ['build/Dockerfile', 'build/deep/Dockerfile', 'x.dockerfile']);
		assert.deepEqual(await found('.'), []);
	});

	it('lets a repository in the repository speak for itself', async () => {
		write({
			'.git/HEAD': '',
			'.gitignore': 'Dockerfile\n',
			'inner/.git/HEAD': '',
			'inner/Dockerfile': '',
			'inner/.git/info/exclude': 'x/\n',
		});
		write({ 'inner/x/Dockerfile': '', 'other/Dockerfile': '' });
		assert.deepEqual(await found('.'), ['inner/Dockerfile']);
	});

	it('heeds what .git/info/exclude says of worktrees and submodules', async function () {
		const git = (from: string, ...words: string[]) =>
			execFileSync('git', ['-c', 'protocol.file.allow=always', '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
				cwd: join(directory, from),
				stdio: 'ignore',
			});
		try {
			execFileSync('git', ['--version'], { stdio: 'ignore' });
		} catch {
			this.skip();
		}
		write({ 'main/Dockerfile': '', 'library/Dockerfile': '' });
		for (const repository of ['main', 'library']) {
			git(repository, 'init', '-q');
			git(repository, 'add', '-A');
			git(repository, 'commit', '-q', '-m', 'all');
		}
		git('main', 'submodule', 'add', '-q', '../library', 'sub');
		git('main', 'worktree', 'add', '-q', '../tree');
		write({ 'main/.git/info/exclude': 'excluded\n', 'main/.git/modules/sub/info/exclude': 'elsewhere\n' });
		for (const place of ['main', 'main/sub', 'tree']) {
			write({ [`${place}/excluded/Dockerfile`]: '', [`${place}/elsewhere/Dockerfile`]: '' });
		}
		assert.deepEqual(await found('tree'), ['tree/Dockerfile', 'tree/elsewhere/Dockerfile']);
		assert.deepEqual(await found('main'), [
			...['main/Dockerfile', 'main/elsewhere/Dockerfile'],
			...['main/sub/Dockerfile', 'main/sub/excluded/Dockerfile'],
		]);
		// A file that names no repository says nothing.
		write({ 'other/.git': 'gitdir: nowhere\n', 'other/Dockerfile': '' });
		assert.deepEqual(await found('other'), ['other/Dockerfile']);
	});

	it('finds what Git tracks although a pattern matches it, and nothing else in such a directory', async function () {
		this.timeout(60_000);
		const git = (from: string, ...words: string[]) =>
			execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: join(directory, from), stdio: 'ignore' });
		try {
			execFileSync('git', ['--version'], { stdio: 'ignore' });
		} catch {
			this.skip();
		}
		const long = 'deep/'.repeat(40);
		write({ 'main/.gitignore': '', 'main/cmd/server/api/Dockerfile': '', 'main/cmd/server/Dockerfile': '', 'main/x.dockerfile': '' });
		write({ 'main/zebra/Dockerfile': '', [`main/${long}Dockerfile`]: '' });
		git('main', 'init', '-q');
		git('main', 'add', '-A');
		git('main', 'commit', '-q', '-m', 'all');
		git('main', 'worktree', 'add', '-q', '../tree');
		for (const place of ['main', 'tree']) {
			write({
				[`${place}/.gitignore`]: 'server\n*.dockerfile\n/deep\n',
				[`${place}/y.dockerfile`]: '',
				[`${place}/api/server/Dockerfile`]: '',
			});
			write({ [`${place}/cmd/server/untracked/Dockerfile`]: '', [`${place}/cmd/server/b.dockerfile`]: '' });
		}
		const tracked = (place: string) =>
			['cmd/server/Dockerfile', 'cmd/server/api/Dockerfile', `${long}Dockerfile`, 'x.dockerfile', 'zebra/Dockerfile'].map(
				(path) => `${place}/${path}`,
			);
		assert.deepEqual(await found('tree'), tracked('tree'));
		assert.deepEqual(await found('main/cmd/*'), tracked('main').slice(0, 2));
		write({ 'main/intended/server/Dockerfile': '' });
		git('main', 'add', '-f', '-N', 'intended');
		const all = [...tracked('main'), 'main/intended/server/Dockerfile'].sort();
		for (const version of ['2', '4']) {
			git('main', 'update-index', '--index-version', version);
			assert.deepEqual(await found('main'), all, `version ${version}`);
		}
		// What is no index lists nothing.
		write({ 'main/.git/index': 'DIRC and more' });
		assert.deepEqual(await found('main'), ['main/zebra/Dockerfile']);
	});

	it('finds the lower-case names that docker build takes, and what follows from them', async () => {
		write({ 'a/dockerfile': '', 'b/dockerfile.dev': '', 'c/containerfile-api': '', 'd/dockerfile.js': '', 'e/dockerfile-lint.py': '' });
		write({ 'f/dockerfiles': '', 'g/Dockerfile.py': '', 'h/dockerfile.dockerignore': '' });
		assert.deepEqual(await found('.'), ['a/dockerfile', 'b/dockerfile.dev', 'c/containerfile-api', 'g/Dockerfile.py']);
	});

	it('takes a backslash for what it is in a name', async function () {
		if (process.platform === 'win32') this.skip();
		write({ '.gitignore': 'x/y\n', 'x\\y/Dockerfile': '', 'x/y/Dockerfile': '' });
		const dockerfiles = await findDockerfiles(['.'], createNodeFiles(), () => assert.fail());
		assert.deepEqual(
			dockerfiles.map(({ path }) => shownPath(path)),
			['x\\y/Dockerfile'],
		);
	});

	it('understands patterns, which name Dockerfiles and directories', async () => {
		write({ '.git/HEAD': '', '.gitignore': 'services/old\n' });
		for (const service of ['api', 'worker', 'old']) write({ [`services/${service}/Dockerfile`]: '', [`services/${service}/main.go`]: '' });
		write({ 'services/vendor/x/Dockerfile': '', 'services/api/deploy/Dockerfile.dev': '' });
		assert.deepEqual(await found('services/*/Dockerfile'), ['services/api/Dockerfile', 'services/worker/Dockerfile']);
		assert.deepEqual(await found('services/{api,old}'), ['services/api/Dockerfile', 'services/api/deploy/Dockerfile.dev']);
		assert.deepEqual(await found('**/*.dev'), ['services/api/deploy/Dockerfile.dev']);
		assert.deepEqual(await found('nothing/**'), []);
		rmSync(join(directory, '.git'), { recursive: true });
		assert.deepEqual(await found('services/*/Dockerfile'), ['services/api/Dockerfile', 'services/worker/Dockerfile']);
		assert.deepEqual(await found('serv*'), ['services/api/Dockerfile', 'services/api/deploy/Dockerfile.dev', 'services/worker/Dockerfile']);
		await assert.rejects(found('nothing'), /nothing cannot be read: no such file or directory\./);
	});

	it('follows links to files and not to directories', async function () {
		write({ 'real/Dockerfile': '' });
		try {
			symlinkSync(join(directory, 'real/Dockerfile'), join(directory, 'linked.dockerfile'));
			symlinkSync(directory, join(directory, 'real/up'), 'dir');
			symlinkSync(join(directory, 'nowhere'), join(directory, 'dangling.dockerfile'));
		} catch {
			this.skip();
		}
		assert.deepEqual(await found('.'), ['linked.dockerfile', 'real/Dockerfile']);
	});

	it('leaves out what Git itself leaves out, whatever the patterns', async function () {
		this.timeout(60_000);
		try {
			execFileSync('git', ['init', '-q'], { stdio: 'ignore' });
		} catch {
			this.skip();
		}
		const names = ['a', 'b', 'Dockerfile', 'x.dockerfile', 'a b'];
		const paths = names
			.slice(0, 2)
			.flatMap((one) => [
				...names.slice(2).map((file) => `${one}/${file}`),
				...['a', 'b'].flatMap((two) => names.slice(2, 4).map((file) => `${one}/${two}/${file}`)),
			]);
		write(Object.fromEntries([...paths, 'Dockerfile', 'x.dockerfile'].map((path) => [path, ''])));
		const piece = fc.constantFrom(
			...[
				'a',
				'b',
				'*',
				'**',
				'Dockerfile',
				'*.dockerfile',
				'D?cker*',
				'[xD]*',
				'a\\ b',
				'a b  ',
				'b\\ ',
				'**a',
				'D**',
				'x**r*e',
				'*k*f*e',
			],
			...['[!x]*', '[^D]*', '[a-c]', '[c-a]', '[]a]', '[[:lower:]]', '[[:nothing:]]', '[a', '[a-', 'a\\', '\\a', '[\\a]', '', 'a\r', '#a'],
		);
		const pattern = fc
			.tuple(fc.constantFrom('', '!'), fc.constantFrom('', '/'), fc.array(piece, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/'))
			.map(([not, anchor, pieces, end]) => `${not}${anchor}${pieces.join('/')}${end}`);
		const file = fc.array(pattern, { maxLength: 3 }).map((lines) => `${lines.join('\n')}\n`);
		await fc.assert(
			fc.asyncProperty(file, file, file, async (root, nested, exclude) => {
				write({ '.gitignore': root, 'a/.gitignore': nested, '.git/info/exclude': exclude });
				const listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' }).split('\0');
				const wanted = listed.filter((path) => /(?:^|\/)(?:Dockerfile|x\.dockerfile)$/.test(path)).sort();
				assert.deepEqual(await found('.'), wanted);
			}),
			{ numRuns: 60 },
		);
	});

	it('reads no .gitignore that is not a file, is too large, or takes for ever', async function () {
		if (process.platform === 'win32') this.skip();
		write({ 'many-wildcards/.gitignore': `${'*a'.repeat(120)}*b\n${'**/a*/'.repeat(100)}b\n!x\n` });
		const deep = `many-wildcards/${`${'a'.repeat(200)}/`.repeat(8)}`;
		write({ [`${deep}Dockerfile`]: '', 'too-large/.gitignore': 'Dockerfile\n'.repeat(30_000), 'too-large/Dockerfile': '' });
		write({ 'pipe/Dockerfile': '', 'device/Dockerfile': '' });
		execFileSync('mkfifo', [join(directory, 'pipe/.gitignore')]);
		symlinkSync('/dev/zero', join(directory, 'device/.gitignore'));
		assert.deepEqual(await found('.'), ['device/Dockerfile', `${deep}Dockerfile`, 'pipe/Dockerfile', 'too-large/Dockerfile']);
	});
});
