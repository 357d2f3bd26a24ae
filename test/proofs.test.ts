import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rules } from '../server/rules/index.ts';
import { NOT_PROVEN, PART_NOT_PROVEN } from './images/not-proven.ts';
import { withSections } from './images/proofs.ts';
import { readScenarios } from './images/scenario.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../docs/proofs.md', import.meta.url)), 'utf8');

describe('proofs', () => {
	const scenarios = readScenarios();
	const failing = new Set(scenarios.filter(({ before }) => before !== 'works').map(({ rule }) => rule));
	const codes = new Set(rules.map(({ code }) => code));

	it('are of rules that exist', () => {
		assert.deepEqual(
			scenarios.filter(({ rule }) => !codes.has(rule)).map(({ name }) => name),
			[],
		);
		assert.deepEqual(
			[...NOT_PROVEN.keys(), ...PART_NOT_PROVEN.keys()].filter((code) => !codes.has(code)),
			[],
		);
	});

	for (const { code } of rules) {
		it(`say of ${code} that it is proven, simulated, or not proven and why`, () => {
			assert.notEqual(
				failing.has(code),
				NOT_PROVEN.has(code),
				`${code} has either a scenario in test/images/scenarios or a reason in test/images/not-proven.ts, and not both`,
			);
			const said =
				new RegExp(`^### ${code}\n\n(.+)$`, 'm').exec(PAGE)?.[1] ??
				assert.fail(`docs/proofs.md has no section on ${code}: ONLY=${code} npm run prove:rules writes it`);
			assert.match(
				said,
				failing.has(code) ? /^(?:Proven|Simulated)\.$/ : /^Not proven: .{20,}/,
				`docs/proofs.md is not up to date: ONLY=${code} npm run prove:rules writes it`,
			);
		});
	}

	it('say of each rule about deployments what of Kubernetes is not proven', () => {
		for (const [code, part] of PART_NOT_PROVEN) {
			assert.ok(failing.has(code), `${code} is proven in part`);
			assert.ok(
				PAGE.includes(`\nNot proven of Kubernetes: ${part}\n`),
				`docs/proofs.md says what is not proven of ${code}: npm run prove:rules writes it`,
			);
		}
	});

	it('hold every scenario', () => {
		assert.deepEqual(
			scenarios.filter(({ sentence }) => !PAGE.includes(sentence.replaceAll('|', '\\|'))).map(({ name }) => name),
			[],
			'docs/proofs.md lacks scenarios: ONLY=NAME[,NAME…] npm run prove:rules writes them',
		);
	});

	it('keep the sections of rules that did not run', () => {
		const page = '# Proofs\n\n## Rules\n\n### a-b\n\nProven.\n\n### c-d\n\nProven.\n\n## Saved images\n\n| a |\n';
		assert.equal(withSections(page, new Map()), page);
		assert.equal(
			withSections(page, new Map([['c-d', '### c-d\n\nSimulated.']])),
			page.replace('### c-d\n\nProven', '### c-d\n\nSimulated'),
		);
		assert.equal(withSections(page, new Map([['b-c', '### b-c\n\nNew.']])), page.replace('### c-d', '### b-c\n\nNew.\n\n### c-d'));
		assert.equal(withSections(PAGE, new Map()), PAGE);
	});
});
