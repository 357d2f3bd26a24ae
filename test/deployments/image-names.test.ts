import assert from 'node:assert/strict';
import { mayNameImages, readNamedBuilds } from '../../server/deployments/image-builds.ts';
import { imageNamed, type Naming } from '../../server/deployments/image-names.ts';
import { createBuildReader } from '../../server/image/context/declared-builds/build-reader.ts';
import { UNKNOWN_PART } from '../../server/image/context/declared-builds/names.ts';
import { isPublicImage } from '../../server/knowledge/public-images.ts';

/** Which Dockerfile an image of a deployment is built from. */

const REPOSITORY = { owner: 'octo', name: 'app' };

async function namingOf(texts: Readonly<Record<string, string>>, dockerfiles: readonly string[] = ['Dockerfile']): Promise<Naming> {
	const files = new Map(Object.entries(texts).map(([path, text]) => [`/w/${path}`, text]));
	const found = await readNamedBuilds({
		root: '/w',
		paths: [...files.keys()].filter((path) => mayNameImages(path, '/w')),
		readText: async (path) => files.get(path),
		exists: async (path) => dockerfiles.some((each) => path === `/w/${each}`),
		buildsOf: createBuildReader(),
	});
	return { ...found, repository: REPOSITORY, only: undefined };
}

/** `name of Dockerfile target`, `?` for what is not known of the name. */
function said({ builds, aliases }: Naming): string[] {
	const shown = (name: string) => name.replaceAll(UNKNOWN_PART, '?').replaceAll('\uFFF9', 'OWNER').replaceAll('\uFFFA', 'NAME');
	return [
		...builds.map(
			({ name, runs }) => `${shown(name)} of ${runs.dockerfile.replace('/w/', '')}${runs.target === undefined ? '' : ` ${runs.target}`}`,
		),
		...aliases.map(([name, other]) => `${name} is ${shown(other)}`),
	];
}

describe('the names that builds give', () => {
	for (const [title, path, text, expected] of [
		['docker build', 'Makefile', 'x:\n\tdocker build -t app:1 -t "app:2" .\n', ['app:1 of Dockerfile', 'app:2 of Dockerfile']],
		['its long option and a stage', 'Makefile', 'x:\n\tdocker build --tag=app --target run .\n', ['app of Dockerfile run']],
		[
			'variables of make',
			'Makefile',
			'IMG ?= controller:latest\nx:\n\t$(CONTAINER_TOOL) build -t ${IMG} .\n',
			['controller:latest of Dockerfile'],
		],
		[
			'variables in variables',
			'Makefile',
			'BASE = example.com/app\nIMG := $(BASE):v$(VERSION)\nx:\n\tdocker build -t $(IMG) .\n',
			['example.com/app:v? of Dockerfile'],
		],
		[
			'a variable with two values',
			'Makefile',
			'ifdef X\nIMG = a\nelse\nIMG = b\nendif\nx:\n\tdocker build -t $(IMG) .\n',
			['a of Dockerfile', 'b of Dockerfile'],
		],
		[
			'the default of a variable of itself',
			'build.sh',
			'REPO="${REPO:-octo}"\nNAME=$REPO/app\ndocker build -t "$NAME:$VERSION" .\n',
			['octo/app:? of Dockerfile'],
		],
		['a variable of itself', 'Makefile', 'IMG = $(IMG)a\nx:\n\tdocker build -t $(IMG) .\n', []],
		[
			'a variable of the outside',
			'Makefile',
			'x:\n\tdocker build -t $(REGISTRY)/app:$(shell git rev-parse HEAD) .\n',
			['?/app:? of Dockerfile'],
		],
		['a variable of the shell', 'build.sh', 'NAME="app"\ndocker build -t "$NAME:${TAG:-latest}" .\n', ['app:latest of Dockerfile']],
		['a Dockerfile that is not there', 'Makefile', 'x:\n\tdocker build -t app -f Dockerfile.cross .\n', []],
		[
			'kustomize',
			'Makefile',
			'IMG ?= a/b:1\nx:\n\tcd config/manager && $(KUSTOMIZE) edit set image controller=${IMG}\n',
			['controller is a/b:1'],
		],
		['compose', 'compose.yaml', 'services:\n  a:\n    build: .\n    image: octo/app\n  b:\n    image: x\n', ['octo/app of Dockerfile']],
		['skaffold', 'skaffold.yaml', 'build:\n  artifacts:\n  - image: app\n  - image: k\n    ko: {}\n', ['app of Dockerfile']],
		[
			'bake',
			'docker-bake.hcl',
			'variable "REG" {\n  default = "example.com"\n}\ntarget "app" {\n  tags = ["${REG}/app:${TAG}"]\n  args = {}\n}\n',
			['example.com/app:? of Dockerfile'],
		],
		[
			'bake over several lines',
			'docker-bake.hcl',
			'target "app" {\n  tags = [\n    "a",\n    "b",\n  ]\n  platforms = [\n    "linux/amd64"\n  ]\n}\n',
			['a of Dockerfile', 'b of Dockerfile'],
		],
		['bake in JSON', 'docker-bake.json', '{"target": {"app": {"tags": ["a"]}}}', ['a of Dockerfile']],
		[
			'goreleaser',
			'.goreleaser.yaml',
			'project_name: app\ndockers:\n- image_templates: ["ghcr.io/octo/{{ .ProjectName }}:{{ .Tag }}"]\n',
			['ghcr.io/octo/app:? of Dockerfile'],
		],
		[
			'a workflow',
			'.github/workflows/a.yml',
			`env: {REGISTRY: ghcr.io, IMAGE: "\${{ github.repository }}"}
jobs:
  a:
    steps:
    - id: meta
      uses: docker/metadata-action@v5
      with:
        images: |
          name=\${{ env.REGISTRY }}/\${{ env.IMAGE }}
          octo/app
        tags: type=sha
    - uses: docker/build-push-action@v6
      with:
        tags: \${{ steps.meta.outputs.tags }}
    - run: docker build -t \${{ env.REGISTRY }}/x:$GITHUB_SHA .
`,
			['octo/app of Dockerfile', 'ghcr.io/OWNER/NAME of Dockerfile', 'ghcr.io/x:? of Dockerfile'],
		],
	] as const) {
		it(`are read of ${title}`, async () => assert.deepEqual(said(await namingOf({ [path]: text })), expected));
	}
});

describe('the Dockerfile of an image', () => {
	const one = (name: string): Naming => ({
		builds: [{ name, runs: { dockerfile: '/w/Dockerfile', target: undefined, at: { path: '/w/Makefile', range: { start: 0, end: 0 } } } }],
		aliases: [],
		repository: REPOSITORY,
		only: undefined,
	});
	for (const [image, built, expected] of [
		['app:1', 'app:2', true],
		['app', 'other', false],
		['docker.io/octo/app@sha256:0', 'octo/app', true],
		['docker.io/library/app', 'app', true],
		['example.com/a/app', 'example.com/b/app', false],
		['localhost:5000/app:1', 'localhost:5000/app', true],
		['ghcr.io/octo/app', 'ghcr.io/\uFFF9/\uFFFA', true],
		['ghcr.io/Octo/app', 'ghcr.io/\uFFF9/\uFFFA:1', true],
		['ghcr.io/other/app', 'ghcr.io/\uFFF9/\uFFFA', false],
		['gcr.io/project/app', `${UNKNOWN_PART}/app:1`, true],
		['app', `${UNKNOWN_PART}/app`, true],
		['app', UNKNOWN_PART, false],
		['app', `${UNKNOWN_PART}:1`, false],
		['redis:7', `${UNKNOWN_PART}/redis`, false],
		['bitnami/redis', 'redis', false],
		['ghcr.io/octo/redis', 'redis', true],
		['gcr.io/project/app', 'app', true],
		['123.dkr.ecr.eu-west-1.amazonaws.com/app', 'app', true],
		['someone/app', 'app', false],
		['<registry>/app', 'app', true],
		['', 'app', false],
	] as const) {
		it(`${image || 'nothing'} is ${expected ? '' : 'not '}what is built as ${built.replaceAll(UNKNOWN_PART, '?')}`, () =>
			assert.equal(imageNamed([image], one(built)) !== undefined, expected));
	}

	it('is not known where several Dockerfiles give the name', async () => {
		const texts = { Makefile: 'x:\n\tdocker build -t app .\n\tdocker build -t app -f b/Dockerfile .\n\tdocker build -t other b\n' };
		const naming = await namingOf(texts, ['Dockerfile', 'b/Dockerfile']);
		assert.equal(imageNamed(['app'], naming), undefined);
		assert.equal(imageNamed(['other'], naming)?.dockerfile, '/w/b/Dockerfile');
	});

	it('is not known where a script that runs in the root builds the name from another Dockerfile', async () => {
		const texts = {
			Makefile: 'x:\n\tdocker build -t octo/app .\n',
			'scripts/build.sh': 'docker build -t octo/app:latest -f nginx/Dockerfile .\n',
		};
		const naming = await namingOf(texts, ['Dockerfile', 'nginx/Dockerfile']);
		assert.deepEqual(said(naming), ['octo/app of Dockerfile', 'octo/app:latest of nginx/Dockerfile']);
		assert.equal(imageNamed(['octo/app'], naming), undefined);
	});

	it('is that of the same name before that of one that is like it', async () => {
		const texts = { Makefile: 'x:\n\tdocker build -t octo/app .\n\tdocker build -t $(R)/app -f b/Dockerfile .\n' };
		const naming = await namingOf(texts, ['Dockerfile', 'b/Dockerfile']);
		assert.equal(imageNamed(['octo/app'], naming)?.dockerfile, '/w/Dockerfile');
	});

	it('is that of another name', async () => {
		const makefile = 'IMG ?= example.com/app:1\nx:\n\tdocker build -t $(IMG) .\n\tkustomize edit set image controller=$(IMG)\n';
		assert.equal(imageNamed(['controller:latest'], await namingOf({ Makefile: makefile }))?.dockerfile, '/w/Dockerfile');
	});
});

describe('public images', () => {
	for (const [name, expected] of [
		['redis', true],
		['redis:7-alpine', true],
		['docker.io/library/redis@sha256:0', true],
		['octo/redis', false],
		['bitnami/redis:1', true],
		['gcr.io/kubebuilder/kube-rbac-proxy:v0.16.0', true],
		['gcr.io/project/app', false],
		['registry.k8s.io/pause', true],
		['controller:latest', false],
	] as const) {
		it(`${name} is ${expected ? '' : 'not '}known`, () => assert.equal(isPublicImage(name), expected));
	}
});
