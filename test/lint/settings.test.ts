import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import {
	findSettingsFile,
	mergeSettings,
	readEditorSettings,
	readSettingsFile,
	readSettingsWithExtended,
	SEVERITIES,
} from '../../server/lint/settings.ts';
import { rules } from '../../server/rules/index.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const CODES = ['root-user', 'missing-entrypoint', 'missing-tmp'];

function messagesOf(text: string): string[] {
	return readSettingsFile(text, CODES).problems.map(({ line, character, message }) => `${line}:${character} ${message}`);
}

describe('settings that extend others', () => {
	const read = async (files: Record<string, string>, path = '/w/a/.go-scratch.json') => {
		const { settings, problems } = await readSettingsWithExtended(createMemoryFiles(files), { path, text: files[path] ?? '' }, '/w', CODES);
		return {
			severities: Object.fromEntries(settings.severities),
			policy: settings.policy,
			problems: problems.map(({ path, message }) => `${path}: ${message}`),
		};
	};

	it('override their rules one by one, and the policy as a whole', async () => {
		const found = await read({
			'/w/.go-scratch.json': '{ "rules": { "root-user": "off", "missing-tmp": "hint" }, "policy": { "go": "1.25", "bases": ["scratch"] } }',
			'/w/a/.go-scratch.json': '{ "extends": "../.go-scratch.json", "rules": { "root-user": "error" } }',
		});
		assert.deepEqual(found, {
			severities: { 'root-user': 'error', 'missing-tmp': 'hint' },
			policy: { go: '1.25', bases: ['scratch'] },
			problems: [],
		});
	});

	it('name a settings file of the workspace, once, by a relative path', async () => {
		for (const [extended, message] of [
			['../../.go-scratch.json', /outside the workspace/],
			['/w/.go-scratch.json', /not a relative path/],
			['https://example.com/.go-scratch.json', /not a relative path/],
			['../other.json', /is not a \.go-scratch\.json/],
			['../missing/.go-scratch.json', /cannot be read/],
			['.go-scratch.json', /extends itself/],
		] as const) {
			const { problems } = await read({ '/w/a/.go-scratch.json': JSON.stringify({ extends: extended }) });
			assert.match(problems.join(), message, extended);
		}
		const chain = Object.fromEntries(
			Array.from({ length: 9 }, (_, index) => [`/w/${index}/.go-scratch.json`, `{ "extends": "../${index + 1}/.go-scratch.json" }`]),
		);
		assert.match((await read(chain, '/w/0/.go-scratch.json')).problems.join(), /more than 5 files/);
		assert.match((await read({ '/w/a/.go-scratch.json': '{ "extends": 1 }' })).problems.join(), /"extends" must be/);
	});

	it('have a policy whose mistakes are reported', () => {
		assert.deepEqual(messagesOf('{ "policy": { "base": [], "go": "2", "bases": "x", "rules": ["root-usr"] } }'), [
			'0:14 Unknown setting "base" (did you mean "bases"?).',
			'0:32 "go" must be a version of Go, such as "1.25".',
			'0:46 "bases" must be a list of images, such as ["scratch", "gcr.io/distroless/*"].',
			'0:60 Unknown rule "root-usr" (did you mean "root-user"?).',
		]);
		assert.match(messagesOf('{ "policy": [] }').join(), /"policy" must be an object/);
	});
});

describe('settings', () => {
	it('give severities to codes, with comments and a trailing comma', () => {
		const { settings, problems } = readSettingsFile('{\n// why\n"rules": { "root-user": "off", "missing-tmp": "hint", },\n}', CODES);
		assert.deepEqual(problems, []);
		assert.deepEqual(
			[...settings.severities],
			[
				['root-user', 'off'],
				['missing-tmp', 'hint'],
			],
		);
	});

	it('say what was meant where a name is wrong, and take the rest', () => {
		const text = '{\n  "rules": {\n    "root-usr": "off",\n    "missing-tmp": "warn",\n    "missing-entrypoint": "hint"\n  }\n}';
		assert.deepEqual(messagesOf(text), [
			'2:4 Unknown rule "root-usr" (did you mean "root-user"?).',
			'3:19 The severity of missing-tmp must be one of off, hint, information, warning, error, not "warn" (did you mean "warning"?).',
		]);
		assert.deepEqual([...readSettingsFile(text, CODES).settings.severities], [['missing-entrypoint', 'hint']]);
	});

	it('say what is wrong with the file as a whole', () => {
		assert.deepEqual(messagesOf('{ "rulez": {} }'), ['0:2 Unknown setting "rulez" (did you mean "rules"?).']);
		assert.deepEqual(messagesOf('{ "rules": ["root-user"] }'), [
			'0:11 "rules" must be an object with a severity for each code, such as { "root-user": "off" }.',
		]);
		assert.match(messagesOf('{ "rules": { "root-user" "off" } }')[0] ?? '', /^0:25 Invalid JSON: colon expected/);
		assert.match(messagesOf('[]')[0] ?? '', /^0:0 Expected an object such as/);
		assert.equal(readSettingsFile('', CODES).problems[0]?.fatal, true);
		assert.equal(readSettingsFile('{ "rules": { "nothing-like-it-at-all": "off" } }', CODES).problems[0]?.fatal, false);
	});

	it('come from an editor as it has them', () => {
		const { settings, problems } = readEditorSettings({ rules: { 'root-user': 'off', 'missing-tmp': null, 'root-users': 'off' } }, CODES);
		assert.deepEqual([...settings.severities], [['root-user', 'off']]);
		assert.deepEqual(
			problems.map((problem) => problem.message),
			['Unknown rule "root-users" (did you mean "root-user"?).'],
		);
		for (const nothing of [undefined, null, 'x', [], { rules: [] }])
			assert.equal(readEditorSettings(nothing, CODES).settings.severities.size, 0);
	});

	it('of the workspace win over those of the editor', () => {
		const editor = readEditorSettings({ rules: { 'root-user': 'off', 'missing-tmp': 'hint' } }, CODES).settings;
		const file = readSettingsFile('{ "rules": { "root-user": "error" } }', CODES).settings;
		assert.deepEqual(Object.fromEntries(mergeSettings(editor, file).severities), { 'root-user': 'error', 'missing-tmp': 'hint' });
	});

	it('are found from the Dockerfile upward to the root of the workspace, and not above', async () => {
		const files = createMemoryFiles({
			'/w/.go-scratch.json': 'root',
			'/w/a/.go-scratch.json': 'a',
			'/w/a/b/Dockerfile': '',
			'/.go-scratch.json': 'above',
		});
		assert.equal((await findSettingsFile(files, '/w/a/b/Dockerfile', '/w'))?.text, 'a');
		assert.equal((await findSettingsFile(files, '/w/c/Dockerfile', '/w'))?.path, '/w/.go-scratch.json');
		assert.equal(await findSettingsFile(files, '/x/Dockerfile', '/x'), undefined);
	});

	it('are what the published schema says, rule by rule', () => {
		const schema = JSON.parse(readFileSync(new URL('../../schemas/settings.schema.json', import.meta.url), 'utf8'));
		const validate = new Ajv({ strict: false }).compile(schema);
		const codes = rules.map((rule) => rule.code);
		for (const code of codes) {
			for (const severity of SEVERITIES) {
				const settings = { $schema: schema.$id, rules: { [code]: severity } };
				assert.ok(validate(settings), code);
				assert.deepEqual(readSettingsFile(JSON.stringify(settings), codes).problems, []);
			}
		}
		for (const wrong of [{ rulez: {} }, { rules: { 'root-usr': 'off' } }, { rules: { 'root-user': 'warn' } }, { rules: [] }]) {
			assert.equal(validate(wrong), false);
			assert.equal(readSettingsFile(JSON.stringify(wrong), codes).problems.length, 1);
		}
	});

	it('of any text are read without a crash', () => {
		fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readSettingsFile(text, CODES)));
		fc.assert(fc.property(fc.anything(), (value) => void readEditorSettings(value, CODES)));
	});
});
