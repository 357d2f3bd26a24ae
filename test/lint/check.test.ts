import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import type { Written } from '../../server/dockerfile/write.ts';
import type { Facts } from '../../server/facts/facts.ts';
import type { Severity } from '../../server/findings/finding.ts';
import { isDockerfilePath } from '../../server/knowledge/dockerfile-names.ts';
import { check } from '../../server/lint/analyse.ts';
import { findRoot } from '../../server/lint/root.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { Rule } from '../../server/rules/rule.ts';
import { nearestName } from '../../server/text/nearest.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

function ruleAt(code: string, start: number, severity: Severity = 'warning', own?: Severity): Rule {
	return {
		code,
		severity,
		fixAll: false,
		judges: 'build',
		documentation: { summary: '', why: '', example: '', instead: '', notes: '' },
		check: () => [{ range: { start, end: start + 1 }, message: code, severity: own }],
	};
}

const facts = { dockerfile: parseDockerfile('FROM golang\n# go-scratch ignore=c\nFROM scratch\n'), path: '/Dockerfile' } as Facts;

function shown(rules: readonly Rule[], severities: Record<string, Severity | 'off'> = {}): string[] {
	const settings = { severities: new Map(Object.entries(severities)) };
	return check(facts, rules, settings, () => {}).map((finding) => `${finding.code} ${finding.severity}`);
}

describe('the driver of the rules', () => {
	it('sorts by place, then by weight', () => {
		assert.deepEqual(shown([ruleAt('b', 5, 'hint'), ruleAt('a', 5, 'error'), ruleAt('d', 0)]), ['d warning', 'a error', 'b hint']);
	});

	it('gives a finding the severity of the settings, else its own, else that of the rule', () => {
		assert.deepEqual(shown([ruleAt('a', 0, 'hint', 'error')]), ['a error']);
		assert.deepEqual(shown([ruleAt('a', 0, 'hint', 'error')], { a: 'information' }), ['a information']);
		assert.deepEqual(shown([ruleAt('a', 0), ruleAt('b', 0)], { a: 'off' }), ['b warning']);
	});

	it('leaves out what a comment silences', () => {
		const there = facts.dockerfile.text.indexOf('FROM scratch');
		assert.deepEqual(shown([ruleAt('c', there), ruleAt('c', 0), ruleAt('d', there)]), ['c warning', 'd warning']);
	});

	it('does not offer a fix after which dockerfile-ast no longer reads the instructions that our reader reads', async () => {
		const at = facts.dockerfile.text.indexOf('FROM scratch');
		const inserting = (title: string, text: string) => ({
			title,
			preferred: true,
			edits: [{ range: { start: at, end: at }, newText: text as Written }],
		});
		const rule: Rule = {
			...ruleAt('a', 0),
			check: () => [
				{
					range: { start: 0, end: 1 },
					message: 'a',
					// The builder and our reader take `3<<X` for a heredoc; dockerfile-ast goes on with the next line.
					fixes: () => [inserting('breaks', 'RUN cat 3<<X\nX\n'), inserting('keeps', 'RUN cat\n')],
				},
			],
		};
		const [finding] = check(facts, [rule], DEFAULT_SETTINGS, () => {});
		assert.deepEqual(
			(await finding?.fixes())?.map((fix) => fix.title),
			['keeps'],
		);
	});

	it('survives a rule that throws, says so, and keeps what the rule said before', () => {
		const thrower: Rule = {
			...ruleAt('thrower', 0),
			*check() {
				yield { range: { start: 0, end: 1 }, message: 'before' };
				throw new Error('a defect');
			},
		};
		const logged: string[] = [];
		const findings = check(facts, [thrower, ruleAt('a', 1)], DEFAULT_SETTINGS, (message) => logged.push(message));
		assert.deepEqual(
			findings.map((finding) => finding.code),
			['thrower', 'a'],
		);
		assert.match(logged.join(), /thrower failed on \/Dockerfile.*a defect/s);
	});

	it('makes fixes once, when they are asked for', async () => {
		let made = 0;
		const rule: Rule = {
			...ruleAt('fixer', 0),
			*check() {
				const fix = { title: 'Fix it', edits: [], preferred: false };
				yield {
					range: { start: 0, end: 1 },
					message: '',
					fixes: () => {
						made++;
						return [fix, undefined];
					},
				};
			},
		};
		const [finding] = check(facts, [rule], DEFAULT_SETTINGS, () => {});
		assert.equal(made, 0);
		assert.deepEqual(
			(await finding?.fixes())?.map(({ title }) => title),
			['Fix it'],
		);
		await finding?.fixes();
		finding?.proposals();
		assert.equal(made, 1);
	});

	it('survives a fix that throws, says so, and keeps the finding', async () => {
		const thrower: Rule = {
			...ruleAt('thrower', 0),
			*check() {
				yield {
					range: { start: 0, end: 1 },
					message: 'before',
					fixes: () => {
						throw new Error('a defect');
					},
				};
			},
		};
		const logged: string[] = [];
		const [finding] = check(facts, [thrower], DEFAULT_SETTINGS, (message) => logged.push(message));
		assert.deepEqual(await finding?.fixes(), []);
		assert.match(logged.join(), /thrower failed on \/Dockerfile.*a defect/s);
	});
});

describe('what belongs together', () => {
	it('tells Dockerfiles by name', () => {
		const yes = [
			'Dockerfile',
			'a/Dockerfile.prod',
			'x.Dockerfile',
			'x.dockerfile',
			'Containerfile',
			'Dockerfile.alpine.amd64',
			'Containerfile.dev',
			'Dockerfile-alpine',
		];
		const no = [
			'Dockerfile.dockerignore',
			'Dockerfile.md',
			'Dockerfile.tmpl',
			'Dockerfile-alpine.j2',
			'Dockerfile~',
			'dockerfile.go',
			'MyDockerfile',
			'Dockerfiles/x',
			'docker-compose.yml',
			'.dockerignore',
		];
		assert.deepEqual(
			yes.filter((name) => !isDockerfilePath(`/${name}`)),
			[],
		);
		assert.deepEqual(
			no.filter((name) => isDockerfilePath(`/${name}`)),
			[],
		);
	});

	it('finds the root of what lies in a directory', async () => {
		const files = createMemoryFiles({
			'/r/.git/HEAD': '',
			'/r/m/go.mod': '',
			'/w/go.work': '',
			'/w/m/go.mod': '',
			'/m/go.mod': '',
			'/x/d/': '',
		});
		assert.equal(await findRoot(files, '/r/m/d'), '/r');
		assert.equal(await findRoot(files, '/w/m/d'), '/w');
		assert.equal(await findRoot(files, '/m/d'), '/m');
		assert.equal(await findRoot(files, '/x/d'), '/x/d');
		assert.equal(await findRoot(files, '/m/d', '/m/given'), '/m/given');
		assert.equal(await findRoot(files, '/r/m/d', '/r/m'), '/r');
	});

	it('finds the name that was meant, or none', () => {
		assert.equal(nearestName('root-usr', ['root-user', 'unknown-user']), 'root-user');
		assert.equal(nearestName('x', ['root-user', 'unknown-user']), undefined);
	});
});
