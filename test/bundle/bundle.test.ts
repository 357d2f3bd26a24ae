import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
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

	it('tell of a wrong use by an exit code of its own', async () => {
		assert.equal((await run(process.execPath, [cli, 'check', '--format', 'nonsense'])).code, 2);
	});
});
