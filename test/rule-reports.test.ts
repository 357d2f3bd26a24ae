import assert from 'node:assert/strict';
import { createAnalyser } from '../server/lint/analyse.ts';
import { rules } from '../server/rules/index.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';

/**
 * When rules report, on which text, and what fixes they offer, one Dockerfile beside another that differs in little. The archives in
 * `fixtures/rules` have the messages, and what fixes write.
 */

type Row = readonly [code: string, name: string, dockerfile: string, files?: Readonly<Record<string, string>>];

const MAIN = 'package main\n\nfunc main() {}\n';
const TLS = 'package main\n\nimport "net/http"\n\nfunc main() { http.Get("https://example.com") }\n';
const WITH_MODULE = 'package main\n\nimport _ "example.com/m"\n\nfunc main() {}\n';

function goMod(go = '1.22', more = ''): string {
	return `module example.com/app\n\ngo ${go}\n${more}`;
}

const APP = { 'go.mod': goMod(), 'main.go': MAIN };

/** A stage that builds the program in /src. */
function building(run: string, from = 'golang:1.22'): string {
	return `FROM ${from} AS build\nWORKDIR /src\nCOPY . .\n${run}\n`;
}

const FINAL = 'FROM scratch\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]\n';

/** A stage that builds the program in the directory that the image names, and one that takes it from there. */
function inGopath(copy: string, run = 'RUN CGO_ENABLED=0 go build -o app'): string {
	return `FROM golang:1.20 AS build\n${copy}\n${run}\nFROM scratch\nCOPY --from=build /go/app /app\nENTRYPOINT ["/app"]\n`;
}

const rows: readonly Row[] = [
	['module-in-gopath', 'plain', inGopath('COPY . .')],
	[
		'module-in-gopath',
		'two copies',
		`${inGopath('COPY . .', 'RUN go build -o app')}COPY --from=build /go/bin/x /x\nCOPY --from=build /go/ /y/\n`,
	],
	[
		'module-in-gopath',
		'a copy of the directory',
		'FROM golang:1.20 AS build\nCOPY . .\nRUN go build -o app\nFROM scratch\nCOPY --from=build /go /x\n',
	],
	[
		'module-in-gopath',
		'a wildcard',
		'FROM golang:1.20 AS build\nCOPY . .\nRUN go build -o app\nFROM scratch\nCOPY --from=build /go/ap* /x/\n',
	],
	[
		'module-in-gopath',
		'from another stage',
		'FROM golang:1.20 AS build\nCOPY . .\nRUN go build -o app\nFROM alpine AS other\nFROM scratch\nCOPY --from=other /go/app /x\nCOPY --from=build /go/app /y\n',
	],
	[
		'module-in-gopath',
		'absolute destination first',
		'FROM golang:1.20\nCOPY go.mod /etc/go.mod\nADD main.go .\nCOPY go.mod .\nRUN go build -o /app\n',
	],
	['module-in-gopath', 'json destination', 'FROM golang:1.20\nCOPY ["go.mod", "main.go", "./"]\nRUN go build -o /app\n'],
	['module-in-gopath', 'RUN in exec form', 'FROM golang:1.20\nRUN ["echo", "x"]\nCOPY . .\nRUN ["go", "build", "-o", "/app"]\n'],
	['module-in-gopath', 'RUN echo first', 'FROM golang:1.20\nRUN echo x\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'RUN git first', 'FROM golang:1.20\nRUN git config --global x y\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'GO111MODULE off', 'FROM golang:1.20\nENV GO111MODULE=off\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'GO111MODULE on', 'FROM golang:1.20\nENV GO111MODULE=on\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'GOPATH elsewhere', 'FROM golang:1.20\nENV GOPATH=/gopath\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'GOPATH of two', 'FROM golang:1.20\nENV GOPATH=/go:/x\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'go version', 'FROM golang:1.20\nCOPY . .\nRUN go version && go env\n'],
	['module-in-gopath', 'go vet', 'FROM golang:1.20\nCOPY . .\nRUN go vet ./...\n'],
	['module-in-gopath', 'go install a tool', 'FROM golang:1.20\nCOPY . .\nRUN go install example.com/tool@latest\n'],
	['module-in-gopath', '/src taken', 'FROM golang:1.20\nRUN mkdir /src\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'WORKDIR /go twice', 'FROM golang:1.20\nWORKDIR /x\nWORKDIR /go\nCOPY . .\nRUN go build -o /app\n'],
	['module-in-gopath', 'copy before', 'FROM golang:1.20\nRUN go build -o /app\nCOPY . .\n'],
	['module-in-gopath', '1.22', 'FROM golang:1.22\nCOPY . .\nRUN go build -o /app\n'],
	['outdated-go-image', 'older', building('RUN go build', 'golang:1.20'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'same', building('RUN go build', 'golang:1.22'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'newer', building('RUN go build', 'golang:1.23'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'local', building('RUN go build', 'golang:1.21'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'only vet', building('RUN go vet', 'golang:1.21'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'only version', building('RUN go version && go env', 'golang:1.21'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	[
		'outdated-go-image',
		'install tool',
		building('RUN go install example.com/t@v1', 'golang:1.21'),
		{ 'go.mod': goMod('1.22'), 'main.go': MAIN },
	],
	['outdated-go-image', 'run tool', building('RUN go run example.com/t@v1', 'golang:1.21'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'mod edit', building('RUN go mod edit -go=1.21', 'golang:1.21'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', 'mod download', building('RUN go mod download', 'golang:1.21'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	[
		'outdated-go-image',
		'toolchain auto',
		building('ENV GOTOOLCHAIN=auto\nRUN go build', 'golang:1.21'),
		{ 'go.mod': goMod('1.22'), 'main.go': MAIN },
	],
	['outdated-go-image', 'three parts, equal', building('RUN go build', 'golang:1.22.3'), { 'go.mod': goMod('1.22.3'), 'main.go': MAIN }],
	['outdated-go-image', 'three parts, older', building('RUN go build', 'golang:1.22.3'), { 'go.mod': goMod('1.22.4'), 'main.go': MAIN }],
	['outdated-go-image', 'prerelease', building('RUN go build', 'golang:1.20'), { 'go.mod': goMod('1.21rc2'), 'main.go': MAIN }],
	['outdated-go-image', 'patch of 1.21', building('RUN go build', 'golang:1.20'), { 'go.mod': goMod('1.21.3'), 'main.go': MAIN }],
	['outdated-go-image', 'patch of 1.19', building('RUN go build', 'golang:1.20'), { 'go.mod': goMod('1.19.3'), 'main.go': MAIN }],
	[
		'outdated-go-image',
		'toolchain line',
		building('RUN go build', 'golang:1.20'),
		{ 'go.mod': goMod('1.20', 'toolchain go1.22.1\n'), 'main.go': MAIN },
	],
	[
		'outdated-go-image',
		'toolchain line default',
		building('RUN go build', 'golang:1.20'),
		{ 'go.mod': goMod('1.20', 'toolchain default\n'), 'main.go': MAIN },
	],
	[
		'outdated-go-image',
		'toolchain line and newer',
		building('RUN go build', 'golang:1.20'),
		{ 'go.mod': goMod('1.23', 'toolchain go1.24.1\n'), 'main.go': MAIN },
	],
	['outdated-go-image', '1.19 last alpine', building('RUN go build', 'golang:1.19-alpine'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', '1.19 last vet', building('RUN go vet', 'golang:1.19'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	['outdated-go-image', '1.19 to 1.21', building('RUN go build', 'golang:1.19'), { 'go.mod': goMod('1.21'), 'main.go': MAIN }],
	['outdated-go-image', 'no go line', building('RUN go build', 'golang:1.19'), { 'go.mod': 'module x\n', 'main.go': MAIN }],
	[
		'outdated-go-image',
		'digest',
		building('RUN go build', 'golang:1.21@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'),
		{ 'go.mod': goMod('1.22'), 'main.go': MAIN },
	],
	['outdated-go-image', 'windows', building('RUN go build', 'golang:1.21-windowsservercore'), { 'go.mod': goMod('1.22'), 'main.go': MAIN }],
	...[
		'VOLUME /var/run/docker.sock',
		'CMD ["gosu", "x", "/app"]',
		'CMD gosu x /app',
		'CMD ["/app"]',
		'ENTRYPOINT ["su-exec", "x", "/app"]',
		'VOLUME /data',
		'VOLUME ["/data", "/var/run/docker.sock"]',
		'LABEL x=gosu',
		'CMD ["/app", "--chroot=/x"]',
	].map(
		(line): Row => [
			'root-user',
			line,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM alpine\nCOPY --from=build /app /app\n${line}\n${/CMD|ENTRY/.test(line) ? '' : 'CMD ["/app"]\n'}`,
		],
	),
	['file-ignored', 'named', `${building('RUN go build')}COPY a.txt /\n`, { ...APP, 'a.txt': '', '.dockerignore': '*.txt\n' }],
	[
		'file-ignored',
		'twice',
		`${building('RUN go build')}COPY a.txt /\nCOPY a.txt /x\n`,
		{ ...APP, 'a.txt': '', '.dockerignore': '*.txt\n' },
	],
	['file-ignored', 'not there', `${building('RUN go build')}COPY a.txt /\n`, { ...APP, '.dockerignore': '*.txt\n' }],
	['file-ignored', 'not ignored', `${building('RUN go build')}COPY a.txt /\n`, { ...APP, 'a.txt': '', '.dockerignore': '*.md\n' }],
	['file-ignored', 'all', `${building('RUN go build')}COPY . /\n`, { ...APP, 'a.txt': '', '.dockerignore': '*\n' }],
	['file-ignored', 'wildcard', `${building('RUN go build')}COPY a.t* /\n`, { ...APP, 'a.txt': '', '.dockerignore': '*.txt\n' }],
	['file-ignored', 'directory', `${building('RUN go build')}COPY d /\n`, { ...APP, 'd/a': '', '.dockerignore': 'd\n' }],
	[
		'file-ignored',
		'windows',
		`${building('RUN go build')}FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY a.txt /\n`,
		{ ...APP, 'a.txt': '', '.dockerignore': '*.txt\n' },
	],
	[
		'file-ignored',
		'own ignore file',
		`${building('RUN go build')}COPY a.txt /\n`,
		{ ...APP, 'a.txt': '', 'Dockerfile.dockerignore': '*.txt\n' },
	],
	['file-ignored', 'go.mod', building('RUN go build'), { ...APP, '.dockerignore': 'go.mod\n' }],
	[
		'file-ignored',
		'embed',
		building('RUN go build'),
		{
			'go.mod': goMod(),
			'main.go': 'package main\n\nimport _ "embed"\n\n//go:embed a.txt\nvar a string\n\nfunc main() {}\n',
			'a.txt': '',
			'.dockerignore': '*.txt\n',
		},
	],
	[
		'file-ignored',
		'embed wildcard',
		building('RUN go build'),
		{
			'go.mod': goMod(),
			'main.go': 'package main\n\nimport "embed"\n\n//go:embed web/*.html\nvar a embed.FS\n\nfunc main() {}\n',
			'web/a.html': '',
			'.dockerignore': 'web\n',
		},
	],
	[
		'file-ignored',
		'embed all:',
		building('RUN go build'),
		{
			'go.mod': goMod(),
			'main.go': 'package main\n\nimport "embed"\n\n//go:embed all:web\nvar a embed.FS\n\nfunc main() {}\n',
			'web/a.html': '',
			'.dockerignore': 'web\n',
		},
	],
	[
		'file-ignored',
		'embed made in the image',
		building('RUN mkdir web && touch web/a.html && go build'),
		{
			'go.mod': goMod(),
			'main.go': 'package main\n\nimport "embed"\n\n//go:embed web\nvar a embed.FS\n\nfunc main() {}\n',
			'web/a.html': '',
			'.dockerignore': 'web\n',
		},
	],
	['missing-main-package', 'directory', building('RUN go build -o /app ./cmd/x'), { ...APP, 'cmd/y/main.go': MAIN }],
	['missing-main-package', 'no go files', building('RUN go build -o /app ./docs'), { ...APP, 'docs/a.md': '' }],
	['missing-main-package', 'file', building('RUN go build -o /app x.go'), APP],
	['missing-main-package', 'generated', building('RUN ./generate.sh && go build -o /app ./cmd/x'), APP],
	['missing-main-package', 'made', building('RUN mkdir cmd && touch cmd/main.go && go build -o /app ./cmd'), APP],
	['missing-main-package', 'pattern', building('RUN go build -o /app ./cmd/...'), APP],
	['missing-main-package', 'library', building('RUN go build -o /app ./lib'), { ...APP, 'lib/a.go': 'package lib\n' }],
	['missing-main-package', 'library without -o', building('RUN go build ./lib'), { ...APP, 'lib/a.go': 'package lib\n' }],
	['missing-main-package', 'library to nowhere', building('RUN go build -o /dev/null ./lib'), { ...APP, 'lib/a.go': 'package lib\n' }],
	['missing-main-package', 'library installed', building('RUN go install ./lib'), { ...APP, 'lib/a.go': 'package lib\n' }],
	[
		'missing-main-package',
		'c-archive',
		building('RUN go build -buildmode=c-archive -o /app ./lib'),
		{ ...APP, 'lib/a.go': 'package lib\n' },
	],
	['missing-main-package', 'pie', building('RUN go build -buildmode=pie -o /app ./lib'), { ...APP, 'lib/a.go': 'package lib\n' }],
	['missing-main-package', 'two packages', building('RUN go build -o /out/ ./a ./b'), APP],
	[
		'missing-main-package',
		'root is none',
		building('RUN go build -o /app'),
		{ 'go.mod': goMod(), 'a.go': 'package a\n', 'cmd/x/main.go': MAIN, 'cmd/y/main.go': MAIN },
	],
	[
		'missing-main-package',
		'root is none, four',
		building('RUN go build -o /app .'),
		{ 'go.mod': goMod(), 'a.go': 'package a\n', ...Object.fromEntries(['a', 'b', 'c', 'd'].map((n) => [`cmd/${n}/main.go`, MAIN])) },
	],
	[
		'missing-main-package',
		'root is none, example',
		building('RUN go build -o /app .'),
		{ 'go.mod': goMod(), 'a.go': 'package a\n', 'examples/x/main.go': MAIN },
	],
	['missing-main-package', 'nothing at all', building('RUN go build -o /app .'), { 'go.mod': goMod(), 'a.go': 'package a\n' }],
	[
		'output-into-directory',
		'to a directory',
		building('RUN mkdir /out && go build -o /out ./...'),
		{ 'go.mod': goMod(), 'cmd/x/main.go': MAIN, 'cmd/y/main.go': MAIN },
	],
	[
		'output-into-directory',
		'two to a file',
		building('RUN go build -o /out ./...'),
		{ 'go.mod': goMod(), 'cmd/x/main.go': MAIN, 'cmd/y/main.go': MAIN },
	],
	[
		'output-into-directory',
		'two with a slash',
		building('RUN go build -o /out/ ./...'),
		{ 'go.mod': goMod(), 'cmd/x/main.go': MAIN, 'cmd/y/main.go': MAIN },
	],
	[
		'output-into-directory',
		'two to /dev/null',
		building('RUN go build -o /dev/null ./...'),
		{ 'go.mod': goMod(), 'cmd/x/main.go': MAIN, 'cmd/y/main.go': MAIN },
	],
	[
		'output-into-directory',
		'one to a directory',
		`${building('RUN go build -o /out')}FROM scratch\nCOPY --from=build /out /out\nCMD ["/out"]\n`,
		APP,
	],
	[
		'output-into-directory',
		'WORKDIR and -o of its name',
		'FROM golang:1.22 AS build\nWORKDIR /app\nCOPY . .\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n',
		APP,
	],
	...[
		'go build -o /app',
		'go build -ldflags="-s -w" -o /app',
		'go build -trimpath -o /app',
		'go build -trimpath -ldflags="-s -w" -o /app',
		'go build -trimpath=false -ldflags="-s -w" -o /app',
		'go build -gcflags="all=-N -l" -o /app',
		'go build -gcflags=-N -o /app',
		'go build -gcflags="-N -l" -o /app',
		'go build -gcflags=-m -o /app',
		'go build -ldflags=-w -o /app',
		'go build -ldflags "-s -w" -trimpath -o /app',
	].map((run): Row => ['unstripped-binary', run, building(`RUN CGO_ENABLED=0 ${run}`) + FINAL]),
	[
		'unstripped-binary',
		'1.12 without trimpath',
		building('RUN CGO_ENABLED=0 go build -ldflags="-s -w" -o /app', 'golang:1.12') + FINAL,
		{ 'go.mod': goMod('1.12'), 'main.go': MAIN },
	],
	[
		'unstripped-binary',
		'1.13 without trimpath',
		building('RUN CGO_ENABLED=0 go build -ldflags="-s -w" -o /app', 'golang:1.13') + FINAL,
		{ 'go.mod': goMod('1.12'), 'main.go': MAIN },
	],
	...['65534', '65534:65534', 'nobody', 'nobody:nobody', '0', 'root', '12345', '$U'].map(
		(user): Row => [
			'user-without-group',
			user,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM alpine\nCOPY --from=build /app /app\nUSER ${user}\nENTRYPOINT ["/app"]\n`,
		],
	),
	['user-without-group', '65534 on scratch', building('RUN CGO_ENABLED=0 go build -o /app') + FINAL.replace('65534:65534', '65534')],
	...['nobody', 'root', 'app', '65534', 'nonroot', 'nobody:nogroup', 'app:app'].flatMap((user): Row[] =>
		['scratch', 'alpine', 'gcr.io/distroless/static'].map((base) => [
			'unknown-user',
			`${user} on ${base}`,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM ${base}\nCOPY --from=build /app /app\nUSER ${user}\nENTRYPOINT ["/app"]\n`,
		]),
	),
	[
		'unknown-user',
		'before COPY',
		`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM scratch\nUSER nobody\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n`,
	],
	...[
		'RUN mkdir /x',
		'RUN ["/app"]',
		'ONBUILD RUN mkdir /x',
		'RUN chmod +x /app',
		'RUN',
		'SHELL ["/app"]\nRUN x',
		'RUN <<EOF\nmkdir /x\nEOF',
		'RUN mkdir /x && chown 5 /x',
		'RUN adduser x',
		'RUN --mount=type=cache,target=/c mkdir /x',
	].map(
		(line): Row => [
			'run-without-shell',
			line,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM scratch\nCOPY --from=build /app /app\n${line}\nENTRYPOINT ["/app"]\n`,
		],
	),
	...[
		'ENTRYPOINT ["/app"]',
		'ENTRYPOINT ["/ap"]',
		'ENTRYPOINT ["app"]',
		'CMD ["./app"]',
		'ENTRYPOINT /app',
		'ENTRYPOINT ["/run.sh"]',
		'ENTRYPOINT ["/x.py"]',
		'ENTRYPOINT ["/env.sh"]',
		'ENTRYPOINT ["/sh.sh"]',
		'ENTRYPOINT ["sh", "-c", "/app"]',
		'ENTRYPOINT ["sh", "-c", "/app && x"]',
		'ENTRYPOINT ["/bin/sh", "-c", "/app", "x"]',
		'ENTRYPOINT ["/bin"]',
	].flatMap((line): Row[] =>
		['scratch', 'alpine'].map((base) => [
			'entrypoint-not-in-image',
			`${line} on ${base}`,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM ${base}\nCOPY --from=build /app /app\nCOPY --chmod=755 run.sh x.py env.sh sh.sh /\n${line}\n`,
			{
				...APP,
				'run.sh': '#!/bin/bash\nx\n',
				'x.py': '#!/usr/bin/python3\n',
				'env.sh': '#!/usr/bin/env bash\n',
				'sh.sh': '#!/bin/sh -e\n',
			},
		]),
	),
	...[
		'GOARCH=arm64 go build -o /app',
		'go build -o /app',
		'GOOS=windows go build -o /app',
		'GOARCH=$TARGETARCH go build -o /app',
		'GOOS=linux GOARCH=${TARGETARCH} go build -o /app',
		'GOARCH=${TARGETARCH:-amd64} go build -o /app',
		'go build -race -o /app',
	].flatMap((run): Row[] =>
		['--platform=$BUILDPLATFORM golang:1.22', '--platform=linux/amd64 golang:1.22', 'golang:1.22'].map((from) => [
			'wrong-platform',
			`${run} on ${from}`,
			building(`RUN ${run}`, from) + FINAL,
		]),
	),
	[
		'wrong-platform',
		'amd64 image',
		building('RUN GOARCH=arm64 go build -o /app') + FINAL.replace('FROM scratch', 'FROM --platform=linux/amd64 scratch'),
	],
	['wrong-platform', 'ARG default', building('ARG TARGETARCH=arm64\nRUN GOARCH=$TARGETARCH go build -o /app') + FINAL],
	['wrong-platform', 'ARG', building('ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app') + FINAL],
	['wrong-platform', 'ENV', building('ENV GOARCH=$TARGETARCH\nRUN go build -o /app') + FINAL],
	['wrong-platform', 'exported', building('RUN export GOARCH=arm64 && go build -o /app', '--platform=$BUILDPLATFORM golang:1.22') + FINAL],
	...['scratch', 'debian:12', 'debian:12-slim AS x\nFROM x', 'busybox', 'alpine', 'gcr.io/distroless/static', 'ubuntu:24.04'].map(
		(base): Row => [
			'missing-ca-certificates',
			base,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM ${base}\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n`,
			{ 'go.mod': goMod(), 'main.go': TLS },
		],
	),
	[
		'missing-ca-certificates',
		'misplaced',
		`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n`,
		{ 'go.mod': goMod(), 'main.go': TLS },
	],
	[
		'missing-ca-certificates',
		'SSL_CERT_FILE',
		`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM scratch\nENV SSL_CERT_FILE=/roots.pem\nCOPY roots.pem /roots.pem\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n`,
		{ 'roots.pem': '', 'go.mod': goMod(), 'main.go': TLS },
	],
	...[
		'COPY go.mod go.sum ./',
		'COPY go.sum ./',
		'COPY go.mod  go.sum  ./',
		'COPY ["go.mod", "go.sum", "./"]',
		'COPY ["go.sum", "go.mod", "./"]',
		'COPY go.mod \\\n  go.sum \\\n  ./',
		'COPY go.* ./',
		'COPY go.sum* ./',
	].map((line): Row => ['missing-go-sum', line, `FROM golang:1.22 AS build\nWORKDIR /src\n${line}\nCOPY *.go ./\nRUN go build -o /app\n`]),
	...[
		'COPY go.mod ./',
		'COPY ./go.mod ./',
		'COPY ["go.mod", "./"]',
		'COPY "go.mod" ./',
		'COPY go.mod go.mod',
		'COPY go.mod /src/',
		'COPY go.mod /src/go.mod',
	].map(
		(line): Row => [
			'missing-go-sum',
			`${line} with go.sum`,
			`FROM golang:1.22 AS build\nWORKDIR /src\n${line}\nCOPY *.go ./\nRUN go build -o /app\n`,
			{ 'go.mod': goMod('1.22', 'require example.com/m v1.0.0\n'), 'go.sum': 'x', 'main.go': WITH_MODULE },
		],
	),
	...[
		'RUN go mod tidy && go build -o /app',
		'RUN go build -mod=mod -o /app',
		'RUN go build -mod=vendor -o /app',
		'RUN go get ./... && go build -o /app',
		'RUN go mod vendor && go build -o /app',
		'RUN go mod download && go build -o /app',
	].map(
		(run): Row => [
			'missing-go-sum',
			run,
			`FROM golang:1.22 AS build\nWORKDIR /src\nCOPY go.mod *.go ./\n${run}\n`,
			{ 'go.mod': goMod('1.22', 'require example.com/m v1.0.0\n'), 'go.sum': 'x', 'main.go': WITH_MODULE },
		],
	),
	[
		'missing-go-sum',
		'ignored',
		`FROM golang:1.22 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n`,
		{ '.dockerignore': 'go.sum\n', 'go.mod': goMod('1.22', 'require example.com/m v1.0.0\n'), 'go.sum': 'x', 'main.go': WITH_MODULE },
	],
	[
		'missing-go-sum',
		'1.15',
		`FROM golang:1.15 AS build\nWORKDIR /src\nCOPY go.mod *.go ./\nRUN go build -o /app\n`,
		{ 'go.mod': goMod('1.15', 'require example.com/m v1.0.0\n'), 'go.sum': 'x', 'main.go': WITH_MODULE },
	],
	...[
		'COPY --from=build /ap /app',
		'COPY --from=build /src/app /app',
		'COPY --from=build /bin/app /bin/',
		'COPY --from=build /app /app',
		'COPY --from=biuld /app /app',
		'COPY --from=0 /app /app',
		'COPY --from=1 /app /app',
		'COPY --from=5 /app /app',
		'COPY --from=build /src/*.so /lib/',
		'COPY --from=build /out /',
		'COPY --from=build /src/ap ./',
		'COPY --from=build /src/ap .',
		'COPY --from=build /app /etc/nothing /x/',
		'COPY --from=other /app /app',
	].map(
		(line): Row => [
			'copy-of-missing-file',
			line,
			`${building('RUN CGO_ENABLED=0 go build -o /app')}FROM alpine AS other\nFROM scratch\n${line}\nENTRYPOINT ["/app"]\n`,
		],
	),
];

/** By rule and name: severity and text of each finding, and the titles of its fixes, those that fix-all applies with an exclamation mark. */
const REPORTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
	'module-in-gopath': {
		plain: ['error go build: Set WORKDIR /src!'],
		'two copies': ['error go build: Set WORKDIR /src!'],
		'a copy of the directory': ['error go build: Set WORKDIR /src!'],
		'a wildcard': ['error go build: Set WORKDIR /src'],
		'from another stage': ['error go build: Set WORKDIR /src!'],
		'absolute destination first': ['error go build: Set WORKDIR /src!'],
		'json destination': ['error go build: Set WORKDIR /src!'],
		'RUN in exec form': ['error "go", "build": Set WORKDIR /src!'],
		'RUN echo first': ['error go build: Set WORKDIR /src!'],
		'RUN git first': ['error go build: Set WORKDIR /src!'],
		'GO111MODULE on': ['error go build: Set WORKDIR /src!'],
		'GOPATH of two': ['error go build: Set WORKDIR /src!'],
		'go vet': ['error go vet: Set WORKDIR /src!'],
		'/src taken': ['error go build: Set WORKDIR /workspace!'],
		'WORKDIR /go twice': ['error go build'],
		'1.22': ['warning go build: Set WORKDIR /src!'],
	},
	'outdated-go-image': {
		older: ['error golang:1.20: Use golang:1.22!'],
		local: ['error golang:1.21: Use golang:1.22!'],
		'only vet': ['error golang:1.21: Use golang:1.22!'],
		'mod download': ['error golang:1.21: Use golang:1.22!'],
		'three parts, older': ['error golang:1.22.3: Use golang:1.22.4!'],
		prerelease: ['error golang:1.20: Use golang:1.21!'],
		'patch of 1.21': ['error golang:1.20: Use golang:1.21!'],
		'patch of 1.19': ['error golang:1.20: Use golang:1.21!'],
		'toolchain line': ['error golang:1.20: Use golang:1.21!'],
		'toolchain line default': ['error golang:1.20: Use golang:1.21!'],
		'toolchain line and newer': ['error golang:1.20: Use golang:1.23!'],
		'1.19 last alpine': ['error golang:1.19-alpine: Use golang:1.22-alpine'],
		'1.19 last vet': ['warning golang:1.19: Use golang:1.22!'],
		'1.19 to 1.21': ['warning golang:1.19: Use golang:1.21!'],
		digest: ['error golang:1.21@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef: Use golang:1.22'],
	},
	'root-user': {
		'CMD ["/app"]': ['warning FROM alpine: Run as nobody (USER 65534:65534)! / Set USER 65534:65534 without an /etc/passwd entry'],
		'VOLUME /data': [
			'warning FROM alpine: Run as nobody (USER 65534:65534): a volume may belong to root / Set USER 65534:65534 without an /etc/passwd entry: a volume may belong to root',
		],
		'LABEL x=gosu': ['warning FROM alpine: Run as nobody (USER 65534:65534)! / Set USER 65534:65534 without an /etc/passwd entry'],
	},
	'file-ignored': {
		named: ['error a.txt: Re-include a.txt in .dockerignore!'],
		twice: ['error a.txt: Re-include a.txt in .dockerignore!'],
		all: ['error .: Re-include go.mod in .dockerignore'],
		directory: ['error d: Re-include d in .dockerignore!'],
		'own ignore file': ['error a.txt: Re-include a.txt in Dockerfile.dockerignore!'],
		'go.mod': ['error .: Re-include go.mod in .dockerignore!'],
		embed: ['error .: Re-include a.txt in .dockerignore!'],
		'embed wildcard': ['error .: Re-include web in .dockerignore!'],
		'embed all:': ['error .: Re-include web in .dockerignore!'],
	},
	'missing-main-package': {
		directory: ['error ./cmd/x: Build . / Build ./cmd/y'],
		'no go files': ['error ./docs: Build .!'],
		file: ['error x.go: Build .!'],
		library: ['error ./lib: Build .!'],
		pie: ['error ./lib: Build .!'],
		'root is none': ['error go build: Build ./cmd/x / Build ./cmd/y'],
		'root is none, four': ['error .: Build ./cmd/a / Build ./cmd/b / Build ./cmd/c / Build ./cmd/d'],
		'root is none, example': ['error .: Build ./examples/x!'],
		'nothing at all': ['error .'],
	},
	'output-into-directory': {
		'two to a file': ['error ./...'],
		'WORKDIR and -o of its name': ['error -o /app: Write the binary to /out/app!'],
	},
	'unstripped-binary': {
		'go build -o /app': ['hint go build: Add -trimpath and -s -w!'],
		'go build -ldflags="-s -w" -o /app': ['hint go build: Add -trimpath!'],
		'go build -trimpath -o /app': ['hint go build: Add -s -w!'],
		'go build -trimpath=false -ldflags="-s -w" -o /app': ['hint go build: Add -trimpath'],
		'go build -gcflags=-m -o /app': ['hint go build: Add -trimpath and -s -w!'],
		'go build -ldflags=-w -o /app': ['hint go build: Add -trimpath!'],
		'1.13 without trimpath': ['hint go build: Add -trimpath!'],
	},
	'user-without-group': {
		'12345': ['information 12345: Use USER 12345:12345!'],
		'65534 on scratch': ['information 65534: Use USER 65534:65534!'],
	},
	'unknown-user': {
		'nobody on scratch': ['error nobody: Add /etc/passwd with user nobody! / Use USER 65534:65534'],
		'root on scratch': ['error root: Use USER 0:0'],
		'app on scratch': ['error app: Add /etc/passwd with user app! / Use USER 65534:65534'],
		'app on alpine': ['error app: Create user app! / Use USER 65534:65534'],
		'app on gcr.io/distroless/static': ['error app: Use USER 65534:65534!'],
		'nonroot on scratch': ['error nonroot: Add /etc/passwd with user nonroot! / Use USER 65534:65534'],
		'nonroot on alpine': ['error nonroot: Create user nonroot! / Use USER 65534:65534'],
		'nobody:nogroup on scratch': [
			'error nobody:nogroup: Add /etc/passwd with user nobody and /etc/group with group nogroup! / Use USER 65534:65534',
		],
		'nobody:nogroup on gcr.io/distroless/static': ['error nobody:nogroup: Use USER 65534:65534'],
		'app:app on scratch': ['error app:app: Add /etc/passwd with user app and /etc/group with group app! / Use USER 65534:65534'],
		'app:app on alpine': ['error app:app: Create user app! / Use USER 65534:65534'],
		'app:app on gcr.io/distroless/static': ['error app:app: Use USER 65534:65534'],
		'before COPY': ['error nobody: Add /etc/passwd with user nobody! / Use USER 65534:65534'],
	},
	'run-without-shell': {
		'RUN mkdir /x': ['error RUN mkdir /x: Move to stage build and copy the result!'],
		'RUN chmod +x /app': ['error RUN chmod +x /app: Remove: the file is already executable!'],
		'RUN <<EOF\nmkdir /x\nEOF': ['error RUN <<EOF\nmkdir /x\nEOF: Move to stage build and copy the result!'],
		'RUN mkdir /x && chown 5 /x': ['error RUN mkdir /x && chown 5 /x'],
		'RUN adduser x': ['error RUN adduser x: Move to stage build and copy the result!'],
		'RUN --mount=type=cache,target=/c mkdir /x': [
			'error RUN --mount=type=cache,target=/c mkdir /x: Move to stage build and copy the result!',
		],
	},
	'entrypoint-not-in-image': {
		'ENTRYPOINT ["/ap"] on scratch': ['error "/ap": Start /app!'],
		'ENTRYPOINT ["/ap"] on alpine': ['error "/ap": Start /app!'],
		'ENTRYPOINT ["app"] on scratch': ['error "app": Start /app!'],
		'ENTRYPOINT ["app"] on alpine': ['error "app": Start /app!'],
		'ENTRYPOINT ["/run.sh"] on scratch': ['error "/run.sh"'],
		'ENTRYPOINT ["/run.sh"] on alpine': ['error "/run.sh"'],
		'ENTRYPOINT ["/env.sh"] on scratch': ['error "/env.sh"'],
		'ENTRYPOINT ["/env.sh"] on alpine': ['error "/env.sh"'],
		'ENTRYPOINT ["/sh.sh"] on scratch': ['error "/sh.sh"'],
		'ENTRYPOINT ["sh", "-c", "/app"] on scratch': ['error "sh": Write ["/app"]!'],
		'ENTRYPOINT ["sh", "-c", "/app && x"] on scratch': ['error "sh"'],
		'ENTRYPOINT ["/bin/sh", "-c", "/app", "x"] on scratch': ['error "/bin/sh"'],
		'ENTRYPOINT ["/bin"] on scratch': ['error "/bin": Start /app!'],
		'ENTRYPOINT ["/bin"] on alpine': ['error "/bin"'],
	},
	'wrong-platform': {
		'go build -o /app on --platform=$BUILDPLATFORM golang:1.22': ['warning go build: Build for the target platform!'],
		'GOOS=windows go build -o /app on --platform=$BUILDPLATFORM golang:1.22': ['error go build: Set GOOS=linux'],
		'GOOS=windows go build -o /app on --platform=linux/amd64 golang:1.22': ['error go build: Set GOOS=linux!'],
		'GOOS=windows go build -o /app on golang:1.22': ['error go build: Set GOOS=linux!'],
		'GOARCH=$TARGETARCH go build -o /app on --platform=$BUILDPLATFORM golang:1.22': ['warning $TARGETARCH: Add ARG TARGETARCH!'],
		'GOARCH=$TARGETARCH go build -o /app on --platform=linux/amd64 golang:1.22': ['warning $TARGETARCH: Add ARG TARGETARCH!'],
		'GOARCH=$TARGETARCH go build -o /app on golang:1.22': ['information $TARGETARCH: Add ARG TARGETARCH!'],
		'GOOS=linux GOARCH=${TARGETARCH} go build -o /app on --platform=$BUILDPLATFORM golang:1.22': [
			'warning ${TARGETARCH}: Add ARG TARGETARCH!',
		],
		'GOOS=linux GOARCH=${TARGETARCH} go build -o /app on --platform=linux/amd64 golang:1.22': [
			'warning ${TARGETARCH}: Add ARG TARGETARCH!',
		],
		'GOOS=linux GOARCH=${TARGETARCH} go build -o /app on golang:1.22': ['information ${TARGETARCH}: Add ARG TARGETARCH!'],
		'GOARCH=${TARGETARCH:-amd64} go build -o /app on --platform=$BUILDPLATFORM golang:1.22': [
			'warning ${TARGETARCH:-amd64}: Add ARG TARGETARCH!',
		],
		'GOARCH=${TARGETARCH:-amd64} go build -o /app on --platform=linux/amd64 golang:1.22': [
			'warning ${TARGETARCH:-amd64}: Add ARG TARGETARCH!',
		],
		'GOARCH=${TARGETARCH:-amd64} go build -o /app on golang:1.22': ['information ${TARGETARCH:-amd64}: Add ARG TARGETARCH!'],
		'go build -race -o /app on --platform=$BUILDPLATFORM golang:1.22': ['warning go build'],
		'amd64 image': ['error go build: Set GOARCH=amd64!'],
		'ARG default': ['warning TARGETARCH=arm64: Declare TARGETARCH without a default!'],
		ENV: ['information $TARGETARCH: Add ARG TARGETARCH!'],
	},
	'missing-ca-certificates': {
		scratch: ['error FROM scratch: Copy CA certificates from stage build!'],
		'debian:12': ['error FROM debian:12: Copy CA certificates from stage build!'],
		'debian:12-slim AS x\nFROM x': ['error FROM x: Copy CA certificates from stage build!'],
		busybox: ['error FROM busybox: Copy CA certificates from stage build!'],
		'ubuntu:24.04': ['error FROM ubuntu:24.04: Copy CA certificates from stage build!'],
		misplaced: ['error FROM scratch: Copy into /etc/ssl/certs/!'],
	},
	'missing-go-sum': {
		'COPY go.mod go.sum ./': ['error go.sum: Remove go.sum from COPY!'],
		'COPY go.sum ./': ['error go.sum: Remove go.sum from COPY!'],
		'COPY go.mod  go.sum  ./': ['error go.sum: Remove go.sum from COPY!'],
		'COPY ["go.mod", "go.sum", "./"]': ['error "go.sum": Remove go.sum from COPY!'],
		'COPY ["go.sum", "go.mod", "./"]': ['error "go.sum": Remove go.sum from COPY!'],
		'COPY go.mod \\\n  go.sum \\\n  ./': ['error go.sum: Remove go.sum from COPY!'],
		'COPY go.mod ./ with go.sum': ['error go.mod: Copy go.sum too!'],
		'COPY ./go.mod ./ with go.sum': ['error ./go.mod: Copy go.sum too!'],
		'COPY ["go.mod", "./"] with go.sum': ['error "go.mod": Copy go.sum too!'],
		'COPY "go.mod" ./ with go.sum': ['error "go.mod": Copy go.sum too!'],
		'COPY go.mod go.mod with go.sum': ['error go.mod: Copy go.sum too!'],
		'COPY go.mod /src/ with go.sum': ['error go.mod: Copy go.sum too!'],
		'COPY go.mod /src/go.mod with go.sum': ['error go.mod: Copy go.sum too!'],
		'RUN go mod download && go build -o /app': ['error go.mod: Copy go.sum too!'],
		ignored: ['error go build: Re-include go.sum in .dockerignore!'],
	},
	'copy-of-missing-file': {
		'COPY --from=build /ap /app': ['error /ap: Copy /app!'],
		'COPY --from=build /src/app /app': ['error /src/app: Copy /app!'],
		'COPY --from=1 /app /app': ['error /app: Copy from build!'],
		'COPY --from=5 /app /app': ['error 5: Copy from build!'],
		'COPY --from=build /out /': ['error /out: Copy /app!'],
		'COPY --from=other /app /app': ['error /app: Copy from build!'],
	},
};

describe('rules on Dockerfiles that differ in little', () => {
	for (const [code, name, text, files = APP] of rows) {
		it(`${code}: ${name.replaceAll('\n', '⏎')}`, async () => {
			const memory = createMemoryFiles(
				Object.fromEntries(Object.entries({ Dockerfile: text, ...files }).map(([path, content]) => [`/w/${path}`, content])),
			);
			const analyser = createAnalyser({ files: memory, rules: rules.filter((rule) => rule.code === code), log: assert.fail });
			const { findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
			const said = await Promise.all(
				findings.map(async ({ severity, range, fixes }) => {
					const titles = (await fixes()).map(({ title, preferred }) => `${title}${preferred ? '!' : ''}`);
					return `${severity} ${text.slice(range.start, range.end)}${titles.length === 0 ? '' : `: ${titles.join(' / ')}`}`;
				}),
			);
			assert.deepEqual(said, REPORTS[code]?.[name] ?? []);
		});
	}

	it('has a report and a silence of each', () => {
		for (const [code, reports] of Object.entries(REPORTS)) {
			const names = rows.filter(([each]) => each === code).map(([, name]) => name);
			assert.equal(new Set(names).size, names.length, `${code}: a name stands for one row`);
			assert.ok(
				Object.keys(reports).every((name) => names.includes(name)),
				`${code}: every report is of a row`,
			);
		}
	});
});
