import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BROWSER_LIBRARIES, buildProduct } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';

/** What a browser may load before the first finding, compressed, in bytes. */
const LARGEST = 360_000;

describe('the bundles for browsers', () => {
	let directory: string;
	let client: string;
	let server: string;

	before(async function () {
		this.timeout(60_000);
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-web-'));
		await buildProduct({ forShipping: true, into: directory });
		client = readFileSync(path.join(directory, 'web', 'client.js'), 'utf8');
		server = readFileSync(path.join(directory, 'web', 'server.js'), 'utf8');
	});

	after(() => rmSync(directory, { recursive: true, force: true }));

	it(`have ${LARGEST / 1000} KB at most, compressed`, () => {
		const sizes = [client, server].map((bundle) => gzipSync(bundle).length);
		assert.ok(
			sizes.reduce((sum, size) => sum + size) <= LARGEST,
			`${sizes.map((size) => `${Math.ceil(size / 1000)} KB`).join(' and ')} are too much`,
		);
	});

	it('leave to libraries of their own what is needed after the first findings', () => {
		for (const library of BROWSER_LIBRARIES) {
			const text = readFileSync(path.join(directory, 'web', library), 'utf8');
			assert.deepEqual(asked(text), []);
			assert.match(text.slice(0, 60), /^(?:"use strict";)?var goScratchLibraries;/);
			assert.ok(server.includes(library));
		}
		assert.ok(!server.includes('getPropertyRange'), 'dockerfile-ast is in the server');
		assert.ok(!server.includes('BLOCK_AS_IMPLICIT_KEY'), 'yaml is in the server');
	});

	it('ask nothing of Node, and of VS Code only its API', () => {
		assert.deepEqual(asked(client), ['vscode']);
		assert.deepEqual(asked(server), []);
	});

	it('cannot be made of a module of Node', async () => {
		// The check above would say nothing of a bundle that left such an import out.
		for (const name of ['node:fs', 'fs', 'node:path']) {
			const stdin = { contents: `import * as all from '${name}'; console.log(all);`, resolveDir: inProject() };
			await assert.rejects(build({ stdin, bundle: true, platform: 'browser', write: false, logLevel: 'silent' }), /Could not resolve/);
		}
		assert.deepEqual(asked('const files=require("fs"),m=require( `vscode` );import("node:path");import a from"os"'), [
			'fs',
			'node:path',
			'os',
			'vscode',
		]);
	});
});

/** The modules that a bundle asks for where it runs. */
function asked(bundle: string): string[] {
	const named = [...bundle.matchAll(/(?:\brequire\s*\(|\bimport\s*\(|\bfrom\s*)\s*(["'`])([^"'`\n]+)\1/g)].map(
		(match) => match[2] as string,
	);
	const builtin = new Set([...builtinModules, 'vscode']);
	return [...new Set(named.filter((name) => name.startsWith('node:') || builtin.has(name)))].sort();
}
