import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildProduct } from '../../scripts/build.ts';
import { findChromium } from '../../scripts/chromium.ts';
import { openPage } from '../../scripts/embedded-vscode.ts';
import { inProject } from '../../scripts/project.ts';
import { inputsOf } from '../support/goldens.ts';
import { parseArchive } from '../support/txtar.ts';
import { type Answers, askAll, type Port, type Workspace } from './driver.ts';

/** What stands under a finding in a rule's archive; see test/rules.test.ts. */
const MARKER = /^[ \t]*\^+ (?:error|warning|information|hint): .*\n?/gm;

/** The server in Node, with the files on disk, and the server in a browser, with the files through its client: both as they ship. */
describe('the bundles for Node and for browsers', function () {
	this.timeout(300_000);
	let directory: string;
	let names: string[];
	let workspaces: Workspace[];
	let inNode: Answers[];
	let inBrowser: Answers[];

	before(async function () {
		const chromium = findChromium();
		if (chromium === undefined) return this.skip();
		directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'go-scratch-parity-')));
		await buildProduct({ forShipping: true, into: path.join(directory, 'bundles') });
		names = ['rules', 'fix-all', 'generate'].flatMap(archivesIn);
		workspaces = names.map((name, index) => layOut(name, path.join(directory, 'fixtures', String(index))));
		[inNode, inBrowser] = await Promise.all([askNode(), askBrowser(chromium)]);
	});

	after(() => {
		if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
	});

	for (const part of ['diagnostics', 'actions', 'hovers', 'generated'] as const) {
		it(`answer the same for every fixture: ${part}`, () => {
			assert.equal(inNode.length, names.length);
			const different = names.filter((_, index) => JSON.stringify(inNode[index]?.[part]) !== JSON.stringify(inBrowser[index]?.[part]));
			const first = names.indexOf(different[0] as string);
			if (first !== -1)
				assert.deepEqual(inBrowser[first]?.[part], inNode[first]?.[part], `${different.length} differ: ${different.join(', ')}`);
		});
	}

	it('answer something: findings, fixes, hovers and Dockerfiles', () => {
		const all = JSON.stringify(inBrowser);
		assert.ok(
			inBrowser.filter(({ diagnostics }) => String(JSON.stringify(diagnostics)).includes('"source":"go-scratch"')).length >
				names.length / 2,
		);
		for (const part of ['Fix all auto-fixable go-scratch problems', 'newText', '"kind":"markdown"', 'FROM scratch\\n', '.dockerignore'])
			assert.ok(all.includes(part), part);
	});

	/** Asks the server as a process, that knows nothing of the Go of this machine, for a browser does not either. */
	async function askNode(): Promise<Answers[]> {
		const nowhere = path.join(directory, 'nowhere');
		mkdirSync(path.join(nowhere, 'src', 'runtime'), { recursive: true });
		const env = { HOME: nowhere, GOROOT: nowhere, GOPATH: nowhere, GOMODCACHE: nowhere, GOENV: 'off', PATH: '' };
		const child = fork(path.join(directory, 'bundles', 'server.cjs'), ['--node-ipc'], { env, execArgv: [] });
		const port: Port = { post: (message) => child.send(message), listen: (take) => child.on('message', take as never) };
		const ended = new Promise((resolve) => child.once('exit', resolve));
		try {
			const answers = await askAll(port, workspaces);
			assert.equal(await ended, 0);
			return answers;
		} finally {
			child.kill();
		}
	}

	async function askBrowser(chromium: string): Promise<Answers[]> {
		const { outputFiles } = await build({
			entryPoints: [inProject('test', 'parity', 'page.ts')],
			bundle: true,
			write: false,
			logLevel: 'warning',
		});
		const script = readFileSync(path.join(directory, 'bundles', 'web', 'server.js'), 'utf8');
		const { browser, page } = await openPage(chromium);
		const loaded = new Set<string>();
		const libraries = createServer(({ url = '' }, response) => {
			loaded.add(url);
			response.setHeader('Content-Type', 'text/javascript');
			response.end(readFileSync(path.join(directory, 'bundles', 'web', path.basename(url))));
		});
		await new Promise<void>((resolve) => void libraries.listen(0, '127.0.0.1', resolve));
		try {
			await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
			const scripts = `http://127.0.0.1:${(libraries.address() as AddressInfo).port}/`;
			const answers = await page.evaluate(([source, asked, from]) => (globalThis as never as Page).askWorker(source, asked, from), [
				script,
				workspaces,
				scripts,
			] as const);
			assert.ok(['/library-dockerfile-ast.js', '/library-yaml.js'].every((library) => loaded.has(library)));
			return answers;
		} finally {
			libraries.close();
			await browser.close();
		}
	}
});

interface Page {
	askWorker(script: string, workspaces: readonly Workspace[], scripts: string): Promise<Answers[]>;
}

function archivesIn(kind: string): string[] {
	return readdirSync(inProject('test', 'fixtures', kind), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.txtar'))
		.map((name) => `${kind}/${name.split(path.sep).join('/')}`)
		.sort();
}

/** Writes an archive's files below a directory of its own. */
function layOut(name: string, directory: string): Workspace {
	const uri = (file: string) => pathToFileURL(path.join(directory, file)).href;
	const files: Record<string, string> = {};
	let dockerfile: string | undefined;
	for (const { name: file, text } of inputsOf(parseArchive(readFileSync(inProject('test', 'fixtures', name), 'utf8')))) {
		const plain = text.replace(MARKER, '');
		mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
		if (file.endsWith('/')) continue;
		// A browser does not learn whether a file is executable, so here every file is: nothing is reported then.
		writeFileSync(path.join(directory, file), plain, { mode: 0o755 });
		files[uri(file)] = plain;
		if (/(?:^|\/)(?:Dockerfile[^/]*|[^/]*\.[Dd]ockerfile|Containerfile)$/.test(file) && !file.endsWith('.dockerignore'))
			dockerfile ??= uri(file);
	}
	return { root: uri('.').replace(/\/$/, ''), files, dockerfile };
}
