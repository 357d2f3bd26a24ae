import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** What is written arrives whole and in its order, however slow the reader is. */
describe('output', function () {
	this.timeout(60_000);
	let directory: string;
	let program: string;

	before(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-output-'));
		program = join(directory, 'program.cjs');
		buildSync({
			stdin: {
				contents: `import { allIsOut, write } from ${JSON.stringify(fileURLToPath(new URL('../../server/cli/output.ts', import.meta.url)))};
				import { fileText } from ${JSON.stringify(fileURLToPath(new URL('../../server/cli/printable.ts', import.meta.url)))};
				for (let line = 0; line < 3000; line++) write('stdout', fileText(String(line).padEnd(99) + '\\n'));
				write('stderr', fileText('done\\n'));
				if (allIsOut) process.exit();`,
				resolveDir: directory,
			},
			...{ outfile: program, bundle: true, platform: 'node', format: 'cjs' },
		});
	});

	after(() => rmSync(directory, { recursive: true, force: true }));

	it('keeps its order where a pipe does not wait and its reader is slow', async function () {
		if (process.platform === 'win32') this.skip();
		const pipe = join(directory, 'pipe');
		execFileSync('mkfifo', [pipe]);
		// Opened for both, it needs nobody at the other end; the process inherits that it does not wait.
		const end = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
		// Node makes the first three of a process wait, so the shell gets another one.
		const child = spawn('sh', ['-c', 'exec "$0" "$1" >&3', process.execPath, program], { stdio: ['ignore', 'ignore', 'ignore', end] });
		const exit = once(child, 'exit');
		let exited = false;
		void exit.then(() => {
			exited = true;
		});
		let text = '';
		const bytes = Buffer.alloc(8 * 1024);
		for (;;) {
			const ended = exited;
			let read = 0;
			try {
				read = readSync(end, bytes);
			} catch (error) {
				assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
			}
			text += bytes.toString('latin1', 0, read);
			if (read === 0 && ended) break;
			await setTimeout(2);
		}
		closeSync(end);
		assert.deepEqual(await exit, [0, null]);
		const lines = text.split('\n').map((line) => line.trim());
		assert.deepEqual(lines, [...Array.from({ length: 3000 }, (_, line) => String(line)), '']);
	});

	it('ends without a word where nobody reads on', function () {
		if (process.platform === 'win32') this.skip();
		const { stdout, stderr, status } = spawnSync('sh', ['-c', '"$0" "$1" | head -n 1', process.execPath, program], { encoding: 'utf8' });
		assert.deepEqual([status, stdout.trim(), stderr], [0, '0', 'done\n']);
	});
});
