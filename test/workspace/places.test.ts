import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createClientFiles } from '../../server/lsp/client-files.ts';
import { uriFromPath } from '../../server/lsp/uris.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createFilesByScheme } from '../../server/workspace/files-by-scheme.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { createOverlayFiles } from '../../server/workspace/overlay-files.ts';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN CGO_ENABLED=0 go build -o /app ./cmd/server

FROM scratch
COPY --from=build /app /app
COPY config.yaml /config.yaml
CMD /app
`;

const PROGRAM = {
	Dockerfile: DOCKERFILE,
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'config.yaml': '',
	'cmd/server/main.go': 'package main\n\nimport "example.com/app/internal/fetch"\n\nfunc main() { fetch.Fetch() }\n',
	'internal/fetch/fetch.go': 'package fetch\n\nimport "net/http"\n\nfunc Fetch() {\n\thttp.Get("https://example.com")\n}\n',
};

function at(root: string): Files {
	return createMemoryFiles(Object.fromEntries(Object.entries(PROGRAM).map(([name, text]) => [`${root}/${name}`, text])));
}

async function findingsAt(root: string, files: Files, dockerfile = 'Dockerfile') {
	const { findings } = await createAnalyser({ files, log: assert.fail }).analyse({ path: `${root}/${dockerfile}`, text: DOCKERFILE, root });
	return findings.map(({ code, message, related }) => ({ code, message, related: related?.map(({ path }) => path.slice(root.length)) }));
}

/** Files as a file system has them to which the case of letters does not count; listings keep the names' own. */
function caseInsensitive(files: Files): Files {
	async function real(path: string): Promise<string> {
		let found = '';
		for (const name of path.split('/').slice(1)) {
			const entries = await files.list(found || '/');
			found += `/${entries?.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.name ?? name}`;
		}
		return found;
	}
	return {
		readText: async (path) => files.readText(await real(path)),
		list: async (path) => files.list(await real(path)),
		status: async (path) => files.status(await real(path)),
	};
}

describe('findings', () => {
	let expected: Awaited<ReturnType<typeof findingsAt>>;
	before(async () => {
		expected = await findingsAt('/src', at('/src'));
		const codes = expected.map(({ code }) => code);
		assert.ok(codes.includes('missing-ca-certificates') && codes.includes('shell-form-command'), codes.join());
	});

	for (const root of ['c:/Users/me/src', 'file://server/share', 'vscode-vfs://github/owner/name', 'vscode-remote://wsl%2Bubuntu/home/me']) {
		it(`are the same at ${root}`, async () => assert.deepEqual(await findingsAt(root, at(root)), expected));
	}

	it('are the same where case does not count, whatever a person typed', async () => {
		const files = caseInsensitive(at('/src'));
		assert.deepEqual(await findingsAt('/src', files), expected);
		const overlay = createOverlayFiles(files);
		for (const [path, text] of Object.entries(PROGRAM)) overlay.open(`/src/${path.replace('main.go', 'Main.go')}`, text, 1);
		overlay.open('/src/dockerfile', DOCKERFILE, 1);
		assert.deepEqual(
			(await overlay.list('/src/cmd/server'))?.map(({ name }) => name),
			['main.go'],
		);
		assert.deepEqual(await findingsAt('/src', overlay, 'dockerfile'), expected);
	});

	it('tell files apart by case where it counts', async () => {
		const overlay = createOverlayFiles(at('/src'));
		overlay.open('/src/cmd/server/Main.go', 'package main\n', 1);
		assert.deepEqual(
			(await overlay.list('/src/cmd/server'))?.map(({ name }) => name),
			['Main.go', 'main.go'],
		);
	});
});

describe('files of several places', () => {
	const here = createMemoryFiles({ '/a.txt': 'here', 'file://server/share/a.txt': 'near' });
	const there = createMemoryFiles({ 'vscode-vfs://github/a.txt': 'there', '/a.txt': 'never' });

	it('are read where they are', async () => {
		const files = createFilesByScheme(here, there);
		assert.equal(await files.readText('/a.txt'), 'here');
		assert.equal(await files.readText('file://server/share/a.txt'), 'near');
		assert.equal(await files.readText('vscode-vfs://github/a.txt'), 'there');
		assert.equal((await files.list('vscode-vfs://github/'))?.length, 1);
		assert.equal((await files.status('vscode-vfs://github/a.txt'))?.kind, 'file');
		assert.equal(await files.status('vscode-vfs://github/none'), undefined);
	});
});

describe('files that the client reads', () => {
	it('are asked for by their URIs, and are as they are on disk', async () => {
		const asked: [string, string][] = [];
		const files = createClientFiles(async (method, { uri }) => {
			asked.push([method, uri]);
			if (uri.endsWith('none')) return null;
			if (uri.endsWith('broken')) throw new Error('unreadable');
			if (method === 'goScratch/readFile') return { text: '\ufeffpackage a', complete: !uri.endsWith('large.go'), version: '1' };
			if (method === 'goScratch/stat') return { kind: 'file', size: 3, version: '1' };
			return { entries: ['b', 'a', 'B'].map((name) => ({ name, kind: 'file', link: false })) };
		});
		const root = 'vscode-vfs://github/owner/a b';
		assert.equal(await files.readText(`${root}/a.go`), '\ufeffpackage a');
		assert.equal(await files.readText(`${root}/large.go`), undefined);
		assert.equal((await files.readHead?.(`${root}/large.go`))?.complete, false);
		assert.deepEqual(
			(await files.list(root))?.map(({ name }) => name),
			['B', 'a', 'b'],
		);
		assert.deepEqual(await files.status(`${root}/a.go`), { kind: 'file', size: 3, version: '1' });
		for (const absent of ['none', 'broken']) {
			assert.equal(await files.readText(`${root}/${absent}`), undefined);
			assert.equal(await files.readHead?.(`${root}/${absent}`), undefined);
			assert.equal(await files.list(`${root}/${absent}`), undefined);
			assert.equal(await files.status(`${root}/${absent}`), undefined);
		}
		assert.deepEqual(asked[0], ['goScratch/readFile', 'vscode-vfs://github/owner/a%20b/a.go']);
	});

	it('are asked for a few at a time, and each of them is answered', async () => {
		let open = 0;
		let most = 0;
		const files = createClientFiles(async (_, { uri }) => {
			most = Math.max(most, ++open);
			await new Promise((resolve) => setImmediate(resolve));
			open--;
			if (uri.endsWith('7')) throw new Error('gone');
			return { kind: 'file', size: Number(uri.slice(uri.lastIndexOf('/') + 1)), version: '' };
		});
		const numbers = Array.from({ length: 500 }, (_, index) => index);
		const found = await Promise.all(numbers.map((number) => files.status(`/${number}`)));
		assert.deepEqual(
			found.map((status) => status?.size),
			numbers.map((number) => (number % 10 === 7 ? undefined : number)),
		);
		assert.ok(most > 1 && most <= 32, String(most));
	});

	it('make the same findings', async () => {
		const root = 'vscode-vfs://github/owner/name';
		const memory = at(root);
		const read: Record<string, (path: string) => Promise<unknown>> = {
			'goScratch/readFile': async (path) => {
				const [text, status] = [await memory.readText(path), await memory.status(path)];
				return text === undefined ? null : { text, complete: true, version: status?.version };
			},
			'goScratch/readDirectory': async (path) => {
				const entries = await memory.list(path);
				return entries === undefined ? null : { entries };
			},
			'goScratch/stat': async (path) => memory.status(path),
		};
		const paths = new Map<string, string>();
		for (const name of ['', ...Object.keys(PROGRAM), 'cmd', 'cmd/server', 'internal', 'internal/fetch']) {
			const path = name === '' ? root : `${root}/${name}`;
			paths.set(uriFromPath(path), path);
		}
		const files = createClientFiles(async (method, { uri }) => read[method]?.(paths.get(uri) ?? uri));
		assert.deepEqual(await findingsAt(root, files), await findingsAt('/src', at('/src')));
	});
});
