import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBytes, readEntries } from '../../server/workspace/node-read.ts';

describe('reading from disk', () => {
	let directory: string;
	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), 'node-read-'));
	});
	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	it('takes files up to the limit', () => {
		const path = join(directory, 'file');
		for (const size of [0, 1, 999, 1000]) {
			writeFileSync(path, 'x'.repeat(size));
			assert.equal(readBytes(path, 1000).toString(), 'x'.repeat(size));
		}
		writeFileSync(path, 'x'.repeat(1001));
		assert.throws(() => readBytes(path, 1000), /^Error: it is larger than/);
	});

	it('neither waits nor reads on where something is not a regular file', function () {
		if (process.platform === 'win32') this.skip();
		execFileSync('mkfifo', [join(directory, 'pipe')]);
		symlinkSync('pipe', join(directory, 'link'));
		symlinkSync('/dev/zero', join(directory, 'device'));
		symlinkSync('circle', join(directory, 'circle'));
		for (const name of ['pipe', 'link', 'device']) {
			assert.throws(() => readBytes(join(directory, name), 1000), /^Error: it is not a regular file$/);
		}
		assert.throws(() => readBytes(directory, 1000), { code: 'EISDIR' });
		assert.throws(() => readBytes(join(directory, 'circle'), 1000), { code: 'ELOOP' });
	});

	it('does not believe the size that the kernel gives to a file it makes up', function () {
		if (!existsSync('/proc/self/mountinfo')) this.skip();
		assert.ok(readBytes('/proc/self/mountinfo', 1024 * 1024).length > 20);
		assert.throws(() => readBytes('/proc/self/mountinfo', 20), /^Error: it is larger than/);
	});

	it('lists no directory that holds more than 100,000 entries', function () {
		if (process.platform === 'win32') this.skip();
		this.timeout(60_000);
		for (let index = 0; index < 100_000; index++) symlinkSync('x', join(directory, String(index)));
		assert.equal(readEntries(directory).length, 100_000);
		symlinkSync('x', join(directory, 'one-more'));
		assert.throws(() => readEntries(directory), /^Error: it has more than 100,000 entries$/);
	});
});
