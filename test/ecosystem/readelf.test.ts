import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BUILDS, buildProgram, nameOf, SOURCES } from '../../scripts/compare-readelf/builds.ts';
import { differences } from '../../scripts/compare-readelf/tools.ts';
import { createLinkedReader } from '../../server/linked/linked-files.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';

/**
 * Builds a few small programs and compares what we read of them with what readelf and the go command print. `scripts/compare-readelf` does
 * the same for more.
 */

describe('the reader of linked programs', function () {
	// The first build for each architecture compiles the standard library.
	this.timeout(600_000);

	for (const build of BUILDS.filter(({ isSmall }) => isSmall)) {
		it(`agrees with the tools on ${nameOf(build)}`, async function () {
			const built = await buildProgram(build);
			if ('skipped' in built) {
				if (this.test !== undefined) this.test.title += `: ${built.skipped}`;
				this.skip();
			}
			assert.deepEqual(await differences(built.binary), []);
		});
	}
});

describe('a program that the go command built into the build context', function () {
	this.timeout(600_000);

	const cases = [
		{ build: { source: 'c', cgo: true }, base: 'scratch', codes: ['dynamic-binary'] },
		{ build: { source: 'c', cgo: true }, base: 'debian:trixie-slim', codes: [] },
		{ build: { source: 'plain' }, base: 'scratch', codes: [] },
		{ build: { source: 'plain', goarch: 's390x' }, base: '--platform=linux/amd64 scratch', codes: ['wrong-platform'] },
		{
			build: { source: 'needy' },
			base: 'scratch',
			codes: ['missing-executable', 'missing-timezone-data', 'missing-tmp', 'missing-user-database'],
		},
	] as const;
	for (const { build, base, codes } of cases) {
		it(`is reported as what it is: ${nameOf(build)} in ${base}`, async function () {
			const built = await buildProgram(build);
			if ('skipped' in built) {
				if (this.test !== undefined) this.test.title += `: ${built.skipped}`;
				this.skip();
			}
			const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-context-'));
			try {
				mkdirSync(path.join(directory, 'bin'));
				copyFileSync(built.binary, path.join(directory, 'bin', 'program'));
				const text = `FROM ${base}\nCOPY bin/program /program\nUSER 65534:65534\nENTRYPOINT ["/program"]\n`;
				writeFileSync(path.join(directory, 'Dockerfile'), text);
				writeFileSync(path.join(directory, '.dockerignore'), '.git\n');
				writeFileSync(path.join(directory, 'go.mod'), `module example.org/${build.source}\n\ngo 1.16\n`);
				writeFileSync(path.join(directory, 'main.go'), SOURCES[build.source]);
				const files = createNodeFiles();
				const analyser = createAnalyser({ files, readLinked: createLinkedReader(files), log: (message) => assert.fail(message) });
				const root = pathFromNative(directory);
				const { findings } = await analyser.analyse({ path: `${root}/Dockerfile`, text, root });
				const expected: readonly string[] = codes;
				const found = [...new Set(findings.map(({ code }) => code))];
				assert.deepEqual(found.filter((code) => /^(?:dynamic|wrong|missing)-/.test(code)).sort(), [...expected].sort());
			} finally {
				rmSync(directory, { recursive: true });
			}
		});
	}
});
