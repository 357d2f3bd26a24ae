import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cases, fixtureCases, foreignCases } from './cases.ts';
import { type Case, checkFixAll, checkFixes, checkSuppressions } from './checks.ts';

/** How much thorougher than usual: `GO_SCRATCH_THOROUGH=20 npx mocha test/properties`. */
const THOROUGH = Number(process.env.GO_SCRATCH_THOROUGH ?? 1);

const fixtures = fixtureCases();
const foreign = foreignCases();

/** One test for each way in which a fix could be wrong. */
function soundly(from: fc.Arbitrary<Case>, numRuns: number): void {
	const check = (property: (each: Case) => Promise<void>, runs: number) =>
		fc.assert(fc.asyncProperty(from, property), { numRuns: Math.ceil(runs * THOROUGH) });

	it('mends its finding, brings no other, and leaves alone what it does not touch', () => check(checkFixes, numRuns));
	it('comes to rest in fix-all', () => check(checkFixAll, numRuns));
	it('leaves a finding that a comment can silence', () => check(checkSuppressions, numRuns / 2));
}

describe('every fix', function () {
	// A loaded machine is no failure.
	this.timeout(120_000 * THOROUGH);

	describe('of a generated Dockerfile', () => soundly(cases, 120));

	describe('of a Dockerfile of the fixtures', () => {
		it('is tried', () => assert.ok(fixtures.length > 100));
		soundly(fc.constantFrom(...fixtures), 60);
	});

	if (foreign.length > 0) describe('of a Dockerfile of somebody else', () => soundly(fc.constantFrom(...foreign), foreign.length));
});
