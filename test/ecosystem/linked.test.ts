import assert from 'node:assert/strict';
import { compareLinked, readSilences } from '../../scripts/compare-linked/linked.ts';
import { PROGRAMS } from '../../scripts/compare-linked/programs.ts';

/**
 * Builds a few released programs and compares the findings with what the linker keeps of them. `scripts/compare-linked/compare.ts` does the
 * same for more.
 */

describe('findings and the linker', function () {
	// The first build compiles the standard library.
	this.timeout(600_000);
	const silences = readSilences();

	for (const { name } of PROGRAMS.filter(({ isSmall }) => isSmall)) {
		it(`agree on ${name}`, async function () {
			const compared = await compareLinked(name);
			if ('skipped' in compared) {
				if (this.test !== undefined) {
					this.test.title += `: ${compared.skipped}`;
				}
				this.skip();
			}
			assert.deepEqual(compared.invented, [], 'nothing is reported that the binary cannot do');
			const unread = compared.silent.filter((code) => !silences.has(`${name} ${code}`));
			assert.deepEqual(unread, [], 'what the binary may do and is not reported stands in scripts/compare-linked/silent.txt');
		});
	}

	it('have no silence of another program', () => {
		const names = PROGRAMS.map(({ name }) => `${name} `);
		assert.deepEqual(
			[...silences.keys()].filter((key) => !names.some((name) => key.startsWith(name))),
			[],
		);
	});
});
