import assert from 'node:assert/strict';
import { createAnalyser } from '../server/lint/analyse.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';

const WORKSPACE = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n\nrequire github.com/pkg/errors v0.9.1\n',
	'go.sum': 'github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=\n',
	'main.go': 'package main\n\nimport "github.com/pkg/errors"\n\nfunc main() { println(errors.New("x").Error()) }\n',
	'cmd/quiet/main.go': 'package main\n\nfunc main() {}\n',
	'tools/go.mod': 'module example.com/tools\n\ngo 1.26\n',
	'tools/main.go': 'package main\n\nfunc main() {}\n',
	'ci/all.sh': 'npm ci\n',
};

/** The lines of a script that are named as downloading modules late. The script is `all.sh` of the context, which `run` runs. */
async function downloads(script: string, run = 'COPY . .\nRUN ./all.sh'): Promise<string[]> {
	const dockerfile = `FROM golang:1.26 AS build\nWORKDIR /src\n${run}\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n`;
	const files = Object.entries({ ...WORKSPACE, 'all.sh': `#!/bin/sh\nset -e\n${script}\n`, Dockerfile: dockerfile });
	const analyser = createAnalyser({ files: createMemoryFiles(Object.fromEntries(files.map(([path, text]) => [`/w/${path}`, text]))) });
	const { findings } = await analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
	return findings
		.filter(({ code }) => code === 'uncached-modules')
		.flatMap(({ related }) => related?.map(({ message }) => message) ?? ['']);
}

describe('a script of the build context', () => {
	const DOWNLOADING: Readonly<Record<string, string>> = {
		'go build -o /app .': 'go build -o /app .',
		'cd /src && CGO_ENABLED=0 go build -o /app': 'CGO_ENABLED=0 go build -o /app',
		'if [ -n "$X" ]; then echo x; fi\ngo vet ./...': 'go vet ./...',
		'mkdir -p /out && go mod download': 'go mod download',
	};
	for (const [script, line] of Object.entries(DOWNLOADING)) {
		it(`downloads modules: ${JSON.stringify(script)}`, async () => assert.deepEqual(await downloads(script), [line]));
	}

	/** None of them is certain to download what the module of the image needs. */
	const SILENT: readonly string[] = [
		'[ "$MODE" = dev ] && go build -o /app .\nnpm run build',
		'test -f never && go test ./...',
		'go build -C tools -o /app .',
		'if [ -d tools ]; then cd tools; fi\ngo build -o /app .',
		'enter() { cd tools; }\nenter\ngo build -o /app .',
		'command cd tools\ngo build -o /app .',
		'cd tools && go build -o /app .',
		'cd "$X"\ngo build -o /app .',
		'go build -o /app ./cmd/quiet',
		'go build std',
		'go vet -h',
		'go run tools/main.go',
		'GO111MODULE=off go build -o /app .',
		'export GOMODCACHE=/cache/mod\ngo build -o /app .',
		'export GOPRIVATE=example.com/x\ngit config --global a b\ngo build -o /app .',
		'rm -f go.mod go.sum\ngo mod init tmp\ngo build -o /app .',
		'exit 0\ngo build -o /app .',
		'exec npm run build\ngo build -o /app .',
		'go() { echo; }\ngo build -o /app .',
		'go build -o /app .\r',
		'cat <<X\ngo build .\nX',
		'echo x | go build -o /app .',
	];
	for (const script of SILENT) {
		it(`is not taken to download modules: ${JSON.stringify(script)}`, async () => assert.deepEqual(await downloads(script), []));
	}

	const OTHER: Readonly<Record<string, string>> = {
		'is another one then': 'COPY main.go ./\nCOPY ci/all.sh ./all.sh\nRUN ./all.sh\nCOPY . .',
		'comes from another image': 'COPY . .\nCOPY --from=example.com/x /all.sh ./all.sh\nRUN ./all.sh',
		'is written before': 'COPY . .\nRUN printf "npm ci" > all.sh\nRUN ./all.sh',
		'finds another go.mod': 'COPY . .\nRUN rm go.mod && ./all.sh',
		'runs perhaps': 'COPY . .\nRUN if [ -n "$X" ]; then ./all.sh; fi',
	};
	for (const [what, run] of Object.entries(OTHER)) {
		it(`is not read where it ${what}`, async () => assert.deepEqual(await downloads('go build -o /app .', run), []));
	}
});
