import assert from 'node:assert/strict';
import {
	APPLY_FIX,
	CHECK,
	type CheckResult,
	type DockerfileStatus,
	EDITOR_CAPABILITY,
	EXPLAIN,
	type ExplainResult,
	FACTS,
	type FactsResult,
	GENERATE,
	type GenerateResult,
	IMAGE,
	type ImageResult,
	type LossyFix,
	MAIN_PACKAGES,
	type MainPackagesResult,
	RULE_ACTIONS,
	type RuleAction,
	STATUS,
} from '../../server/lsp/protocol.ts';
import { CAPABILITIES, Client, type ClientOptions } from './client.ts';

/** What the server tells our own extension, beyond the protocol. */

const FILES = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n\nrequire example.com/not/there v1.2.3\n',
	'main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
	'unread/main.go': 'package main\n\nimport "example.com/not/there"\n\nfunc main() { there.Start() }\n',
	'compose.yaml': 'services:\n  app:\n    build:\n      context: .\n      dockerfile: Dockerfile\n',
};

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app .

FROM scratch AS final
COPY --from=build /app /app
USER 65534:65534
CMD /app
`;

describe('our own editor', () => {
	let client: Client;
	let statuses: DockerfileStatus[];

	async function start(options: Partial<ClientOptions> = {}): Promise<void> {
		client = await Client.start({
			files: FILES,
			capabilities: { ...CAPABILITIES, experimental: { [EDITOR_CAPABILITY]: true } },
			...options,
		});
		statuses = [];
		client.onNotification<DockerfileStatus>(STATUS, (status) => statuses.push(status));
	}

	afterEach(() => client.stop());

	/** The first status that is more than that the Go files are being read. */
	async function status(uri: string): Promise<DockerfileStatus> {
		const find = () =>
			statuses.find((each) => each.uri === uri && each.state !== 'reading' && each.version === client.texts.get(uri)?.version);
		await client.when(() => find() !== undefined, 'a status');
		return find() as DockerfileStatus;
	}

	it('is told the build context and who names it, the target, and what is known of its image', async () => {
		await start();
		const { state, context, targets, missingModules } = await status(await client.open('Dockerfile', DOCKERFILE));
		assert.equal(state, 'known');
		assert.deepEqual(context, { path: '.', declaredBy: 'compose.yaml' });
		assert.deepEqual(targets, [{ name: 'final', line: 5, summary: 'scratch · 1 file · needs 0 of 1 · runs as 65534:65534' }]);
		assert.deepEqual(missingModules, []);
	});

	it('is told which modules are not downloaded, and where they are downloaded', async () => {
		await start();
		const { missingModules, moduleDirectory, targets } = await status(
			await client.open('Dockerfile', DOCKERFILE.replace('/app .', '/app ./unread')),
		);
		assert.deepEqual(missingModules, ['example.com/not/there@v1.2.3']);
		assert.equal(moduleDirectory, client.uri(''));
		assert.match(targets[0]?.summary ?? '', / · no known needs · .* · 1 module unread$/);
	});

	it('is told that a Dockerfile is of another program, and follows what is typed', async () => {
		await start();
		const uri = await client.open('Dockerfile', 'FROM node:22\nCMD ["node"]\n');
		assert.equal((await status(uri)).state, 'other');
		await client.change(uri, DOCKERFILE);
		assert.equal((await status(uri)).state, 'known');
	});

	it('is told of mistakes in the settings', async () => {
		await start({ files: { ...FILES, '.go-scratch.json': '{ "rules": { "root-usr": "off" } }\n' } });
		const { settingsProblems } = await status(await client.open('Dockerfile', DOCKERFILE));
		assert.deepEqual(settingsProblems, ['.go-scratch.json:1: Unknown rule "root-usr" (did you mean "root-user"?).']);
	});

	it('gets a fix that may lose something as a command that lists all of that, and not in the title', async () => {
		const text =
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app ./unread\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n';
		await start();
		const uri = await client.open('Dockerfile', text);
		await client.until(uri, (all) => all.some(({ code }) => code === 'root-user'));
		const from = { start: { line: 5, character: 0 }, end: { line: 5, character: 4 } };
		const actions = await client.actions(uri, from, ['quickfix']);
		const fix = actions.find(({ title }) => title === 'Run as nobody (USER 65534:65534)…');
		assert.ok(fix, actions.map(({ title }) => title).join());
		assert.equal(fix.edit, undefined);
		assert.equal(fix.command?.command, APPLY_FIX);
		const [{ title, losses, edit }] = (fix.command?.arguments ?? []) as [LossyFix];
		assert.equal(title, 'Run as nobody (USER 65534:65534)');
		assert.deepEqual(losses, ['module example.com/not/there@v1.2.3 could not be read']);
		assert.equal(edit.changeAnnotations, undefined);
		assert.match(client.after(uri, edit), /USER 65534:65534\nENTRYPOINT/);
	});

	it('gets what disables a rule elsewhere, and its page, as one entry for all rules of a line', async () => {
		await start();
		const uri = await client.open('Dockerfile', DOCKERFILE);
		await client.until(uri, (all) => all.length > 0);
		const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
		const actions = await client.actions(uri, everywhere, ['quickfix']);
		const codes = actions.flatMap(({ title }) => /^Disable (\S+) for this instruction$/.exec(title)?.[1] ?? []);
		assert.ok(codes.length > 1);
		const more = actions.at(-1);
		assert.equal(more?.title, `More about these ${codes.length} rules…`);
		assert.equal(more?.command?.command, RULE_ACTIONS);
		const [listed] = (more?.command?.arguments ?? []) as [RuleAction[]];
		assert.deepEqual(
			listed.map(({ title }) => title),
			codes.flatMap((code) => [
				`Disable ${code} for this file`,
				`Disable ${code} in the workspace (.go-scratch.json)`,
				`Show documentation for ${code}`,
			]),
		);
		assert.match(client.after(uri, listed[0]?.edit), new RegExp(`^# go-scratch ignore-file=${codes[0]}\n`));
		assert.deepEqual(
			actions.filter(({ title }) => /for this file|in the workspace|Show documentation/.test(title)),
			[],
		);
		const [one] = (await client.actions(uri, { start: { line: 8, character: 0 }, end: { line: 8, character: 1 } }, ['quickfix'])).slice(-1);
		assert.equal(one?.title, 'More about shell-form-command…');
	});

	it('gets links to pages that it shows itself; other editors get addresses', async () => {
		await start();
		const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
		const uri = await client.open('Dockerfile', DOCKERFILE);
		const diagnostics = await client.until(uri, (all) => all.length > 0);
		assert.ok(diagnostics.every(({ codeDescription }) => codeDescription?.href.startsWith('command:go-scratch.openRule?')));
		await client.stop();
		await start({ capabilities: CAPABILITIES });
		const other = await client.open('Dockerfile', DOCKERFILE);
		const others = await client.until(other, (all) => all.length > 0);
		assert.ok(others.every(({ codeDescription }) => codeDescription?.href.startsWith('https://')));
		assert.ok((await client.actions(other, everywhere, ['quickfix'])).every(({ command }) => command === undefined));
		assert.deepEqual(statuses, []);
	});

	it('checks, and gets the image of, a Dockerfile that is not open', async () => {
		await start();
		client.write('docker/other.Dockerfile', DOCKERFILE);
		const uri = client.uri('docker/other.Dockerfile');
		const { concernsGo, diagnostics } = await client.request<CheckResult>(CHECK, { uri });
		assert.equal(concernsGo, true);
		assert.ok(diagnostics.some(({ code }) => code === 'shell-form-command'));
		const { pictures, uris } = await client.request<ImageResult>(IMAGE, { uri });
		assert.equal(pictures[0]?.title.stage, 'final');
		const place = pictures[0]?.needs[0]?.places[0]?.path ?? '';
		assert.equal(uris[place], client.uri('main.go'));
		assert.deepEqual(await client.request<ImageResult>(IMAGE, { uri: client.uri('absent/Dockerfile') }), {
			version: 0,
			pictures: [],
			uris: {},
		});
	});

	it('is explained a message, with what is true of the Dockerfile', async () => {
		await start();
		const uri = await client.open('Dockerfile', DOCKERFILE);
		const text = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
		const { explanations } = await client.request<ExplainResult>(EXPLAIN, { text, uri });
		const cause = explanations[0]?.causes[0];
		assert.equal(cause?.code, 'missing-ca-certificates');
		assert.equal(cause?.here, 'yes');
		assert.equal(cause?.position?.line, 5);
		assert.deepEqual(await client.request<ExplainResult>(EXPLAIN, { text: 'all is well' }), { explanations: [] });
	});

	it('gets all facts as one value, with the edits of each fix', async () => {
		await start();
		const uri = await client.open('Dockerfile', DOCKERFILE);
		const facts = await client.request<FactsResult | null>(FACTS, { uri });
		const finding = facts?.findings.find(({ code }) => code === 'shell-form-command');
		assert.equal(finding?.line, 9);
		assert.deepEqual(finding?.fixes[0]?.edits, [{ line: 9, column: 5, endLine: 9, endColumn: 9, newText: '["/app"]' }]);
		const roots = facts?.findings.find(({ code }) => code === 'missing-ca-certificates');
		assert.equal(roots?.reasons[0]?.line, 6);
		assert.equal(facts?.images[0]?.needs[0]?.state, 'unmet');
		assert.equal(await client.request<FactsResult | null>(FACTS, { uri: client.uri('absent') }), null);
	});

	it('generates beside the service where several share a build context, or where the others are', async () => {
		const main = 'package main\n\nfunc main() {}\n';
		const files = { 'go.mod': FILES['go.mod'], 'cmd/api/main.go': main, 'cmd/worker/main.go': main };
		await start({ files });
		const places = async () => (await client.request<MainPackagesResult>(MAIN_PACKAGES, { uri: client.uri('') })).mainPackages;
		const found = await places();
		assert.deepEqual(
			found.map(({ dockerfile }) => dockerfile),
			[client.uri('cmd/api/Dockerfile'), client.uri('cmd/worker/Dockerfile')],
		);
		const { uri, dockerfile } = found[1] as (typeof found)[number];
		const result = await client.request<GenerateResult>(GENERATE, { uri, comments: true, dockerfile });
		assert.deepEqual(
			result.files.map((file) => file.uri),
			[dockerfile, client.uri('.dockerignore')],
		);
		assert.equal(result.command, 'docker build -t worker -f cmd/worker/Dockerfile .');
		client.write('docker/web.Dockerfile', DOCKERFILE);
		await client.changed('docker/web.Dockerfile', 1);
		assert.equal((await places())[0]?.dockerfile, client.uri('docker/api.Dockerfile'));
	});

	it('generates in the build context for the only program', async () => {
		await start({ files: { 'go.mod': FILES['go.mod'], 'cmd/api/main.go': 'package main\n\nfunc main() {}\n' } });
		const { mainPackages } = await client.request<MainPackagesResult>(MAIN_PACKAGES, { uri: client.uri('') });
		assert.deepEqual(
			mainPackages.map(({ dockerfile }) => dockerfile),
			[client.uri('Dockerfile')],
		);
		const result = await client.request<GenerateResult>(GENERATE, { uri: mainPackages[0]?.uri, comments: true });
		assert.equal(result.command, 'docker build -t api .');
	});
});
