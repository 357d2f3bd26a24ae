import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { hoverAt } from '../../server/lint/hover.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

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
	return hoverAt(facts, dockerfile.indexOf(at), (path) => `file://${path}`)?.text ?? '';
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
		assert.match(text, /\*\*scratch\*\*: the stage has no /);
		assert.match(text, /The container starts `\/app`\./);
		assert.match(text, /\nIt needs\n\n- CA certificates: \*\*missing\*\*; \[.*\]\(file:\/\/\/w\/main\.go#L9\)\n- the program `git`: \[/);
	});

	it('calls a program of files by their names', async () => {
		assert.match(await hovered(MAIN, 'go build'), /^\*\*main\.go\*\* goes to `\/app`: /);
	});

	it('says that there is no need where there is none', async () => {
		const text = await hovered('package main\n\nfunc main() {\n}\n', 'ENTRYPOINT');
		assert.match(text, /\nIt needs no file of the image\.$/);
	});

	it('does not say so where the program starts another one', async () => {
		const text = await hovered('package main\n\nimport "os/exec"\n\nfunc main() {\n\texec.Command("git").Run()\n}\n', 'ENTRYPOINT');
		assert.match(text, /\nIt needs\n\n- the program `git`: /);
		assert.doesNotMatch(text, /It needs no file/);
	});
});
