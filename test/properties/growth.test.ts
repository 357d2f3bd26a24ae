import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { ROOT, WORKSPACES } from './workspaces.ts';

/**
 * Time grows with the size of the Dockerfile and not with its square. What is measured is processor time, of the best of several runs;
 * four times the size may take ten times as long, where a square would take sixteen.
 */

const SIZE = 150;
const TIMES = 4;
const MOST = 10;
/** In milliseconds; what is quicker than this is not measured, and not slow either. */
const QUICK = 200;

const BUILD = 'FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\n';
const SHIP = 'RUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n';

const repeat = (count: number, line: (index: number) => string, separator = '\n') =>
	Array.from({ length: count }, (_, index) => line(index)).join(separator) + (separator === '\n' ? '\n' : '');
const before = (index: number) => (index === 0 ? 'build' : `s${index - 1}`);

const SHAPES: Readonly<Record<string, (count: number) => string>> = {
	'stages that build on one another': (count) => BUILD + repeat(count, (index) => `FROM ${before(index)} AS s${index}`),
	'stages that build on one another and set variables': (count) =>
		BUILD + repeat(count, (index) => `FROM ${before(index)} AS s${index}\nENV V${index}=1`),
	'stages that build on one another and run commands': (count) =>
		BUILD + repeat(count, (index) => `FROM ${before(index)} AS s${index}\nRUN mkdir -p /d && touch /d/f`),
	'stages that build on one another and write to a directory of many files': (count) =>
		`${BUILD}RUN touch ${repeat(count * 2, (index) => `/d/f${index}`, ' ')}\n${repeat(count, (index) => `FROM ${before(index)} AS s${index}\nRUN touch /d/g${index}`)}`,
	'stages that copy from one another': (count) =>
		`${BUILD}RUN go build -o /app .\n${repeat(count, (index) => `FROM scratch AS s${index}\nCOPY --from=${before(index)} /app /app`)}`,
	'stages that ship': (count) => BUILD + repeat(count / 2, () => 'FROM scratch\nCOPY --from=build /app /app\nCMD /app'),
	'stages of one name': (count) => repeat(count, () => 'FROM golang:1.22 AS s\nRUN go build -o /app .'),
	builds: (count) => `${BUILD}${repeat(count, (index) => `RUN go build -o /app${index} .`)}${SHIP}CMD ["/app"]\n`,
	'builds in one RUN': (count) => `${BUILD}RUN ${repeat(count, (index) => `go build -o /app${index} .`, ' && ')}\n${SHIP}CMD ["/app"]\n`,
	copies: (count) => `${BUILD}${SHIP}${repeat(count, (index) => `COPY --from=build /x${index} /y${index}`)}CMD ["/app"]\n`,
	'commented instructions': (count) => `${BUILD}${repeat(count, (index) => `# why\nCOPY go.mod /x${index}\n`)}${SHIP}CMD /app\n`,
	'silenced builds': (count) => `${BUILD}${repeat(count, () => '# go-scratch ignore=unstripped-binary\nRUN go build -o /app .')}${SHIP}`,
	'commands without a shell': (count) => `${BUILD}${SHIP}${repeat(count, (index) => `RUN mkdir /d${index}`)}CMD ["/app"]\n`,
	'health checks': (count) => `${BUILD}${SHIP}${repeat(count, () => 'HEALTHCHECK CMD curl localhost')}CMD ["/app"]\n`,
	variables: (count) => `${BUILD}${repeat(count, (index) => `ENV V${index + 1}=$V${index}`)}${SHIP}CMD ["/app"]\n`,
	arguments: (count) => `${repeat(count, (index) => `ARG V${index}=1`)}${BUILD}${repeat(count, (index) => `ARG V${index}`)}${SHIP}`,
	branches: (count) => `${BUILD}${repeat(count, (index) => `RUN if [ "$X" ]; then A=1; go build -o /app${index} .; fi`)}${SHIP}`,
	'items of a command': (count) => `${BUILD}${SHIP}CMD [${repeat(count * 4, () => "'a'", ', ')}]\n`,
	'unknown names': (count) => repeat(count, (index) => `FROM \${B${index}} AS x${index}\nCOPY --from=$Y /a /b`),
};

async function measure(text: string): Promise<number> {
	const analyser = createAnalyser({
		files: createMemoryFiles(
			Object.fromEntries(Object.entries(WORKSPACES.everything ?? {}).map(([path, each]) => [`${ROOT}/${path}`, each])),
		),
		log: (message) => assert.fail(message),
	});
	const path = `${ROOT}/Dockerfile`;
	// The Go program is read once, and not measured.
	await analyser.analyse({ path, text: `${BUILD}${SHIP}`, root: ROOT });
	const start = process.cpuUsage();
	await analyser.analyse({ path, text, root: ROOT });
	const { user, system } = process.cpuUsage(start);
	return (user + system) / 1000;
}

describe('time grows with the size', function () {
	// A loaded machine is no failure.
	this.timeout(120_000);

	for (const [name, shape] of Object.entries(SHAPES)) {
		it(`of a Dockerfile with many ${name}`, async () => {
			const small = shape(SIZE);
			const large = shape(SIZE * TIMES);
			let least = Number.POSITIVE_INFINITY;
			let most = Number.POSITIVE_INFINITY;
			for (let attempt = 0; attempt < 8; attempt++) {
				most = Math.min(most, await measure(large));
				if (most < QUICK) return;
				least = Math.min(least, await measure(small));
				if (most < MOST * least) return;
			}
			assert.fail(`${SIZE} take ${least.toFixed(0)} ms and ${SIZE * TIMES} take ${most.toFixed(0)} ms`);
		});
	}
});
