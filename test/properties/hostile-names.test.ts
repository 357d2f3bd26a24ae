import assert from 'node:assert/strict';
import { DockerfileParser } from 'dockerfile-ast';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { commandsOf, parseShell } from '../../server/dockerfile/shell.ts';
import { findCandidates, generateFor } from '../../server/generate/generation.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { applyEdits } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { ROOT } from './workspaces.ts';

/**
 * Workspaces in which one name stands in many places. Whatever the name is, what is made of them has the shape that it has for a plain
 * name: no instruction more, and no command more in any RUN.
 */

const PLAIN = 'plain';

const NAMES = [
	'my templates',
	'$(id)',
	'`id`',
	'a;id',
	'a&&id',
	'a|id',
	'>out',
	'nl\nRUN id',
	'cr\rRUN id',
	'it\'s "quoted"',
	"'; id; '",
	'$HOME',
	'${HOME:-x}',
	'<<EOF',
	'--from=x',
	'-rf',
	'#x',
	'!x',
	'[id]',
	'*',
	'a?b',
	'{a,b}',
	'~root',
	'back\\slash',
	'ends\\',
	'ends`',
	' a ',
	'\u202Etxt',
	'\uFFFD',
	'é漢😀',
];

const names = fc
	.oneof(
		fc.constantFrom(...NAMES),
		fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }),
		fc.string({ unit: fc.constantFrom(...' $()`\'"\\;&|<>*?[]#!\n\r\tab.-'), minLength: 1, maxLength: 10 }),
	)
	.filter((name) => !name.includes('/') && !/^\.*$/.test(name));

/** A Go string literal that stands for `name`. */
const literal = (name: string) => JSON.stringify(name);

/** Directories of packages, templates and data are called `name`; another module is used from a directory of that name. */
function workspace(name: string): Record<string, string> {
	const text = `package main

import (
	"html/template"
	"os"
	"os/exec"

	"example.com/other"
)

func main() {
	template.ParseFiles(${literal(`${name}/index page.html`)})
	os.Open(${literal(name)})
	os.WriteFile(${literal(`/var/lib/${name}/state`)}, nil, 0o600)
	exec.Command(${literal(name)}).Run()
	os.CreateTemp("", "x")
	other.Run()
}
`;
	return {
		'go.mod': `module example.com/app\n\ngo 1.26\n\nrequire example.com/other v0.0.0\n\nreplace example.com/other => ${literal(`./${name}-module`)}\n`,
		'main.go': text,
		[`${name}-module/go.mod`]: 'module example.com/other\n\ngo 1.26\n',
		[`${name}-module/other.go`]: 'package other\n\nfunc Run() {}\n',
		[`${name}/index page.html`]: 'hello\n',
		[`cmd/${name}/main.go`]: 'package main\n\nfunc main() {}\n',
	};
}

/** The words that a shell and Docker take as they are: what people write for a name. */
const quoted = (name: string) => `'${name.replaceAll("'", "'\\''")}'`;

/** Dockerfiles for the workspace; some hold the name themselves. */
const DOCKERFILES: readonly ((name: string) => string)[] = [
	() => 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD /app\n',
	() => '# escape=`\nFROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build `\n  # a note\n  -o /app .\nCMD ["/app"]',
	() =>
		'FROM golang:1.26 AS build\r\nWORKDIR /src\r\nCOPY go.mod ./\r\nRUN go mod download\r\nCOPY . .\r\nRUN go build -o /app ./nothing\r\n\r\nFROM scratch\r\nCOPY --from=build /app /app\r\nUSER 1000:1000\r\nENTRYPOINT ["/app"] \\',
	() =>
		'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN <<EOF\ngo build -o /app .\nEOF\n\nFROM scratch\nCOPY --from=build ["/app", "/app"]\nONBUILD COPY x /x\nUSER nobody\nCMD ["/app"]',
	(name) =>
		`FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o ${quoted(`/out/${name}`)} .\n\nFROM scratch\nCOPY --from=build /out/ /\nRUN mkdir -p ${quoted(`/data/${name}`)}\nUSER ${JSON.stringify(name)}\nENTRYPOINT ["/app"]\n`,
	(name) =>
		`FROM golang:1.26\nWORKDIR ${JSON.stringify(`/src/${name}`)}\nCOPY . .\nRUN go build -o ${quoted(`bin/${name}`)} .\nENTRYPOINT [${JSON.stringify(`./bin/${name}`)}]\n`,
];

function filesOf(files: Readonly<Record<string, string>>) {
	return createMemoryFiles(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text])));
}

/** What a Dockerfile does: its keywords, and the names of the commands in each RUN. */
function shapeOf(text: string): string[] {
	const { instructions } = parseDockerfile(text);
	if (!/<</.test(text)) assert.equal(DockerfileParser.parse(text).getInstructions().length, instructions.length, text);
	return instructions.map((instruction) => {
		if (instruction.keyword === 'UNKNOWN') return assert.fail(`there is no such instruction:\n${text}`);
		if (instruction.keyword !== 'RUN' || instruction.command?.form !== 'shell') return instruction.keyword;
		const commands = commandsOf(parseShell(instruction.command.text, 0)).map(({ words }) => words[0]?.raw);
		return `RUN ${commands.join(' ')}`;
	});
}

/** Whether `some` are lines of `all`, in their order: a fix that is not there, and a file that is left out, take lines away. */
function isPartOf(some: readonly string[], all: readonly string[]): boolean {
	let at = 0;
	for (const line of all) if (line === some[at]) at++;
	return at === some.length;
}

describe('a name of any kind', function () {
	this.timeout(120_000);

	it('adds no instruction and no command to what generate writes', async () => {
		const generated = async (name: string, main: string): Promise<string | undefined> => {
			const files = filesOf(workspace(name));
			const { reader } = createAnalyser({ files, log: assert.fail });
			const { workspace: go, candidates } = await findCandidates(reader, ROOT, ROOT, new AbortController().signal);
			const candidate = candidates.find(({ mainPackage }) => mainPackage.directory === `${ROOT}${main}`);
			if (candidate === undefined) return undefined;
			const result = await generateFor(files, go, candidate, true);
			return typeof result === 'string' ? undefined : result.files[0]?.content;
		};
		const whole = await generated(PLAIN, '');
		assert.ok(whole !== undefined);
		assert.ok(whole.includes('COPY --from=build ["/src/plain/index page.html", "/plain/index page.html"]'), whole);
		await fc.assert(
			fc.asyncProperty(names, async (name) => {
				const text = await generated(name, '');
				if (text !== undefined) {
					assert.ok(isPartOf(shapeOf(text), shapeOf(whole)), `${text}\n\n${whole}`);
					assert.deepEqual(parseDockerfile(text).directives, []);
				}
				const other = await generated(name, `/cmd/${name}`);
				// Go refuses the package, or it is one of its plain ones.
				if (other !== undefined) assert.match(other, /^\S*\s+go build .* -o \/out\/[\w.-]+ (?:\.|\.\/[\w.+/-]+|'\.\/[\w.~+/-]+')$/m);
			}),
			{ numRuns: 100 },
		);
	});

	for (const [index, dockerfile] of DOCKERFILES.entries()) {
		it(`adds no instruction and no command to Dockerfile ${index + 1} in fix-all, nor does any other fix`, async () => {
			const results = async (name: string): Promise<string[]> => {
				const text = dockerfile(name);
				const request = { path: `${ROOT}/Dockerfile`, text, root: ROOT };
				const analyser = createAnalyser({ files: filesOf({ ...workspace(name), Dockerfile: text }), log: assert.fail });
				const { text: fixed } = await fixAll(analyser, request);
				const { findings } = await analyser.analyse(request);
				const each = findings.flatMap((finding) => finding.proposals().map(({ edits }) => applyEdits(text, edits)));
				return [fixed, ...each];
			};
			const shapes = new Set((await results(PLAIN)).flatMap(shapeOf));
			assert.ok(shapes.size > 4);
			await fc.assert(
				fc.asyncProperty(names, async (name) => {
					// What people have written with such a name is theirs.
					if (dockerfile(name) !== dockerfile(PLAIN) && /[^ -~]|["\\$`]|\s$|^\s/.test(name)) return;
					for (const text of await results(name)) {
						for (const line of shapeOf(text)) assert.ok(shapes.has(line), `${line} in\n${text}\n${[...shapes].join('\n')}`);
					}
				}),
				{ numRuns: 60 },
			);
		});
	}

	it('with a blank is copied as one path by fix-all', async () => {
		const files = {
			'go.mod': 'module example.com/app\n\ngo 1.26\n',
			'main.go': 'package main\n\nimport "html/template"\n\nfunc main() { template.ParseFiles("my templates/index page.html") }\n',
			'my templates/index page.html': 'hello\n',
		};
		const text = 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nCMD ["/app"]\n';
		const analyser = createAnalyser({ files: filesOf({ ...files, Dockerfile: text }), log: assert.fail });
		const { text: fixed, remaining } = await fixAll(analyser, { path: `${ROOT}/Dockerfile`, text, root: ROOT });
		assert.match(fixed, /^COPY --from=build \["\/src\/my templates\/index page\.html", "\/src\/my templates\/index page\.html"\]$/m);
		assert.deepEqual(
			remaining.map(({ code }) => code),
			['missing-dockerignore'],
		);
	});
});
