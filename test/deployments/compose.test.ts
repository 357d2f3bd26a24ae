import assert from 'node:assert/strict';
import { interpolate, readVariables } from '../../server/deployments/compose/interpolate.ts';
import { splitCommand } from '../../server/deployments/compose/words.ts';
import { createDeploymentReader } from '../../server/deployments/deployments.ts';
import type { Check, Mount, Place, Service } from '../../server/deployments/model.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const ROOT = '/w';

function readerOf(files: Readonly<Record<string, string>>) {
	const withRoot = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${ROOT}/${name}`, text]));
	return createDeploymentReader(createMemoryFiles({ ...withRoot, [`${ROOT}/Dockerfile`]: 'FROM scratch\n' }));
}

/** The services of each way in which a file may be used. */
async function readings(files: Readonly<Record<string, string>>, path: string): Promise<Service[][]> {
	const ways = await readerOf(files).readingsOf(`${ROOT}/${path}`, ROOT, files[path] ?? '');
	return ways.map((way) => way.map(({ service }) => service));
}

async function service(body: string, more: Readonly<Record<string, string>> = {}): Promise<Service> {
	const text = `services:\n  app:\n    build: .\n${body.replace(/^/gm, '    ')}\n`;
	const [[found] = []] = await readings({ 'compose.yaml': text, ...more }, 'compose.yaml');
	assert.ok(found, text);
	return found;
}

const words = (command: Service['command']) => command?.value?.words.map(({ value }) => value);

describe('variables in a compose file', () => {
	for (const [text, expected] of [
		['a', 'a'],
		['$$A ${B:-x} $C', '$A x c'],
		['${C}${D-y}', 'cy'],
		['${EMPTY:-x} ${EMPTY-x}', 'x '],
		['${A}', undefined],
		['${A:?must be set}', undefined],
		['${C:?must be set}', 'c'],
		['${A:-${C:-z}}', 'c'],
		['${C:+is set} ${EMPTY:+is set}', 'is set '],
		['${A:+is set}', undefined],
		['$(pwd)', undefined],
		['${', undefined],
	] as const) {
		it(`gives ${text} the value that compose gives it`, () => {
			const variables = new Map([
				['C', 'c'],
				['EMPTY', ''],
			]);
			assert.equal(interpolate(text, variables), expected);
		});
	}

	it('ends on defaults within defaults', () => {
		assert.equal(interpolate(`${'${A:-'.repeat(5000)}x${'}'.repeat(5000)}`, new Map()), undefined);
	});

	it('are read from the lines of an .env file', () => {
		const text = '# no\nA=1 # one\nexport B=\'x $A\'\nC="$A\\$y"\nD=${Z}\n\nE = b\nnonsense\n';
		assert.deepEqual(
			[...readVariables(text)],
			[
				['A', '1'],
				['B', 'x $A'],
				['C', '1$y'],
				['D', undefined],
				['E', 'b'],
			],
		);
	});
});

describe('a command that stands as one text in a compose file', () => {
	for (const [text, expected] of [
		['/app -a "b c" \'d\' e\\ f', ['/app', '-a', 'b c', 'd', 'e f']],
		['sh -c "a && b"', ['sh', '-c', 'a && b']],
		['a && b', ['a']],
		['a ""', ['a', '']],
		['a "b', undefined],
		['$(a)', undefined],
		['', []],
	] as const) {
		it(`is split without a shell: ${text}`, () => assert.deepEqual(splitCommand(text), expected));
	}
});

describe('a compose file', () => {
	it('gives the command, the user and the directory as they stand, with their places', async () => {
		const text =
			'services:\n  app:\n    build: .\n    command: ["-a", "${X:-b}", "$Y"]\n    user: "${UID:-1000}:app"\n    working_dir: /data\n';
		const [[found] = []] = await readings({ 'compose.yaml': text }, 'compose.yaml');
		const at = (place: Place | undefined) => place && text.slice(place.range.start, place.range.end);
		assert.deepEqual(words(found?.command), ['-a', 'b', undefined]);
		assert.deepEqual(
			found?.command?.value?.words.map((word) => at(word.at)),
			['"-a"', '"${X:-b}"', '"$Y"'],
		);
		assert.deepEqual([found?.user.user?.value, found?.user.group?.value, at(found?.user.user?.at)], ['1000', 'app', '"${UID:-1000}:app"']);
		assert.deepEqual([found?.workingDirectory?.value, at(found?.workingDirectory?.key)], ['/data', 'working_dir']);
		assert.equal(found?.entrypoint, undefined);
		assert.equal(at(found?.name.at), 'app');
	});

	it('tells a command that is taken away from one that is not set', async () => {
		assert.deepEqual(words((await service('entrypoint: []')).entrypoint), []);
		assert.deepEqual(words((await service("command: ''")).command), []);
		assert.equal((await service('command:')).command, undefined);
	});

	it('reads a build as a text, a mapping, and a Dockerfile of its own', async () => {
		const ways = await readings(
			{
				'compose.yaml':
					'services:\n  a:\n    build: ./a\n  b:\n    build:\n      dockerfile: ../b.Dockerfile\n      context: sub\n      target: final\n      args: [X=1, Y]\n  c:\n    build: {dockerfile_inline: "FROM scratch", context: .}\n  d:\n    build: https://example.com/x.git\n  e:\n    image: built\n  f:\n    build: .\n    image: built\n',
			},
			'compose.yaml',
		);
		const builds = ways[0]?.map(({ name, build }) => [name.value, build?.context.value, build?.dockerfile?.value, build?.target?.value]);
		assert.deepEqual(builds, [
			['a', '/w/a', '/w/a/Dockerfile', undefined],
			['b', '/w/sub', '/w/b.Dockerfile', 'final'],
			['c', '/w', undefined, undefined],
			['e', undefined, undefined, undefined],
			['f', '/w', '/w/Dockerfile', undefined],
		]);
		const b = ways[0]?.[1]?.build?.arguments;
		assert.deepEqual(
			[...(b ?? [])].map(([name, { value }]) => [name, value]),
			[
				['X', '1'],
				['Y', undefined],
			],
		);
	});

	it('reads mounts in short and long form', async () => {
		const { mounts } = await service(
			'volumes:\n  - data:/data\n  - ./conf/app.yaml:/etc/app.yaml:ro\n  - /var/cache\n  - other:/other\n  - ~/x:/x\n  - {type: tmpfs, target: /run, tmpfs: {mode: 0755}}\n  - {type: volume, source: data, target: /more, read_only: true}\n  - {type: bind, source: ./dir, target: /dir}\n  - $WHERE\ntmpfs: /tmp:uid=1000,mode=700\nconfigs: [web]\nsecrets: [{source: key, target: k}]',
			{
				'conf/app.yaml': 'a: 1\n',
				'dir/x.txt': 'x',
				'compose.override.yaml':
					'services: {}\nvolumes:\n  data:\n  other: {driver: nfs}\nconfigs:\n  web: {content: hello}\nsecrets:\n  key: {file: ./key}\n',
				key: 'secret',
			},
		);
		const shown = ({ kind, path, readOnly, source, files, mode, uid, copiesImage }: Mount) =>
			[
				kind,
				path,
				readOnly === true ? 'ro' : '',
				source ?? '',
				files === undefined ? '' : [...files].join(),
				mode?.toString(8) ?? '',
				uid ?? '',
				copiesImage ? 'copies' : '',
			]
				.join(' ')
				.trim();
		assert.deepEqual(
			mounts.all.map(shown),
			[
				'volume /data  data    copies',
				'bind /etc/app.yaml ro /w/conf/app.yaml ,',
				'anonymous /var/cache      copies',
				'volume /other  other',
				'bind /x',
				'tmpfs /run    755',
				'volume /more ro data    copies',
				'bind /dir  /w/dir x.txt,',
				'unknown',
				'tmpfs /tmp    700 1000',
				'config /web ro web ,hello',
				'secret /run/secrets/k ro key ,',
			].map((line) => line),
		);
		assert.equal(mounts.complete, true);
		assert.equal((await service('volumes_from: [x]')).mounts.complete, false);
	});

	it('reads ports in short and long form', async () => {
		const text =
			'ports: [8080, "80:8081", "127.0.0.1:53:53/udp", "3000-3001:4000-4001", {target: 90, published: 9}, "${P}:1"]\nexpose: ["7"]';
		const { ports } = await service(text);
		assert.deepEqual(
			ports.map(({ kind, container, protocol }) => [kind, container?.first, container?.last, protocol]),
			[
				['published', 8080, 8080, 'tcp'],
				['published', 8081, 8081, 'tcp'],
				['published', 53, 53, 'udp'],
				['published', 4000, 4001, 'tcp'],
				['published', 90, 90, 'tcp'],
				['published', undefined, undefined, 'tcp'],
				['exposed', 7, 7, 'tcp'],
			],
		);
	});

	it('reads the environment as a mapping, a list and from files, those of files first', async () => {
		const { environment } = await service('env_file: [app.env]\nenvironment:\n  - A=1\n  - B\n  - C=$X', {
			'app.env': 'A=0\nD=4\n',
			'.env': 'B=2\n',
		});
		assert.deepEqual(
			[...environment.variables].map(([name, { value }]) => [name, value]),
			[
				['A', '1'],
				['D', '4'],
				['B', '2'],
				['C', undefined],
			],
		);
		assert.equal(environment.complete, true);
		assert.equal((await service('env_file: absent.env')).environment.complete, false);
	});

	it('reads health checks and hooks', async () => {
		const actionOf = async (body: string) => {
			const { checks } = await service(body);
			return checks.map(({ kind, action }: Check) => [
				kind,
				action.kind,
				...(action.kind === 'exec' ? action.words.map(({ value }) => value) : action.kind === 'shell' ? [action.text.value] : []),
			]);
		};
		assert.deepEqual(await actionOf('healthcheck: {test: curl $$X}'), [['health', 'shell', 'curl $X']]);
		assert.deepEqual(await actionOf('healthcheck: {test: [CMD, a, b]}'), [['health', 'exec', 'a', 'b']]);
		assert.deepEqual(await actionOf('healthcheck: {test: [CMD-SHELL, a b]}'), [['health', 'shell', 'a b']]);
		assert.deepEqual(await actionOf('healthcheck: {test: [NONE]}'), [['health', 'none']]);
		assert.deepEqual(await actionOf('healthcheck: {test: [a]}'), [['health', 'other']]);
		assert.deepEqual(await actionOf('healthcheck: {interval: 5s}'), [['health', 'other']]);
		assert.deepEqual(await actionOf('healthcheck: {test: a, disable: true}'), [['health', 'none']]);
		assert.deepEqual(await actionOf('pre_stop: [{command: a b}]\npost_start: [{command: [c]}]'), [
			['post-start', 'exec', 'c'],
			['pre-stop', 'exec', 'a', 'b'],
		]);
	});

	it('reads the rest', async () => {
		const found = await service(
			'read_only: true\nprivileged: "yes"\ncap_drop: [ALL]\nsecurity_opt: [no-new-privileges]\nplatform: linux/arm64\nstop_signal: SIGINT\nnetwork_mode: host\ngroup_add: [1, x]',
		);
		assert.deepEqual(
			[found.readOnlyRoot, found.privileged, found.droppedCapabilities, found.securityOptions, found.platform, found.stopSignal].map(
				(field) => field?.value,
			),
			[true, true, ['ALL'], ['no-new-privileges'], 'linux/arm64', 'SIGINT'],
		);
		assert.deepEqual([found.foreignNetwork?.value, found.user.groups?.value, found.complete], [true, ['1', 'x'], true]);
		assert.equal((await service('<<: *nothing')).complete, false);
		assert.equal((await service('extends: {file: absent.yaml, service: x}')).complete, false);
	});

	it('lays overrides, extended services and merge keys over one another', async () => {
		const files = {
			'compose.yaml':
				'x-common: &common\n  read_only: true\nservices:\n  app:\n    <<: *common\n    extends: {file: base/common.yaml, service: base}\n    build: .\n    volumes: [aa:/a, bb:/b]\n    environment: {A: 1}\n    healthcheck: {test: [CMD, x]}\n',
			'base/common.yaml': 'services:\n  base:\n    user: "5"\n    volumes: [./x:/x]\n    command: base\n',
			'compose.override.yaml':
				'services:\n  app:\n    command: [over]\n    volumes: [cc:/a]\n    environment: [A=2, B=3]\n    healthcheck: {interval: 1s}\n    user: !reset null\n',
		};
		for (const path of ['compose.yaml', 'compose.override.yaml']) {
			const [[found] = [], ...others] = await readings(files, path);
			assert.deepEqual(others, []);
			assert.deepEqual(words(found?.command), ['over']);
			assert.equal(found?.command?.at.path, '/w/compose.override.yaml');
			assert.equal(found?.user.user, undefined);
			assert.equal(found?.readOnlyRoot?.value, true);
			assert.deepEqual(
				found?.mounts.all.map(({ source, path: target }) => `${source}:${target}`),
				['/w/base/x:/x', 'bb:/b', 'cc:/a'],
			);
			assert.deepEqual(
				[...(found?.environment.variables ?? [])].map(([name, { value }]) => `${name}=${value}`),
				['A=2', 'B=3'],
			);
			assert.equal(found?.checks[0]?.action.kind, 'exec');
		}
	});

	it('is read alone and over the file that compose finds, where they share a service', async () => {
		const files = {
			'docker-compose.yml': 'services:\n  app:\n    build: .\n    tmpfs: /tmp\n',
			'docker-compose.prod.yml': 'services:\n  app:\n    build: .\n    read_only: true\n',
			'docker-compose.other.yml': 'services:\n  other:\n    build: .\n',
		};
		assert.deepEqual(
			(await readings(files, 'docker-compose.prod.yml')).map(([found]) => found?.mounts.all.length),
			[0, 1],
		);
		assert.equal((await readings(files, 'docker-compose.other.yml')).length, 1);
	});

	it('includes other files, and tells who waits for a service', async () => {
		const files = {
			'compose.yaml':
				'include: [sub/compose.yaml]\nservices:\n  other:\n    image: busybox\n    depends_on: {app: {condition: service_healthy}}\n',
			'sub/compose.yaml': 'services:\n  app:\n    build: ..\n    volumes: [./x:/x]\n',
		};
		const [[found] = []] = await readings(files, 'compose.yaml');
		assert.equal(found?.build?.context.value, '/w');
		assert.equal(found?.mounts.all[0]?.source, '/w/sub/x');
		assert.equal(found?.awaitedBy.length, 1);
	});

	it('is found by its content, and only if it concerns an image of the workspace', async () => {
		const reader = readerOf({
			'deploy/stack.yml': 'services:\n  app:\n    build: ..\n',
			'other.yaml': 'services:\n  app:\n    image: x\n',
			'compose.yaml': 'services:\n  db:\n    image: postgres\n',
			'node_modules/compose.yaml': 'services:\n  app:\n    build: ..\n',
			'values.yaml': 'a: 1\n',
		});
		assert.deepEqual(await reader.filesOf(ROOT), ['/w/deploy/stack.yml']);
		assert.equal((await reader.runningOf('/w/Dockerfile', ROOT)).length, 1);
	});

	it('is read again when it, or what it reads, changes', async () => {
		const files = createMemoryFiles({ '/w/compose.yaml': 'services:\n  app:\n    build: $DIR\n', '/w/Dockerfile': 'FROM scratch\n' });
		const texts = new Map<string, string>();
		const reader = createDeploymentReader({ ...files, readText: async (path) => texts.get(path) ?? (await files.readText(path)) });
		assert.deepEqual(await reader.filesOf('/w'), []);
		texts.set('/w/.env', 'DIR=.\n');
		assert.deepEqual(await reader.filesOf('/w'), []);
		reader.invalidate('/w/.env');
		assert.deepEqual(await reader.filesOf('/w'), ['/w/compose.yaml']);
		texts.set('/w/compose.yaml', 'services: {}\n');
		reader.invalidate('/w/compose.yaml');
		assert.deepEqual(await reader.filesOf('/w'), []);
	});

	it('leaves out a service whose Dockerfile is outside of the workspace', async () => {
		const text = 'services:\n  a:\n    build: ../other\n  b:\n    build: {dockerfile: /etc/Dockerfile}\n  c:\n    build: .\n';
		const [way = []] = await readings({ 'compose.yaml': text }, 'compose.yaml');
		assert.deepEqual(
			way.map(({ name }) => name.value),
			['c'],
		);
	});

	it('ends soon where files include each other many times over', async () => {
		const text = (other: string) => `include:\n${`- ${other}\n`.repeat(50)}services:\n  app:\n    build: .\n`;
		const found = await readings({ 'compose.yaml': text('other.yaml'), 'other.yaml': text('compose.yaml') }, 'compose.yaml');
		assert.equal(found[0]?.length, 1);
	});

	it('ends where files include and extend themselves', async () => {
		const text = 'include: [compose.yaml]\nservices:\n  app:\n    build: .\n    extends: app\n';
		assert.equal((await readings({ 'compose.yaml': text }, 'compose.yaml'))[0]?.[0]?.complete, false);
	});
});
