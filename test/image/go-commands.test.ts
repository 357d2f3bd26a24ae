import assert from 'node:assert/strict';
import type { GoBuild } from '../../server/image/model.ts';
import { build, lastStage, workspace } from './build.ts';
import { assertFiles, type ExpectedFiles } from './expected-files.ts';

/** What the go command of a RUN builds and leaves, as `go help build` and its like say. */

const FILES = { 'go.mod': 'module example.com/shop\n', 'main.go': 'package main\n', 'cmd/api/main.go': 'package main\n', 'go.sum': '' };
const SHOP = workspace('example.com/shop', '.', 'cmd/api');

const shown = (value: unknown) => (value === undefined ? '?' : String(value));

function factsOf(built: GoBuild): Readonly<Record<string, string>> {
	return {
		as: built.subcommand,
		in: shown(built.directory),
		from: shown(built.sourceDirectory),
		packages: built.packages.map(shown).join(' '),
		to: built.outputs.join(' '),
		inside: String(built.outputIsDirectory),
		os: shown(built.goos),
		arch: shown(built.goarch),
		tags: built.tags === undefined ? '?' : built.tags.join(' '),
		cgo: shown(built.cgoEnabled),
		crosses: built.crossCompiles,
		cc: built.cCompiler,
		named: shown(built.namedCompiler),
		mod: shown(built.mod),
		go: shown(built.goMinor),
		static: String(built.linking.staticExternal),
		external: String(built.linking.externalMode),
		pie: String(built.linking.pie),
		known: String(built.linking.known),
		work: String(!built.withoutWork),
	};
}

/** `go build` in /src of the official image. */
const PLAIN = {
	...{ as: 'build', in: '/src', from: '/w', packages: '', to: '/src/shop', inside: 'false', os: 'linux', arch: '?', tags: '', cgo: '?' },
	...{ crosses: 'no', cc: 'yes', named: '?', mod: '?', go: '22', static: 'false', external: 'false', pie: 'false', known: 'true' },
	work: 'true',
};

/** What a RUN builds, where it is another thing than {@link PLAIN}. */
const builds: readonly (readonly [run: string, other: Partial<typeof PLAIN>, from?: string])[] = [
	['go build', {}],
	['go build .', { packages: '.' }],
	['go build ./cmd/api', { packages: './cmd/api', to: '/src/api' }],
	['go build -o /app', { to: '/app' }],
	['go build --o=/app', { to: '/app' }],
	['go build -o app', { to: '/src/app' }],
	['go build -o /out/', { to: '/out/shop', inside: 'true' }],
	['go build -o ../bin/app', { to: '/bin/app' }],
	['go build -C cmd/api', { in: '/src/cmd/api', from: '/w/cmd/api', to: '/src/cmd/api/api' }],
	['go build -C /src/cmd/api -o /app', { in: '/src/cmd/api', from: '/w/cmd/api', to: '/app' }],
	['go build -C cmd/api -o app', { in: '/src/cmd/api', from: '/w/cmd/api', to: '/src/cmd/api/app' }],
	['cd cmd/api && go build', { in: '/src/cmd/api', from: '/w/cmd/api', to: '/src/cmd/api/api' }],
	['go build main.go', { packages: 'main.go', to: '/src/main' }],
	['go build *.go', { packages: 'main.go', to: '/src/main' }],
	['go build -tags netgo', { tags: 'netgo' }],
	['go build -tags=netgo,osusergo', { tags: 'netgo osusergo' }],
	['go build -tags "netgo osusergo"', { tags: 'netgo osusergo' }],
	['go build -tags a -tags b', { tags: 'b' }],
	['GOFLAGS=-tags=x go build', { tags: 'x' }],
	['GOFLAGS="-tags=x -mod=vendor" go build', { tags: 'x', mod: 'vendor' }],
	['GOFLAGS=-tags=x go build -tags y', { tags: 'y' }],
	['GOFLAGS="$(cat /f)" go build', { tags: '?', known: 'false' }],
	['go build -tags "$(cat /f)"', { tags: '?' }],
	['CGO_ENABLED=0 go build', { cgo: '0' }],
	['CGO_ENABLED=1 go build', { cgo: '1' }],
	['CGO_ENABLED="$(cat /f)" go build', { cgo: 'unknown' }],
	['export CGO_ENABLED=0; go build', { cgo: '0' }],
	['CGO_ENABLED=0; go build', {}],
	['go env -w CGO_ENABLED=0 && go build', { cgo: '0' }],
	['go env -w CGO_ENABLED=0 GOOS=windows && go build -o /app', { cgo: '0', os: 'windows', crosses: 'yes', to: '/app' }],
	['go env CGO_ENABLED && go build', {}],
	['GOOS=linux go build', {}],
	['GOOS=windows go build -o /app', { os: 'windows', crosses: 'yes', to: '/app' }],
	['GOARCH=arm64 go build', { arch: 'arm64', crosses: 'unknown' }],
	['GOARCH=$TARGETARCH go build', {}],
	['CC=tcc go build', { cc: 'unknown', named: 'tcc' }],
	['CC=clang go build', { cc: 'no', named: 'clang' }],
	['CC=clang go build', { cc: 'no', named: 'clang' }, 'golang:1.22-alpine'],
	['CC="gcc -m32" go build', { cc: 'unknown', named: 'gcc' }],
	['go build -mod=mod', { mod: 'mod' }],
	['go build -mod vendor', { mod: 'vendor' }],
	['GOWORK=off go build', { work: 'false' }],
	['GOWORK=/x/go.work go build', {}],
	['go build -buildmode=pie', { pie: 'true' }],
	['go build -buildmode=exe', {}],
	['go build -ldflags="-s -w"', {}],
	['go build -ldflags="-linkmode external"', { external: 'true' }],
	['go build -ldflags="-linkmode=external -extldflags=-static"', { external: 'true', static: 'true' }],
	[`go build -ldflags='-extldflags "-static"'`, { static: 'true' }],
	[`go build -ldflags "-extldflags '-static -lm'"`, { static: 'true' }],
	['go build -ldflags="-linkmode internal"', {}],
	['go build -ldflags="$(cat /f)"', { known: 'false' }],
	['go build -ldflags="-X main.v=$(cat /f)"', { known: 'true' }],
	['go install', { as: 'install', to: '/go/bin/shop' }],
	['go install ./cmd/api', { as: 'install', packages: './cmd/api', to: '/go/bin/api' }],
	['GOBIN=/b go install', { as: 'install', to: '/b/shop' }],
	['GOPATH=/p go install', { as: 'install', to: '/p/bin/shop' }],
	['go install example.com/tool/cmd/x@latest', { as: 'install', from: '?', packages: 'example.com/tool/cmd/x@latest', to: '/go/bin/x' }],
	['go install example.com/tool/v2@v2.1.0', { as: 'install', from: '?', packages: 'example.com/tool/v2@v2.1.0', to: '/go/bin/tool' }],
	['/usr/local/go/bin/go build', {}],
	['go build', { cc: 'no' }, 'golang:1.22-alpine'],
	['apk add gcc && go build', { cc: 'yes' }, 'golang:1.22-alpine'],
	['go build', { go: '20' }, 'golang:1.20'],
	['go build', { go: '22', arch: 'arm64' }, '--platform=linux/arm64 golang:1.22'],
	['GOARCH=amd64 go build', { arch: 'amd64', crosses: 'yes' }, '--platform=linux/arm64 golang:1.22'],
	['GOARCH=arm64 go build', { arch: 'arm64' }, '--platform=linux/arm64 golang:1.22'],
];

/** What a command leaves in the stage. */
const effects: readonly (ExpectedFiles & { readonly run: string })[] = [
	{ run: 'go build -o /app', yes: '/app', no: '/src/shop' },
	{ run: 'go build -n -o /app', no: '/app' },
	{ run: 'if test -f /x; then go build -o /app; fi', unknown: '/app' },
	{ run: 'go build -o /app-$UNSET', yes: '/app-' },
	{ run: 'ARCH=$(uname -m); go build -o /opt/app-$ARCH', unknown: '/opt/app-x' },
	{ run: 'go install', yes: '/go/bin/shop' },
	{ run: 'go mod download', unknown: '/go/pkg/mod/cache', no: '/src/vendor' },
	{ run: 'go mod vendor', yes: '/src/vendor', unknown: '/src/vendor/modules.txt' },
	{ run: 'go mod vendor -o deps', yes: '/src/deps', no: '/src/vendor' },
	{ run: 'go work vendor', yes: '/src/vendor' },
	{ run: 'rm go.sum && go mod tidy', unknown: '/src/go.sum', yes: '/src/go.mod' },
	{ run: 'cd /opt && go mod init x', unknown: '/opt/go.mod /opt/go.sum' },
	{ run: 'cd /opt && go mod verify', no: '/opt/go.mod' },
	{ run: 'cd /opt && go get example.com/x', unknown: '/opt/go.mod /go/bin/x' },
	{ run: 'go vet ./... && go list -m && go fmt && go version', no: '/src/x /app' },
	{ run: 'go test ./...', unknown: '/src/x', no: '/opt/x' },
	{ run: 'go test -coverprofile=/opt/c.out ./...', unknown: '/opt/c.out', no: '/opt/d.out' },
	{ run: 'OUT=/opt/d.out go test ./...', unknown: '/opt/d.out' },
	{ run: 'go tool cover -html=c.out -o /opt/c.html', unknown: '/opt/c.html', no: '/srv/x' },
	{ run: 'go tool nm app', no: '/opt/x' },
	{ run: 'go tool mytool', unknown: '/opt/x' },
	{ run: 'go run ./gen', unknown: '/opt/x' },
	{ run: 'go generate ./...', unknown: '/opt/x' },
	{ run: 'mkdir "$(go env GOPATH)/mine"', yes: '/go/mine' },
	// The image sets GOPATH, and the environment counts before what `go env -w` writes.
	{ run: 'go env -w GOPATH=/p && mkdir -p "$(go env GOPATH)/mine"', yes: '/go/mine', no: '/p' },
];

describe('what the go command builds', () => {
	for (const [run, other, from = 'golang:1.22'] of builds) {
		it(`${run}${from === 'golang:1.22' ? '' : ` (${from})`}`, async () => {
			const text = `FROM ${from}\nWORKDIR /src\nCOPY . .\nRUN ${run}\n`;
			const { stages } = await build(text, FILES, SHOP);
			const [built] = stages[0]?.builds ?? [];
			assert.ok(built);
			assert.deepEqual(factsOf(built), { ...PLAIN, ...other });
			assert.match(text.slice(built.commandRange.start, built.commandRange.end), /go (?:build|install)$/);
		});
	}
});

describe('what the go command leaves', () => {
	for (const { run, ...expected } of effects) {
		it(run, async () => {
			const { files } = await lastStage(`FROM golang:1.22-alpine\nWORKDIR /src\nCOPY . .\nRUN ${run}\n`, FILES, SHOP);
			assertFiles(files, expected);
		});
	}
});

describe('what go build leaves behind', () => {
	const files = { 'go.mod': 'module example.com/app\n\ngo 1.26\n', 'main.go': 'package main\n\nfunc main() {}\n' };

	it('is a program that can be executed, or a library that cannot', async () => {
		const { files: tree } = await lastStage(
			'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app . && go build -buildmode=plugin -o /x.so . && go build -buildmode=c-archive -o /x.a .',
			files,
		);
		assertFiles(tree, { mode: { '/app': '755', '/x.so': '644', '/x.a': '644' } });
	});

	it('may be an archive, where no main package is known to be there', async () => {
		const text =
			'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app . && go build -o /archive ./lib && go build -o /api ./cmd/api';
		const { files: tree } = await lastStage(text, { ...files, 'lib/lib.go': 'package lib\n' }, SHOP);
		assertFiles(tree, { yes: '/app /archive /api', mode: { '/app': '755', '/archive': undefined, '/api': '755' } });
	});

	it('may be the module cache, where the modules were not downloaded before', async () => {
		const before = 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\n';
		assertFiles((await lastStage(before, files)).files, { no: '/go/pkg' });
		const { files: tree } = await lastStage(`${before}RUN go build -o /app .`, files);
		assertFiles(tree, { unknown: '/go/pkg /go/pkg/mod /go/pkg/mod/cache' });
		assert.equal(tree.children('/go')?.complete, false);
	});
});
