import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FILES_THAT_MATTER, isReadFor, mayDeclareBuild, mayHoldRecipe } from '../../server/knowledge/files-that-matter.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { findSettingsFile } from '../../server/lint/settings.ts';
import { watchedFiles } from '../../server/lsp/watched-files.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { dockerfileOf, inputsOf, ROOT } from '../support/goldens.ts';
import { parseArchive } from '../support/txtar.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

/** One file for each purpose, in a workspace where it is read. */
const WORKSPACE: Readonly<Record<string, string>> = {
	'app/Dockerfile': `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN ./scripts/get.sh
RUN go build -o /app

FROM scratch
COPY --from=build /app /app
COPY bin/tool /tool
CMD ["/tool"]
`,
	'go.work': 'go 1.26\n\nuse ./app\n',
	'.go-scratch.json': '{}',
	'skaffold.yaml': 'build: {}\n',
	'docker-bake.hcl': '',
	'docker-bake.ci.json': '{}',
	'docker-compose.override.yml': 'services: {}\n',
	'.github/workflows/ci.yml': 'jobs: {}\n',
	'app/compose-dev.yaml': 'services: {}\n',
	'app/bin/tool': '\0',
	'app/go.mod': 'module example.com/tool\n\ngo 1.26\n',
	'app/main.go': 'package main\n\nimport "time"\n\nfunc main() { time.LoadLocation("Europe/Berlin") }\n',
	'app/vendor/modules.txt': '# example.com/x v1.0.0\n',
	'app/.dockerignore': '.git\n',
	'app/Makefile': 'all:\n',
	'app/rules.mk': 'all:\n',
	'app/Taskfile.yml': 'tasks: {}\n',
	'app/Justfile': 'all:\n',
	'app/.goreleaser.yaml': 'builds: []\n',
	'app/build.sh': 'go build\n',
	'app/magefile.go': '//go:build mage\n\npackage main\n',
	'app/scripts/get.sh': 'go mod download\n',
};

/** The paths below the workspace whose text is asked for while the Dockerfile is analysed. */
async function pathsRead(texts: Readonly<Record<string, string>>, dockerfile: string): Promise<string[]> {
	const memory = createMemoryFiles(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${ROOT}/${name}`, text])));
	const read = new Set<string>();
	const files: Files = {
		...memory,
		readText(path) {
			if (path.startsWith(`${ROOT}/`)) read.add(path.slice(ROOT.length + 1));
			return memory.readText(path);
		},
	};
	const path = `${ROOT}/${dockerfile}`;
	await createAnalyser({ files, rules: [] }).analyse({ path, text: texts[dockerfile] ?? '', root: ROOT });
	await findSettingsFile(files, path, ROOT);
	read.delete(dockerfile);
	return [...read];
}

/** Whether a client that was asked to tells of a change of the file's text. */
function isWatched(path: string): boolean {
	return FILES_THAT_MATTER.some((pattern) => {
		const expression = pattern
			.replaceAll('.', '\\.')
			.replaceAll('*', '[^/]*')
			.replace(/\{(.*?)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
		return new RegExp(`(?:^|/)${expression}$`).test(path);
	});
}

describe('the files that matter', () => {
	it('are all that a workspace is read for, and each of them is read', async () => {
		const read = await pathsRead(WORKSPACE, 'app/Dockerfile');
		assert.deepEqual(
			read.filter((path) => !isWatched(path)),
			// Of what is copied under the name of a program only that it is there is watched; it is read because a script is not the program.
			['app/bin/tool'],
		);
		assert.deepEqual(
			Object.keys(WORKSPACE).filter((name) => !read.includes(name)),
			['app/Dockerfile'],
		);
	});

	it('are all that the archives of the rules are read for', async () => {
		const names = readdirSync(`${FIXTURES}/rules`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txtar'));
		const unwatched = new Set<string>();
		for (const name of names) {
			const archive = parseArchive(readFileSync(`${FIXTURES}/rules/${name}`, 'utf8'));
			const dockerfile = dockerfileOf(archive).name;
			const texts = Object.fromEntries(inputsOf(archive).map((file) => [file.name, file.text]));
			for (const path of await pathsRead(texts, dockerfile)) if (!isWatched(path)) unwatched.add(path);
		}
		assert.ok(names.length > 100);
		// What is copied under the name of a program has a name without a dot, as above.
		assert.deepEqual(
			[...unwatched].filter((path) => /[.A-Z]/.test(path.replace(/^.*\//, ''))),
			[],
		);
	});

	it('are watched by patterns that every client takes', () => {
		for (const { globPattern } of watchedFiles()) {
			assert.ok(typeof globPattern === 'string');
			assert.match(globPattern, /^\*\*\/[^{}]*(?:\{[^{}*?]*\}[^{}]*)*$/);
		}
	});

	it('are told apart by their names', () => {
		const declaring = 'compose.yml docker-compose.yaml compose.dev.yaml docker-compose-ci.yml a/docker-bake.hcl docker-bake.ci.json'.split(
			' ',
		);
		for (const path of [...declaring, '/w/.github/workflows/x.yaml', 'GNUmakefile', 'b/rules.mk', 'skaffold.yml'])
			assert.ok(mayDeclareBuild(path), path);
		for (const path of ['mycompose.yml', 'compose.json', 'workflows/x.yml', 'Makefile.in', 'bake.hcl', 'xmk', 'composeyml'])
			assert.ok(!mayDeclareBuild(path), path);
		for (const path of ['Taskfile.yaml', 'x/justfile', '.goreleaser.yml', 'build.sh', 'magefile.go', 'Makefile', 'x.mk'])
			assert.ok(mayHoldRecipe(path), path);
		assert.ok(!mayHoldRecipe('rebuild.sh'));
		assert.ok(isReadFor('ignore', 'x/api.Dockerfile.dockerignore') && isReadFor('ignore', '.dockerignore'));
	});
});
