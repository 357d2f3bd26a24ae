import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNodeArchive } from '../../server/workspace/node-archive.ts';

describe('the archive on disk', () => {
	let directory: string;
	let program: string;

	beforeEach(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-archive-'));
		program = path.join(directory, 'program.cjs');
		writeFileSync(program, 'one build');
	});

	afterEach(() => rmSync(directory, { recursive: true }));

	const open = (environment: Readonly<Record<string, string>>) => createNodeArchive({ HOME: directory, ...environment }, program);

	it('gives back what was written, to the same build only', () => {
		const caches = path.join(directory, 'caches');
		open({ GO_SCRATCH_CACHE: caches })?.write('a', Uint8Array.of(1, 2, 3));
		assert.deepEqual([...(open({ GO_SCRATCH_CACHE: caches })?.read('a') ?? [])], [1, 2, 3]);
		assert.equal(open({ GO_SCRATCH_CACHE: caches })?.read('b'), undefined);
		writeFileSync(program, 'another build');
		assert.equal(open({ GO_SCRATCH_CACHE: caches })?.read('a'), undefined);
		assert.equal(statSync(caches).mode & 0o077, process.platform === 'win32' ? statSync(caches).mode & 0o077 : 0, 'nobody else reads it');
	});

	it('can be turned off, and does without a directory that cannot be made', () => {
		assert.equal(open({ GO_SCRATCH_CACHE: 'off' }), undefined);
		const blocked = open({ GO_SCRATCH_CACHE: path.join(program, 'below-a-file') });
		blocked?.write('a', Uint8Array.of(1));
		assert.equal(blocked?.read('a'), undefined);
	});

	it('forgets what was not used for longest', () => {
		const caches = path.join(directory, 'caches');
		const archive = open({ GO_SCRATCH_CACHE: caches });
		for (let number = 0; number < 40; number++) archive?.write(`entry ${number}`, Uint8Array.of(number));
		assert.equal(readdirSync(caches).length, 36);
		assert.deepEqual([...(archive?.read('entry 39') ?? [])], [39]);
	});
});
