import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NEWEST } from './bases.ts';
import { build, docker, hasImage, run } from './engine.ts';
import { isAsked } from './only.ts';
import { inDirectory } from './prove.ts';

/**
 * A run that is interrupted leaves nothing behind. The run is this file itself, in a process of its own, with a container and a build
 * that sleep for so many seconds that they can be told by the number; only where the engine's processes are among those of this
 * machine can they be seen.
 */

const SECONDS = process.env.GO_SCRATCH_SLEEP;
const MOCHA = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));

if (SECONDS === undefined) {
	describe('an interrupted run', function () {
		this.timeout(180_000);
		before(function () {
			if (!isAsked('an interrupted run')) this.skip();
		});

		it('leaves nothing, if its group gets the signal, as by Ctrl-C', function () {
			return leavesNothing(this, (pid) => process.kill(-pid, 'SIGINT'));
		});
		it('leaves nothing, if one process alone gets it', function () {
			return leavesNothing(this, (pid) => process.kill(pid, 'SIGINT'));
		});
	});
} else {
	describe('a run that sleeps', function () {
		this.timeout(180_000);
		it('builds and runs', () =>
			inDirectory(new Map([['Dockerfile', `FROM golang:${NEWEST}\nCMD ["sleep", "${SECONDS}"]\n`]]), async (context) => {
				const { image } = await build({ context });
				writeFileSync(join(context, 'Dockerfile'), `FROM golang:${NEWEST}\nRUN exec sleep ${SECONDS}\n`);
				await Promise.all([run(image), build({ context })]);
			}));
	});
}

async function leavesNothing(test: Mocha.Context, interrupt: (pid: number) => void): Promise<void> {
	if (process.platform !== 'linux' || !(await hasImage(`golang:${NEWEST}`))) return test.skip();
	const seconds = String(1e8 + process.pid * 100 + Math.floor(Math.random() * 100));
	const temporary = mkdtempSync(join(tmpdir(), 'go-scratch-interrupted-'));
	const child = spawn(process.execPath, [MOCHA, fileURLToPath(import.meta.url)], {
		env: { ...process.env, GO_SCRATCH_SLEEP: seconds, TMPDIR: temporary },
		stdio: 'ignore',
		detached: true,
	});
	const pid = child.pid as number;
	const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
	try {
		const asleep = () => processesWith(`sleep\0${seconds}\0`);
		const both = await until(() => asleep().length >= 2 || child.exitCode !== null);
		if (!both) return test.skip();
		assert.equal(child.exitCode, null, 'it is running');
		const [name = assert.fail('the engine shows its container')] = (
			await docker(['ps', '--no-trunc', '--format={{.Names}} {{.Command}}'])
		).output
			.split('\n')
			.filter((line) => line.includes(`sleep ${seconds}`));
		const run = name.slice(0, name.lastIndexOf('-'));

		interrupt(pid);
		assert.ok(await until(() => child.exitCode !== null || child.signalCode !== null), 'it ends');
		await ended;
		// The group of the run has ended with it, and soon after the engine has ended what it did for it.
		assert.ok(await until(() => !groupExists(pid)), 'no process of the run is left');
		assert.ok(await until(() => asleep().length === 0), 'no process of its container or its build is left');
		const containers = await docker(['ps', '--all', '--format={{.Names}}', `--filter=name=^${run}-`]);
		const images = await docker(['images', '--format={{.Repository}}:{{.Tag}}', `--filter=reference=${run}:*`]);
		const left = containers.output + images.output;
		assert.equal(left, '', 'no container or image of the run is left');
		assert.deepEqual(
			readdirSync(temporary).filter((name) => name.startsWith('go-scratch-')),
			[],
			'no directory of the run is left',
		);
	} finally {
		if (groupExists(pid)) process.kill(-pid, 'SIGKILL');
		rmSync(temporary, { recursive: true, force: true });
	}
}

async function until(holds: () => boolean): Promise<boolean> {
	for (const end = Date.now() + 60_000; Date.now() < end; await delay(100)) if (holds()) return true;
	return false;
}

function groupExists(group: number): boolean {
	try {
		return process.kill(-group, 0);
	} catch {
		return false;
	}
}

/** The numbers of the processes whose command line begins with a text. */
function processesWith(text: string): string[] {
	return readdirSync('/proc').filter((name) => {
		try {
			return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(text);
		} catch {
			return false;
		}
	});
}
