import assert from 'node:assert/strict';
import { moves } from '../../server/fixes/move-image.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { applyEdits } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** What a move to another image loses. Moves without a loss are built and run where there is a Docker engine (test/fixtures/working). */

const SERVER = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n';

const build = (command: string) => `FROM golang:1.26 AS build\nARG CGO\nWORKDIR /src\nCOPY . .\nRUN ${command}\n`;
const BUILD = build('CGO_ENABLED=0 go build -o /app');

async function moved(dockerfile: string, main = SERVER) {
	const files = createMemoryFiles({ '/w/go.mod': 'module example.com/app\n\ngo 1.26\n', '/w/main.go': main, '/w/Dockerfile': dockerfile });
	const { facts } = await createAnalyser({ files, log: assert.fail }).analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
	assert.ok(facts);
	const [target] = facts.targets;
	const [move] = target === undefined ? [] : moves(facts, target);
	return move && { text: applyEdits(dockerfile, move.edits), losses: move.losses ?? [], preferred: move.preferred };
}

describe('a move to scratch', () => {
	const copied = 'COPY --from=build /app /app\n';
	for (const [what, dockerfile, losses] of [
		['nothing', `${BUILD}FROM debian:bookworm-slim\n${copied}CMD ["/app"]\n`, []],
		[
			'the C library that the program may be linked against',
			`${build('CGO_ENABLED=$CGO go build -o /app')}FROM debian:bookworm-slim\n${copied}CMD ["/app"]\n`,
			['/app may be linked against the C library of the old image'],
		],
		[
			'the groups of a user',
			`${BUILD}FROM debian:bookworm-slim\nRUN groupadd -g 999 docker && useradd -u 1000 -G docker app\n${copied}USER app\nCMD ["/app"]\n`,
			['RUN adds the user to groups'],
		],
		[
			'a program in front of it',
			`${BUILD}FROM debian:bookworm-slim\n${copied}ENTRYPOINT ["wrapper"]\nCMD ["/app"]\n`,
			['ENTRYPOINT in line 8 starts wrapper, which scratch does not contain'],
		],
		[
			'a file that a RUN writes besides a package',
			`${BUILD}FROM alpine:3.22\nRUN apk add --no-cache ca-certificates && echo x > /etc/app.conf\n${copied}CMD ["/app"]\n`,
			['line 7 makes /etc/app.conf'],
		],
		[
			'a file under a name that is not known',
			`${BUILD}FROM alpine:3.22\nARG F\nRUN echo x > $F || true\n${copied}CMD ["/app"]\n`,
			['line 8 makes $F'],
		],
		['packages', `${BUILD}FROM alpine:3.22\nRUN apk add tini jq tzdata\n${copied}CMD ["/app"]\n`, ['line 7 installs tini, jq']],
	] as const) {
		it(`loses ${what}`, async () => {
			const move = await moved(dockerfile);
			assert.deepEqual(move?.losses, losses);
			assert.equal(move?.preferred, losses.length === 0);
		});
	}

	it('knows that a program without C code is static, whether cgo is on or not', async () => {
		const main = 'package main\n\nfunc main() { println("hello") }\n';
		const move = await moved(`${build('CGO_ENABLED=$CGO go build -o /app')}FROM debian:bookworm-slim\n${copied}CMD ["/app"]\n`, main);
		assert.deepEqual(move?.losses, []);
	});

	it('writes an array that is none as the array that was meant', async () => {
		const move = await moved(`${BUILD}FROM debian:bookworm-slim\n${copied}CMD ['/app', '-v']\n`);
		assert.ok(move?.text.endsWith('\nCMD ["/app", "-v"]\n'), move?.text);
	});

	it('is not offered for a dynamic program', async () => {
		assert.equal(await moved(`${build('CGO_ENABLED=1 go build -o /app')}FROM debian:bookworm-slim\n${copied}CMD ["/app"]\n`), undefined);
	});

	it('gives a user whose numbers are not known those of nobody, and the directories with it', async () => {
		const user = 'ARG OPTIONS\nRUN useradd $OPTIONS app && mkdir /data && chown app /data\n';
		const move = await moved(`${BUILD}FROM debian:bookworm-slim\n${user}${copied}USER app\nCMD ["/app"]\n`);
		assert.ok(move);
		assert.ok(move.text.includes('echo "app:x:65534:65534:app:/:"'), move.text);
		assert.ok(move.text.includes('--chown=65534:65534 /writable/ /'), move.text);
	});
});
