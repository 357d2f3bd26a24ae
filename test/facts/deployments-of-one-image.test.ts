import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const ROOT = '/w';
const BUILD = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\n';
const FINAL = 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n';
const FILES = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nfunc main() {}\n',
	Dockerfile: BUILD + FINAL,
	'one/compose.yaml': 'services:\n  app:\n    build: ..\n    entrypoint: ["/other"]\n',
	'two/compose.yaml': 'services:\n  app:\n    build: ..\n    user: nobody\n',
	'three/compose.yaml':
		'services:\n  app:\n    build:\n      context: ..\n      dockerfile_inline: |\n        FROM golang:1.26\n        COPY . .\n        RUN go build -o /other\n    entrypoint: ["/other"]\n',
};

describe('deployments of one image', () => {
	/** By name, what is reported of it; and how many images were followed. */
	function createReports() {
		const texts = new Map(Object.entries(FILES).map(([name, text]) => [`${ROOT}/${name}`, text]));
		const files = createMemoryFiles(Object.fromEntries(texts));
		let followed = 0;
		const meter = {
			start(name: string) {
				if (name === 'simulation of the build') followed++;
				return () => {};
			},
		};
		const changed = { ...files, readText: async (path: string) => texts.get(path) };
		const analyser = createAnalyser({ files: changed, log: assert.fail, meter });
		return {
			followed: () => followed,
			async of(name: string) {
				const path = `${ROOT}/${name}`;
				const { findings } = await analyser.analyse({ path, text: texts.get(path) ?? '', root: ROOT });
				return findings.map(({ code }) => code);
			},
			change(name: string, text: string) {
				texts.set(`${ROOT}/${name}`, text);
				analyser.invalidate(`${ROOT}/${name}`);
			},
		};
	}

	it('follow it once, each with its own settings', async () => {
		const reports = createReports();
		assert.deepEqual(await reports.of('one/compose.yaml'), ['command-not-in-image']);
		assert.deepEqual(await reports.of('two/compose.yaml'), ['user-mismatch']);
		assert.deepEqual(await reports.of('one/compose.yaml'), ['command-not-in-image']);
		assert.equal(reports.followed(), 1);
	});

	it('follow it again once the Dockerfile has changed', async () => {
		const reports = createReports();
		await reports.of('one/compose.yaml');
		reports.change('Dockerfile', `${BUILD}${FINAL.replace('/app\nENTRY', '/other\nENTRY')}`);
		assert.deepEqual(await reports.of('one/compose.yaml'), []);
	});

	it('do not count for a Dockerfile in a compose file', async () => {
		const reports = createReports();
		assert.deepEqual(await reports.of('one/compose.yaml'), ['command-not-in-image']);
		assert.ok(!(await reports.of('three/compose.yaml')).includes('command-not-in-image'));
		assert.equal(reports.followed(), 2);
	});
});
