import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { groupOf, passwdOf } from '../../server/image/accounts.ts';
import { findExecutable, isWritableBy, resolveCommandPath } from '../../server/image/command-path.ts';
import type { StageState } from '../../server/image/model.ts';
import { runBuild } from '../../server/image/run.ts';
import { build, lastStage } from './build.ts';

describe('the users of a stage', () => {
	const cases: readonly { name: string; text: string; user: Partial<StageState['user']['value']> }[] = [
		{ name: 'scratch runs as root', text: 'FROM scratch', user: { text: 'root', uid: 0, gid: 0 } },
		{ name: 'an unknown image runs as nobody knows whom', text: 'FROM x/y', user: { text: undefined, uid: undefined } },
		{
			name: 'numbers are numbers',
			text: 'FROM scratch\nUSER 65534:65533',
			user: { user: '65534', group: '65533', uid: 65534, gid: 65533 },
		},
		{ name: 'a number without an entry has gid 0', text: 'FROM scratch\nUSER 65534', user: { uid: 65534, gid: 0 } },
		{ name: 'a number with an entry has its gid', text: 'FROM alpine\nUSER 405', user: { uid: 405, gid: 100 } },
		{ name: 'a name is looked up', text: 'FROM alpine\nUSER nobody', user: { uid: 65534, gid: 65534 } },
		{ name: 'a name that is not there has no number', text: 'FROM scratch\nUSER nobody', user: { user: 'nobody', uid: undefined } },
		{ name: 'a group by name', text: 'FROM alpine\nUSER nobody:www-data', user: { gid: 82 } },
		{ name: 'distroless nonroot', text: 'FROM gcr.io/distroless/static-debian12:nonroot', user: { uid: 65532, gid: 65532 } },
		{
			name: "busybox's adduser with a number",
			text: 'FROM alpine\nRUN adduser -D -H -u 10001 app\nUSER app',
			user: { uid: 10001, gid: 10001 },
		},
		{
			name: "busybox's adduser without one takes the first",
			text: 'FROM alpine\nRUN adduser -D a && adduser -D b\nUSER b',
			user: { uid: 1001, gid: 1001 },
		},
		{
			name: "busybox's addgroup and adduser -S -G",
			text: 'FROM alpine\nRUN addgroup -S -g 200 g && adduser -S -u 201 -G g u\nUSER u',
			user: { uid: 201, gid: 200 },
		},
		{
			name: 'a system user without a number has one that is not known',
			text: 'FROM alpine\nRUN adduser -S u\nUSER u',
			user: { user: 'u', uid: undefined },
		},
		{
			name: 'useradd with options of all kinds',
			text: 'FROM debian:12\nRUN groupadd -g 300 g && useradd --uid 301 --gid g --no-create-home -s /usr/sbin/nologin u\nUSER u',
			user: { uid: 301, gid: 300 },
		},
		{
			name: "Debian's adduser",
			text: 'FROM debian:12\nRUN adduser --disabled-password --gecos "" --uid 5000 --home /x u\nUSER u',
			user: { uid: 5000, gid: 5000 },
		},
		{
			name: 'a line written by echo',
			text: 'FROM alpine AS a\nRUN echo "nobody:x:65534:65534:Nobody:/:" > /p\nFROM scratch\nCOPY --from=a /p /etc/passwd\nUSER nobody',
			user: { uid: 65534, gid: 65534 },
		},
		{
			name: 'a line appended by printf',
			text: 'FROM alpine AS a\nRUN printf "%s\\n" "u:x:7:8::/:" >> /etc/passwd\nUSER u',
			user: { uid: 7, gid: 8 },
		},
		{
			name: 'a line taken by grep',
			text: 'FROM debian AS a\nRUN grep ^nobody /etc/passwd | tee /p\nFROM scratch\nCOPY --from=a /p /etc/passwd\nUSER nobody',
			user: { uid: 65534 },
		},
		{ name: 'a heredoc', text: 'FROM scratch\nCOPY <<EOF /etc/passwd\nu:x:9:9::/:\nEOF\nUSER u', user: { uid: 9, gid: 9 } },
		{ name: 'a variable', text: 'FROM scratch\nARG UID=42\nUSER ${UID}:${UID}', user: { text: '42:42', uid: 42 } },
		{ name: 'a variable of no known value', text: 'FROM scratch\nARG UID\nUSER $UID', user: { text: undefined, uid: undefined } },
		{ name: 'a number with letters is a name', text: 'FROM alpine\nUSER 5x', user: { user: '5x', uid: undefined, gid: undefined } },
		{
			name: 'a name with digits is a name',
			text: 'FROM alpine\nUSER x5:y6',
			user: { user: 'x5', group: 'y6', uid: undefined, gid: undefined },
		},
		{ name: 'root needs no passwd file', text: 'FROM scratch\nUSER root', user: { uid: 0 } },
		{ name: 'root with a number for the group', text: 'FROM scratch\nUSER root:5', user: { uid: 0, gid: 5 } },
		{ name: 'a group that is not there', text: 'FROM alpine\nUSER 5:nosuch', user: { uid: 5, gid: undefined } },
		{ name: 'no group behind the colon', text: 'FROM alpine\nUSER 5:', user: { uid: 5 } },
		{ name: 'USER without anything', text: 'FROM scratch\nUSER', user: { uid: undefined } },
		{ name: 'a stage inherits its user', text: 'FROM alpine AS a\nUSER 7:7\nFROM a', user: { uid: 7 } },
	];
	for (const { name, text, user } of cases) {
		it(name, async () => {
			const { value } = (await lastStage(text)).user;
			for (const [key, expected] of Object.entries(user)) assert.equal(value[key as keyof typeof value], expected, key);
		});
	}

	it('are unknown after an unknown program, none without a passwd file, and those of the base otherwise', async () => {
		assert.equal(passwdOf(await lastStage('FROM alpine\nRUN ./setup.sh')), undefined);
		assert.equal(passwdOf(await lastStage('FROM scratch'))?.size, 0);
		assert.equal(passwdOf(await lastStage('FROM alpine'))?.get('guest')?.uid, 405);
		assert.equal(groupOf(await lastStage('FROM debian'))?.get('nogroup'), 65534);
		assert.equal(passwdOf(await lastStage('FROM corp/base')), undefined);
	});
});

describe('who may write where', () => {
	const cases: readonly [string, string, number | undefined, string][] = [
		['FROM scratch', '/tmp', 65534, 'no'],
		['FROM alpine', '/tmp', 65534, 'yes'],
		['FROM scratch\nWORKDIR /data', '/data', 65534, 'no'],
		['FROM scratch\nWORKDIR /data', '/data', 0, 'yes'],
		['FROM scratch\nUSER 65534:65534\nWORKDIR /data', '/data', 65534, 'yes'],
		['FROM scratch\nVOLUME /tmp', '/tmp', 65534, 'no'],
		['FROM alpine AS b\nRUN mkdir -p /rootfs && mkdir -m 1777 /rootfs/tmp\nFROM scratch\nCOPY --from=b /rootfs/ /', '/tmp', 65534, 'yes'],
		['FROM alpine AS b\nFROM scratch\nCOPY --from=b /tmp /tmp', '/tmp', 65534, 'no'],
		['FROM alpine AS b\nRUN mkdir /e\nFROM scratch\nCOPY --from=b --chown=65534:65534 /e /tmp', '/tmp', 65534, 'yes'],
		['FROM alpine\nRUN mkdir /d && chown 5:5 /d', '/d', 5, 'yes'],
		['FROM alpine\nRUN adduser -D -u 5 u && mkdir /d && chown -R u /d', '/d', 5, 'yes'],
		['FROM alpine\nRUN mkdir /d && chmod 777 /d', '/d', 5, 'yes'],
		['FROM alpine\nRUN install -d -m 0700 -o 5 /d', '/d', 5, 'yes'],
		['FROM alpine\nRUN make', '/d', 5, 'unknown'],
	];
	for (const [text, directory, uid, expected] of cases) {
		it(`${JSON.stringify(text)}: ${directory} for ${uid}`, async () =>
			assert.equal(isWritableBy(await lastStage(text), directory, uid), expected));
	}
});

describe('the command of a stage', () => {
	const cases: readonly {
		text: string;
		program: string | undefined;
		path?: string | undefined;
		present?: string;
		files?: Record<string, string>;
	}[] = [
		{ text: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]', program: '/app', path: '/app', present: 'yes', files: { app: '' } },
		{ text: 'FROM scratch\nENTRYPOINT ["/app"]', program: '/app', path: '/app', present: 'no' },
		{ text: 'FROM scratch\nWORKDIR /w\nCOPY app .\nCMD ["./app"]', program: './app', path: '/w/app', present: 'yes', files: { app: '' } },
		{ text: 'FROM scratch\nCOPY app /usr/bin/\nCMD ["app"]', program: 'app', path: '/usr/bin/app', present: 'yes', files: { app: '' } },
		{
			text: 'FROM scratch\nENV PATH=/x\nCOPY app /bin/app\nCMD ["app"]',
			program: 'app',
			path: undefined,
			present: 'no',
			files: { app: '' },
		},
		{
			text: 'FROM alpine\nRUN apk add tini\nCOPY app /app\nENTRYPOINT ["tini", "--"]\nCMD ["/app", "-x"]',
			program: '/app',
			path: '/app',
			present: 'yes',
			files: { app: '' },
		},
		{ text: 'FROM alpine\nENTRYPOINT ["sh", "-c", "exec /app -v"]', program: '/app', path: '/app', present: 'no' },
		{ text: 'FROM alpine\nCMD exec /app', program: '/app', path: '/app', present: 'no' },
		{ text: 'FROM alpine\nCMD /a && /b', program: undefined, present: 'unknown' },
		{ text: 'FROM alpine', program: '/bin/sh', path: '/bin/sh', present: 'yes' },
		{ text: 'FROM alpine AS a\nCMD ["/x"]\nFROM a\nENTRYPOINT ["/y"]', program: '/y', path: '/y', present: 'no' },
		{ text: 'FROM scratch\nENV APP=/a/b\nCOPY f /a/b\nCMD $APP serve', program: '/a/b', path: '/a/b', present: 'yes', files: { f: '' } },
	];
	for (const { text, program, path, present, files } of cases) {
		it(JSON.stringify(text), async () => {
			const started = resolveCommandPath(await lastStage(text, files));
			assert.equal(started?.program, program);
			assert.equal(started?.path, path);
			assert.equal(started?.present, present);
		});
	}

	it('is none where there is none, and unknown where the base is', async () => {
		assert.equal(resolveCommandPath(await lastStage('FROM scratch')), undefined);
		assert.equal((await lastStage('FROM scratch')).commandKnown, true);
		assert.equal((await lastStage('FROM corp/base')).commandKnown, false);
		assert.equal((await lastStage('FROM scratch\nENTRYPOINT ["/a"]\nCMD ["b"]')).command?.value?.form, 'exec');
	});

	it('finds programs as the image holds them', async () => {
		assert.equal(findExecutable(await lastStage('FROM alpine'), 'git'), 'no');
		assert.equal(findExecutable(await lastStage('FROM alpine'), 'wget'), 'unknown');
		assert.equal(findExecutable(await lastStage('FROM alpine\nRUN apk add git'), 'git'), 'yes');
		assert.equal(findExecutable(await lastStage('FROM alpine\nRUN apk add somewhat'), 'git'), 'unknown');
		assert.equal(findExecutable(await lastStage('FROM debian:12-slim'), 'curl'), 'no');
		assert.equal(findExecutable(await lastStage('FROM corp/base'), 'curl'), 'unknown');
	});
});

describe('the stages that ship', () => {
	const cases: readonly { name: string; text: string; targets: (string | number)[]; files?: Record<string, string> }[] = [
		{ name: 'the last one', text: 'FROM golang AS b\nFROM scratch\nCOPY --from=b /x /x', targets: [1] },
		{
			name: 'others with a command of their own',
			text: 'FROM golang AS b\nFROM alpine AS a\nCMD ["/x"]\nFROM scratch AS s\nCMD ["/x"]',
			targets: ['a', 's'],
		},
		{
			name: 'no stage that is built on or copied from',
			text: 'FROM alpine AS a\nCMD ["/x"]\nFROM a AS c\nFROM alpine AS d\nCMD ["/y"]\nFROM c\nCOPY --from=d /y /y',
			targets: [3],
		},
		{ name: 'no stage for tests', text: 'FROM golang AS test\nCMD ["go", "test"]\nFROM scratch\nCMD ["/x"]', targets: [1] },
		{ name: 'no export, not even at the end', text: 'FROM golang AS b\nFROM scratch AS export\nCOPY --from=b /x /', targets: [] },
		{
			name: 'the one that a comment names',
			text: '# go-scratch target=a\nFROM alpine AS a\nCMD ["/x"]\nFROM scratch\nCMD ["/x"]',
			targets: ['a'],
		},
		{
			name: 'the one that compose names',
			text: 'FROM alpine AS a\nCMD ["/x"]\nFROM scratch AS s\nCMD ["/x"]',
			files: { 'compose.yaml': 'services:\n  web:\n    build:\n      context: .\n      target: a\n' },
			targets: ['a'],
		},
		{
			name: 'no stage that a mount of a RUN reads',
			text: 'FROM alpine AS a\nCMD ["/a"]\nFROM alpine\nRUN --mount=from=a,target=/x ls\nCMD ["/b"]',
			targets: [1],
		},
		{
			name: 'no stage that a mount names by its number',
			text: 'FROM alpine\nCMD ["/a"]\nFROM alpine\nRUN --mount=type=bind,from=0,target=/x ls\nCMD ["/b"]',
			targets: [1],
		},
		{
			name: 'no stage that ADD takes from',
			text: 'FROM alpine AS a\nCMD ["/a"]\nFROM alpine\nADD --from=A /x /x\nCMD ["/b"]',
			targets: [1],
		},
		{
			name: 'a stage that a cache is named after',
			text: 'FROM alpine AS a\nCMD ["/a"]\nFROM alpine AS b\nRUN --mount=type=cache,id=a,target=/x ls\nCMD ["/b"]',
			targets: ['a', 'b'],
		},
		{ name: 'no stage on a Windows platform', text: 'FROM --platform=windows/amd64 corp/x\nCMD ["x.exe"]', targets: [] },
		{ name: 'no stage on an image that names Windows', text: 'FROM corp/nanoserver:1\nCMD ["x.exe"]', targets: [] },
		{ name: 'a stage on an image that only ends like one', text: 'FROM corp/mcr.microsoft.com/windows:1\nCMD ["/x"]', targets: [0] },
		{ name: 'no Windows stage', text: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCMD ["x.exe"]', targets: [] },
		{
			name: 'a stage that a variable may choose is used',
			text: 'ARG V=x\nARG K\nFROM alpine AS base-a\nCMD ["/a"]\nFROM alpine AS base-b\nCMD ["/b"]\nFROM base-${K}\nCMD ["/x"]',
			targets: [2],
		},
	];
	for (const { name, text, targets, files } of cases) {
		it(name, async () => {
			const image = await build(text, files);
			assert.deepEqual(
				image.targets.map((state) => state.stage.from.alias?.raw ?? state.stage.index),
				targets,
			);
		});
	}
});

describe('variables and bases', () => {
	it('FROM takes global arguments, stages only those that they declare', async () => {
		const image = await build(
			'ARG V=1.21\nARG BASE=golang:${V}-alpine\nFROM ${BASE} AS b\nENV A=$V\nARG V\nENV B=$V\nFROM b\nENV C=${B}-$V',
		);
		assert.equal(image.stages[0]?.imageReference, 'golang:1.21-alpine');
		assert.equal(image.stages[0]?.environment.get('A')?.value, '');
		assert.equal(image.stages[0]?.environment.get('B')?.value, '1.21');
		assert.equal(image.stages[1]?.environment.get('C')?.value, '1.21-');
		assert.equal(image.stages[1]?.environment.get('GOTOOLCHAIN')?.value, 'local');
		assert.equal(image.stages[1]?.parent, image.stages[0]);
	});

	it('all values of one ENV see the environment before it', async () => {
		const state = await lastStage('FROM scratch\nENV A=1\nENV A=2 B=$A');
		assert.equal(state.environment.get('B')?.value, '1');
	});

	it('COPY --from tells stages, images and mistakes apart', async () => {
		const image = await build(
			'FROM golang AS builder\nFROM scratch\nCOPY --from=builder /a /a\nCOPY --from=bulder /b /b\nCOPY --from=7 /c /c\nCOPY --from=alpine:3.20 /etc/passwd /d\nCOPY --from=corp/x /e /e\nCOPY --from=nginx /f /f',
		);
		assert.deepEqual(
			image.stages[1]?.copies.map((copy) => copy.from.kind),
			['stage', 'missing-stage', 'missing-stage', 'image', 'image', 'image'],
		);
		assert.deepEqual(
			image.stages[1]?.copies.map((copy) => copy.present),
			['no', 'unknown', 'unknown', 'yes', 'unknown', 'unknown'],
		);
	});

	it('every command of a RUN is kept with its words, directory and certainty', async () => {
		const state = await lastStage('FROM alpine\nWORKDIR /a\nARG X=1\nRUN cd b && echo "$X" $Y | cat; test -f z || git describe');
		assert.deepEqual(
			state.ran.map((ran) => [ran.words.join(' '), ran.workingDirectory, ran.certain]),
			[
				['cd b', '/a', true],
				['echo 1', '/a/b', true],
				['cat', '/a/b', true],
				['test -f z', '/a/b', true],
				['git describe', '/a/b', false],
			],
		);
	});
});

describe('any Dockerfile', () => {
	const line = fc.oneof(
		fc.constantFrom(
			'FROM golang:1.22 AS a',
			'FROM a',
			'FROM scratch',
			'FROM $X',
			'COPY . .',
			'COPY --from=a / /',
			'COPY --from=0 /x* /y/',
			'RUN make',
			'WORKDIR x',
			'WORKDIR /',
			'USER a:b',
			'ARG X=1',
			'ENV PATH=$PATH:/x',
			'RUN cd x && go build -o y ./...',
			'RUN rm -rf /',
			'RUN mv / /a',
			'RUN cp -r / /a',
			'RUN ln -s / /l && touch /l/l/l/x',
			'RUN mkdir -p a/../../b',
			'ONBUILD COPY . .',
			'SHELL ["cmd"]',
			'RUN --mount=target=/ ls',
			'RUN --mount=type=cache,target=. go build',
			'ADD x.tar /',
			'VOLUME /',
			'RUN for i in 1 2 3; do for j in 1 2 3; do mkdir $i$j; done; done',
			'RUN <<EOF',
			'EOF',
			'CMD ["a"]',
			'ENTRYPOINT a',
			'RUN sh -c "sh -c \\"mkdir x\\""',
			'RUN chown -R 1 / && chmod -R 7 /',
			'COPY --parents . /z',
			'RUN adduser x && addgroup x y',
		),
		fc.string({ maxLength: 40 }),
		fc
			.tuple(fc.constantFrom('RUN ', 'COPY ', 'FROM ', 'ENV ', 'USER ', 'WORKDIR ', 'ADD ', 'ARG '), fc.string({ maxLength: 40 }))
			.map((parts) => parts.join('')),
	);

	it('is run to its end, and every question about it is answered', () => {
		fc.assert(
			fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
				const image = runBuild(parseDockerfile(lines.join('\n')), { context: undefined, go: undefined });
				for (const state of image.stages) {
					for (const path of ['/', '/x', '/a/b/c', '/etc/passwd']) {
						assert.ok(['yes', 'no', 'unknown'].includes(state.files.has(path)));
						assert.equal(state.files.get(path) !== undefined, state.files.has(path) === 'yes');
					}
					state.files.children('/');
					state.files.builds();
					state.files.copiedFiles();
					resolveCommandPath(state);
					passwdOf(state);
				}
			}),
			{ numRuns: 400 },
		);
	});

	it('takes time in proportion to its length', () => {
		// The bound is far above what these take, and far below what they would if any of it grew with the square of the length.
		const repeat = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, index) => make(index)).join('\n');
		for (const make of [
			(count: number) => `FROM alpine\n${repeat(count, (index) => `RUN touch /f${index} && make`)}`,
			(count: number) =>
				`FROM alpine AS s0\n${repeat(count, (index) => `FROM s${index} AS s${index + 1}\nRUN touch /f${index}\nENV V${index}=1`)}`,
			(count: number) =>
				`FROM alpine AS a\nRUN mkdir /d\n${repeat(count, (index) => `RUN touch /d/f${index}`)}\nFROM scratch\n${repeat(count, (index) => `COPY --from=a / /x${index}`)}`,
			(count: number) => `FROM alpine\nRUN ${repeat(count, (index) => `V${index}=1 &&\\`)}\n true`,
			(count: number) => `FROM alpine\nRUN ${'{ '.repeat(count)}true${'; }'.repeat(count)}`,
			(count: number) => `FROM alpine\nRUN mkdir -p ${'/d'.repeat(count)}`,
			(count: number) =>
				`FROM alpine\n${repeat(count, () => 'RUN for a in 1 2 3 4 5 6 7 8 9 0; do for b in 1 2 3 4 5 6 7 8 9 0; do for c in 1 2 3 4 5 6 7 8 9 0; do touch $a$b$c; done; done; done')}`,
		]) {
			const dockerfile = parseDockerfile(make(1_000));
			runBuild(dockerfile, { context: undefined, go: undefined });
		}
	}).timeout(60_000);
});
