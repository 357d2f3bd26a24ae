import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDockerfilePath } from '../../server/knowledge/dockerfile-names.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { lineStarts, positionAt } from '../../server/text/text.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';
import { type Downloaded, downloadModules } from './download.ts';
import { MODULES } from './modules.ts';

/**
 * What the rules report in released modules, one file for each: review shows what a change does to them. The modules that they require
 * are not read, nor is a Go installation, so that a snapshot is the same on each machine. `UPDATE_GOLDENS=1` writes the snapshots.
 */

const UPDATE = process.env.UPDATE_GOLDENS === '1';
const SNAPSHOTS = fileURLToPath(new URL('./snapshots', import.meta.url));

describe('ecosystem', () => {
	let downloaded: ReadonlyMap<string, Downloaded>;

	before(() => {
		downloaded = downloadModules(MODULES);
	});

	for (const module of MODULES) {
		it(`reports in ${module} what its snapshot says`, async function () {
			const found = downloaded.get(module) ?? assert.fail(`${module} has an answer`);
			if ('skipped' in found) {
				if (this.test !== undefined) {
					this.test.title += `: ${found.skipped}`;
				}
				this.skip();
			}
			const report = await reportOn(pathFromNative(found.directory));
			const file = path.join(SNAPSHOTS, snapshotName(module));
			if (UPDATE) {
				mkdirSync(path.dirname(file), { recursive: true });
				writeFileSync(file, report);
			}
			assert.equal(report, existsSync(file) ? readFileSync(file, 'utf8') : '', 'UPDATE_GOLDENS=1 npm run test:ecosystem writes it');
		});
	}

	it('has no snapshot of another module', () => {
		assert.deepEqual(readdirSync(SNAPSHOTS).sort(), MODULES.map(snapshotName).sort());
	});
});

function snapshotName(module: string): string {
	return `${module.replaceAll('/', '+')}.txt`;
}

/** A line for each Dockerfile of a module, and below it a line for each finding: `file:line:column severity code message`. */
async function reportOn(root: string): Promise<string> {
	const files = createNodeFiles();
	const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
	const lines: string[] = [];
	for (const name of dockerfilesIn(root)) {
		const file = `${root}/${name}`;
		const text = (await files.readText(file)) ?? assert.fail(`${name} is text`);
		const { findings } = await analyser.analyse({ path: file, text, root });
		const starts = lineStarts(text);
		lines.push(`# ${name}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`);
		for (const { range, severity, code, message } of findings) {
			const { line, character } = positionAt(starts, range.start);
			lines.push(`${name}:${line + 1}:${character + 1} ${severity} ${code} ${message.replaceAll('\n', ' ')}`);
		}
	}
	assert.notEqual(lines.length, 0, 'the module holds a Dockerfile');
	return `${lines.join('\n').replaceAll(root, '.')}\n`;
}

function dockerfilesIn(root: string): string[] {
	return readdirSync(root, { recursive: true, encoding: 'utf8' })
		.map((name) => name.replaceAll('\\', '/'))
		.filter((name) => isDockerfilePath(name) && !/(?:^|\/)(?:testdata|vendor|node_modules)\//.test(name))
		.sort();
}
