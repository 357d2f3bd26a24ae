import assert from 'node:assert/strict';
import { isKustomization, readKustomizations } from '../../server/deployments/kubernetes/kustomize.ts';
import { readManifests } from '../../server/deployments/kubernetes/manifests.ts';
import { dump } from './dump.ts';

/** What kustomizations make of manifests. */

const MANAGER = `kind: Deployment
metadata: {name: controller-manager}
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
      - name: manager
        image: controller:latest
        command: [/manager]
        args: [--leader-elect]
`;

async function read(texts: Readonly<Record<string, string>>) {
	const files = new Map(Object.entries(texts).map(([path, text]) => [`/w/${path}`, text]));
	return readKustomizations([...files.keys()].filter(isKustomization), async (path) => files.get(path));
}

/** The container of config/manager/manager.yaml, with these files beside it. */
async function managerWith(texts: Readonly<Record<string, string>>): Promise<string[]> {
	const path = '/w/config/manager/manager.yaml';
	const kustomizations = await read({ 'config/manager/kustomization.yaml': 'resources: [manager.yaml]\n', ...texts });
	return ((await readManifests(path, MANAGER, kustomizations.changesIn(path)))?.services ?? []).flatMap(dump);
}

const UNCHANGED = [
	'container manager of Deployment controller-manager',
	'  image: controller:latest',
	'  entrypoint: ["/manager"]',
	'  command: ["--leader-elect"]',
	'  run as non-root: true',
];
const without = (replacements: Readonly<Record<number, string>>) => UNCHANGED.map((line, index) => replacements[index] ?? line);

describe('kustomizations', () => {
	for (const [name, patches, expected] of [
		['nothing', 'resources: [../manager]', UNCHANGED],
		[
			'a path into arguments',
			'resources: [../manager]\npatches:\n- path: p.yaml\n  target: {kind: Deployment}',
			without({ 3: '  command: ?' }),
		],
		[
			'a path into arguments of another kind',
			'resources: [../manager]\npatches:\n- path: p.yaml\n  target: {kind: StatefulSet}',
			UNCHANGED,
		],
		[
			'a patch beside it',
			'resources: [../manager]\npatches:\n- patch: |-\n    - op: replace\n      path: /spec/replicas\n      value: 2\n',
			UNCHANGED,
		],
		[
			'a container that is taken away',
			"resources: [../manager]\npatches:\n- patch: '[{op: remove, path: /spec/template/spec/containers/0}]'\n  target: {kind: Deployment}",
			[],
		],
		[
			'a merge patch',
			'bases: [../manager]\npatchesStrategicMerge: [m.yaml]',
			[...without({ 2: '  entrypoint: ?' }), '  foreign network: ?'],
		],
		['a merge patch of another object', 'resources: [../manager]\npatchesStrategicMerge: [o.yaml]', UNCHANGED],
		['a patch that is not there', 'resources: [../manager]\npatches: [{path: none.yaml}]', []],
		['a patch that takes away more than it names', 'resources: [../manager]\npatchesStrategicMerge: [d.yaml]', []],
		[
			'a replacement',
			'resources: [../manager]\nreplacements:\n- targets:\n  - select: {kind: Deployment}\n    fieldPaths: ["spec.template.spec.containers.[name=manager].args.0"]',
			without({ 3: '  command: ?' }),
		],
		['what is not followed', 'resources: [../manager]\ntransformers: [t.yaml]', []],
		['a base of elsewhere', 'resources: [https://example.com/x.yaml]\npatches: [{path: none.yaml}]', UNCHANGED],
	] as const) {
		it(`change what they may: ${name}`, async () => {
			const merge = (name: string, container: string) =>
				`kind: Deployment\nmetadata: {name: ${name}}\nspec:\n  template:\n    spec:\n      containers:\n      - ${container}\n`;
			const lines = await managerWith({
				'config/default/kustomization.yaml': `${patches}\n`,
				'config/default/p.yaml': '- op: add\n  path: /spec/template/spec/containers/0/args/0\n  value: --x\n',
				'config/default/m.yaml': merge('controller-manager', 'name: manager\n        command: [/x]\n      - name: proxy\n        image: p'),
				'config/default/o.yaml': merge('other', 'name: manager\n        command: [/x]'),
				'config/default/d.yaml': merge('controller-manager', 'name: manager\n        $patch: replace'),
			});
			assert.deepEqual(lines, expected);
		});
	}

	it('rename images of what they take in', async () => {
		const kustomizations = await read({
			'base/kustomization.yaml': 'resources: [a.yaml]\nimages: [{name: controller, newName: app}]\n',
			'prod/kustomization.yaml': 'resources: [../base]\nimages: [{name: app, newName: example.com/app}, {name: redis, newTag: "7"}]\n',
			'other/kustomization.yaml': 'resources: [b.yaml]\nimages: [{name: controller, newName: else}]\n',
		});
		assert.deepEqual(kustomizations.namesOf('/w/base/a.yaml', 'controller'), ['controller', 'app', 'example.com/app']);
		assert.deepEqual(kustomizations.namesOf('/w/base/a.yaml', 'redis'), ['redis']);
		assert.deepEqual(kustomizations.namesOf('/w/c.yaml', 'controller'), ['controller']);
	});

	it('name the files of patches, which describe nothing by themselves', async () => {
		const kustomizations = await read({ 'a/kustomization.yaml': 'patchesStrategicMerge: [p.yaml]\npatches: [{path: q.yaml}]\n' });
		assert.deepEqual(
			['a/p.yaml', 'a/q.yaml', 'a/r.yaml'].map((path) => kustomizations.isPatch(`/w/${path}`)),
			[true, true, false],
		);
	});

	it('end where they take in each other', async () => {
		const circle = {
			'a/kustomization.yaml': 'resources: [../b]\n',
			'b/kustomization.yaml': 'resources: [../a, x.yaml]\nimages: [{name: a, newName: b}, {name: b, newName: a}]\n',
		};
		assert.deepEqual((await read(circle)).namesOf('/w/b/x.yaml', 'a'), ['a', 'b']);
	});
});
