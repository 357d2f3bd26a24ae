import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const FILES = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/main.go': 'package main\n\nfunc main() {}\n',
	'/w/.dockerignore': '.git\n',
};

/** Whether the fix of `code` is preferred where the lines end the Dockerfile. */
async function isPreferred(code: string, lines: string): Promise<boolean | undefined> {
	const build = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app .\n';
	const text = `${build}\nFROM debian:bookworm-slim\nCOPY --from=build /app /app\n${lines}\nENTRYPOINT ["/app"]\n`;
	const { findings } = await createAnalyser({ files: createMemoryFiles(FILES), log: assert.fail }).analyse({
		path: '/w/Dockerfile',
		text,
		root: '/w',
	});
	const finding = findings.find((each) => each.code === code);
	assert.ok(finding, `${code} is reported`);
	return (await finding.fixes())[0]?.preferred;
}

describe('a fix of USER', () => {
	it('is preferred where no group is used', async () => {
		assert.equal(await isPreferred('user-without-group', 'USER 1001'), true);
		assert.equal(await isPreferred('non-numeric-user', 'RUN useradd -u 1000 app\nUSER app'), true);
	});

	it('is not preferred where a directory belongs to the group of root', async () => {
		assert.equal(await isPreferred('user-without-group', 'RUN mkdir /data && chgrp -R 0 /data && chmod -R g=u /data\nUSER 1001'), false);
		assert.equal(await isPreferred('user-without-group', 'COPY --chown=0:0 main.go /x\nUSER 1001'), false);
	});

	it('is not preferred where the user is in further groups', async () => {
		assert.equal(await isPreferred('non-numeric-user', 'RUN groupadd -g 999 docker && useradd -u 1000 -G docker app\nUSER app'), false);
		assert.equal(await isPreferred('non-numeric-user', 'RUN useradd -u 1000 app && adduser app staff\nUSER app'), false);
	});
});
