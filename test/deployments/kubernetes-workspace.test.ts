import assert from 'node:assert/strict';
import { countsForKubernetes, readKubernetes } from '../../server/deployments/kubernetes-workspace.ts';
import { createBuildReader } from '../../server/image/context/declared-builds/build-reader.ts';

/** Which containers of a workspace run images of its Dockerfiles. */

async function running(texts: Readonly<Record<string, string>>): Promise<string[]> {
	const files = new Map(Object.entries(texts).map(([path, text]) => [`/w/${path}`, text]));
	const found = await readKubernetes({
		root: '/w',
		paths: [...files.keys()].filter((path) => countsForKubernetes(path, '/w')),
		readText: async (path) => files.get(path),
		buildsOf: createBuildReader(),
	});
	return [...found.files].flatMap(([path, { running: all }]) =>
		all.map(
			({ service, runs }) =>
				`${path.slice(3)}: ${service.name.value} runs ${runs.dockerfile.slice(3)}${runs.target === undefined ? '' : ` ${runs.target}`}`,
		),
	);
}

function pod(...images: readonly string[]): string {
	return `kind: Pod\nspec:\n  containers:\n${images.map((image, index) => `  - name: c${index}\n    image: ${image}\n`).join('')}`;
}

const GO_MOD = { 'go.mod': 'module github.com/Octo/app\n', Dockerfile: 'FROM scratch\n' };
const ONLY = ['pod.yaml: c0 runs Dockerfile'];

describe('images of a workspace', () => {
	it('are those of an operator as kubebuilder makes it', async () => {
		const found = await running({
			...GO_MOD,
			Makefile:
				'IMG ?= controller:latest\ndocker-build:\n\t$(CONTAINER_TOOL) build -t ${IMG} .\ndocker-buildx:\n\tdocker buildx build --push --tag ${IMG} -f Dockerfile.cross .\ndeploy:\n\tcd config/manager && $(KUSTOMIZE) edit set image controller=${IMG}\n',
			'config/default/kustomization.yaml':
				'resources: [../manager]\npatches:\n- path: manager_metrics_patch.yaml\n  target: {kind: Deployment}\n',
			'config/default/manager_metrics_patch.yaml':
				'- op: add\n  path: /spec/template/spec/containers/0/args/0\n  value: --metrics-bind-address=:8443\n',
			'config/manager/kustomization.yaml':
				'resources: [manager.yaml]\nimages: [{name: controller, newName: example.com/app, newTag: v1}]\n',
			'config/manager/manager.yaml': pod('controller:latest'),
		});
		assert.deepEqual(found, ['config/manager/manager.yaml: c0 runs Dockerfile']);
	});

	it('are those of a patched manifest, and not those of the patch', async () => {
		const found = await running({
			...GO_MOD,
			Makefile: 'x:\n\tdocker build -t app .\n',
			'kustomization.yaml': 'resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n',
			'pod.yaml': pod('app'),
			'patch.yaml': pod('app').replace('image: app', 'args: [x]'),
			'other.yaml': pod('other'),
		});
		assert.deepEqual(found, ONLY);
	});

	it('are told without a look outside of the workspace', async () => {
		const read: string[] = [];
		const texts = new Map([
			['/w/Dockerfile', 'FROM scratch\n'],
			['/w/.goreleaser.yaml', 'dockers: [{dockerfile: ../other/Dockerfile, image_templates: [other]}]\n'],
			['/w/kustomization.yaml', 'resources: [pod.yaml]\npatches: [{path: ../secret.yaml}, {path: /etc/secret.yaml}]\n'],
			['/w/pod.yaml', pod('other')],
			['/other/Dockerfile', 'FROM scratch\n'],
		]);
		const found = await readKubernetes({
			root: '/w',
			paths: [...texts.keys()].filter((path) => path.startsWith('/w/')),
			readText: async (path) => {
				read.push(path);
				return texts.get(path);
			},
			buildsOf: createBuildReader(),
		});
		assert.deepEqual(
			read.filter((path) => !path.startsWith('/w/')),
			[],
		);
		assert.equal(found.files.size, 0);
	});

	for (const [path, expected] of [
		['deploy/app.yaml', true],
		['deploy/v2/app.yaml', true],
		['deploy/releases/app.yaml', false],
		['deploy/v1.2.0/app.yaml', false],
		['deploy/app-v0.1.yaml', false],
	] as const) {
		it(`are ${expected ? '' : 'not '}those of a manifest at ${path}`, async () => {
			const found = await running({ ...GO_MOD, Makefile: 'x:\n\tdocker build -t app .\n', [path]: pod('app') });
			assert.equal(found.length, expected ? 1 : 0);
		});
	}

	for (const [name, image, more, expected] of [
		['is pushed under another name', 'someone/app', { Makefile: 'x:\n\tdocker build -t octo/app .\n' }, []],
		['has the name of the repository', 'ghcr.io/octo/app:1', {}, ONLY],
		['has its name in another registry', 'registry.example.org/team/app', {}, ONLY],
		['has another name', 'ghcr.io/octo/other', {}, []],
		['has a tag that a template writes', '"octo/app:{{ .Values.tag }}"', {}, ONLY],
		['has a name that a template writes', '"{{ .Values.image }}:{{ .Values.tag }}"', {}, []],
		['has a registry that a template writes', '{{ .Values.registry }}/app', {}, ONLY],
		['is public', 'redis', { 'go.mod': 'module github.com/octo/redis\n' }, []],
		['may be that of another Dockerfile', 'app', { 'b/Dockerfile': '' }, []],
		['is not that of a test', 'app', { 'test/e2e/Dockerfile': '' }, ONLY],
		['may be built without a Dockerfile', 'app', { Makefile: 'x:\n\tko build ./cmd/app\n' }, []],
		['is in a repository of several modules', 'app', { 'a/go.mod': 'module github.com/octo/a\n' }, ONLY],
		['is in a repository of modules side by side', 'app', { 'go.mod': '', 'a/go.mod': 'module github.com/octo/app\n', 'b/go.mod': '' }, []],
		['is in a module of that name', 'app', { 'go.mod': 'module app\n' }, ONLY],
		['is in a module of another name', 'app', { 'go.mod': 'module example.com/other/v2\n' }, []],
		['has no module', 'app', { 'go.mod': '\n' }, []],
	] as const) {
		it(`are found without a build that names them: one that ${name}`, async () => {
			const { 'go.mod': _, ...others } = GO_MOD;
			assert.deepEqual(
				await running({ ...(more['go.mod'] === '' ? others : GO_MOD), 'pod.yaml': pod(image), ...more } as Record<string, string>),
				expected,
			);
		});
	}
});
