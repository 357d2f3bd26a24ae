import assert from 'node:assert/strict';
import { createAnalyser } from '../server/lint/analyse.ts';
import { rules } from '../server/rules/index.ts';
import type { Rule } from '../server/rules/rule.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';

/**
 * Runs the examples of every rule's page through the rule: `example` is reported, `instead` is not.
 *
 * A page shows the part of a Dockerfile that matters. The rest is added here: a build stage before a final stage, a final stage after a
 * build stage, and the workspace. A comment `# .dockerignore: PATTERN, …` or `# go.mod: LINE` in an example is a file of the workspace.
 */

const program = (body: string, ...imports: readonly string[]) =>
	`package main\n\n${imports.map((name) => `import "${name}"\n`).join('')}\nfunc main() {\n\t${body}\n}\n`;

const HELLO = program('println("hello")');
const SERVER = program('http.ListenAndServe(":8080", nil)', 'net/http');
const MODULE = 'module example.com/app\n\ngo 1.26\n';
const WITH_DEPENDENCY = {
	'go.mod': `${MODULE}\nrequire github.com/pkg/errors v0.9.1\n`,
	'go.sum': 'github.com/pkg/errors v0.9.1 h1:x\n',
	'main.go': program('println(errors.New("x"))', 'github.com/pkg/errors'),
};
const WITH_C = { 'main.go': `package main\n\n// int one() { return 1; }\nimport "C"\n\nfunc main() {\n\tprintln(C.one())\n}\n` };

/** What the workspace has besides go.mod and a main.go that prints `hello`, for the rules whose examples need it. */
const WORKSPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'boringcrypto-without-cgo': { 'main.go': program('println(len(sha256.Sum256(nil)))', 'crypto/sha256') },
	'cgo-code-without-cgo': WITH_C,
	'cgo-without-libc': WITH_C,
	'dynamic-binary': { 'main.go': SERVER },
	'file-ignored': { 'config.yaml': 'a: b\n' },
	'local-module-not-copied': {
		...WITH_DEPENDENCY,
		'lib/go.mod': 'module example.com/lib\n',
		'lib/lib.go': 'package lib\n\nconst X = 1\n',
		'main.go': program('println(lib.X)', 'example.com/lib'),
	},
	'missing-ca-certificates': { 'main.go': program('http.Get("https://go.dev")', 'net/http') },
	'missing-c-compiler': { 'main.go': SERVER },
	'missing-go-sum': WITH_DEPENDENCY,
	'missing-main-package': { 'main.go': 'package app\n', 'cmd/app/main.go': HELLO },
	'missing-runtime-file': { 'main.go': program('os.ReadDir("templates")', 'os'), 'templates/a.html': 'a\n' },
	'missing-shared-library': {
		'main.go': 'package main\n\n// #cgo LDFLAGS: -lpcap\n// int one() { return 1; }\nimport "C"\n\nfunc main() {\n\tprintln(C.one())\n}\n',
	},
	'missing-timezone-data': { 'main.go': program('time.LoadLocation("Europe/Berlin")', 'time') },
	'missing-tmp': { 'main.go': program('os.CreateTemp("", "x")', 'os') },
	'missing-user-database': { 'main.go': program('user.Lookup("nobody")', 'os/user') },
	'read-only-without-tmp': { 'main.go': program('os.CreateTemp("", "x")', 'os') },
	'unwritable-mount': { 'main.go': program('os.WriteFile("/data/x", nil, 0o600)', 'os') },
	'missing-vcs': { '.git/HEAD': 'ref: refs/heads/main\n' },
	'module-in-gopath': { 'go.mod': 'module example.com/app\n\ngo 1.21\n' },
	'non-numeric-user': { app: '' },
	'outdated-go-image': { 'go.mod': 'module example.com/app\n\ngo 1.25\n' },
	'source-not-copied': {
		'main.go': program('println(a.A)', 'example.com/app/internal/a'),
		'internal/a/a.go': 'package a\n\nconst A = 1\n',
	},
	'uncached-modules': WITH_DEPENDENCY,
	'unreproducible-modules': WITH_DEPENDENCY,
	'port-mismatch': { 'main.go': SERVER },
	'unwritable-directory': { 'main.go': program('os.WriteFile("/data/x", nil, 0o600)', 'os') },
};

const BUILD = 'WORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .';

/** The example as a whole Dockerfile. */
function wholeDockerfile(example: string): string {
	const isGo = /^\w+\.\w+\(/.test(example);
	const output = /--from=build (\/out\/app) /.exec(example)?.[1] ?? '/app';
	const build = `FROM golang:1.26 AS build\n${BUILD.replace('-o /app', `-o ${output}`)}\n\n`;
	const final = '\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n';
	if (isGo) return build.trimEnd() + final;
	if (/ AS build$/m.test(example)) {
		const stages = /^(?:RUN|# …)/m.test(example) ? example.replace(/^# …$/m, BUILD) : `${example}\n${BUILD}`;
		return stages.match(/^FROM /gm)?.length === 1 ? stages + final : `${stages}\n`;
	}
	return /--from=build\b/.test(example) ? `${build}${example}\n` : `${example}\n`;
}

/** The files of the workspace that the example names in comments. */
function filesIn(example: string): Record<string, string> {
	const ignored = /^# \.dockerignore (?:lists|has)|^# \.dockerignore: (.*)$/m.exec(example);
	const goMod = /^# go\.mod: (.*)$/m.exec(example)?.[1];
	return {
		...(ignored === null ? {} : { '.dockerignore': `${(ignored[1] ?? '.git').replaceAll(', ', '\n')}\n` }),
		...(goMod === undefined ? {} : { 'go.mod': `${MODULE}\nrequire example.com/lib v0.0.0\n\n${goMod}\n` }),
		...(/^\w+\.\w+\(/.test(example) ? { 'main.go': program(example, ...importsOf(example)) } : {}),
	};
}

/** The packages of the standard library that a Go example may name. */
const IMPORTS = ['net/http', 'os', 'os/signal', 'syscall'];

function importsOf(example: string): string[] {
	return IMPORTS.filter((path) => new RegExp(`\\b${path.slice(path.lastIndexOf('/') + 1)}\\.`).test(example));
}

/** The messages of the rule for an example. */
async function reported(rule: Rule, example: string): Promise<string[]> {
	if (rule.judges === 'deployment') return reportedInDeployment(rule, example);
	const text = wholeDockerfile(example);
	const workspace = { 'go.mod': MODULE, 'main.go': HELLO, ...WORKSPACES[rule.code], ...filesIn(example), Dockerfile: text };
	const files = createMemoryFiles(Object.fromEntries(Object.entries(workspace).map(([path, content]) => [`/w/${path}`, content])));
	const analyser = createAnalyser({ files, rules: [rule], log: assert.fail });
	const { findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
	return findings.map(({ message }) => message);
}

/** The messages for an example that consists of the deployment and, after a comment with its name, of a Dockerfile. */
async function reportedInDeployment(rule: Rule, example: string): Promise<string[]> {
	const [, path = '', text = '', dockerfile = ''] = /^# (\S+\.yaml)\n([\s\S]*?)\n\n# Dockerfile\n([\s\S]*)$/.exec(example) ?? [];
	const workspace = {
		...{ 'go.mod': MODULE, 'main.go': HELLO, ...WORKSPACES[rule.code] },
		...{ [path]: text, Dockerfile: wholeDockerfile(dockerfile) },
	};
	const files = createMemoryFiles(Object.fromEntries(Object.entries(workspace).map(([name, content]) => [`/w/${name}`, content])));
	const analyser = createAnalyser({ files, rules: [rule], log: assert.fail });
	const { findings } = await analyser.analyse({ path: `/w/${path}`, text, root: '/w' });
	return findings.map(({ message }) => message);
}

describe('the examples of a rule', () => {
	for (const rule of rules) {
		const { example, instead } = rule.documentation;
		it(`are reported, and what is written instead is not: ${rule.code}`, async () => {
			assert.notEqual(
				(await reported(rule, example)).length,
				0,
				`the example is not reported (does it need files in WORKSPACES of this test?):\n${wholeDockerfile(example)}`,
			);
			assert.deepEqual(await reported(rule, instead), [], `what is written instead is reported:\n${wholeDockerfile(instead)}`);
		});
	}

	it('have a workspace here only if the rule exists', () => {
		const codes = new Set(rules.map(({ code }) => code));
		assert.deepEqual(
			Object.keys(WORKSPACES).filter((code) => !codes.has(code)),
			[],
		);
	});
});
