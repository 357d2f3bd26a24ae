import assert from 'node:assert/strict';
import { withRuleOff } from '../../server/lint/settings-edit.ts';

describe('turning a rule off in a settings file', () => {
	for (const [name, before, after] of [
		['there is none', undefined, '{\n  "rules": {\n    "root-user": "off"\n  }\n}\n'],
		['it is empty', '', '{\n  "rules": {\n    "root-user": "off"\n  }\n}\n'],
		[
			'it has comments',
			'{\n\t// why\n\t"rules": {\n\t\t"missing-tmp": "hint" // here\n\t}\n}\n',
			'{\n\t// why\n\t"rules": {\n\t\t"root-user": "off",\n\t\t"missing-tmp": "hint" // here\n\t}\n}\n',
		],
		['it has the rule', '{"rules": {"root-user": "error"}}', '{"rules": {"root-user": "off"}}'],
		['it has CRLF', '{\r\n  "rules": {}\r\n}\r\n', '{\r\n  "rules": {\r\n    "root-user": "off"\r\n  }\r\n}\r\n'],
		['it is not JSON', '{ rules', undefined],
		['its rules are not an object', '{"rules": 5}', undefined],
	] as const) {
		it(`where ${name}`, () => assert.equal(withRuleOff(before, 'root-user'), after));
	}
});
