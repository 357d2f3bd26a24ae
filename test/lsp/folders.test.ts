import assert from 'node:assert/strict';
import { Client, PULLING } from './client.ts';

const QUIET = 'package main\n\nfunc main() {}\n';
const FETCHING = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n';
const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN CGO_ENABLED=0 go build -o /app

FROM scratch
COPY --from=build /app /app
CMD ["/app"]
`;

/** Two workspace folders, with two modules of the same names in each; one program of the four needs certificates. */
const FILES = {
	'first/api/go.mod': 'module example.com/api\n\ngo 1.26\n',
	'first/api/main.go': FETCHING,
	'first/worker/go.mod': 'module example.com/worker\n\ngo 1.26\n',
	'first/worker/main.go': QUIET,
	'second/api/go.mod': 'module example.com/api\n\ngo 1.26\n',
	'second/api/main.go': QUIET,
	'second/worker/go.mod': 'module example.com/worker\n\ngo 1.26\n',
	'second/worker/main.go': QUIET,
};

describe('several folders with several modules', function () {
	this.timeout(60_000);
	let client: Client;

	beforeEach(async () => {
		client = await Client.start({ files: FILES, folders: ['first', 'second'], capabilities: PULLING });
	});
	afterEach(async () => {
		assert.equal(await client.stop(), 0);
		assert.deepEqual(client.logged, []);
	});

	it('each have the findings of their own program', async () => {
		for (const name of ['first/api', 'first/worker', 'second/api', 'second/worker']) {
			const uri = await client.open(`${name}/Dockerfile`, DOCKERFILE);
			const diagnostics = await complete(client, uri);
			assert.equal(
				diagnostics.some(({ code }) => code === 'missing-ca-certificates'),
				name === 'first/api',
				name,
			);
			for (const related of diagnostics.flatMap(({ relatedInformation }) => relatedInformation ?? []))
				assert.ok(related.location.uri.startsWith(client.uri(name)), related.location.uri);
		}
	});

	it('each offer their own programs to Generate', async () => {
		for (const folder of ['first', 'second']) {
			const found = await client.request<{ mainPackages: { uri: string; module: string; needs: string }[] }>('goScratch/mainPackages', {
				uri: client.uri(folder),
			});
			assert.deepEqual(
				found.mainPackages.map(({ uri, module }) => [uri, module]).sort(),
				['api', 'worker'].map((name) => [client.uri(`${folder}/${name}`), `example.com/${name}`]),
			);
			assert.equal(found.mainPackages.filter(({ needs }) => needs !== '').length, folder === 'first' ? 1 : 0);
		}
	});

	it('come and go', async () => {
		const uri = await client.open('first/api/Dockerfile', DOCKERFILE);
		const before = await complete(client, uri);
		const event = { added: [], removed: [{ uri: client.uri('first'), name: 'first' }] };
		await client.notify('workspace/didChangeWorkspaceFolders', { event });
		// Without its folder a Dockerfile belongs to the module around it.
		assert.deepEqual(await complete(client, uri), before);
	});
});

/** What is said of a document once its program is read: the first answer may come before that. */
async function complete(client: Client, uri: string) {
	await client.pull(uri);
	return client.pull(uri);
}
