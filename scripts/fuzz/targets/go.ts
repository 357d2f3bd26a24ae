import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArchive } from '../../../test/support/txtar.ts';
import { inProject } from '../../project.ts';
import { checkInput } from '../oracles.ts';
import type { Input, Target } from '../target.ts';

const DOCKERFILE = `FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app .
FROM scratch
COPY --from=build /app /app
USER 65534
CMD ["/app"]
`;

/** Every Go file of the fixtures, alone with a go.mod. */
function seeds(): Input[] {
	const directory = inProject('test', 'fixtures');
	return readdirSync(directory, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.txtar'))
		.flatMap((name) => parseArchive(readFileSync(path.join(directory, name), 'utf8')).files)
		.filter(({ name }) => name.endsWith('.go'))
		.map(({ text }) => ({
			Dockerfile: DOCKERFILE,
			'go.mod': 'module example.com/app\n\ngo 1.22\n',
			'main.go': text.replace(/^package \w+$/m, 'package main'),
			'other.go': 'package main\n\nimport "os"\n\nfunc help() { os.Open(name) }\n',
		}));
}

/** Any text as a Go file of the program that ships. */
export const go: Target = {
	name: 'go',
	weight: 22,
	seeds,
	mutable: (name) => name.endsWith('.go'),
	words: [
		...[
			'package main\n',
			'import "C"\n',
			'import (\n',
			'"net/http"',
			'"os"',
			'"os/exec"',
			'"time"',
			'"os/user"',
			'"html/template"',
			'"embed"',
			'. "os"',
			'_ "time/tzdata"',
		],
		...[
			'func main() {',
			'func init() {',
			'func (t *T) M() {',
			'func f[T any](x T) T {',
			'}\n',
			'var x = ',
			'const c = ',
			'type T struct {',
			'type I interface {',
			':= ',
			'go ',
			'defer ',
		],
		...[
			'http.Get("https://example.com/")',
			'http.ListenAndServe("localhost:8080", nil)',
			'os.Open("a")',
			'os.CreateTemp("", "x")',
			'time.LoadLocation("Europe/Berlin")',
		],
		...[
			'user.Current()',
			'exec.Command("git")',
			'template.ParseFiles("a.html")',
			'os.WriteFile("/data/x", nil, 0o600)',
			'//go:build linux && !cgo\n',
			'// +build ignore\n',
			'//go:embed a*\n',
		],
		...[
			'/*',
			'*/',
			'//',
			'`',
			"'\\''",
			'"\\x00\\u00e9\\U0001f600\\377"',
			'if err != nil {',
			'switch x := y.(type) {',
			'case ',
			'select {',
			'for range ',
			'map[string]func(){',
			'...',
			'<-',
			'iota',
		],
	],
	async check(input) {
		await checkInput(input);
	},
};
