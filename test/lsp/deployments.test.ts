import assert from 'node:assert/strict';
import type { Diagnostic } from 'vscode-languageserver';
import { Client, PULLING } from './client.ts';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER 65534:65534
ENTRYPOINT ["/app"]
`;

const COMPOSE = 'services:\n  app:\n    build: .\n    healthcheck:\n      test: /app -healthcheck || exit 1 # own\n';

const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

describe('YAML files of deployments', function () {
	this.timeout(60_000);
	let client: Client;

	beforeEach(async () => {
		const files = {
			'go.mod': 'module example.com/app\n\ngo 1.26\n',
			'main.go': 'package main\n\nimport "os"\n\nfunc main() {\n\tos.CreateTemp("", "x")\n}\n',
			'.dockerignore': '.git\n',
			Dockerfile: DOCKERFILE,
			'compose.yaml': COMPOSE,
		};
		client = await Client.start({ files, capabilities: PULLING });
	});
	afterEach(async () => {
		assert.equal(await client.stop(), 0);
		assert.deepEqual(client.logged, []);
	});

	it('have findings and fixes where they start an image of the workspace', async () => {
		const uri = await client.open('compose.yaml', COMPOSE, 'dockercompose');
		const [found, ...others] = await complete(client, uri);
		assert.ok(found);
		assert.deepEqual(codes([found, ...others]), ['missing-probe-program']);
		assert.equal(found.range.start.line, 4);
		assert.equal(found.relatedInformation?.[0]?.location.uri, client.uri('Dockerfile'));
		const [action] = await client.actions(uri, found.range, ['quickfix']);
		assert.match(client.after(uri, action?.edit), /test: \["CMD", "\/app", "-healthcheck"\] # own\n$/);
		assert.equal(await client.hover(uri, 4, 8), undefined);
	});

	it('have none where they start no image of the workspace', async () => {
		const uri = await client.open('other.yaml', COMPOSE.replace('build: .', 'image: postgres'), 'yaml');
		assert.deepEqual(await complete(client, uri), []);
		assert.deepEqual(await client.actions(uri, { start: { line: 4, character: 0 }, end: { line: 4, character: 20 } }), []);
	});

	it('offer to disable a rule for the line, the file and the workspace', async () => {
		const uri = await client.open('compose.yaml', COMPOSE, 'dockercompose');
		const [found] = await complete(client, uri);
		assert.ok(found);
		const actions = await client.actions(uri, found.range, ['quickfix']);
		const changedBy = (title: string) => client.after(uri, actions.find((action) => action.title === title)?.edit);
		const commented = changedBy('Disable missing-probe-program for this line');
		assert.match(commented, /\n {4}healthcheck:\n {6}# go-scratch ignore=missing-probe-program\n {6}test: /);
		const inFile = changedBy('Disable missing-probe-program for this file');
		assert.equal(inFile, `# go-scratch ignore-file=missing-probe-program\n${COMPOSE}`);
		assert.ok(actions.some(({ title }) => title === 'Disable missing-probe-program in the workspace (.go-scratch.json)'));
		for (const text of [commented, inFile]) {
			await client.change(uri, text);
			assert.deepEqual(await complete(client, uri), []);
		}
	});

	it('offer no comment where it would be part of a text', async () => {
		const text = `services:\n  app:\n    build: .\n    healthcheck: {interval: "1\n      s", test: ["CMD",\n      "curl"]}\n`;
		for (const [changed, offered] of [
			[text, true],
			[text.replace(',\n      "curl"', ', "curl"'), false],
		] as const) {
			const uri = await client.open('compose.yaml', changed, 'yaml');
			const [found] = await complete(client, uri);
			assert.equal(found?.code, 'missing-probe-program');
			const actions = await client.actions(uri, found.range, ['quickfix']);
			assert.equal(
				actions.some(({ title }) => title === 'Disable missing-probe-program for this line'),
				offered,
				changed,
			);
			assert.ok(actions.some(({ title }) => title === 'Disable missing-probe-program for this file'));
			await client.close(uri);
		}
	});

	it('have the findings of a Dockerfile that stands in them on its lines, with fixes and the comment that disables the rule', async () => {
		const inline = DOCKERFILE.replace('["/app"]', '/app').replaceAll(/^(?=.)/gm, '        ');
		const text = `services:\n  app:\n    tmpfs: /tmp\n    build:\n      context: .\n      dockerfile_inline: |\n${inline}`;
		const uri = await client.open('compose.yaml', text, 'dockercompose');
		const [found, ...others] = await complete(client, uri);
		assert.ok(found);
		assert.deepEqual(codes([found, ...others]), ['shell-form-command']);
		assert.deepEqual(found.range, { start: { line: 14, character: 8 }, end: { line: 14, character: 23 } });
		const actions = await client.actions(uri, found.range, ['quickfix']);
		assert.match(client.after(uri, actions[0]?.edit), /\n {8}ENTRYPOINT \["\/app"\]\n$/);
		const disable = actions.find(({ title }) => title === 'Disable shell-form-command for this line');
		const commented = client.after(uri, disable?.edit);
		assert.match(commented, /\n {8}# go-scratch ignore=shell-form-command\n {8}ENTRYPOINT \/app\n$/);
		await client.change(uri, commented);
		assert.deepEqual(await complete(client, uri), []);
	});

	it('count as they are in the editor, for the Dockerfile too, and the reverse', async () => {
		const dockerfile = await client.open('Dockerfile', DOCKERFILE);
		assert.ok(codes(await complete(client, dockerfile)).includes('missing-tmp'));
		const compose = await client.open('compose.yaml', COMPOSE, 'yaml');
		await client.change(compose, `${COMPOSE}    tmpfs: /tmp\n`);
		assert.ok(!codes(await complete(client, dockerfile)).includes('missing-tmp'));
		await client.change(dockerfile, DOCKERFILE.replace('FROM scratch', 'FROM alpine:3.22'));
		assert.deepEqual(codes(await complete(client, compose)), []);
	});
});

/** What is reported of a document once its program is read: the first answer may come before that. */
async function complete(client: Client, uri: string) {
	await client.pull(uri);
	return client.pull(uri);
}
