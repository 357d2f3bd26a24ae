import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { type ChangesOf, readManifests } from '../../server/deployments/kubernetes/manifests.ts';
import type { Service } from '../../server/deployments/model.ts';
import { dump, textAt } from './dump.ts';

/** What is read of manifests. */

async function servicesOf(text: string, changes?: ChangesOf): Promise<readonly Service[]> {
	return (await readManifests('/w/deploy.yaml', text, changes))?.services ?? [];
}

async function dumpOf(text: string, changes?: ChangesOf): Promise<string[]> {
	return (await servicesOf(text, changes)).flatMap(dump);
}

/** A deployment of one container with these lines. */
function deployment(container: string, pod = ''): string {
	const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
${indented(pod, '      ')}
      containers:
      - name: web
        image: example.com/web:1
${indented(container, '        ')}
`;
}

const NOTHING = ['container web of Deployment api', '  image: example.com/web:1'];

describe('manifests', () => {
	const everything = readFileSync(new URL('./schema/everything.yaml', import.meta.url), 'utf8');

	it('uses fields of the published schema only, and all those that are read', () => {
		const types = new Map<string, string>();
		for (const line of readFileSync(new URL('./schema/kubernetes-1.36.3.txt', import.meta.url), 'utf8').split('\n')) {
			const [, field = '', type = ''] = /^(\w+\.\w+): (\S+)$/.exec(line) ?? [];
			types.set(field, type);
		}
		const used = new Set<string>();
		const check = (type: string, value: unknown, where: string): void => {
			if (type.endsWith('[]')) {
				assert.ok(Array.isArray(value), where);
				for (const [index, item] of value.entries()) check(type.slice(0, -2), item, `${where}[${index}]`);
			} else if (typeof value === 'object' && value !== null && [...types.keys()].some((field) => field.startsWith(`${type}.`))) {
				for (const [key, its] of Object.entries(value)) {
					const of = types.get(`${type}.${key}`);
					assert.ok(of !== undefined, `${where}: ${type} has no ${key}`);
					used.add(key);
					check(of, its, `${where}.${key}`);
				}
			}
		};
		const objects = parseAllDocuments(everything).map((document) => document.toJS() as { readonly kind: string });
		assert.ok(objects.length > 5);
		for (const object of objects) check(object.kind, object, object.kind);
		for (const name of ['manifests', 'pod', 'container']) {
			const source = readFileSync(new URL(`../../server/deployments/kubernetes/${name}.ts`, import.meta.url), 'utf8');
			const read = [...source.matchAll(/\.get\('([\w/.-]+)'\)|security\('(\w+)'\)/g)].map((match) => match[1] ?? match[2] ?? '');
			for (const key of read) {
				// The names in metadata, lists of objects and labels are not fields of these types.
				if (!/^(?:name|items|kubernetes\.io\/.*)$/.test(key))
					assert.ok(used.has(key), `${name}.ts reads ${key}, which the example does not have`);
			}
		}
	});

	it('reads each field', async () => {
		const services = await servicesOf(everything);
		assert.deepEqual(`${services.flatMap(dump).join('\n')}\n`, readFileSync(new URL('./schema/everything.txt', import.meta.url), 'utf8'));
	});

	it('gives the place of each value in the file', async () => {
		const text = deployment(
			'command: ["/web", "--port=$(PORT)"]\nargs:\n- serve\nenv:\n- {name: PORT, value: "80"}\nsecurityContext:\n  runAsNonRoot: true',
		);
		const [web] = await servicesOf(text);
		assert.ok(web?.runAsNonRoot?.key !== undefined && web.image !== undefined);
		assert.equal(textAt(text, web.image.at), 'example.com/web:1');
		assert.equal(textAt(text, web.runAsNonRoot.at), 'true');
		assert.equal(textAt(text, web.runAsNonRoot.key), 'runAsNonRoot');
		assert.deepEqual(
			web.entrypoint?.value?.words.map((word) => [word.value, textAt(text, word.at)]),
			[
				['/web', '"/web"'],
				['--port=80', '"--port=$(PORT)"'],
			],
		);
		assert.deepEqual(
			web.command?.value?.words.map((word) => textAt(text, word.at)),
			['serve'],
		);
	});

	for (const [name, text] of [
		['an object without containers', 'kind: Deployment\nspec:\n  template:\n    spec: {}\n'],
		['a kind that starts nothing', deployment('').replace('Deployment', 'CustomResourceDefinition')],
		['a Service', 'kind: Service\nspec:\n  ports: []\n  containers: []\n'],
		['an object of a property that every object has', deployment('').replace('Deployment', 'constructor')],
		['text that is no YAML', 'kind: Pod\ncontainers: [\n'],
		['a container without a name', 'kind: Pod\nspec:\n  containers:\n  - image: x\n'],
		['a part of a template', `{{- define "x" }}\n${deployment('')}`],
		['a file of compose', 'services:\n  x:\n    image: x\n'],
	] as const) {
		it(`reads nothing in ${name}`, async () => assert.deepEqual(await dumpOf(text), []));
	}

	for (const [name, container, pod, expected] of [
		[
			'a setting of the container before that of the pod',
			'securityContext: {runAsUser: 7}',
			'securityContext: {runAsUser: 5, runAsGroup: 6}',
			['user: 7', 'group: 6'],
		],
		['an empty list of arguments as none', 'args: []', '', ['command: []']],
		['a number as text', 'args: [80]', '', ['command: ["80"]']],
		[
			'variables as Kubernetes replaces them',
			'args: ["$(A)", "$$(A)", "$(B)", "$A"]\nenv: [{name: A, value: x}]',
			'',
			['command: ["x","$(A)","$(B)","$A"]', 'environment: A=x'],
		],
		[
			'a variable of a secret as not known',
			'args: ["$(A)"]\nenv: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]',
			'',
			['command: [null]', 'environment: A=?'],
		],
		[
			'variables of elsewhere as not known',
			'args: ["$(A)"]\nenvFrom: [{secretRef: {name: s}}]',
			'',
			['command: [null]', 'environment: and more?'],
		],
		['variables of a Service as not known', 'args: ["$(DB_SERVICE_HOST)"]', '', ['command: [null]']],
		[
			'a port by its name',
			'ports: [{name: http, containerPort: 8080}]\nreadinessProbe: {httpGet: {port: http, path: /ready}}',
			'',
			['port: exposed 8080/tcp http', 'readiness: http 8080 /ready'],
		],
		['a port by a name that is not there as not known', 'readinessProbe: {tcpSocket: {port: http}}', '', ['readiness: tcp ?']],
		['a port written as text', 'readinessProbe: {tcpSocket: {port: "80"}}', '', ['readiness: tcp 80']],
		['a probe of another host', 'readinessProbe: {httpGet: {port: 80, host: localhost}}', '', ['readiness: http 80 elsewhere']],
		['a hook that sleeps', 'lifecycle: {preStop: {sleep: {seconds: 5}}}', '', ['pre-stop: other']],
		['a mount of a volume that is not there', 'volumeMounts: [{name: x, mountPath: /x}]', '', ['mount: unknown - on /x [?]']],
		[
			'one file of a config map',
			'volumeMounts: [{name: x, mountPath: /etc/app.conf, subPath: app.conf}]',
			'volumes: [{name: x, configMap: {name: m}}]',
			['mount: config m on /etc/app.conf read-only [.]'],
		],
		[
			'a directory below an empty directory',
			'volumeMounts: [{name: x, mountPath: /tmp/, subPath: t}]',
			'volumes: [{name: x, emptyDir: {}}]',
			['mount: empty-dir - on /tmp 777 []'],
		],
		['the network of the host', '', 'hostNetwork: true', ['foreign network: true']],
		['a sidecar', '', 'initContainers: [{name: proxy, image: p, restartPolicy: Always}]', ['foreign network: true']],
	] as const) {
		it(`reads ${name}`, async () => {
			const services = (await servicesOf(deployment(container, pod))).filter(({ title }) => title.startsWith('container web'));
			assert.deepEqual(services.flatMap(dump), [...NOTHING, ...expected.map((line) => `  ${line}`)]);
		});
	}

	it('reads the data of config maps beside it', async () => {
		const text = `${deployment('volumeMounts: [{name: x, mountPath: /etc/app}]', 'volumes: [{name: x, configMap: {name: m}}]')}---
kind: ConfigMap
metadata: {name: m}
data:
  a: b
`;
		assert.deepEqual(await dumpOf(text), [...NOTHING, '  mount: config m on /etc/app read-only [a=b]']);
	});

	it('does not know what other containers leave in an empty directory', async () => {
		const mount = 'volumeMounts: [{name: x, mountPath: /x}]';
		const text = deployment(mount, `volumes: [{name: x, emptyDir: {}}]\ninitContainers:\n- name: copy\n  image: busybox\n  ${mount}`);
		assert.deepEqual(
			(await dumpOf(text)).filter((line) => line.includes('mount:')),
			['  mount: empty-dir - on /x 777 [?]', '  mount: empty-dir - on /x 777 [?]'],
		);
	});

	it('reads the items of a list', async () => {
		const list = `apiVersion: v1\nkind: List\nitems:\n- ${deployment('').trim().replaceAll('\n', '\n  ')}\n`;
		assert.deepEqual(await dumpOf(list), NOTHING);
	});

	it('does not know what a patch may change', async () => {
		const text = deployment('args: [a]\nsecurityContext: {runAsUser: 7}', 'securityContext: {fsGroup: 5}');
		const changes: ChangesOf = () => ({ pod: new Set(['securityContext']), containers: new Map([['web', new Set(['args', 'command'])]]) });
		const [, image] = NOTHING;
		assert.deepEqual(await dumpOf(text, changes), [
			'container web of Deployment api (incomplete)',
			image,
			'  entrypoint: ?',
			'  command: ?',
			'  user: 7',
		]);
	});
});

describe('templates of Helm', () => {
	it('reads what stands outside of actions, and takes nothing for absent', async () => {
		const text = deployment(
			`{{- with .Values.args }}
args:
{{- toYaml . | nindent 8 }}
{{- end }}
command: ["/web"]
livenessProbe:
  exec: {command: ["/bin/sh", "{{ .Values.x }}"]}
{{- if .Values.probe }}
readinessProbe:
  httpGet: {port: 80}
{{- else }}
readinessProbe:
  httpGet: {port: 81}
{{- end }}
env:
- name: A
  value: "b"
{{- range .Values.env }}
- name: C
  value: d
{{- end }}
securityContext:
  {{- toYaml .Values.security | nindent 10 }}`,
		).replace('example.com/web:1', '"{{ .Values.image }}:{{ .Values.tag }}"');
		assert.deepEqual(await dumpOf(`{{- if .Values.enabled }}\n${text}{{- end }}\n`), [
			'container web of Deployment api (incomplete)',
			`  image: ${'\uFFFC'.repeat(19)}:${'\uFFFC'.repeat(17)}`,
			'  entrypoint: ["/web"]',
			'  command: ?',
			'  user: ?',
			'  group: ?',
			'  run as non-root: ?',
			'  read-only root: ?',
			'  privileged: ?',
			'  foreign network: ?',
			'  mounts: and more?',
			'  environment: A=b',
			'  environment: and more?',
			'  liveness: exec ["/bin/sh",null]',
		]);
	});

	for (const [name, args, expected] of [
		['items of an action', '- a\n{{- toYaml .Values.args | nindent 8 }}', '?'],
		['items of an action before them', '{{- toYaml .Values.args | nindent 8 }}\n- a', '?'],
		['an item under a condition', '- a\n{{- if .Values.b }}\n- b\n{{- end }}', '?'],
		['a comment', '- a\n{{- /* what b is */ -}}\n- b', '["a","b"]'],
		['text of an action', '- a\n- --b={{ .Values.b }}', '["a",null]'],
	] as const) {
		it(`knows how many arguments there are with ${name}`, async () => {
			const lines = await dumpOf(deployment(`args:\n${args}\nstdin: true`));
			assert.equal(
				lines.find((line) => line.startsWith('  command: ')),
				`  command: ${expected}`,
			);
		});
	}

	it('is quick with actions that do not end', async () => {
		const started = performance.now();
		assert.deepEqual(await dumpOf(deployment('').replace('web:1', `${'{{'.repeat(60_000)}`)), []);
		assert.deepEqual(await dumpOf(deployment('').replace('web:1', `${'{{a}} '.repeat(30_000)}`)), []);
		assert.ok((await dumpOf(deployment('').replace('web:1', `${'{{a}} x'.repeat(4_000)}`))).length > 0);
		assert.ok(performance.now() - started < 3000);
	});
});
