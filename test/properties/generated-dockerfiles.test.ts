import assert from 'node:assert/strict';
import { findCandidates, generateFor } from '../../server/generate/generation.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { ROOT, WORKSPACES } from './workspaces.ts';

/** What no Dockerfile FROM scratch mends: which image holds the programs that are started, and where the program listens. */
const LEFT_TO_A_PERSON = ['missing-executable', 'loopback-listener'];

/** What is wrong with a module, whatever Dockerfile it has: go mod tidy writes go.sum. */
const OF_THE_MODULE: Readonly<Record<string, readonly string[]>> = { 'no go.sum': ['missing-go-sum'] };

/** Every Dockerfile that is written lints clean, with the .dockerignore that comes with it. */
describe('the Dockerfile generated for', () => {
	for (const [name, workspace] of Object.entries(WORKSPACES)) {
		it(`${name} lints clean`, async () => {
			const laidOut = Object.fromEntries(Object.entries(workspace).map(([path, text]) => [`${ROOT}/${path}`, text]));
			const files = createMemoryFiles({ [`${ROOT}/`]: '', ...laidOut });
			const { reader } = createAnalyser({ files });
			const { candidates, workspace: go } = await findCandidates(reader, ROOT, ROOT, new AbortController().signal);
			assert.equal(candidates.length, name === 'two mains' ? 2 : name === 'library' || name === 'nothing' ? 0 : 1);
			for (const candidate of candidates) {
				for (const comments of [true, false]) {
					const generated = await generateFor(files, go, candidate, comments);
					assert.ok(typeof generated !== 'string');
					const written = Object.fromEntries(generated.files.map(({ path, content }) => [path, content]));
					const [dockerfile] = generated.files;
					assert.ok(dockerfile);
					const analyser = createAnalyser({ files: createMemoryFiles({ ...laidOut, ...written }), log: (message) => assert.fail(message) });
					const { findings } = await analyser.analyse({ path: dockerfile.path, text: dockerfile.content, root: ROOT });
					const said = findings.filter(
						({ severity, code }) =>
							(severity === 'error' || severity === 'warning') &&
							!LEFT_TO_A_PERSON.includes(code) &&
							OF_THE_MODULE[name]?.includes(code) !== true,
					);
					assert.deepEqual(
						said.map(({ code, message }) => `${code}: ${message}`),
						[],
						dockerfile.content,
					);
					if (name === 'other programs') assert.match(dockerfile.content, /^FROM alpine:[\d.]+\nRUN apk add .*\bgit\b/m);
				}
			}
		});
	}
});
