import assert from 'node:assert/strict';
import { written } from '../server/dockerfile/write.ts';
import { composeFor } from '../server/generate/compose-service.ts';
import type { ContainerNeeds } from '../server/generate/container-needs.ts';
import { findCandidates, generateFor } from '../server/generate/generation.ts';
import { createAnalyser } from '../server/lint/analyse.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';
import { filesOf, goldenTests, inputsOf, ROOT } from './support/goldens.ts';

/** Those of a program that needs nothing. */
const NEEDS: ContainerNeeds = {
	name: written`app`,
	path: written`/app`,
	ports: [],
	hasUnknownPort: false,
	temporary: false,
	directories: [],
	files: [],
	root: undefined,
	health: undefined,
};

/** The compose file that is written beside a generated Dockerfile; nothing is found in either. */
describe('generate --compose', () => {
	goldenTests('generate-compose', async (archive) => {
		const files = filesOf(archive);
		const { reader } = createAnalyser({ files, log: assert.fail });
		const { workspace, candidates } = await findCandidates(reader, ROOT, ROOT, new AbortController().signal);
		const [candidate = assert.fail('there is a program')] = candidates;
		const comments = !archive.comment.includes('without comments');
		const generated = await generateFor(files, workspace, candidate, comments);
		assert.ok(typeof generated !== 'string', String(generated));
		const compose = composeFor(generated.container, { context: '.', dockerfile: 'Dockerfile' }, comments, '\n');
		assert.ok(compose !== undefined, 'there is a compose file');
		const written = createMemoryFiles({
			...Object.fromEntries(inputsOf(archive).map(({ name, text }) => [`${ROOT}/${name}`, text])),
			...Object.fromEntries(generated.files.map(({ path, content }) => [path, content])),
			[`${ROOT}/compose.yaml`]: compose.text,
		});
		const found: string[] = [];
		for (const [path, text] of [
			...generated.files.map((file) => [file.path, file.content] as const),
			[`${ROOT}/compose.yaml`, compose.text],
		] as const) {
			if (path?.endsWith('ignore')) continue;
			const { findings } = await createAnalyser({ files: written, log: assert.fail }).analyse({
				path: path as string,
				text: text as string,
				root: ROOT,
			});
			found.push(...findings.map(({ severity, code }) => `${path?.slice(ROOT.length + 1)}: ${severity} ${code}`));
		}
		const outputs = [
			{ name: 'generated: compose.yaml', text: compose.text },
			{ name: 'generated: summary', text: compose.summary.join('\n') },
			{ name: 'generated: findings', text: found.join('\n') },
		];
		return { comment: archive.comment, files: [...inputsOf(archive), ...outputs] };
	});

	it('does not write a name that a compose file cannot hold', () => {
		assert.equal(composeFor({ ...NEEDS, directories: ['/a:b'] }, { context: '.', dockerfile: 'Dockerfile' }, true, '\n'), undefined);
	});

	it('names the context and the Dockerfile where they are elsewhere, with the line endings of the module', () => {
		const text = composeFor(NEEDS, { context: '..', dockerfile: 'docker/$prod.Dockerfile' }, false, '\r\n')?.text;
		assert.match(text ?? '', /^ {4}build:\r\n {6}context: \.\.\r\n {6}dockerfile: "?docker\/\$\$prod\.Dockerfile"?\r\n/m);
		assert.doesNotMatch(text ?? '', /[^\r]\n/);
	});
});
