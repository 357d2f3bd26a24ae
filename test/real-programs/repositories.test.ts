import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyOf, findRepositories } from '../../scripts/real-programs/repositories.ts';
import { removeTemporary } from '../../scripts/real-programs/temporary.ts';

describe('the repositories that are tried', () => {
	let root: string;

	before(() => {
		root = realpathSync(mkdtempSync(join(tmpdir(), 'go-scratch-test-')));
		for (const file of [
			'owner+name/go.mod',
			'owner+name/.git/HEAD',
			'owner+name/vendor/modules.txt',
			'plain/cmd/main.go',
			'plain/README.md',
		]) {
			mkdirSync(dirname(join(root, file)), { recursive: true });
			writeFileSync(join(root, file), file);
		}
	});

	after(() => rmSync(root, { recursive: true }));

	it('are the directories in one that holds nothing else', () => {
		assert.deepEqual(findRepositories([root]), [
			{ name: 'owner/name', directory: join(root, 'owner+name') },
			{ name: 'plain', directory: join(root, 'plain') },
		]);
	});

	it('are the directories themselves where they hold files', () => {
		assert.deepEqual(
			findRepositories([join(root, 'plain')]).map(({ name }) => name),
			['plain'],
		);
	});

	it('are copied without their history', () => {
		const copy = copyOf({ name: 'owner/name', directory: join(root, 'owner+name') });
		try {
			assert.equal(readFileSync(join(copy, 'vendor/modules.txt'), 'utf8'), 'owner+name/vendor/modules.txt');
			assert.equal(existsSync(join(copy, '.git')), false);
		} finally {
			removeTemporary(copy);
		}
		assert.equal(existsSync(copy), false);
	});
});
