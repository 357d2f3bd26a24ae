import assert from 'node:assert/strict';
import { readSettingsFile } from '../../../server/lint/settings.ts';
import { rules } from '../../../server/rules/index.ts';
import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { checkInput } from '../oracles.ts';
import type { Input, Target } from '../target.ts';

const codes = rules.map(({ code }) => code);

const DOCKERFILE = `# go-scratch ignore-file=missing-dockerignore
# go-scratch target=build
FROM golang:1.22 AS build
COPY . .
# go-scratch ignore=uncached-modules,unstripped-binary it is known
RUN go build -o /app .
FROM scratch
COPY --from=build /app /app
# go-scratch ignore
CMD /app
`;

const SETTINGS = [
	'{ "rules": { "root-user": "off", "missing-tmp": "error" } }\n',
	'// comment\n{\n\t"$schema": "https://example.com/",\n\t"rules": { /* none */ "no-such-rule": "hint", },\n}\n',
	'\uFEFF{ "rule": [] }',
	'[[[[]]]]',
];

/** Any text as .go-scratch.json, and as comments that speak to go-scratch. */
export const settings: Target = {
	name: 'settings',
	weight: 14,
	seeds: (): Input[] => SETTINGS.map((text) => ({ ...WORKSPACES.server, '.go-scratch.json': text, Dockerfile: DOCKERFILE })),
	mutable: (name) => name === '.go-scratch.json' || name === 'Dockerfile',
	words: [
		...[
			'# go-scratch ',
			'ignore=',
			'ignore-file=',
			'ignore',
			'target=',
			',',
			'=',
			'root-user',
			'missing-tmp',
			'# Go-Scratch ',
			'#go-scratch ',
			'# go-scratch: ',
			'-- because',
			'\n#\n',
		],
		...[
			'{',
			'}',
			'[',
			']',
			':',
			'"rules"',
			'"$schema"',
			'"off"',
			'"error"',
			'null',
			'true',
			'1e999',
			'"__proto__"',
			'"\\u0000"',
			'"\\ud800"',
			'//',
			'/*',
			'*/',
			'\uFEFF',
		],
	],
	async check(input) {
		const text = input['.go-scratch.json'] ?? '';
		const { problems } = readSettingsFile(text, codes);
		const lines = text.split(/\r\n|\r|\n/);
		for (const { line, character, message } of problems) {
			assert.ok(character >= 0 && character <= (lines[line] ?? '').length && line < lines.length, `${line}:${character} is in the text`);
			assert.ok(message.length < 1000, 'a message is short');
		}
		assert.deepEqual(readSettingsFile(text, codes).problems, problems);
		await checkInput(input);
	},
};
