import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitIgnoreOf } from '../../../server/cli/git-ignore.ts';
import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { checkInput } from '../oracles.ts';
import type { Input, Target } from '../target.ts';

const PATTERNS = [
	'# comment\n*\n!go.mod\n!**/*.go\n',
	'.git\nnode_modules/\n*.log\n/dist\n!important.log\n',
	'**/x\n[a-c]?\n\\#x\n\\!y\n a \n',
	'*\n',
	'',
];
const NAMES = ['main.go', 'cmd/server/main.go', 'a b', '.env', 'templates/index.html', '[x]', 'x/y/z', 'go.sum'];

const DOCKERFILE = `FROM golang:1.22 AS build
WORKDIR /src
COPY . .
COPY templates ./templates
RUN go build -o /app .
FROM scratch
COPY --from=build /app /app
CMD ["/app"]
`;

let directory: string | undefined;

/** A directory for one .gitignore after the other. */
function repository(): string {
	if (directory === undefined) {
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-fuzz-ignore-'));
		mkdirSync(path.join(directory, '.git'));
		const made = directory;
		process.once('exit', () => rmSync(made, { recursive: true, force: true }));
	}
	return directory;
}

/** Any text as .dockerignore and as .gitignore. */
export const ignore: Target = {
	name: 'ignore',
	weight: 12,
	seeds: (): Input[] =>
		PATTERNS.flatMap((text) =>
			[WORKSPACES.templates, WORKSPACES['two mains']].map((files) => ({
				...files,
				'.dockerignore': text,
				'.gitignore': text,
				Dockerfile: DOCKERFILE,
			})),
		),
	mutable: (name) => name === '.dockerignore' || name === '.gitignore',
	words: [
		'*',
		'**',
		'**/',
		'/**',
		'/**/',
		'?',
		'[a-z]',
		'[^a]',
		'[!a]',
		'[[:alpha:]]',
		'[',
		']',
		'!',
		'\\',
		'\\ ',
		'#',
		'/',
		'../',
		'./',
		'{a,b}',
		'*.go',
		'go.mod',
		'vendor',
		'\n',
		' \n',
		'\u{10ffff}',
	],
	async check(input) {
		await checkInput(input);
		const root = repository();
		writeFileSync(path.join(root, '.gitignore'), input['.gitignore'] ?? '');
		const found = await (await gitIgnoreOf(root, root)).within(root, ['.gitignore', '.git']);
		for (const name of NAMES) {
			for (const isDirectory of [true, false]) {
				const ignored = found.ignores(path.join(root, name), isDirectory);
				assert.equal(found.ignores(path.join(root, name), isDirectory), ignored, `${name} is ignored, or is not`);
			}
		}
	},
};
