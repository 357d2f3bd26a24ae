import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { rule } from '../../server/rules/entrypoint-not-in-image.ts';
import { applyEdits } from '../../server/text/text.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const TEXTS = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/main.go': 'package main\n\nfunc main() {}\n',
	'/w/entrypoint.sh': '#!/bin/sh\nexec /app\n',
	'/w/bin/tool': 'a program',
};

/** Files of which none has a right to be executed, as far as that is known. */
function filesWith(executable: boolean | undefined): Files {
	const files = createMemoryFiles(TEXTS);
	return {
		...files,
		async status(path) {
			const found = await files.status(path);
			return found && { ...found, ...(executable !== undefined && { executable }) };
		},
	};
}

async function check(final: string, executable: boolean | undefined) {
	const text = `FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM alpine:3.22\nCOPY --from=build /app /app\n${final}`;
	const analyser = createAnalyser({ files: filesWith(executable), rules: [rule], log: (message) => assert.fail(message) });
	const { findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
	return {
		messages: findings.map(({ message }) => message),
		fixed: (await Promise.all(findings.map((finding) => finding.fixes())))
			.flat()
			.map(({ edits }) => applyEdits(text, edits).slice(-final.length - 12)),
	};
}

const COPY = 'COPY entrypoint.sh /entrypoint.sh\n';
const START = 'ENTRYPOINT ["/entrypoint.sh"]\n';

describe('a copied file that the container starts', () => {
	it('is reported where it is not executable', async () => {
		const { messages, fixed } = await check(`${COPY}${START}`, false);
		assert.match(messages.join(), /^\/entrypoint\.sh is not executable: .*permission denied/);
		assert.deepEqual(fixed, [`COPY --chmod=755 entrypoint.sh /entrypoint.sh\n${START}`]);
	});

	it('is reported as well where it is a program, and where it comes with others, which keep their modes', async () => {
		const program = await check('COPY bin/tool /tool\nENTRYPOINT ["/tool"]\n', false);
		assert.match(program.messages.join(), /^\/tool is not executable/);
		const several = await check('COPY entrypoint.sh go.mod /\nENTRYPOINT ["/entrypoint.sh"]\n', false);
		assert.match(several.messages.join(), /^\/entrypoint\.sh is not executable/);
		assert.deepEqual(several.fixed, []);
	});

	it('is not reported where it is executable, or where that is not known', async () => {
		for (const executable of [true, undefined]) assert.deepEqual((await check(`${COPY}${START}`, executable)).messages, []);
	});

	it('is not reported where its mode is changed, or may be', async () => {
		assert.deepEqual((await check(`COPY --chmod=0755 entrypoint.sh /entrypoint.sh\n${START}`, false)).messages, []);
		assert.deepEqual((await check(`${COPY}RUN chmod +x /entrypoint.sh\n${START}`, false)).messages, []);
		assert.deepEqual((await check(`${COPY}RUN ./prepare\n${START}`, false)).messages, []);
	});

	it('is reported where a mode is given that nobody executes', async () => {
		assert.equal((await check(`COPY --chmod=644 entrypoint.sh /entrypoint.sh\n${START}`, undefined)).messages.length, 1);
	});
});
