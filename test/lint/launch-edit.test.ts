import assert from 'node:assert/strict';
import { withLaunch } from '../../server/lint/launch-edit.ts';

const ATTACH = { name: 'Attach', type: 'go' };

describe('a configuration for a launch.json that is there', () => {
	it('stands first, and leaves comments, style and the other configurations as they are', () => {
		for (const [before, after] of [
			[
				'{\n  // mine\n  "version": "0.2.0",\n  "configurations": [\n    {\n      "name": "Run" // this\n    } // last\n  ],\n}\n',
				'{\n  // mine\n  "version": "0.2.0",\n  "configurations": [\n    {\n      "name": "Attach",\n      "type": "go"\n    },\n    {\n      "name": "Run" // this\n    } // last\n  ],\n}\n',
			],
			[
				'{\r\n\t"version": "0.2.0",\r\n\t"configurations": []\r\n}\r\n',
				'{\r\n\t"version": "0.2.0",\r\n\t"configurations": [\r\n\t\t{\r\n\t\t\t"name": "Attach",\r\n\t\t\t"type": "go"\r\n\t\t}\r\n\t]\r\n}\r\n',
			],
			['{}', '{\n  "configurations": [\n    {\n      "name": "Attach",\n      "type": "go"\n    }\n  ]\n}'],
		] as const)
			assert.equal(withLaunch(before, ATTACH), after);
	});

	it('is not added twice', () => {
		const text = '{"configurations": [{"name": "Attach", "port": 1}]}';
		assert.equal(withLaunch(text, ATTACH), text);
	});

	it('is not added to a file that is not one of configurations', () => {
		for (const text of ['', '{', '[]', '{"configurations": {}}', 'null']) assert.equal(withLaunch(text, ATTACH), undefined, text);
	});
});
