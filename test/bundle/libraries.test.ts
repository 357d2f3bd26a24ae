import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { parseAllDocuments } from 'yaml';
import { withoutUnused } from '../../scripts/leave-out.ts';
import { inProject } from '../../scripts/project.ts';

/** Documents with what compose files, workflows and bake files have. */
const DOCUMENTS = [
	'services:\n  app:\n    build: &b { context: ., args: { A: "1", B: } }\n  other:\n    build:\n      <<: *b\n      dockerfile: Dockerfile\n',
	'%YAML 1.1\n---\nfirst: &x\n  a: text\nsecond:\n  <<: *x\n  b: [one, "two"]\n',
	'on: push\njobs:\n  a:\n    steps:\n      - run: |\n          docker build .\n        env: { N: 0x10, F: 1.5, T: true, Z: ~ }\n--- \nsecond: >-\n  folded\n  text\n',
	'a: !!set {b, c}\nd: !!timestamp 2026-11-30\ne: !own [1]\n',
	'a: [1\nb: {',
];

describe('what is left out of the libraries of a server', () => {
	let directory: string;

	before(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-libraries-'));
	});
	after(() => rmSync(directory, { recursive: true, force: true }));

	for (const platform of ['node', 'browser'] as const) {
		it(`changes nothing of how YAML is read: ${platform}`, async () => {
			const outfile = path.join(directory, `${platform}.cjs`);
			await build({
				entryPoints: [inProject('server/text/yaml.ts')],
				outfile,
				bundle: true,
				platform,
				format: 'cjs',
				mainFields: [...(platform === 'browser' ? ['browser'] : []), 'module', 'main'],
				plugins: [withoutUnused],
				logLevel: 'error',
			});
			const bundled: { parseAllDocuments: typeof parseAllDocuments } = createRequire(outfile)(outfile);
			for (const text of DOCUMENTS) {
				const read = (parse: typeof parseAllDocuments) =>
					[...parse(text, { merge: true })].map((document) => JSON.stringify(document.toJS()) + document.errors.length);
				// A set or a date is one of YAML 1.1, and of no meaning here: there it need only not fail.
				if (text.includes('!!')) assert.doesNotThrow(() => read(bundled.parseAllDocuments));
				else assert.deepEqual(read(bundled.parseAllDocuments), read(parseAllDocuments));
			}
		});
	}
});
