import assert from 'node:assert/strict';
import type { Fix } from '../../server/findings/finding.ts';
import { addDebugTarget, addDelveTarget } from '../../server/fixes/debug-target.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { applyEdits } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** Stages to debug an image without a shell. test/images/debug-target.test.ts builds and runs them. */

const BUILD = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\n';

async function fixesOf(dockerfile: string, others: Readonly<Record<string, string>> = {}) {
	const files = createMemoryFiles({
		'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
		'/w/main.go': 'package main\n\nfunc main() {}\n',
		'/w/Dockerfile': dockerfile,
		...others,
	});
	const analyser = createAnalyser({ files, log: assert.fail });
	const { facts, findings } = await analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
	assert.ok(facts);
	const target = facts.targets.at(-1) ?? assert.fail('it ships something');
	const textWith = async (fix: Fix) => {
		const text = applyEdits(dockerfile, fix.edits);
		const { findings: now } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
		assert.deepEqual(
			now.map(({ code }) => code),
			findings.map(({ code }) => code),
			'no finding comes or goes',
		);
		return text;
	};
	return { shell: addDebugTarget(facts, target), delve: addDelveTarget(facts, target), textWith };
}

describe('debug targets', () => {
	const release = 'FROM scratch\nCOPY --from=build /app /srv/app\nENTRYPOINT ["/srv/app"]\nCMD ["serve", "--port=8080"]\n';

	it('leave the image that ships the last one', async () => {
		const { shell, textWith } = await fixesOf(`${BUILD}RUN CGO_ENABLED=0 go build -o /app .\n\n${release}`);
		assert.ok(shell);
		assert.equal(
			await textWith(shell),
			`${BUILD}RUN CGO_ENABLED=0 go build -o /app .\n\n${release.replace('scratch', 'scratch AS release')}
# The image with a shell: docker build --target debug -t debug . && docker run --rm -it --entrypoint sh debug
FROM release AS debug
COPY --from=busybox:1.37.0-musl /bin/ /bin/

# What a build without --target makes: the image above.
FROM release
`,
		);
	});

	it('build the program for the debugger, and start it with its arguments', async () => {
		const { delve, textWith } = await fixesOf(
			`${BUILD}RUN --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -trimpath -ldflags='-s -X main.v=1 -w' -o /app .\n\n${release}`,
		);
		assert.ok(delve);
		const text = await textWith(delve);
		assert.ok(
			text.includes(`FROM build AS build-debug
RUN CGO_ENABLED=0 GOBIN=/usr/local/bin go install github.com/go-delve/delve/cmd/dlv@v1.26.2
RUN --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -gcflags="all=-N -l" -ldflags='-X main.v=1 ' -o /app .

FROM release AS debug-delve
COPY --from=build-debug /usr/local/bin/dlv /dlv
COPY --from=build-debug /app /srv/app
`),
		);
		assert.ok(text.includes('"--accept-multiclient", "/srv/app", "--", "serve", "--port=8080"]'), text);
		const [[path, launch] = []] = [...(delve.create ?? [])];
		assert.equal(path, '/w/.vscode/launch.json');
		assert.deepEqual(JSON.parse(launch ?? '').configurations[0].substitutePath, [{ from: `\${workspaceFolder}`, to: '/src' }]);
	});

	it('stand above a last FROM that names the image that ships, one after the other', async () => {
		const first = await fixesOf(`${BUILD}RUN CGO_ENABLED=0 go build -o /app .\n\n${release}`);
		assert.ok(first.delve);
		const second = await fixesOf(await first.textWith(first.delve));
		assert.equal(second.delve, undefined, 'it is there');
		assert.ok(second.shell);
		const text = await second.textWith(second.shell);
		assert.equal(text.match(/^FROM release$/gm)?.length, 1);
		assert.ok(text.indexOf('AS debug\n') > text.indexOf('AS debug-delve'));
		assert.ok(text.endsWith('FROM release\n'));
	});

	for (const [why, dockerfile] of [
		['the image has a shell', `${BUILD}RUN go build -o /app .\nFROM debian:bookworm\nCOPY --from=build /app /app\nCMD ["/app"]\n`],
		['a stage has the name', `${BUILD}RUN go build -o /app .\nFROM alpine AS debug\n${release}`],
	] as const) {
		it(`are not offered where ${why}`, async () => assert.equal((await fixesOf(dockerfile)).shell, undefined));
	}

	it('are written in the style of the file, and not behind an escape at its end', async () => {
		const lower = 'from golang:1.26 as build\nworkdir /src\ncopy . .\nrun CGO_ENABLED=0 go build -o /app .\n';
		const { shell, textWith } = await fixesOf(`${lower}from scratch\ncopy --from=build /app /app\ncmd ["/app"] \\\n`);
		assert.ok(shell);
		const text = await textWith(shell);
		assert.ok(text.includes('\nfrom scratch as release\n') && text.includes('\ncmd ["/app"]\n\n# The image with a shell'), text);
		assert.doesNotMatch(text, /^(?:FROM|COPY)/m);
	});

	it('do not take the name of another stage', async () => {
		const { delve } = await fixesOf(`${BUILD}RUN CGO_ENABLED=0 go build -o /app .\nFROM alpine AS build-debug\n${release}`);
		assert.equal(delve, undefined);
	});

	it('put no variable of the editor into a launch configuration', async () => {
		const hostile = `FROM golang:1.26 AS build\nWORKDIR "/src/\\\${command:x}"\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n${release}`;
		const { delve } = await fixesOf(hostile);
		for (const text of delve?.create?.values() ?? []) assert.doesNotMatch(text.replaceAll('${workspaceFolder}', ''), /\$\{/);
	});

	it('name the launch.json that they write, or the one that gets an entry', async () => {
		const dockerfile = `${BUILD}RUN CGO_ENABLED=0 go build -o /app .\n${release}`;
		const fresh = await fixesOf(dockerfile);
		assert.equal(fresh.delve?.title, 'Add a debug target with Delve, and .vscode/launch.json');
		const { delve } = await fixesOf(dockerfile, { '/w/.vscode/launch.json': '{}' });
		assert.equal(delve?.title, 'Add a debug target with Delve, and an entry in .vscode/launch.json');
		assert.equal(delve.create, undefined);
		const { configurations } = JSON.parse([...(fresh.delve?.create?.values() ?? [])][0] ?? '');
		assert.deepEqual([...(delve.launch ?? [])], [['/w/.vscode/launch.json', configurations[0]]]);
	});

	it('name none where the paths of the program are not known', async () => {
		const elsewhere = {
			'/w/go.mod': '',
			'/w/sub/go.mod': 'module example.com/app\n',
			'/w/sub/main.go': 'package main\n\nfunc main() {}\n',
		};
		const files = { ...elsewhere, '/w/compose.yaml': 'services:\n  app:\n    build: {context: sub, dockerfile: ../Dockerfile}\n' };
		const { delve } = await fixesOf(`${BUILD}RUN CGO_ENABLED=0 go build -o /app .\n${release}`, files);
		assert.equal(delve?.title, 'Add a debug target with Delve');
		assert.equal(delve.create ?? delve.launch, undefined);
	});
});
