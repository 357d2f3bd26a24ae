import assert from 'node:assert/strict';
import { mayBeCompose } from '../server/deployments/compose/files.ts';
import { repositoryOf } from '../server/deployments/image-names.ts';
import { expandExpressions, expandNames } from '../server/image/context/declared-builds/names.ts';
import { isPublicImage } from '../server/knowledge/public-images.ts';
import { createAnalyser } from '../server/lint/analyse.ts';
import { readCgoDirectives } from '../server/program/cgo-directives.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';

/** Runs of one character in files of a repository, which a regular expression may read in the square of their length. */

const LENGTH = 100_000;

/** In microseconds: what is read once takes a hundredth of it, what is read in the square of its length ten times as much. */
const MOST = 3_000_000;

const BLANKS = ' '.repeat(LENGTH);
const LINES = '\n'.repeat(LENGTH);

async function assertQuick(read: () => unknown): Promise<void> {
	const before = process.cpuUsage();
	await read();
	const { user } = process.cpuUsage(before);
	assert.ok(user < MOST, `it takes ${(user / 1e6).toFixed(1)} s`);
}

describe('a long run of one character does not hold up the reader of', function () {
	this.timeout(600_000);

	const readers: Readonly<Record<string, () => unknown>> = {
		'YAML files that may be compose files': () => mayBeCompose('/w/x.yaml', `services:${LINES}x`),
		'the arguments of #cgo': () => readCgoDirectives(`//#cgo${BLANKS}x\n//${BLANKS}x\nimport "C"\n`),
		'expressions of workflows': () => expandExpressions([`\${{${BLANKS}x`], new Map()),
		'variables in names': () => expandNames([`\${a${'-'.repeat(LENGTH)}`], new Map()),
		'names of images': () => [isPublicImage(`${'@'.repeat(LENGTH)}\n`), repositoryOf(`${'@'.repeat(LENGTH)}\n`)],
	};
	for (const [name, read] of Object.entries(readers)) it(name, () => assertQuick(read));

	const others: Readonly<Record<string, readonly [name: string, text: string, dockerfile?: string]>> = {
		makefiles: ['Makefile', `all:\n\tgo build -o /app\na${BLANKS}=\nb=x${BLANKS}x\n`, 'RUN make all\n'],
		'patterns of Git': ['.gitignore', `x${BLANKS.slice(LENGTH / 2)}x\n`],
		'scripts that build images': ['build.sh', `docker build .\n${LINES}x`],
		'the text of a health check': ['none', '', `HEALTHCHECK CMD /app${BLANKS}x >${BLANKS}x\n`],
	};
	for (const [name, [file, text, instruction = '']] of Object.entries(others)) {
		it(name, async () => {
			const dockerfile = `FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n${instruction}CMD ["/app"]\n`;
			const files = createMemoryFiles({
				'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
				'/w/main.go': 'package main\n\nfunc main() {}\n',
				'/w/Dockerfile': dockerfile,
				'/w/k8s.yaml': 'kind: Pod\napiVersion: v1\nmetadata: {name: app}\nspec: {containers: [{name: app, image: example.com/app}]}\n',
				[`/w/${file}`]: text,
			});
			const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
			await assertQuick(() => analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' }));
		});
	}
});
