// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of the shell.
import assert from 'node:assert/strict';
import { healthArguments } from '../../server/generate/health-command.ts';
import { type Analysis, createAnalyser } from '../../server/lint/analyse.ts';
import { readSettingsFile } from '../../server/lint/settings.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { ROOT } from './workspaces.ts';

/**
 * Files that are made to stop whoever reads them. Each of them was, or could be, answered by a stack that overflows, a memory that fills or
 * minutes of work. The limit of time is the net: what holds each of them ends after a fraction of a second.
 */

const repeat = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('');

const BUILD = 'FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\n';
const SHIP = 'RUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n';
const GO = {
	'go.mod': 'module example.com/app\n\ngo 1.22\n',
	'main.go': 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("https://example.com") }\n',
};

async function analyse(texts: Readonly<Record<string, string>>): Promise<Analysis> {
	const all = { ...GO, Dockerfile: `${BUILD}${SHIP}`, ...texts };
	const files = createMemoryFiles(Object.fromEntries(Object.entries(all).map(([name, text]) => [`${ROOT}/${name}`, text])));
	const analyser = createAnalyser({ files, log: (message) => assert.fail(message) });
	return analyser.analyse({ path: `${ROOT}/Dockerfile`, text: all.Dockerfile, root: ROOT });
}

/** What stands between the first stage and its build. */
const STAGES: Readonly<Record<string, string>> = {
	'an ENV that doubles': `ENV A="x x x x"\n${'ENV A="$A $A $A $A"\n'.repeat(40)}RUN go build $A\n`,
	'an ARG that doubles': `ARG A="x x x x"\n${'ARG A="$A $A $A $A"\n'.repeat(40)}RUN go build $A\n`,
	'an ENV that doubles in an operator': `ENV A="xxxx"\n${'ENV A="${A:-b}${A:+$A$A}"\n'.repeat(60)}`,
	'an ENV whose characters are replaced by more': `ENV A="xxxxxxxx"\n${'ENV A="${A//x/xxxxxxxxx}"\n'.repeat(40)}`,
	'a variable of the shell that doubles': `RUN A="x x"; ${'A="$A $A $A $A";'.repeat(40)} go build $A\n`,
	'the output of a command that doubles': `RUN A="xxxx"; ${'A=$(echo $A $A $A $A);'.repeat(40)} touch /$A\n`,
	'a loop that doubles': `RUN A=x; for i in ${'1 '.repeat(20)}; do for j in ${'1 '.repeat(20)}; do A="$A$A"; done; done; touch /$A\n`,
	'a file that doubles': `RUN ${'cat /f /f /f /f > /g; cat /g /g /g /g > /f; '.repeat(40)} true\n`,
	'accounts without end': `RUN ${repeat(1500, (index) => `adduser u${index};`)} true\n`,
	'many words of one long variable': `ENV A="${'x '.repeat(4000)}"\n${'RUN touch $A $A $A $A $A $A $A $A\n'.repeat(3000)}`,
	'many values of one long variable': `ENV A="${'x'.repeat(60_000)}"\n${repeat(10_000, (index) => `ENV B${index}="y$A"\n`)}`,
	'patterns that match in many ways': `ENV A="${'a'.repeat(60_000)}"\n${'ENV B="${A##*a*a*b}"\n'.repeat(5000)}`,
	'a WORKDIR without end': 'WORKDIR a/a/a/a\n'.repeat(12_000),
	'a cd without end': `RUN ${'cd a/a/a/a;'.repeat(1400)} touch x\n`,
	'defaults within defaults': `ENV A="${'${A:-'.repeat(10_000)}${'}'.repeat(10_000)}"\n`,
	'text that evaluates itself': `ENV A='eval "$A"; eval "$A"'\nRUN eval "$A"\n`,
	'a directory copied into itself': `RUN ${'cp -r /a /a/b; cp -r /a /c; cp -r /c /a/d; '.repeat(200)} true\n`,
	'stages named by a variable': `ARG X\n${repeat(8000, (index) => `FROM $X AS s${index}\n`)}FROM build\n`,
	'instructions for others': `FROM scratch AS a\n${'ONBUILD RUN true\n'.repeat(6000)}${'FROM a\n'.repeat(6000)}FROM build\n`,
	'a USER after many accounts': `RUN ${repeat(500, (index) => `adduser -D u${index};`)} true\n${'USER u1\n'.repeat(20_000)}USER root\n`,
};

/** Files beside the Dockerfile. */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'a Makefile with substitutions that do not end': { Makefile: `a:\n\tdocker build ${'$('.repeat(120_000)}\n` },
	'a Makefile with variables that do not end': { Makefile: `a:\n\tdocker build ${'${'.repeat(120_000)}\n` },
	'a bake file with many blanks': { 'docker-bake.hcl': `target "a" {\n context = a${' '.repeat(120_000)}b\n}\n` },
	'a bake file with many comments in a line': { 'docker-bake.hcl': `target "a" {\n context = ${'#'.repeat(120_000)}\r\n}\n` },
	'bake targets that inherit from all others': {
		'docker-bake.hcl': repeat(8, (index) => `target "a${index}" {\n inherits = [${repeat(8, (other) => `"a${other}",`)}]\n}\n`),
	},
	'JSON that nests': { 'docker-bake.json': `{"target":${'['.repeat(200_000)}` },
	'YAML that nests in brackets': { 'compose.yaml': `services: ${'['.repeat(100_000)}\n` },
	'YAML that nests in keys': { 'compose.yaml': `${'? '.repeat(100_000)}\n` },
	'YAML that nests in lists': { 'compose.yaml': `services:\n ${'- '.repeat(100_000)}\n` },
	'YAML whose aliases multiply': {
		'compose.yaml': `n0: &n0 [${'x,'.repeat(9)}]\n${repeat(30, (index) => `n${index + 1}: &n${index + 1} [${`*n${index},`.repeat(9)}]\n`)}services: *n30\n`,
	},
	'Go with many calls in one line': {
		'main.go': `package main\n\nimport "os"\n\nfunc main() { ${'os.Open("/data"); '.repeat(100_000)} }\n`,
	},
	'Go with many comments in one line': { 'main.go': `package main\n\nfunc main() { ${'a /**/ '.repeat(300_000)} }\n` },
	'Go with many variables in one line': { 'main.go': `package main\n\nfunc main() {}\n${'var x = f(1);'.repeat(200_000)}\n` },
	'Go that nests': { 'main.go': `package main\n\nfunc main() { x := ${'('.repeat(100_000)}1${')'.repeat(100_000)} }\n` },
	'Go constants that double': {
		'main.go': `package main\n\nimport "os"\n\nfunc main() { os.Open(c0) }\n${repeat(60, (index) => `const c${index} = c${index + 1} + c${index + 1}\n`)}const c60 = "/x"\n`,
	},
	'a Makefile with a default that does not end': {
		Makefile: `IMAGE := \${IMAGE-${'a-'.repeat(100_000)}\nbuild:\n\tdocker build -t $(IMAGE) .\n`,
		'deploy.yaml': 'kind: Pod\nspec:\n  containers:\n  - name: app\n    image: app\n',
	},
	'comments in Go that do not end': {
		'main.go':
			'package main\n\nimport (\n\t"os"\n\t"os/signal"\n)\n\nfunc main() { c := make(chan os.Signal, 1); signal.Notify(c, os.Interrupt); <-c }\n',
		'x.go': `package main\n\nimport "os/signal"\n\nvar stop = signal.Stop\n${'/* '.repeat(100_000)}`,
	},
	'build constraints that nest': { 'x.go': `//go:build ${'('.repeat(100_000)}linux${')'.repeat(100_000)}\n\npackage main\n` },
};

/** What follows the Go of a server that asks another one. */
const HEALTH: Readonly<Record<string, string>> = {
	'blank lines': '\n'.repeat(250_000),
	'one word': 'a'.repeat(250_000),
	'branches that do not end': `h := flag.Bool("health", false, "")\n${'if *h {'.repeat(30_000)}`,
	'switches that do not end': 'switch os.Args[1] {\n'.repeat(12_000),
	'commands that do not end': `c := &cobra.Command{Use: "health"}\nroot.Execute()\n${'root.AddCommand('.repeat(15_000)}`,
	'many commands': `c := &cobra.Command{Use: "health"}\n${repeat(12_000, (index) => `root${index}.Execute()\n`)}`,
};

describe('nothing in a workspace stops the analysis', function () {
	this.timeout(60_000);

	for (const [name, text] of Object.entries(STAGES)) {
		it(`a Dockerfile with ${name}`, async () => {
			const { facts, findings } = await analyse({ Dockerfile: `${BUILD}${text}${SHIP}` });
			assert.ok(facts !== undefined);
			assert.ok(findings.some(({ code }) => code === 'root-user'));
		});
	}

	for (const [name, texts] of Object.entries(FILES)) {
		it(name, async () => {
			const { facts, findings } = await analyse(texts);
			assert.ok(facts !== undefined);
			assert.ok(findings.some(({ code }) => code === 'root-user'));
		});
	}

	for (const [name, text] of Object.entries(HEALTH)) {
		it(`Go that may check itself, with ${name}`, async () => {
			const listening = 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("http://x"); http.ListenAndServe(":8080", nil) }\n';
			const { facts } = await analyse({ 'main.go': listening });
			const program = facts?.targets[0]?.binaries[0]?.program ?? assert.fail('the program is read');
			const files = createMemoryFiles({ [`${ROOT}/main.go`]: `${listening}\n${text}` });
			assert.equal(await healthArguments(files, program), undefined);
		});
	}

	it('settings that are nested too deeply are a problem with a place', () => {
		const { problems } = readSettingsFile(`\n ${'['.repeat(8000)}`, []);
		assert.deepEqual(problems, [{ line: 1, character: 101, message: 'The JSON is nested too deeply.', fatal: true }]);
		assert.deepEqual(readSettingsFile(`{ "rules": {} } // ${'x'.repeat(300_000)}`, []).problems[0]?.fatal, true);
	});

	it('a .dockerignore that is too long ends the analysis, and that is said', async () => {
		const texts = { '/w/Dockerfile': `${BUILD}${SHIP}`, '/w/.dockerignore': 'a\n'.repeat(100_000), '/w/go.mod': 'module a\n' };
		const said: string[] = [];
		const analyser = createAnalyser({ files: createMemoryFiles(texts), log: (message) => said.push(message) });
		const { facts } = await analyser.analyse({ path: '/w/Dockerfile', text: texts['/w/Dockerfile'], root: '/w' });
		assert.equal(facts, undefined);
		assert.deepEqual(said, ['/w/Dockerfile could not be analysed: its .dockerignore is longer than 65536 characters']);
	});

	it('a Dockerfile that is too long is not analysed, and that is said', async () => {
		const text = `${BUILD}${'# comment\n'.repeat(30_000)}${SHIP}`;
		const said: string[] = [];
		const analyser = createAnalyser({ files: createMemoryFiles({ '/w/Dockerfile': text }), log: (message) => said.push(message) });
		const { facts, findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
		assert.deepEqual([facts, findings], [undefined, []]);
		assert.deepEqual(said, ['/w/Dockerfile could not be analysed: it is longer than 262144 characters']);
	});

	it('are analysed with a .gitignore that is too long to be read: a file that it may leave out is not reported', async () => {
		const Dockerfile = `${BUILD}COPY absent.txt /\n${SHIP}`;
		const codes = async (gitignore: string) =>
			(await analyse({ Dockerfile, '.gitignore': gitignore, '.dockerignore': '.git\n' })).findings.map(({ code }) => code);
		assert.ok((await codes('')).includes('copy-of-missing-file'));
		const long = await codes('a-name-that-is-long\n'.repeat(10_000));
		assert.ok(!long.includes('copy-of-missing-file') && long.includes('missing-ca-certificates'), long.join());
	});
});
