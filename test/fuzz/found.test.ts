import { targets } from '../../scripts/fuzz/targets/index.ts';

/** What `npm run fuzz` found once, as small as it could make it: by target and by what was wrong. */
const FOUND: readonly { readonly target: string; readonly wrong: string; readonly input: Readonly<Record<string, string>> }[] = [
	{
		target: 'dockerfile',
		wrong: 'a fix that names the stage as it is named',
		input: { Dockerfile: 'FROM 6 AS build\nFROM golang\nCOPY --from=build p\nFROM golang AS build' },
	},
	{
		target: 'dockerfile',
		wrong: 'a fix that names the other stage of the same name',
		input: { Dockerfile: 'FROM 6 AS build\nRUN go build -o /app\nFROM golang AS build\nFROM\nCOPY --from=build app' },
	},
	{
		target: 'go',
		wrong: 'a fix that builds the package that is built',
		input: {
			Dockerfile: 'FROM golang:d\nCOPY . .\nRUN CGO_ENABLED=0 go build -o p .',
			'main.go': 'package main\nimport"C"\nfunc main(',
			'other.go': 'package n',
		},
	},
	{
		target: 'context',
		wrong: 'targets of bake that inherit one another in all ways',
		input: {
			'docker/Dockerfile': 'FROM golang\n',
			'docker-bake.json': JSON.stringify({
				target: Object.fromEntries(Array.from('abcdefgh', (name) => [name, { inherits: [...'abcdefgh'] }])),
			}),
		},
	},
];

describe('what was found by fuzzing', () => {
	for (const { target, wrong, input } of FOUND) {
		it(`is not found any more: ${wrong}`, async () => {
			await targets.find(({ name }) => name === target)?.check(input);
		});
	}
});
