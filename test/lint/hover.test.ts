import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hoverAt } from '../../server/hover/hover.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { hostile } from '../support/hostile.ts';
import { markupIn } from '../support/rendered.ts';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app main.go

FROM scratch
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`;

/** What is said at the first place of `at` in the Dockerfile of a program. */
async function hovered(main: string, at: string, dockerfile = DOCKERFILE): Promise<string> {
	const files = { '/w/go.mod': 'module example.com/app\n\ngo 1.26\n', '/w/main.go': main, '/w/Dockerfile': dockerfile };
	const analyser = createAnalyser({ files: createMemoryFiles(files), log: assert.fail });
	const { facts } = await analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
	assert.ok(facts);
	return hoverAt(facts, dockerfile.indexOf(at), (path) => `file://${path}`)?.text.markdown ?? '';
}

const MAIN = `package main

import (
	"net/http"
	"os/exec"
)

func main() {
	http.Get("https://example.com/")
	exec.Command("git", "pull").Run()
}
`;

describe('a hover', () => {
	it('says what the program needs, and whether the stage has it', async () => {
		const text = await hovered(MAIN, 'FROM scratch');
		assert.match(text, /\n\n\*\*`scratch`\*\*: shell ✗ · C library ✗ · CA certificates ✗ · .* · user root$/);
		assert.match(text, /The container starts `\/app`\./);
		assert.match(
			text,
			/^- ✗ \*\*CA certificates\*\* — `http\.Get` at \[main&#46;go&#58;9\]\(file:\/\/\/w\/main\.go#L9\)\n- ✗ \*\*executable git\*\* — `exec\.Command/,
		);
	});

	it('says that a command in shell form has no shell to start it', async () => {
		const shellForm = DOCKERFILE.replace('["/app"]', '/app');
		assert.match(
			await hovered(MAIN, 'ENTRYPOINT', shellForm),
			/The container starts `\/app` in a shell, which is \*\*not in the image\*\*\./,
		);
		const withShell = shellForm.replace('FROM scratch', 'FROM alpine:3.22');
		assert.match(await hovered(MAIN, 'ENTRYPOINT', withShell), /The container starts `\/app`\./);
	});

	it('calls a program of files by their names', async () => {
		assert.match(await hovered(MAIN, 'go build'), /^Builds \*\*`main\.go`\*\* to `\/app`: /);
	});

	it('says that there is no need where there is none', async () => {
		const text = await hovered('package main\n\nfunc main() {\n}\n', 'ENTRYPOINT');
		assert.match(text, /\nNeeds no files from the image\.\n/);
	});

	it('lists a directory and a pattern in it once', async () => {
		const main =
			'package main\n\nimport (\n\t"os"\n\t"path/filepath"\n)\n\nfunc main() {\n\tfilepath.Glob("migrations/*.sql")\n\tos.ReadDir("migrations")\n}\n';
		const text = await hovered(main, 'ENTRYPOINT');
		assert.deepEqual(text.match(/^- . .*migrations.*? —/gm)?.length, 1, text);
	});

	it('does not say so where the program starts another one', async () => {
		const text = await hovered('package main\n\nimport "os/exec"\n\nfunc main() {\n\texec.Command("git").Run()\n}\n', 'ENTRYPOINT');
		assert.match(text, /^- ✗ \*\*executable git\*\* — /);
		assert.doesNotMatch(text, /Needs no files/);
	});

	it('shows no text of the repository as markup', async () => {
		const image = '![](https://evil.example/u.png)';
		const dockerfile = `FROM golang:1.26 AS build
WORKDIR /src
COPY ${image} .
RUN CGO_ENABLED=0 go build -o /${image} .

FROM scratch
COPY --from=build /${image} /${image}
USER ${image}
ENTRYPOINT ["/${image}"]
`;
		const main = `package main\n\nimport "os/exec"\n\nfunc main() {\n\texec.Command("x\` ${image} \`y").Run()\n}\n`;
		for (const at of ['FROM scratch', 'FROM golang', 'COPY !', 'go build', 'COPY --from', 'ENTRYPOINT']) {
			const text = await hovered(main, at, dockerfile);
			assert.deepEqual(
				markupIn(text).filter((each) => !each.startsWith('link [`exec.Command')),
				[],
				text,
			);
		}
	});
});

/** A word of a Dockerfile, a Go string: with what would end it left out. */
const word = hostile.map((text) => text.replace(/[\s"\\\0\p{Cs}$]/gu, '') || 'x');

describe('hovers over any names', function () {
	this.timeout(120_000);

	it('hold no markup but their own links to Go files', async () => {
		await fc.assert(
			fc.asyncProperty(word, word, word, word, async (user, path, literal, module) => {
				const dockerfile = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
COPY ${path} /x
RUN CGO_ENABLED=0 go build -o "/${path}" .

FROM ${module}
COPY --from=build "/${path}" "/${path}"
USER ${user}
ENTRYPOINT ["/${path}"]
`;
				const main = `package main\n\nimport (\n\t"os"\n\t"os/exec"\n)\n\nfunc main() {\n\texec.Command("${literal}").Run()\n\tos.Open("${literal}")\n\tos.Create("/${literal}/x")\n}\n`;
				const files = { '/w/go.mod': `module ${module}\n`, '/w/main.go': main, '/w/Dockerfile': dockerfile };
				const analyser = createAnalyser({ files: createMemoryFiles(files), log: assert.fail });
				const { facts } = await analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
				assert.ok(facts);
				for (const { range } of facts.dockerfile.instructions) {
					for (const offset of [range.start, Math.min(range.end, range.start + 'RUN CGO_ENABLED=0 '.length)]) {
						const text = hoverAt(facts, offset, (file) => `file://${file}`)?.text.markdown ?? '';
						for (const each of markupIn(text)) assert.match(each, /^link \[[\s\S]*\]\(file:\/\/\/w\/main\.go#L\d+\)$/, text);
					}
				}
			}),
			{ numRuns: 150 },
		);
	});
});
