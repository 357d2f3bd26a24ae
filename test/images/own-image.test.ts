import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executablePath, ownMachine, packageExecutables } from '../../scripts/executable.ts';
import { inProject } from '../../scripts/project.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { pictureOf } from '../../server/picture/picture.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { NEWEST, prepareBases } from './bases.ts';
import { build, docker, hasImage, run } from './engine.ts';
import { exportedFiles, pictureDifferences } from './exported.ts';
import { isAsked } from './only.ts';
import { inDirectory, type Tree } from './prove.ts';

/** The image of go-scratch itself: built, and run on a project as its comment says. */

const DOCKERFILE = 'docker/go-scratch.Dockerfile';

/** The files that it is built from. */
const LICENSES = ['LICENSE', 'dist/go-scratch-linux.LICENSE-of-node.txt'];

const PROJECT: Tree = new Map([
	['go.mod', 'module example.com/app\n\ngo 1.26\n'],
	['main.go', 'package main\n\nimport "os"\n\nfunc main() { os.CreateTemp("", "x") }\n'],
	[
		'Dockerfile',
		'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]\n',
	],
	['.dockerignore', '.git\n'],
]);

describe('the image of go-scratch', function () {
	this.timeout(900_000);
	const machine = ownMachine();

	before(async function () {
		if (machine === undefined || !isAsked('the image of go-scratch') || !(await hasImage(`golang:${NEWEST}`))) return this.skip();
		try {
			await packageExecutables([machine]);
		} catch (error) {
			console.log(`      Skipped: the executable could not be made: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
			this.skip();
		}
	});

	it('holds what the picture says, and checks a project that it may only read, as a user that is not root', async () => {
		const text = readFileSync(inProject(DOCKERFILE), 'utf8');
		const executable = `dist/go-scratch-linux-${machine}`;
		const stands = (await (await prepareBases()).standsFor(text)).images;
		assert.equal(stands.size, 1, 'the base image is known');
		await inDirectory(new Map(), async (context) => {
			for (const path of [DOCKERFILE, `${DOCKERFILE}.dockerignore`, ...LICENSES, executable]) {
				mkdirSync(dirname(join(context, path)), { recursive: true });
				copyFileSync(path === executable && machine !== undefined ? executablePath(machine) : inProject(path), join(context, path));
			}
			const { code, output, image } = await build({ context, dockerfile: DOCKERFILE, stands });
			assert.equal(code, 0, output);
			const differences = [...pictureDifferences(await picture(text), await exportedFiles(image), true)];
			assert.deepEqual(differences, []);
			assert.equal((await docker(['image', 'inspect', '--format={{.Config.User}}', image])).output.trim(), '65534:65534');
			await inDirectory(PROJECT, async (project) => {
				chmodSync(project, 0o755);
				const options = ['--read-only', '--cap-drop=ALL', `--volume=${project}:/work:ro`];
				const checked = await run(image, options, 'none', ['check']);
				assert.match(checked.output, /^Dockerfile:6:1 error missing-tmp .*\n1 finding \(1 error\) in 1 Dockerfile\./);
				assert.equal(checked.code, 1);
				const shown = await run(image, options, 'none', ['show']);
				assert.match(shown.output, /^Dockerfile \(stage 1\)\nscratch · /);
				assert.equal(shown.code, 0);
			});
		});
	});
});

async function picture(text: string) {
	const path = `/w/${DOCKERFILE}`;
	const ignored = readFileSync(inProject(`${DOCKERFILE}.dockerignore`), 'utf8');
	const there = Object.fromEntries([...LICENSES, `dist/go-scratch-linux-${ownMachine()}`].map((name) => [`/w/${name}`, '']));
	const files = createMemoryFiles({ ...there, '/w/.git/HEAD': '', [path]: text, [`${path}.dockerignore`]: ignored });
	const { facts, findings } = await createAnalyser({ files }).analyse({ path, text, root: '/w' });
	const [target] = facts?.targets ?? [];
	assert.ok(facts && target);
	assert.deepEqual(findings, []);
	return pictureOf(facts, target, findings);
}
