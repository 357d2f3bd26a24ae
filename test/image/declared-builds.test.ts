import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { createContextReader } from '../../server/image/context/context.ts';
import { createBuildReader } from '../../server/image/context/declared-builds/build-reader.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** Which directory a Dockerfile is built in, as the commands and files beside it say. */

const TEXT = 'FROM x AS a\nCOPY . .\nFROM x AS b\n';

/** The context that is found for d/Dockerfile, below /w, and the file that names it; a Dockerfile that nothing names is built in its own directory. */
async function contextWith(files: Readonly<Record<string, string>>): Promise<string> {
	const memory = createMemoryFiles(
		Object.fromEntries(
			Object.entries({ 'd/Dockerfile': TEXT, 'go.mod': 'module x\n', 'd/e/x': '', ...files }).map(([path, text]) => [`/w/${path}`, text]),
		),
	);
	const found = await createContextReader(memory).find('/w/d/Dockerfile', '/w', parseDockerfile(TEXT));
	const target = found?.target === undefined ? '' : ` target ${found.target}`;
	return found?.declaredBy === undefined ? 'nothing' : `${found.directory} by ${found.declaredBy.replace('/w/', '')}${target}`;
}

describe('commands that build', () => {
	for (const [command, expected] of [
		['docker build -f d/Dockerfile .', '/w by Makefile'],
		['docker build --file d/Dockerfile .', '/w by Makefile'],
		['docker build --file=d/Dockerfile .', '/w by Makefile'],
		['docker build -f=d/Dockerfile .', '/w by Makefile'],
		['docker build . -f d/Dockerfile', '/w by Makefile'],
		['docker build -f "d/Dockerfile" "."', '/w by Makefile'],
		['docker build d', '/w/d by Makefile'],
		['docker build ./d/', '/w/d by Makefile'],
		['docker build -t x d', '/w/d by Makefile'],
		['docker build -t x -f d/Dockerfile d', '/w/d by Makefile'],
		['docker build -f d/Dockerfile --target a .', '/w by Makefile'],
		['docker build -f d/Dockerfile --target=b .', '/w by Makefile target b'],
		['docker build -f d/Dockerfile --target=1 .', '/w by Makefile target 1'],
		['docker build -f d/Dockerfile --target=b . && docker build -f d/Dockerfile --target a .', '/w by Makefile'],
		['docker image build -f d/Dockerfile .', '/w by Makefile'],
		['docker buildx build -f d/Dockerfile .', '/w by Makefile'],
		['podman build -f d/Dockerfile .', '/w by Makefile'],
		['nerdctl build -f d/Dockerfile .', '/w by Makefile'],
		['buildah bud -f d/Dockerfile .', '/w by Makefile'],
		['$(DOCKER) build -f d/Dockerfile .', '/w by Makefile'],
		[`\${DOCKER} build -f d/Dockerfile .`, '/w by Makefile'],
		['$DOCKER build -f d/Dockerfile .', '/w by Makefile'],
		['sudo docker build -f d/Dockerfile .', '/w by Makefile'],
		['cd d && docker build .', '/w/d by Makefile'],
		['cd d && docker build -f Dockerfile ..', '/w by Makefile'],
		['cd d; docker build ..', 'nothing'],
		['(docker build -f d/Dockerfile .)', 'nothing'],
		['true && docker build -f d/Dockerfile . && true', '/w by Makefile'],
		['true;docker build -f d/Dockerfile .', '/w by Makefile'],
		['docker build -f d/Dockerfile . | tee log', '/w by Makefile'],
		['docker build \\\n\t-f d/Dockerfile \\\n\t.', '/w by Makefile'],
		['docker build -t a:b --build-arg X=1 --platform linux/amd64 -f d/Dockerfile .', '/w by Makefile'],
		['docker build --label "a b" -f d/Dockerfile .', '/w by Makefile'],
		['docker build -f $(FILE) .', 'nothing'],
		['docker build -f d/Dockerfile', 'nothing'],
		['docker build -f other/Dockerfile .', 'nothing'],
		['docker build .', 'nothing'],
		['docker build -', 'nothing'],
		['docker build - < d/Dockerfile', 'nothing'],
		['docker build https://github.com/o/r.git', 'nothing'],
		['# docker build -f d/Dockerfile .', 'nothing'],
		['docker builder prune', 'nothing'],
		['docker run build -f d/Dockerfile .', 'nothing'],
		['mydocker build -f d/Dockerfile .', 'nothing'],
		['docker-compose build -f d/Dockerfile .', 'nothing'],
		['docker push d', 'nothing'],
	] as const) {
		it(command.replaceAll('\n', '⏎'), async () => assert.equal(await contextWith({ Makefile: `x:\n\t${command}\n` }), expected));
	}
});

describe('files that say what is built', () => {
	for (const [name, files, expected] of [
		[
			'compose',
			{ 'compose.yaml': 'services:\n  a:\n    build: {context: ., dockerfile: d/Dockerfile, target: a}\n' },
			'/w by compose.yaml target a',
		],
		['compose with a string', { 'compose.yml': 'services:\n  a:\n    build: d\n' }, '/w/d by compose.yml'],
		['compose without a file', { 'docker-compose.yml': 'services:\n  a:\n    build:\n      context: ./d\n' }, '/w/d by docker-compose.yml'],
		['compose of another', { 'compose.yaml': 'services:\n  a:\n    build: {context: ., dockerfile: e/Dockerfile}\n' }, 'nothing'],
		['compose that is none', { 'compose.yaml': '- a\n- b\n' }, 'nothing'],
		['skaffold', { 'skaffold.yaml': 'build:\n  artifacts:\n  - image: x\n    context: d\n' }, '/w/d by skaffold.yaml'],
		[
			'skaffold with a file',
			{ 'skaffold.yaml': 'build:\n  artifacts:\n  - docker: {dockerfile: d/Dockerfile, target: b}\n' },
			'/w by skaffold.yaml target b',
		],
		['skaffold with ko', { 'skaffold.yaml': 'build:\n  artifacts:\n  - context: d\n    ko: {}\n' }, 'nothing'],
		['skaffold with buildpacks', { 'skaffold.yaml': 'build:\n  artifacts:\n  - context: d\n    buildpacks: {}\n' }, 'nothing'],
		['skaffold with jib', { 'skaffold.yaml': 'build:\n  artifacts:\n  - context: d\n    jib: {}\n' }, 'nothing'],
		['skaffold with bazel', { 'skaffold.yaml': 'build:\n  artifacts:\n  - context: d\n    bazel: {}\n' }, 'nothing'],
		['skaffold with a custom build', { 'skaffold.yaml': 'build:\n  artifacts:\n  - context: d\n    custom: {}\n' }, 'nothing'],
		[
			'bake',
			{ 'docker-bake.hcl': 'target "a" {\n  context = "."\n  dockerfile = "d/Dockerfile"\n  target = "b"\n}\n' },
			'/w by docker-bake.hcl target b',
		],
		[
			'bake of another stage than the last',
			{ 'docker-bake.hcl': 'target "a" {\n  context = "."\n  dockerfile = "d/Dockerfile"\n  target = "a"\n}\n' },
			'/w by docker-bake.hcl',
		],
		[
			'bake of the last stage beside a workflow that builds all',
			{
				'docker-bake.hcl': 'target "a" {\n  context = "."\n  dockerfile = "d/Dockerfile"\n  target = "b"\n}\n',
				'.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {file: d/Dockerfile}\n',
			},
			'/w by docker-bake.hcl',
		],
		['bake in JSON', { 'docker-bake.json': '{"target":{"a":{"context":"d"}}}' }, '/w/d by docker-bake.json'],
		['bake of a variable', { 'docker-bake.hcl': 'target "a" {\n  context = CONTEXT\n  dockerfile = "d/Dockerfile"\n}\n' }, 'nothing'],
		[
			'a workflow',
			{ '.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: d}\n' },
			'/w/d by .github/workflows/a.yml',
		],
		[
			'a workflow with a file',
			{
				'.github/workflows/a.yml':
					'jobs:\n  a:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {file: d/Dockerfile, target: a}\n',
			},
			'/w by .github/workflows/a.yml',
		],
		[
			'a workflow with another action',
			{ '.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n    - uses: other/action@v6\n      with: {context: d}\n' },
			'nothing',
		],
		[
			'a workflow with a command',
			{ '.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n    - run: docker build -f d/Dockerfile .\n' },
			'/w by .github/workflows/a.yml',
		],
		[
			'a workflow with a command elsewhere',
			{ '.github/workflows/a.yml': 'jobs:\n  a:\n    defaults: {run: {working-directory: d}}\n    steps:\n    - run: docker build .\n' },
			'/w/d by .github/workflows/a.yml',
		],
		['a script, which is not read', { 'build.sh': '#!/bin/sh\ndocker build -f d/Dockerfile .\n' }, 'nothing'],
		['nothing', {}, 'nothing'],
	] as const) {
		it(name, async () => assert.equal(await contextWith(files), expected));
	}
});

describe('what a file declares', () => {
	it('is read once for all Dockerfiles, and again where its text changes', async () => {
		const read = createBuildReader();
		const text = 'x:\n\tdocker build d\n';
		const first = read('/w/Makefile', 'make', text);
		assert.deepEqual(
			(await first).map(({ context }) => context),
			['d'],
		);
		assert.equal(read('/w/Makefile', 'make', `${text}`), first);
		assert.notEqual(read('/w/other.mk', 'make', text), first);
		assert.deepEqual(
			(await read('/w/Makefile', 'make', 'x:\n\tdocker build e\n')).map(({ context }) => context),
			['e'],
		);
	});

	it('does not take longer with every Dockerfile', async () => {
		const files = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`/w/d${index}/Dockerfile`, TEXT]));
		const memory = createMemoryFiles({
			'/w/go.mod': 'module x\n',
			'/w/Makefile': `x:\n\tdocker build ${'$('.repeat(120_000)}\n`,
			...files,
		});
		const reader = createContextReader(memory);
		const began = process.cpuUsage();
		for (const path of Object.keys(files)) {
			await reader.find(path, '/w', parseDockerfile(TEXT));
		}
		const { user } = process.cpuUsage(began);
		// It takes about a tenth of a second once, and took twenty for these.
		assert.ok(user < 5_000_000, `it takes ${user / 1000} ms`);
	});
});
