import assert from 'node:assert/strict';
import { moves } from '../server/fixes/move-image.ts';
import { createAnalyser } from '../server/lint/analyse.ts';
import { fixAll } from '../server/lint/fix-all.ts';
import { applyEdits } from '../server/text/text.ts';
import { dockerfileOf, filesOf, goldenTests, inputsOf, ROOT, wantsCrlf, withoutCrlf } from './support/goldens.ts';

/**
 * Fix-all over whole Dockerfiles with every rule: the result, and what is still said of it; and each move to an image without a shell. Those of `working` are built and run before
 * and after it where there is a Docker engine (test/images).
 */
for (const directory of ['fix-all', 'working']) {
	describe(`fix-all of test/fixtures/${directory}`, () => {
		goldenTests(directory, async (archive) => {
			const dockerfile = dockerfileOf(archive);
			const crlf = wantsCrlf(archive);
			const text = crlf ? dockerfile.text.replaceAll('\n', '\r\n') : dockerfile.text;
			const analyser = createAnalyser({ files: filesOf(archive), log: assert.fail });
			const request = { path: `${ROOT}/${dockerfile.name}`, text, root: ROOT };
			const { text: fixed, remaining } = await fixAll(analyser, request);
			const again = await fixAll(analyser, { ...request, text: fixed });
			assert.equal(again.text, fixed, 'a second fix-all changes nothing');
			const { facts } = await analyser.analyse(request);
			const moved = (facts?.targets ?? []).flatMap((target) => (facts === undefined ? [] : moves(facts, target)));
			return {
				comment: archive.comment,
				files: [
					...inputsOf(archive),
					{ name: 'fixed', text: crlf ? withoutCrlf(fixed) : fixed },
					{ name: 'fixed: what is left to say', text: remaining.map(({ severity, code }) => `${severity} ${code}`).join('\n') },
					...moved.map(({ title, edits, losses = [] }) => ({
						name: `fixed: ${title.split(':')[0]}`,
						text: [...losses.map((loss) => `# Lost: ${loss}`), applyEdits(text, edits)].join('\n'),
					})),
				],
			};
		});
	});
}
