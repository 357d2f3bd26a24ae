import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { checkInput } from '../oracles.ts';
import type { Input, Target } from '../target.ts';
import { fixtureInputs } from './dockerfile.ts';

const MODULE_FILE = /(?:^|\/)(?:go\.(?:mod|sum|work|work\.sum)|modules\.txt)$/;

const DOCKERFILE = `FROM golang:1.22 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -mod=vendor -o /app ./...
FROM scratch
COPY --from=build /app /app
CMD ["/app"]
`;

/** Any text as go.mod, go.sum, go.work and vendor/modules.txt. */
export const modules: Target = {
	name: 'modules',
	weight: 16,
	seeds: (): Input[] => [
		...Object.values(WORKSPACES).map((files) => ({ ...files, Dockerfile: DOCKERFILE })),
		...fixtureInputs().filter((files) => Object.keys(files).some((name) => MODULE_FILE.test(name))),
	],
	mutable: (name) => MODULE_FILE.test(name),
	words: [
		...[
			'module ',
			'go 1.22\n',
			'go 1.24rc1\n',
			'toolchain go1.24.3\n',
			'toolchain default\n',
			'require (\n',
			'require ',
			'replace ',
			'exclude ',
			'retract ',
			'tool ',
			'use ',
			'ignore ',
			'godebug ',
		],
		...[
			' => ',
			'./lib',
			'../..',
			'/abs',
			'golang.org/x/text v0.14.0',
			'example.com/lib v0.0.0-00010101000000-000000000000',
			'// indirect',
			'\t)\n',
			'(',
			')',
			'[v1.0.0, v1.2.0]',
		],
		...[
			'"quoted"',
			'`raw`',
			'+incompatible',
			'/v2',
			'<<<<<<< HEAD\n',
			'# golang.org/x/text v0.14.0\n',
			'## explicit; go 1.18\n',
			'# a => b\n',
			'h1:x=',
			'/go.mod h1:',
		],
	],
	async check(input) {
		await checkInput(input);
	},
};
