import assert from 'node:assert/strict';
import { deploymentRun } from './images/deployment.ts';

const FILES = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nfunc main() {}\n',
	Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n',
};

const run = (file: string, text: string) => deploymentRun(new Map([...Object.entries(FILES), [file, text]]), file);
const service = (body: string) =>
	run('compose.yaml', `services:\n  app:\n    build: .\n${body.replace(/^/gm, '    ')}\nvolumes:\n  data:\n`);

/** The options by which the engine shows what a compose file or a manifest of a scenario does. */
describe('the run of a scenario with a deployment', () => {
	it('has the settings of a service of compose', async () => {
		const body = [
			'entrypoint: ["/app", "serve"]',
			'command: ["-v"]',
			'user: "1000:2000"',
			'group_add: ["3000"]',
			'working_dir: /work',
			'read_only: true',
			'tmpfs: ["/tmp", "/run:mode=700,uid=1000"]',
			'volumes: ["data:/data:ro", "/cache"]',
			'environment: {TZ: Europe/Berlin}',
			'cap_drop: [ALL]',
			'cap_add: [NET_RAW]',
			'security_opt: ["no-new-privileges:true"]',
			'stop_signal: SIGINT',
			'ports: ["80:8080"]',
		];
		const { options, ...others } = await service(body.join('\n'));
		assert.deepEqual(
			options.map((option) => option.replace(/go-scratch-test-\d+-\d+/, 'NAME')),
			[
				'--entrypoint=/app',
				'--workdir=/work',
				'--user=1000:2000',
				'--group-add=3000',
				'--read-only',
				'--mount=type=volume,source=NAME,destination=/data,readonly',
				'--mount=type=volume,destination=/cache',
				'--tmpfs=/tmp:mode=1777',
				'--tmpfs=/run:mode=700,uid=1000',
				'--env=TZ=Europe/Berlin',
				'--cap-add=NET_RAW',
				'--cap-drop=ALL',
				'--security-opt=no-new-privileges:true',
				'--stop-signal=SIGINT',
			],
		);
		assert.deepEqual(others, { command: ['serve', '-v'], healthCheck: undefined, probe: undefined, ports: [8080] });
	});

	it('has its health check, for a shell or without one', async () => {
		const shell = await service('healthcheck: {test: "/app check"}');
		assert.deepEqual(shell.options, ['--health-cmd=/app check', '--health-interval=1s', '--health-retries=1']);
		const exec = await service('healthcheck: {test: ["CMD", "/app", "check"]}');
		assert.deepEqual(
			[exec.options, exec.healthCheck],
			[
				['--health-interval=1s', '--health-retries=1'],
				['/app', 'check'],
			],
		);
		assert.deepEqual((await service('healthcheck: {disable: true}')).options, ['--no-healthcheck']);
	});

	it('has the settings of a container of Kubernetes', async () => {
		const pod = [
			'kind: Pod',
			'metadata: {name: app}',
			'spec:',
			'  volumes: [{name: tmp, emptyDir: {}}]',
			'  containers:',
			'    - name: app',
			'      image: app',
			'      args: ["-v"]',
			'      securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true}',
			'      volumeMounts: [{name: tmp, mountPath: /tmp}]',
			'      livenessProbe: {tcpSocket: {port: 8080}}',
		];
		const { options, command, probe } = await run('k8s/app.yaml', `apiVersion: v1\n${pod.join('\n')}\n`);
		assert.deepEqual([options, command, probe?.kind], [['--user=1000', '--read-only', '--tmpfs=/tmp:mode=777'], ['-v'], 'tcp']);
	});

	it('is none where a setting is not known, or has no option', async () => {
		await assert.rejects(service('user: $WHO'), /a setting of a scenario is known/);
		await assert.rejects(service('volumes: ["./here:/there"]'), /there is no option for a mount of the kind bind/);
	});
});
