import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Written } from '../../server/dockerfile/write.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { rules } from '../../server/rules/index.ts';
import type { Rule } from '../../server/rules/rule.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { cases, fixtureCases } from './cases.ts';
import type { Case } from './checks.ts';
import { ROOT } from './workspaces.ts';

/** What breaks a Dockerfile, wherever it is done to a line: what it replaces, and by what. */
const BREAKS: Readonly<Record<string, readonly [RegExp, string]>> = {
	'copies from a stage that does not exist': [/(?<=^COPY .*--from=)[a-z]\w*(?= )/gm, 'no-such-stage'],
	'writes a flag twice': [/(?<=^RUN .*)\bgo build(?= )/gm, 'go build -trimpath -trimpath'],
	'takes a build away': [/(?<=^RUN )[^\n\\]*\bgo build\b[^\n\\]*$/gm, 'true'],
	'builds a package that is not there': [/(?<=^RUN go build .*)(?:\.|\.\/\S+)$/gm, './no/such/package'],
	'builds for another platform': [/(?<=^RUN )go build\b(?!.*GOARCH)/gm, 'GOARCH=mips go build'],
	'starts a mount': [/(?<=^RUN )go build\b/gm, 'CGO_ENABLED=0 --mount=type=cache,target=/x go build'],
};

/** A rule whose fix makes the change at the first place, and is sure of itself. */
function breaking([pattern, text]: readonly [RegExp, string]): Rule {
	return {
		code: 'of-the-test',
		severity: 'hint',
		fixAll: true,
		judges: 'build',
		documentation: { summary: '', why: '', example: '', instead: '', notes: '' },
		*check({ dockerfile }) {
			const match = dockerfile.text.matchAll(pattern).next().value;
			if (match === undefined) return;
			const range = { start: match.index, end: match.index + match[0].length };
			yield {
				range,
				message: 'It is there',
				fixes: () => [{ title: '', preferred: true, edits: [{ range, newText: text as Written }] }],
			};
		},
	};
}

const THOROUGH = Number(process.env.GO_SCRATCH_THOROUGH ?? 1);

describe('the verifier, whatever the Dockerfile', function () {
	// A loaded machine is no failure.
	this.timeout(120_000 * THOROUGH);

	for (const [name, change] of Object.entries(BREAKS)) {
		it(`prefers no fix that ${name}`, async () => {
			let tried = 0;
			const check = async ({ files, path, text }: Case) => {
				const analyser = createAnalyser({ files: createMemoryFiles(files), rules: [...rules, breaking(change)], log: assert.fail });
				const { facts, findings } = await analyser.analyse({ path, text, root: ROOT });
				// Windows stages are left alone, and what is not followed is not known.
				if (facts === undefined || facts.image.stages.some(({ windows }) => windows)) return;
				const finding = findings.find(({ code }) => code === 'of-the-test');
				if (finding === undefined) return;
				const place = finding.range.start;
				const isBuild = facts.image.stages.some(({ builds }) =>
					builds.some(({ instruction: { range } }) => range.start <= place && place < range.end),
				);
				// What is not there already is not missed.
				const isCopy = facts.image.stages.some(({ copies }) =>
					copies.some(
						({ from, present, instruction: { range } }) =>
							from.kind === 'stage' && present === 'yes' && range.start <= place && place < range.end,
					),
				);
				if (!isBuild && !isCopy) return;
				tried++;
				for (const fix of await finding.fixes())
					assert.equal(fix.preferred, false, `${text}\n${fix.edits.map(({ newText }) => newText).join()}`);
			};
			await fc.assert(fc.asyncProperty(fc.oneof(cases, fc.constantFrom(...fixtureCases())), check), { numRuns: Math.ceil(150 * THOROUGH) });
			assert.ok(tried > 5, `${tried} were tried`);
		});
	}
});
