import assert from 'node:assert/strict';
import { composeFor } from '../server/generate/compose-service.ts';
import { findCandidates, generateFor } from '../server/generate/generation.ts';
import { healthArguments } from '../server/generate/health-command.ts';
import { createAnalyser } from '../server/lint/analyse.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';
import { filesOf, goldenTests, inputsOf, ROOT } from './support/goldens.ts';

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
		const health = await healthArguments(files, candidate.program);
		const compose = composeFor(
			generated.container,
			{ context: '.', dockerfile: 'Dockerfile' },
			health && [generated.container.path, ...health],
			comments,
			'\n',
		);
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
		const needs = {
			name: 'app',
			path: '/app',
			ports: [],
			hasUnknownPort: false,
			temporary: false,
			directories: ['/a:b'],
			files: [],
			root: undefined,
		};
		assert.equal(composeFor(needs, { context: '.', dockerfile: 'Dockerfile' }, undefined, true, '\n'), undefined);
	});

	it('names the context and the Dockerfile where they are elsewhere, with the line endings of the module', () => {
		const needs = {
			name: 'app',
			path: '/app',
			ports: [],
			hasUnknownPort: false,
			temporary: false,
			directories: [],
			files: [],
			root: undefined,
		};
		const text = composeFor(needs, { context: '..', dockerfile: 'docker/$prod.Dockerfile' }, undefined, false, '\r\n')?.text;
		assert.match(text ?? '', /^ {4}build:\r\n {6}context: \.\.\r\n {6}dockerfile: "?docker\/\$\$prod\.Dockerfile"?\r\n/m);
		assert.doesNotMatch(text ?? '', /[^\r]\n/);
	});
});
