import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findNode, NODE_MAJORS } from '../../scripts/node-versions.ts';
import { type Finished, run } from '../../scripts/processes.ts';
import { inProject } from '../../scripts/project.ts';
import { Client } from '../lsp/client.ts';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';

const PROGRAM = { 'go.mod': 'module example.com/app\n\ngo 1.26\n', 'main.go': 'package main\n\nfunc main() {}\n' };

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER 65534:65534
CMD /app
`;

/** What a person gets who installs the package from npm, which nothing of this repository stands beside. */
describe('the npm package', function () {
	this.timeout(180_000);
	const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
	let given: InstalledPackage;
	let workspace: string;
	let installed: string;

	before(async () => {
		given = await installPackage();
		workspace = given.directory;
		installed = path.join(workspace, 'node_modules', 'go-scratch');
		for (const [name, text] of Object.entries({ ...PROGRAM, Dockerfile: DOCKERFILE })) {
			writeFileSync(path.join(workspace, name), text);
		}
	});

	after(() => given.remove());

	it('brings nothing along, and runs nothing when it is installed', () => {
		assert.deepEqual(
			readdirSync(path.join(workspace, 'node_modules')).filter((name) => !name.startsWith('.')),
			['go-scratch'],
		);
		const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
		assert.deepEqual(
			['dependencies', 'devDependencies', 'scripts', 'private', 'contributes', 'activationEvents'].filter((key) => key in manifest),
			[],
		);
		assert.equal(manifest.version, version);
	});

	it('holds a page for every rule, the licence and what a person reads first', () => {
		for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/rules/README.md', 'docs/rules/root-user.md']) {
			assert(existsSync(path.join(installed, name)), name);
		}
	});

	it('has commands that a shell can start', function () {
		if (process.platform === 'win32') this.skip();
		for (const name of ['go-scratch', 'go-scratch-language-server']) {
			const command = path.join(given.commands, name);
			assert.equal(statSync(command).mode & 0o111, 0o111, name);
			assert(readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n'), name);
		}
	});

	for (const major of NODE_MAJORS) {
		describe(`on Node ${major}, where npm's registry gives it`, () => {
			let node: string | undefined;

			before(async () => {
				node = await findNode(major);
			});

			/** Runs a command of the package as npx does, with this Node first on PATH. */
			function npx(...parameters: string[]): Promise<Finished> {
				const { PATH = '', ...environment } = process.env;
				return run(
					'npm',
					['exec', '--yes', '--offline', '--cache', path.join(workspace, 'cache'), '--package', given.tarball, ...parameters],
					{
						cwd: workspace,
						env: { ...environment, PATH: `${path.dirname(node as string)}${path.delimiter}${PATH}` },
						shell: process.platform === 'win32',
					},
				);
			}

			it('runs by npx', async function () {
				if (!node) return this.skip();
				assert.match((await npx('--call', 'node --version')).output, new RegExp(`^v${major}\\.`, 'm'));
				assert.match((await npx('--', 'go-scratch', '--version')).output, new RegExp(`^${version.replaceAll('.', '\\.')}$`, 'm'));
				const { code, output } = await npx('--', 'go-scratch', 'check');
				assert.match(output, /^Dockerfile:9:1 error shell-form-command /m);
				assert.equal(code, 1);
			});

			it('serves an editor', async function () {
				if (!node) return this.skip();
				const client = await Client.start({ command: [node, path.join(installed, 'dist', 'server.cjs'), '--stdio'], files: PROGRAM });
				const uri = await client.open('Dockerfile', DOCKERFILE);
				await client.until(uri, (diagnostics) => diagnostics.some(({ code }) => code === 'shell-form-command'));
				assert.deepEqual(client.serverInfo, { name: 'go-scratch', version });
				assert.equal(await client.stop(), 0);
			});
		});
	}
});
