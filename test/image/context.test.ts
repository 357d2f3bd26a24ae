import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { createContextReader } from '../../server/image/context/context.ts';
import type { DirectoryEntry } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** Each case: files of a workspace at /w, the Dockerfile among them, and what is found of its context. */
const cases: readonly {
	name: string;
	files: Record<string, string>;
	dockerfile?: string;
	directory: string | undefined;
	declaredBy?: string;
	target?: string;
	arguments?: Record<string, string | undefined>;
}[] = [
	{
		name: 'the directory of the Dockerfile, where the sources are there',
		files: { 'a/Dockerfile': 'FROM x\nCOPY f .', 'a/f': '', f: '' },
		dockerfile: 'a/Dockerfile',
		directory: '/w/a',
	},
	{
		name: 'the nearest above it otherwise',
		files: { 'a/b/Dockerfile': 'FROM x\nCOPY go.mod cmd/ .', 'go.mod': '', 'cmd/x.go': '' },
		dockerfile: 'a/b/Dockerfile',
		directory: '/w',
	},
	{ name: 'none where no directory has them', files: { Dockerfile: 'FROM x\nCOPY bin/app /app' }, directory: undefined },
	{ name: 'a missing go.sum does not count', files: { Dockerfile: 'FROM x\nCOPY go.mod go.sum ./', 'go.mod': '' }, directory: '/w' },
	{
		name: 'what comes from stages, addresses and variables does not count',
		files: { Dockerfile: 'FROM x AS b\nFROM x\nCOPY --from=b /x /x\nADD https://e/x /\nCOPY $X *.go /' },
		directory: '/w',
	},
	{
		name: 'the whole of the context of a Go build is to hold a go.mod',
		files: { 'docker/Dockerfile': 'FROM golang\nCOPY . .\nRUN go build', 'go.mod': '' },
		dockerfile: 'docker/Dockerfile',
		directory: '/w',
	},
	{
		name: 'bind mounts count',
		files: { 'd/Dockerfile': 'FROM x\nRUN --mount=type=bind,source=go.mod,target=/go.mod ls', 'go.mod': '' },
		dockerfile: 'd/Dockerfile',
		directory: '/w',
	},
	{
		name: 'compose, in long form, with a variable that has a default',
		files: {
			'docker/Dockerfile': 'FROM x\nCOPY . .',
			'docker-compose.yml':
				'services:\n  a:\n    build:\n      context: ${DIR:-.}\n      dockerfile: docker/Dockerfile\n      target: prod\n',
		},
		dockerfile: 'docker/Dockerfile',
		directory: '/w',
		declaredBy: 'docker-compose.yml',
		target: 'prod',
	},
	{
		name: 'compose, in short form, beside the Dockerfile',
		files: { 'a/Dockerfile': 'FROM x\nCOPY . .', 'compose.yaml': 'services: {a: {build: ./a}}' },
		dockerfile: 'a/Dockerfile',
		directory: '/w/a',
		declaredBy: 'compose.yaml',
	},
	{
		name: 'compose for another Dockerfile says nothing',
		files: { Dockerfile: 'FROM x\nCOPY . .', 'compose.yaml': 'services: {a: {build: {context: ., dockerfile: Other}}}' },
		directory: '/w',
	},
	{
		name: 'services that build different targets name none',
		files: {
			Dockerfile: 'FROM x\nCOPY . .',
			'compose.yaml': 'services:\n  a: {build: {context: ., target: a}}\n  b: {build: {context: ., target: b}}\n',
		},
		directory: '/w',
		declaredBy: 'compose.yaml',
	},
	{
		name: 'bake in HCL, with inheritance',
		files: {
			'build/Dockerfile': 'FROM x\nCOPY . .',
			'docker-bake.hcl':
				'target "base" {\n  context = "."\n  args = { A = "}" }\n}\ntarget "app" {\n  inherits = ["base"]\n  dockerfile = "build/Dockerfile" # here\n}\n',
		},
		dockerfile: 'build/Dockerfile',
		directory: '/w',
		declaredBy: 'docker-bake.hcl',
		arguments: { A: '}' },
	},
	{
		name: 'bake in JSON',
		files: { 'd/Dockerfile': 'FROM x\nCOPY . .', 'docker-bake.json': '{"target": {"a": {"dockerfile": "d/Dockerfile"}}}' },
		dockerfile: 'd/Dockerfile',
		directory: '/w',
		declaredBy: 'docker-bake.json',
	},
	{
		name: "a workflow's build-push-action",
		files: {
			'd/Dockerfile': 'FROM x\nCOPY . .',
			'.github/workflows/ci.yml':
				'jobs:\n  b:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: ./d/Dockerfile\n          target: lint\n',
		},
		dockerfile: 'd/Dockerfile',
		directory: '/w',
		declaredBy: '.github/workflows/ci.yml',
	},
	{
		name: "a workflow's docker build, in its working directory",
		files: {
			'svc/d/Dockerfile': 'FROM x\nCOPY . .',
			'.github/workflows/ci.yml':
				'jobs:\n  b:\n    steps:\n      - run: |\n          docker build -t a:b \\\n            -f d/Dockerfile --build-arg X=1 .\n        working-directory: svc\n',
		},
		dockerfile: 'svc/d/Dockerfile',
		directory: '/w/svc',
		declaredBy: '.github/workflows/ci.yml',
		arguments: { X: '1' },
	},
	{
		name: 'a Makefile',
		files: {
			'd/Dockerfile': 'FROM x\nCOPY . .',
			Makefile: 'image:\n\t@docker buildx build --push --platform linux/amd64 -f d/Dockerfile -t $(TAG) $(CURDIR)\n',
		},
		dockerfile: 'd/Dockerfile',
		directory: '/w',
		declaredBy: 'Makefile',
	},
	{
		name: 'a Makefile that leaves it to variables says nothing',
		files: { 'd/Dockerfile': 'FROM x\nCOPY . .', Makefile: 'image:\n\tdocker build -f $(FILE) $(DIR)\n' },
		dockerfile: 'd/Dockerfile',
		directory: '/w/d',
	},
	{
		name: 'a script beside the Dockerfile',
		files: { 'd/Dockerfile': 'FROM x\nCOPY . .', 'd/build.sh': 'docker build -t app .\n', 'go.mod': 'module m' },
		dockerfile: 'd/Dockerfile',
		directory: '/w/d',
		declaredBy: 'd/build.sh',
	},
	{
		name: 'a script that goes to another directory says nothing',
		files: { 'd/Dockerfile': 'FROM x\nCOPY . .', 'd/build.sh': 'cd ..\ndocker build -t app .\n' },
		dockerfile: 'd/Dockerfile',
		directory: '/w/d',
	},
	{
		name: 'a script that may mean the Dockerfile of the root says nothing',
		files: { Dockerfile: 'FROM x', 'd/Dockerfile': 'FROM x\nCOPY . .', 'd/build.sh': 'docker build -t app .\n' },
		dockerfile: 'd/Dockerfile',
		directory: '/w/d',
	},
	{
		name: 'a script in another directory says nothing',
		files: { 'd/Dockerfile': 'FROM x\nCOPY . .', 'scripts/build.sh': 'docker build -f ../d/Dockerfile ..\n' },
		dockerfile: 'd/Dockerfile',
		directory: '/w/d',
	},
	{
		name: 'skaffold',
		files: {
			'd/Dockerfile': 'FROM x\nCOPY . .',
			'skaffold.yaml': 'build:\n  artifacts:\n    - image: a\n      context: .\n      docker: {dockerfile: d/Dockerfile}\n',
		},
		dockerfile: 'd/Dockerfile',
		directory: '/w',
		declaredBy: 'skaffold.yaml',
	},
	{
		name: 'compose counts before a Makefile',
		files: {
			'a/Dockerfile': 'FROM x\nCOPY . .',
			Makefile: 'x:\n\tdocker build -f a/Dockerfile .\n',
			'compose.yml': 'services: {a: {build: a}}',
		},
		dockerfile: 'a/Dockerfile',
		directory: '/w/a',
		declaredBy: 'compose.yml',
	},
	{
		name: 'files that cannot be parsed say nothing',
		files: {
			Dockerfile: 'FROM x\nCOPY . .',
			'compose.yaml': 'services: [\n  - {a: *b',
			'docker-bake.json': '{"target": ',
			'skaffold.yaml': '\0',
		},
		directory: '/w',
	},
];

const BUILD = 'FROM golang AS build\nCOPY go.mod ./\nCOPY . .\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /\n';

/** As above, where a source is nowhere: the only directory that holds all that a Go build wants, or none. */
const incomplete: typeof cases = [
	{
		name: 'the directory of the Go build, where settings are not there',
		files: { 'a/Dockerfile': `${BUILD}COPY config.yaml /`, 'a/go.mod': '', 'a/main.go': '', 'b.go': '' },
		dockerfile: 'a/Dockerfile',
		directory: '/w/a',
	},
	{
		name: 'one above the Dockerfile too',
		files: { 'deploy/Dockerfile': `${BUILD}COPY web/dist /web`, 'go.mod': '', 'web/package.json': '' },
		dockerfile: 'deploy/Dockerfile',
		directory: '/w',
	},
	{
		name: 'the only directory, whose module no COPY names',
		files: { Dockerfile: 'FROM golang\nCOPY . .\nCOPY .env ./\nRUN go build', 'go.work': 'use ./a\n' },
		directory: '/w',
	},
	{
		name: 'none where a module is there that no COPY names, and there is a choice',
		files: { 'a/Dockerfile': 'FROM golang\nCOPY . .\nCOPY .env ./\nRUN go build', 'a/go.mod': '' },
		dockerfile: 'a/Dockerfile',
		directory: undefined,
	},
	{ name: 'none where nothing is built with Go', files: { Dockerfile: 'FROM x\nCOPY go.mod app /', 'go.mod': '' }, directory: undefined },
	...['cmd', 'internal/api', 'main.go', 'tools/go.mod', 'vendor', 'go.sum tools/x.json'].map((source) => ({
		name: `none where the build itself copies ${source}`,
		files: { Dockerfile: `FROM golang\nCOPY go.mod ${source} ./\nCOPY . .\nRUN go build`, 'go.mod': '' },
		directory: undefined,
	})),
	{
		name: 'none where most is not there',
		files: { Dockerfile: `${BUILD}COPY config.yaml schema.sql /`, 'go.mod': '' },
		directory: undefined,
	},
	{
		name: 'none where two directories hold the module',
		files: { 'a/Dockerfile': `${BUILD}COPY config.yaml /`, 'a/go.mod': '', 'go.mod': '' },
		dockerfile: 'a/Dockerfile',
		directory: undefined,
	},
	{
		name: 'none where another directory holds what this one does not',
		files: { 'a/Dockerfile': `${BUILD}COPY config.yaml /`, 'a/go.mod': '', 'config.yaml': '' },
		dockerfile: 'a/Dockerfile',
		directory: undefined,
	},
	{
		name: 'none where another directory holds what the source lies in',
		files: { 'a/Dockerfile': `${BUILD}COPY web/dist /`, 'a/go.mod': '', 'web/x': '' },
		dockerfile: 'a/Dockerfile',
		directory: undefined,
	},
	{
		name: 'none where the source is there under a shorter path: the context is further up',
		files: { Dockerfile: `${BUILD}COPY backend/config.yaml /`, 'go.mod': '', 'config.yaml': '' },
		directory: undefined,
	},
	{
		name: 'none where the source starts with the name of the directory',
		files: { 'a/Dockerfile': `${BUILD}COPY a/config.yaml /`, 'a/go.mod': '' },
		dockerfile: 'a/Dockerfile',
		directory: undefined,
	},
	{
		name: 'none where the module needs one outside',
		files: { Dockerfile: `${BUILD}COPY config.yaml /`, 'go.mod': 'module m\n\nreplace example.com/lib => ../lib\n' },
		directory: undefined,
	},
	{
		name: 'but a module may need one beside it',
		files: {
			Dockerfile: 'FROM golang\nCOPY a/go.mod a/\nCOPY . .\nRUN go build\nFROM scratch\nCOPY config.yaml /',
			'a/go.mod': 'module m\n\nreplace example.com/lib => ../lib\n',
		},
		directory: '/w',
	},
	{
		name: 'none where .dockerignore leaves out what is not there',
		files: { Dockerfile: `${BUILD}COPY config.yaml /`, 'go.mod': '', '.dockerignore': '*.yaml' },
		directory: undefined,
	},
	{
		name: 'what is declared, whatever is there',
		files: {
			'a/Dockerfile': `${BUILD}COPY config.yaml /`,
			'a/go.mod': '',
			'compose.yaml': 'services: {s: {build: {context: ., dockerfile: a/Dockerfile}}}',
		},
		dockerfile: 'a/Dockerfile',
		directory: '/w',
		declaredBy: 'compose.yaml',
	},
];

const GO = 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /web ./services/web';

/** Contexts of Dockerfiles that copy all to work with Go, and files in other directories that declare builds. */
const elsewhere: typeof cases = [
	{
		name: 'go.work is as good as go.mod',
		files: { 'docker/web.Dockerfile': GO, 'go.work': 'use ./services/web', 'services/web/go.mod': '', 'services/web/main.go': '' },
		dockerfile: 'docker/web.Dockerfile',
		directory: '/w',
	},
	{
		name: 'a directory of Dockerfiles is no context',
		files: { 'docker/web.Dockerfile': GO, 'services/web/go.mod': '', 'services/web/main.go': '' },
		dockerfile: 'docker/web.Dockerfile',
		directory: undefined,
	},
	{
		name: 'the context of a Dockerfile beside it',
		files: {
			'docker/web.Dockerfile': GO,
			'services/web/go.mod': '',
			'compose.yaml': 'services: {api: {build: {context: ., dockerfile: docker/api.Dockerfile}}}',
		},
		dockerfile: 'docker/web.Dockerfile',
		directory: '/w',
	},
	{
		name: 'Go files without a module',
		files: { 'app/Dockerfile': GO, 'app/services/web.go': '' },
		dockerfile: 'app/Dockerfile',
		directory: '/w/app',
	},
	{
		name: 'compose in a directory beside that of the Dockerfile',
		files: {
			'build/Dockerfile': GO,
			'go.mod': '',
			'deploy/dev/compose.yaml': 'services: {a: {build: {context: ../.., dockerfile: build/Dockerfile, target: b, args: [A=1, B]}}}',
			'node_modules/x/compose.yaml': 'services: {a: {build: {context: ../.., dockerfile: build/Dockerfile, target: c}}}',
		},
		dockerfile: 'build/Dockerfile',
		directory: '/w',
		declaredBy: 'deploy/dev/compose.yaml',
		target: 'b',
		arguments: { A: '1', B: undefined },
	},
	{
		name: 'arguments that every declared build sets',
		files: {
			Dockerfile: GO,
			'go.mod': '',
			'compose.yaml': 'services: {a: {build: {context: ., args: {SAME: 1.26, OTHER: a, LESS: x, FROM: "${X}"}}}}',
			'docker-bake.hcl':
				'target "base" {\n  args = {\n    SAME = "1.26"\n    OTHER = "b"\n    FROM = var\n  }\n}\ntarget "app" {\n  inherits = ["base"]\n}\n',
			'.github/workflows/ci.yml':
				'jobs:\n  b:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          build-args: |\n            SAME=1.26\n            OTHER=a\n            LESS=x\n            FROM=y\n      - run: docker build --build-arg SAME=1.26 --build-arg=OTHER=a --build-arg "FROM=x" .\n',
			'skaffold.yaml': 'build: {artifacts: [{image: a, docker: {buildArgs: {SAME: "1.26", OTHER: a, FROM: x}}}]}',
		},
		directory: '/w',
		declaredBy: 'compose.yaml',
		arguments: { SAME: '1.26', OTHER: undefined, FROM: undefined },
	},
];

describe('the build context', () => {
	for (const { name, files, dockerfile = 'Dockerfile', directory, declaredBy, target, arguments: its = {} } of [
		...cases,
		...incomplete,
		...elsewhere,
	]) {
		it(name, async () => {
			const memory = createMemoryFiles(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/w/${path}`, text])));
			const context = await createContextReader(memory).find(`/w/${dockerfile}`, '/w', parseDockerfile(files[dockerfile] as string));
			assert.equal(context?.directory, directory);
			assert.equal(context?.declaredBy, declaredBy === undefined ? undefined : `/w/${declaredBy}`);
			assert.equal(context?.target, target);
			if (context !== undefined) assert.deepEqual(Object.fromEntries(context.arguments), its);
		});
	}

	it('prefers the ignore file that bears the name of the Dockerfile', async () => {
		const text = 'FROM x\nCOPY . .';
		const memory = createMemoryFiles({ '/w/api.Dockerfile': text, '/w/.dockerignore': 'a', '/w/api.Dockerfile.dockerignore': 'b' });
		const context = await createContextReader(memory).find('/w/api.Dockerfile', '/w', parseDockerfile(text));
		assert.deepEqual(context?.ignoreFile, { path: '/w/api.Dockerfile.dockerignore', text: 'b' });
		assert.equal(context?.ignored('a'), false);
		assert.equal(context?.ignored('b/c'), true);
	});

	it('knows what is there, what is not, and that it did not look into .git', async () => {
		const text = 'FROM x\nCOPY . .';
		const memory = createMemoryFiles({ '/w/Dockerfile': text, '/w/a/b.go': '', '/w/.git/HEAD': '' });
		const context = await createContextReader(memory).find('/w/Dockerfile', '/w', parseDockerfile(text));
		assert.deepEqual(
			['.', 'a', 'a/b.go', 'a/c', 'x/y', 'a/b.go/c', '.git', '.git/HEAD', '.git/x/y'].map((path) => context?.kind(path)),
			['directory', 'directory', 'file', 'absent', 'absent', 'absent', 'directory', 'unknown', 'unknown'],
		);
		assert.deepEqual(context?.children('a'), ['b.go']);
		assert.equal(context?.children('.git'), undefined);
	});

	it('knows nothing of a directory that Git left empty, as it does with a submodule that was not fetched', async () => {
		const text = 'FROM x\nCOPY lib/go.mod /';
		const memory = createMemoryFiles({ '/w/Dockerfile': text, '/w/go.mod': '' });
		const files = {
			...memory,
			async list(path: string): Promise<readonly DirectoryEntry[] | undefined> {
				if (path === '/w/lib') return [];
				const entries = await memory.list(path);
				return path === '/w' ? [...(entries ?? []), { name: 'lib', kind: 'directory', link: false }] : entries;
			},
		};
		const context = await createContextReader(files).find('/w/Dockerfile', '/w', parseDockerfile('FROM x\nCOPY go.mod /'));
		assert.deepEqual(
			['lib', 'lib/go.mod', 'lib/a/b.go', 'other'].map((path) => context?.kind(path)),
			['directory', 'unknown', 'unknown', 'absent'],
		);
	});

	it('knows nothing of sources that are not there', async () => {
		const text = `${BUILD}COPY conf/app/config.yaml /config.yaml`;
		const memory = createMemoryFiles({ '/w/Dockerfile': text, '/w/go.mod': '', '/w/conf/x.yaml': '' });
		const reader = createContextReader(memory);
		const find = () => reader.find('/w/Dockerfile', '/w', parseDockerfile(text));
		const context = await find();
		assert.deepEqual(
			['conf', 'conf/app', 'conf/app/config.yaml', 'conf/app/other', 'conf/other', 'conf/x.yaml'].map((path) => context?.kind(path)),
			['directory', 'unknown', 'unknown', 'absent', 'absent', 'file'],
		);
		assert.equal(await find(), context);
		memory.write('/w/conf/app/config.yaml', '');
		reader.invalidate('/w/conf/app/config.yaml');
		assert.equal((await find())?.kind('conf/app/config.yaml'), 'file');
	});

	it('reads the disk once, and again where it is told that something changed', async () => {
		const text = 'FROM x\nCOPY . .';
		const memory = createMemoryFiles({ '/w/Dockerfile': text, '/w/a/b.go': '' });
		let lists = 0;
		const countedList = (path: string) => {
			lists++;
			return memory.list(path);
		};
		const counting = { ...memory, list: countedList };
		const reader = createContextReader(counting);
		const find = () => reader.find('/w/Dockerfile', '/w', parseDockerfile(text));
		const first = await find();
		const read = lists;
		assert.equal(await find(), first);
		assert.equal(lists, read);
		memory.write('/w/a/b.go', 'package b');
		reader.invalidate('/w/a/b.go');
		assert.equal(await find(), first, 'a change of content changes nothing of what is there');
		memory.write('/w/a/c.go', '');
		reader.invalidate('/w/a/c.go');
		assert.equal((await find())?.kind('a/c.go'), 'file');
		memory.write('/w/.dockerignore', 'a');
		reader.invalidate('/w/.dockerignore');
		assert.equal((await find())?.ignored('a/c.go'), true);
		memory.write('/w/compose.yaml', 'services: {a: {build: {context: ., target: t}}}');
		reader.invalidate('/w/compose.yaml');
		assert.equal((await find())?.target, 't');
		memory.remove('/w/a');
		reader.invalidate('/w/a');
		assert.equal((await find())?.kind('a/c.go'), 'absent');
	});
});
