import assert from 'node:assert/strict';
import type { GoBuild } from '../../server/image/model.ts';
import type { GoWorkspace } from '../../server/program/model.ts';
import { build, workspace } from './build.ts';

const MODULE = {
	'go.mod': 'module example.com/shop\n',
	'main.go': 'package main',
	'cmd/api/main.go': 'package main',
	'cmd/job/main.go': 'package main',
};
const SHOP = workspace('example.com/shop', '.', 'cmd/api', 'cmd/job');

/** Each case: what follows `FROM golang:1.22`, WORKDIR /src and `COPY . .`, and what is said of its only build. */
const cases: readonly { name: string; run: string; from?: string; go?: GoWorkspace; expect: Partial<GoBuild> }[] = [
	{
		name: 'a plain build is named after the module',
		run: 'RUN go build',
		expect: {
			outputs: ['/src/shop'],
			directory: '/src',
			sourceDirectory: '/w',
			packages: [],
			goMinor: 22,
			cCompiler: 'yes',
			cgoEnabled: undefined,
			goos: 'linux',
			crossCompiles: 'no',
			tags: [],
		},
	},
	{
		name: 'a module path that ends with a version gives its parent',
		run: 'RUN go build .',
		go: workspace('example.com/shop/v2', '.'),
		expect: { outputs: ['/src/shop'] },
	},
	{
		name: 'a package is named after its directory',
		run: 'RUN go build ./cmd/api',
		expect: { outputs: ['/src/api'], packages: ['./cmd/api'] },
	},
	{ name: 'a file is named after itself', run: 'RUN go build -v cmd/api/main.go', expect: { outputs: ['/src/main'] } },
	{ name: '-o names a file', run: 'RUN go build -o /out/app ./cmd/api', expect: { outputs: ['/out/app'], outputIsDirectory: false } },
	{
		name: '-o is relative to the directory',
		run: 'RUN cd cmd/api && go build -o bin/app .',
		expect: { outputs: ['/src/cmd/api/bin/app'], directory: '/src/cmd/api', sourceDirectory: '/w/cmd/api' },
	},
	{
		name: '-o with a slash takes the names of the packages',
		run: 'RUN go build -o /out/ ./cmd/api ./cmd/job',
		expect: { outputs: ['/out/api', '/out/job'], outputIsDirectory: true },
	},
	{
		name: '-o that names an existing directory',
		run: 'WORKDIR /app\nWORKDIR /src\nRUN go build -o /app .',
		expect: { outputs: ['/app/shop'], outputIsDirectory: true },
	},
	{ name: 'a pattern into a directory', run: 'RUN go build -o=bin/ ./cmd/...', expect: { outputs: ['/src/bin/api', '/src/bin/job'] } },
	{ name: 'a pattern without -o keeps nothing that is certain', run: 'RUN go build ./...', expect: { outputs: [] } },
	{
		name: '-C changes the directory',
		run: 'RUN go build -C cmd/api -o app',
		expect: { outputs: ['/src/cmd/api/app'], sourceDirectory: '/w/cmd/api' },
	},
	{ name: 'go install goes to GOPATH/bin', run: 'RUN go install ./cmd/api', expect: { subcommand: 'install', outputs: ['/go/bin/api'] } },
	{ name: 'go install goes to GOBIN', run: 'ENV GOBIN=/b\nRUN go install ./cmd/api', expect: { outputs: ['/b/api'] } },
	{
		name: 'cross-compiled, go install goes to a directory of its own',
		run: 'RUN GOOS=windows GOARCH=amd64 go install ./cmd/api',
		expect: { outputs: ['/go/bin/windows_amd64/api'], crossCompiles: 'yes' },
	},
	{
		name: 'a module at a version is not of the workspace',
		run: 'RUN go install github.com/x/tool/v2@latest',
		expect: { outputs: ['/go/bin/tool'], sourceDirectory: undefined },
	},
	{ name: 'CGO_ENABLED on the command', run: 'RUN CGO_ENABLED=0 go build', expect: { cgoEnabled: '0' } },
	{ name: 'CGO_ENABLED by ENV', run: 'ENV CGO_ENABLED=0 GOOS=linux\nRUN go build', expect: { cgoEnabled: '0', goos: 'linux' } },
	{ name: 'CGO_ENABLED by ARG', run: 'ARG CGO_ENABLED=1\nRUN go build', expect: { cgoEnabled: '1' } },
	{ name: 'CGO_ENABLED by an ARG without a value', run: 'ARG CGO_ENABLED\nRUN go build', expect: { cgoEnabled: 'unknown' } },
	{ name: 'CGO_ENABLED by export', run: 'RUN export CGO_ENABLED=0 && go build', expect: { cgoEnabled: '0' } },
	{ name: 'an assignment of its own is no environment', run: 'RUN CGO_ENABLED=0 && go build', expect: { cgoEnabled: undefined } },
	{ name: 'an assignment that is exported later', run: 'RUN CGO_ENABLED=0; export CGO_ENABLED; go build', expect: { cgoEnabled: '0' } },
	{ name: 'an assignment to a name that is exported', run: 'RUN export CGO_ENABLED; CGO_ENABLED=0; go build', expect: { cgoEnabled: '0' } },
	{
		name: 'an assignment to a name that is exported in a subshell',
		run: 'RUN (export CGO_ENABLED); CGO_ENABLED=0; go build',
		expect: { cgoEnabled: undefined },
	},
	{
		name: 'an assignment to a name that is no longer exported',
		run: 'RUN export CGO_ENABLED; export -n CGO_ENABLED; CGO_ENABLED=0; go build',
		expect: { cgoEnabled: undefined },
	},
	{
		name: 'an assignment to a name that is unset after its export',
		run: 'RUN export CGO_ENABLED; unset CGO_ENABLED; CGO_ENABLED=0; go build',
		expect: { cgoEnabled: undefined },
	},
	{
		name: 'an assignment to a name of declare -x',
		run: 'RUN declare -x CGO_ENABLED; CGO_ENABLED=0; go build',
		expect: { cgoEnabled: '0' },
	},
	{ name: 'a file that may export anything', run: 'RUN . ./build.env && go build', expect: { cgoEnabled: 'unknown' } },
	{ name: 'a file that names the release of the system', run: 'RUN . /etc/os-release && go build', expect: { cgoEnabled: undefined } },
	{ name: 'a file that is perhaps read', run: 'RUN if [ -f .env ]; then source .env; fi; go build', expect: { cgoEnabled: 'unknown' } },
	{ name: 'a file that a subshell reads', run: 'RUN (. ./build.env); go build', expect: { cgoEnabled: undefined } },
	{ name: 'an assignment after such a file', run: 'RUN . ./build.env; CGO_ENABLED=0 go build', expect: { cgoEnabled: '0' } },
	{ name: 'an ENV that such a file may replace', run: 'ENV CGO_ENABLED=1\nRUN . ./build.env; go build', expect: { cgoEnabled: 'unknown' } },
	{ name: 'a text that is not known', run: 'RUN eval "$(cat build.env)"; go build', expect: { cgoEnabled: 'unknown' } },
	{ name: 'an assignment to what ENV has set', run: 'ENV CGO_ENABLED=1\nRUN CGO_ENABLED=0; go build', expect: { cgoEnabled: '0' } },
	{ name: 'an assignment under set -a', run: 'RUN set -ea && CGO_ENABLED=0 && go build', expect: { cgoEnabled: '0' } },
	{ name: 'an assignment after set +a', run: 'RUN set -a; set +a; CGO_ENABLED=0; go build', expect: { cgoEnabled: undefined } },
	{ name: 'declare exports with -x alone', run: 'RUN declare CGO_ENABLED=0; go build', expect: { cgoEnabled: undefined } },
	{ name: 'declare -x', run: 'RUN declare -x CGO_ENABLED=0; go build', expect: { cgoEnabled: '0' } },
	{
		name: 'a shell of its own sees no variable of this one',
		run: 'RUN CGO_ENABLED=0; sh -c "go build"',
		expect: { cgoEnabled: undefined },
	},
	{ name: 'a loop variable is no environment', run: 'RUN for CGO_ENABLED in 0; do go build; done', expect: { cgoEnabled: undefined } },
	{
		name: 'a base image of which nothing is known may have set what is assigned',
		from: 'corp.example/go:1',
		run: 'RUN CGO_ENABLED=0 && go build',
		expect: { cgoEnabled: 'unknown' },
	},
	{
		name: '-C in front of the subcommand',
		run: 'RUN go -C cmd/api build -o app',
		expect: { outputs: ['/src/cmd/api/app'], directory: '/src/cmd/api', sourceDirectory: '/w/cmd/api' },
	},
	{ name: 'CGO_ENABLED by go env -w', run: 'RUN go env -w CGO_ENABLED=0\nRUN go build', expect: { cgoEnabled: '0' } },
	{ name: 'CGO_ENABLED by env', run: 'RUN env CGO_ENABLED=0 go build', expect: { cgoEnabled: '0' } },
	{ name: 'a value set for one command does not stay', run: 'RUN CGO_ENABLED=0 go version; go build', expect: { cgoEnabled: undefined } },
	{ name: 'ENV wins over ARG', run: 'ARG CGO_ENABLED=1\nENV CGO_ENABLED=0\nRUN go build', expect: { cgoEnabled: '0' } },
	{ name: 'tags in both separations', run: 'RUN go build -tags "a b,c" .', expect: { tags: ['a', 'b', 'c'] } },
	{
		name: 'the last -tags wins, and the command over GOFLAGS',
		run: 'ENV GOFLAGS="-tags=x -mod=vendor"\nRUN go build -tags a -tags b',
		expect: { tags: ['b'], mod: 'vendor' },
	},
	{ name: 'a go.work that is left aside', run: 'ENV GOWORK=off\nRUN go build', expect: { withoutWork: true } },
	{ name: 'tags of GOFLAGS', run: 'ENV GOFLAGS=-tags=x\nRUN go build', expect: { tags: ['x'] } },
	{ name: 'tags in a variable of no known value', run: 'ARG TAGS\nRUN go build -tags "$TAGS"', expect: { tags: undefined } },
	{
		name: 'a word of flags in a variable is split',
		run: 'ARG FLAGS="-tags netgo -trimpath"\nRUN go build $FLAGS -o /x',
		expect: { tags: ['netgo'], outputs: ['/x'] },
	},
	{
		name: 'static linking as the flags ask for it',
		run: `RUN go build -ldflags '-linkmode external -s -extldflags "-static -lm"' .`,
		expect: { linking: { staticExternal: true, externalMode: true, pie: false, known: true } },
	},
	{
		name: 'a piece of -ldflags that is not known hides nothing behind -X',
		run: 'RUN go build -ldflags="-X main.v=$(git describe) -w"',
		expect: { linking: { staticExternal: false, externalMode: false, pie: false, known: true } },
	},
	{
		name: 'flags in a variable of no known value may hide it',
		run: 'ARG L\nRUN go build -ldflags="-s $L"',
		expect: { linking: { staticExternal: false, externalMode: false, pie: false, known: false } },
	},
	{
		name: '-buildmode=pie',
		run: 'RUN go build -buildmode=pie',
		expect: { linking: { staticExternal: false, externalMode: false, pie: true, known: true } },
	},
	{
		name: 'the platform arguments have values that nobody knows',
		run: 'ARG TARGETOS TARGETARCH\nRUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build',
		expect: { goos: undefined, goarch: undefined, crossCompiles: 'no' },
	},
	{
		name: 'on the build platform they cross-compile, perhaps',
		from: '--platform=$BUILDPLATFORM golang:1.22',
		run: 'ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build',
		expect: { goarch: undefined, crossCompiles: 'unknown' },
	},
	{
		name: 'an undeclared platform argument is empty',
		run: 'RUN GOARCH=$TARGETARCH go build',
		expect: { crossCompiles: 'no', goarch: undefined },
	},
	{ name: 'another architecture by name', run: 'RUN GOARCH=arm64 go build', expect: { goarch: 'arm64', crossCompiles: 'unknown' } },
	{
		name: 'alpine has no C compiler',
		from: 'golang:1.22-alpine3.19',
		run: 'RUN go build',
		expect: { cCompiler: 'no', goVersion: '1.22', goMinor: 22 },
	},
	{
		name: 'unless it is installed',
		from: 'golang:1.22.3-alpine',
		run: 'RUN apk add --no-cache gcc musl-dev\nRUN go build',
		expect: { cCompiler: 'yes', goVersion: '1.22.3' },
	},
	{
		name: 'known packages bring none',
		from: 'golang:1.22-alpine',
		run: 'RUN apk update && apk add git make ca-certificates tzdata\nRUN go build',
		expect: { cCompiler: 'no' },
	},
	{
		name: 'the go command by its path, in a group, behind time',
		run: 'RUN { time /usr/local/go/bin/go build -o /x; }',
		expect: { outputs: ['/x'] },
	},
	{ name: 'a wildcard of files', run: 'RUN go build -o /x *.go', expect: { packages: ['main.go'] } },
	{
		name: 'a directory that is not known',
		run: 'ARG D\nRUN cd $D && go build -o app',
		expect: { directory: undefined, outputs: [], sourceDirectory: undefined },
	},
	{ name: 'an output that is thrown away', run: 'RUN go build -o /dev/null .', expect: { outputs: [] } },
];

describe('the Go builds of a stage', () => {
	for (const { name, run, from = 'golang:1.22', go = SHOP, expect } of cases) {
		it(name, async () => {
			const image = await build(`FROM ${from}\nWORKDIR /src\nCOPY . .\n${run}\n`, MODULE, go);
			const [found, ...more] = image.stages[0]?.builds ?? [];
			assert.equal(more.length, 0);
			for (const [key, value] of Object.entries(expect)) assert.deepEqual(found?.[key as keyof GoBuild], value, key);
		});
	}

	it('follows the sources through a COPY of single directories', async () => {
		const image = await build('FROM golang\nWORKDIR /src\nCOPY go.mod ./\nCOPY cmd ./cmd\nRUN go build -o /app ./cmd/api', MODULE, SHOP);
		assert.equal(image.stages[0]?.builds[0]?.sourceDirectory, '/w');
	});

	it('follows the sources through a stage and a bind mount', async () => {
		const image = await build(
			'FROM golang AS a\nWORKDIR /m\nCOPY . /m\nFROM golang AS b\nCOPY --from=a /m /n\nRUN cd /n && go build -o /x\nFROM golang\nWORKDIR /k\nRUN --mount=target=. go build -o /x',
			MODULE,
			SHOP,
		);
		assert.deepEqual(
			image.stages.map((stage) => stage.builds[0]?.sourceDirectory),
			[undefined, '/w', '/w'],
		);
	});

	it('knows the binary wherever it is copied, and the words of the command', async () => {
		const text =
			'FROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /out/app . && cp /out/app /bin/app\nFROM scratch\nCOPY --from=b /out/ /\nCOPY --from=b /bin/app /x/y\n';
		const image = await build(text, MODULE, SHOP);
		assert.deepEqual(
			image.stages[1]?.files
				.builds()
				.map(({ path }) => path)
				.sort(),
			['/app', '/x/y'],
		);
		const found = image.stages[0]?.builds[0] as GoBuild;
		assert.equal(text.slice(found.range.start, found.range.end), 'CGO_ENABLED=0 go build -o /out/app .');
		assert.equal(text.slice(found.commandRange.start, found.commandRange.end), 'go build');
		const output = found.flags.find((flag) => flag.name === 'o');
		assert.equal(text.slice(output?.range?.start, output?.range?.end), '-o /out/app');
		assert.equal(text.slice(output?.valueRange?.start, output?.valueRange?.end), '/out/app');
	});

	it('follows a binary whose name holds a variable of no known value', async () => {
		const image = await build(
			'FROM golang AS b\nARG TARGETARCH\nCOPY . /s\nRUN cd /s && go build -o /out/app-$TARGETARCH\nFROM scratch\nARG TARGETARCH\nCOPY --from=b /out/app-${TARGETARCH} /app',
			MODULE,
			SHOP,
		);
		assert.deepEqual(image.stages[0]?.builds[0]?.outputs, []);
		assert.deepEqual(
			image.stages.map((stage) => stage.files.builds().map(({ path }) => path)),
			[[], ['/app']],
		);
	});

	it('takes a binary that a branch may have built for there once a COPY needs it', async () => {
		const image = await build(
			'FROM golang AS b\nCOPY . /s\nWORKDIR /s\nRUN if [ -n "$X" ]; then go build -o /out; fi\nFROM scratch\nCOPY --from=b /out /app',
			MODULE,
			SHOP,
		);
		assert.equal(image.stages[0]?.files.has('/out'), 'unknown');
		assert.deepEqual(
			image.stages[1]?.files.builds().map(({ path }) => path),
			['/app'],
		);
		assert.equal(image.stages[1]?.files.has('/app'), 'yes');
	});
});
