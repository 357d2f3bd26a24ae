import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import snippets from '../../snippets/dockerfile.json' with { type: 'json' };
import { expandSnippet } from './expand.ts';

type Name = keyof typeof snippets;

const ROOT = '/workspace';

const MODULE = 'module example.com/app\n\ngo 1.27\n';

/** A program that wants nothing; the others want what their cases are about. */
const QUIET = 'package main\n\nfunc main() {\n\tprintln("hello")\n}\n';
const HTTPS = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://go.dev")\n}\n';
const ZONES = 'package main\n\nimport "time"\n\nfunc main() {\n\ttime.LoadLocation("Europe/Berlin")\n}\n';
const TEMPORARY = 'package main\n\nimport "os"\n\nfunc main() {\n\tos.CreateTemp("", "x")\n}\n';
const MODULES = 'package main\n\nimport "golang.org/x/sync/errgroup"\n\nfunc main() {\n\tvar group errgroup.Group\n\tgroup.Wait()\n}\n';

const BUILD_STAGE = 'FROM golang:1.27 AS build\nWORKDIR /src\n';
const BUILD = 'RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/app .\n';
const FINAL_STAGE = 'FROM scratch\nCOPY --from=build /out/app /app\n';
const USER = 'USER 65534:65534\n';
const COMMAND = 'ENTRYPOINT ["/app"]\n';

/** Where a snippet belongs, and what is found there without it. */
interface Case {
	readonly snippet: Name;
	readonly program: string;
	readonly module?: string;
	readonly before: string;
	readonly after: string;
	/** What stands in place of the snippet when it is missed; nothing unless told. */
	readonly instead?: string;
	readonly missed?: string;
}

const CASES: readonly Case[] = [
	{ snippet: 'Scratch Dockerfile for a Go program', program: HTTPS, before: '', after: '' },
	{
		snippet: 'CA certificates for a scratch image',
		program: HTTPS,
		before: `${BUILD_STAGE}COPY . .\n${BUILD}${FINAL_STAGE}`,
		after: `${USER}${COMMAND}`,
		missed: 'missing-ca-certificates',
	},
	{
		snippet: '/etc/passwd for nobody',
		program: QUIET,
		before: `${BUILD_STAGE}COPY . .\n${BUILD}`,
		after: `${FINAL_STAGE}COPY --from=build /etc_passwd /etc/passwd\n${USER}${COMMAND}`,
		missed: 'copy-of-missing-file',
	},
	{
		snippet: 'Run as nobody',
		program: QUIET,
		before: `${BUILD_STAGE}COPY . .\n${BUILD}RUN echo "nobody:x:65534:65534:nobody:/:" > /etc_passwd\n${FINAL_STAGE}`,
		after: COMMAND,
		missed: 'root-user',
	},
	{
		snippet: 'Static Go build',
		program: HTTPS,
		before: `${BUILD_STAGE}COPY . .\n`,
		after: `FROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\nCOPY --from=build /out/app /app\n${USER}${COMMAND}`,
		instead: 'RUN go build -o /out/app .\n',
		missed: 'dynamic-binary',
	},
	{
		snippet: 'Cached Go modules',
		program: MODULES,
		module: `${MODULE}\nrequire golang.org/x/sync v0.24.0\n`,
		before: BUILD_STAGE,
		// The modules are in a cache mount, which the build has to mount too: without the snippet, the build fills it.
		after: `COPY . .\n${BUILD.replace('RUN ', 'RUN --mount=type=cache,target=/go/pkg/mod ')}${FINAL_STAGE}${USER}${COMMAND}`,
	},
	{
		snippet: 'Static Go build with time zone data',
		program: ZONES,
		before: `${BUILD_STAGE}COPY . .\n`,
		after: `${FINAL_STAGE}${USER}${COMMAND}`,
		instead: BUILD,
		missed: 'missing-timezone-data',
	},
	{
		snippet: 'Directory for temporary files',
		program: TEMPORARY,
		before: `${BUILD_STAGE}COPY . .\n${BUILD}`,
		after: `${FINAL_STAGE}COPY --from=build /rootfs/ /\n${USER}${COMMAND}`,
		missed: 'copy-of-missing-file',
	},
	{
		snippet: 'Temporary files in a scratch image',
		program: TEMPORARY,
		before: `${BUILD_STAGE}COPY . .\n${BUILD}RUN mkdir -p /rootfs && mkdir -m 1777 /rootfs/tmp\n${FINAL_STAGE}`,
		after: `${USER}${COMMAND}`,
		missed: 'missing-tmp',
	},
	{
		snippet: 'Entrypoint in exec form',
		program: QUIET,
		before: `${BUILD_STAGE}COPY . .\n${BUILD}${FINAL_STAGE}${USER}`,
		after: '',
		missed: 'missing-entrypoint',
	},
	{
		snippet: 'Multi-platform Go build',
		program: QUIET,
		before: '',
		after: `${FINAL_STAGE}${USER}${COMMAND}`,
		instead: `FROM --platform=$BUILDPLATFORM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\n${BUILD}`,
		missed: 'wrong-platform',
	},
];

describe('snippets', () => {
	it('each have a case', () => {
		assert.deepEqual(CASES.map(({ snippet }) => snippet as string).sort(), Object.keys(snippets).sort());
	});

	it('have prefixes of their own', () => {
		const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
		assert.equal(new Set(prefixes).size, prefixes.length);
		assert(prefixes.every((prefix) => prefix.startsWith('go-scratch')));
	});

	for (const { snippet, program, module = MODULE, before, after, instead = '', missed } of CASES) {
		it(`${snippet}: leaves nothing to find where it belongs`, async () => {
			assert.deepEqual(await codes(before + expandSnippet(snippets[snippet].body) + after, program, module), []);
			if (missed) {
				const found = await codes(before + instead + after, program, module);
				assert(found.includes(missed), `without it, ${missed} is found, not only ${found.join(', ') || 'nothing'}`);
			}
		});
	}
});

async function codes(dockerfile: string, program: string, module: string): Promise<string[]> {
	const files = createMemoryFiles({
		[`${ROOT}/go.mod`]: module,
		[`${ROOT}/go.sum`]: 'golang.org/x/sync v0.24.0 h1:x\n',
		[`${ROOT}/main.go`]: program,
		[`${ROOT}/.dockerignore`]: '.git\n',
	});
	const analyser = createAnalyser({ files, log: assert.fail });
	const { findings } = await analyser.analyse({ path: `${ROOT}/Dockerfile`, text: dockerfile, root: ROOT });
	return findings.map(({ code }) => code);
}
