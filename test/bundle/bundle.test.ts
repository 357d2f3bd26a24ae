import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildProduct } from '../../scripts/build.ts';
import { run } from '../../scripts/processes.ts';
import { inProject } from '../../scripts/project.ts';
import { Client } from '../lsp/client.ts';

/** The bundles as they ship, without the sources that they were made of. */
describe('the bundles', () => {
	const cli = inProject('dist', 'cli.cjs');
	const server = inProject('dist', 'server.cjs');

	before(async function () {
		this.timeout(60_000);
		if (!existsSync(cli) || !existsSync(server)) {
			await buildProduct();
		}
	});

	it('serve findings over stdio', async () => {
		const client = await Client.start({
			command: [process.execPath, server, '--stdio'],
			files: { 'go.mod': 'module example.com/app\n\ngo 1.26\n', 'main.go': 'package main\n\nfunc main() {}\n' },
		});
		const uri = await client.open(
			'Dockerfile',
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nCMD /app\n',
		);
		await client.until(uri, (diagnostics) => diagnostics.some(({ code }) => code === 'shell-form-command'));
		assert.equal(await client.stop(), 0);
	});

	it('check the example workspace, and tell by the exit code that there is something', async () => {
		const { code, output } = await run(process.execPath, [cli, 'check', inProject('test', 'workspaces', 'hello')]);
		assert.match(output, /Dockerfile:12:1 warning shell-form-command /);
		assert.equal(code, 1);
	});

	it('check with the libraries that few checks need: for .gitignore, for patterns and for compose files', async () => {
		const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-bundle-'));
		try {
			const wrong =
				'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nCMD /app\n';
			const files = {
				'go.mod': 'module example.com/app\n\ngo 1.26\n',
				'main.go': 'package main\n\nfunc main() {}\n',
				'.gitignore': 'ignored\n',
				'compose.yaml': 'services:\n  app:\n    build: {context: ., dockerfile: images/api.dockerfile}\n',
				'images/api.dockerfile': wrong,
				'images/ignored/Dockerfile': wrong,
			};
			for (const [name, text] of Object.entries(files)) {
				mkdirSync(path.join(directory, path.dirname(name)), { recursive: true });
				writeFileSync(path.join(directory, name), text);
			}
			for (const paths of ['.', 'images/**']) {
				const { output } = await run(process.execPath, [cli, 'check', paths], { cwd: directory });
				assert.deepEqual(new Set(output.match(/^\S+(?=:\d+:\d+ )/gm)), new Set(['images/api.dockerfile']), output);
				assert.match(output, /:8:1 error shell-form-command/);
			}
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	});

	it('load for a check neither a library nor a module of Node that only other commands need', async () => {
		const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-bundle-'));
		writeFileSync(path.join(directory, 'go.mod'), 'module example.com/app\n\ngo 1.26\n');
		writeFileSync(path.join(directory, 'main.go'), 'package main\n\nfunc main() {}\n');
		writeFileSync(path.join(directory, 'Dockerfile'), 'FROM golang\nCOPY . .\nRUN go build -o /app\nCMD /app\n');
		const words = ['--require', inProject('test', 'bundle', 'tell-loaded.cjs'), cli, 'check', directory];
		const { output } = await run(process.execPath, words, { env: { ...process.env, GO_SCRATCH_CACHE: 'off' } });
		rmSync(directory, { recursive: true });
		const loaded = new Set([...output.matchAll(/^loaded (\S+)$/gm)].map((match) => match[1] as string));
		assert.ok(loaded.has('command-line.cjs') && loaded.has('fs'), output);
		const usual = ['cli.cjs', 'command-line.cjs', 'buffer', 'crypto', 'fs', 'module', 'os', 'path', 'process', 'url', 'util'];
		assert.deepEqual(
			[...loaded].filter((name) => !usual.includes(name)),
			[],
			'what few commands need is loaded with import() where it is needed',
		);
	});

	it('tell of a wrong use by an exit code of its own', async () => {
		assert.equal((await run(process.execPath, [cli, 'check', '--format', 'nonsense'])).code, 2);
	});
});
