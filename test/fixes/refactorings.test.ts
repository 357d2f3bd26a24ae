import assert from 'node:assert/strict';
import { refactorings } from '../../server/fixes/refactorings.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** The actions that a person may want without a finding, by the place at which the editor asks. */

const BUILD = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n';

/** Needs CA certificates and time zone data. */
const NEEDING = `package main

import (
	"net/http"
	"os"
	"time"
)

func main() {
	http.Get("https://example.com")
	time.LoadLocation(os.Args[1])
}
`;

async function titlesAt(dockerfile: string, at: string, length = 0, program = NEEDING): Promise<string[]> {
	const files = createMemoryFiles({
		'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
		'/w/main.go': program,
		'/w/Dockerfile': dockerfile,
	});
	const { facts } = await createAnalyser({ files, log: assert.fail }).analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
	assert.ok(facts);
	const start = dockerfile.indexOf(at);
	assert.ok(start >= 0);
	return refactorings(facts, { start, end: start + length }).map(({ title, preferred }) => `${title}${preferred ? '!' : ''}`);
}

const ROOTS = 'Copy CA certificates into this stage';
const NOBODY = 'Run as nobody (USER 65534:65534)';
const ZONES = 'Embed time zone data (-tags timetzdata)';
const MOVES = ['Move this image to scratch!', 'Move this image to distroless/static!'];
const SHELL = 'Add a debug target with a shell';
const DELVE = 'Add a debug target with Delve, and .vscode/launch.json';
const SPLIT = 'Split into build and scratch stages';

describe('actions without a finding', () => {
	for (const [name, dockerfile, at, expected] of [
		[
			'on a final stage',
			`${BUILD}FROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n`,
			'FROM scratch',
			[ROOTS, NOBODY, ZONES, SHELL, DELVE],
		],
		['on its COPY', `${BUILD}FROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n`, 'COPY --from', [ROOTS, NOBODY, ZONES]],
		['on the stage that builds', `${BUILD}FROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n`, 'WORKDIR', []],
		[
			'on a final stage with a user',
			`${BUILD}FROM scratch\nCOPY --from=build /app /app\nUSER 5:5\nCMD ["/app"]\n`,
			'FROM scratch',
			[ROOTS, ZONES, SHELL, DELVE],
		],
		[
			'on a final stage that runs as root',
			`${BUILD}FROM alpine\nCOPY --from=build /app /app\nUSER root\nCMD ["/app"]\n`,
			'FROM alpine',
			[NOBODY, ZONES, ...MOVES, DELVE],
		],
		[
			'on a command in shell form',
			`${BUILD}FROM alpine\nCOPY --from=build /app /app\nUSER 5:5\nCMD /app -v\n`,
			'CMD',
			['Convert to exec form', ZONES],
		],
		[
			'on an entrypoint in shell form',
			`${BUILD}FROM alpine\nCOPY --from=build /app /app\nUSER 5:5\nENTRYPOINT /app\n`,
			'ENTRYPOINT',
			['Convert to exec form', ZONES],
		],
		['on a command that needs a shell', `${BUILD}FROM alpine\nCOPY --from=build /app /app\nUSER 5:5\nCMD /app && x\n`, 'CMD', [ZONES]],
		['on a command in exec form', `${BUILD}FROM alpine\nCOPY --from=build /app /app\nUSER 5:5\nCMD ["/app"]\n`, 'CMD', [ZONES]],
		['on one stage', `${BUILD.replace(' AS build', '')}CMD ["/app"]\n`, 'FROM', [NOBODY, ZONES, SPLIT, DELVE]],
	] as const) {
		it(name, async () => assert.deepEqual(await titlesAt(dockerfile, at), expected));
	}

	it('are those of the first instruction that the range touches', async () => {
		const text = `${BUILD}\n\nFROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n`;
		const whole = [ROOTS, NOBODY, ZONES, SHELL, DELVE];
		assert.deepEqual(await titlesAt(text, '\nFROM scratch'), [], 'an empty line');
		assert.deepEqual(await titlesAt(text, '\nFROM scratch', 1), whole, 'up to the first character');
		assert.deepEqual(await titlesAt(text, '\nCOPY --from'), whole, 'at the end of a line');
		assert.deepEqual(await titlesAt(text, 'CMD', 20), [ROOTS, NOBODY, ZONES], 'to the end');
		assert.deepEqual(await titlesAt(text, 'FROM golang', text.length), [], 'all of it');
	});

	it('are not offered for what the program is known not to need', async () => {
		const text = `${BUILD}FROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n`;
		assert.deepEqual(await titlesAt(text, 'FROM scratch', 0, 'package main\n\nfunc main() {}\n'), [NOBODY, SHELL, DELVE]);
		const unread = 'package main\n\nimport "example.com/not/there"\n\nfunc main() { there.Do() }\n';
		const nobody = `${NOBODY}: module example.com/not/there could not be read`;
		assert.deepEqual(await titlesAt(text, 'FROM scratch', 0, unread), [ROOTS, nobody, ZONES, SHELL, DELVE], 'an unread module may need it');
	});
});
