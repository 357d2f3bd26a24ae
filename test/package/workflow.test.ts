import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { NODE_MAJORS } from '../../scripts/node-versions.ts';
import { inProject } from '../../scripts/project.ts';

describe("GitHub's workflow", () => {
	const { test } = parse(readFileSync(inProject('.github', 'workflows', 'ci.yml'), 'utf8')).jobs;

	it('runs what a contributor runs, on every Node that is supported', () => {
		assert(test.steps.some(({ run }: { run?: string }) => run === '.ci/run'));
		assert.equal(statSync(inProject('.ci', 'run')).mode & 0o100, 0o100);
		assert.deepEqual(test.strategy.matrix.node, NODE_MAJORS);
		assert.equal(test.container.image, `node:\${{ matrix.node }}-bookworm`);
	});
});
