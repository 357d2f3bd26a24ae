import fc from 'fast-check';
import { fixtureCases } from '../../../test/properties/cases.ts';
import { dockerfiles } from '../../../test/properties/dockerfiles.ts';
import { ROOT, WORKSPACES } from '../../../test/properties/workspaces.ts';
import { checkInput, checkRest } from '../oracles.ts';
import type { Input, Target } from '../target.ts';

/** The fixtures whose Dockerfile is in the root, each as one input. */
export function fixtureInputs(): Input[] {
	return fixtureCases()
		.filter(({ path }) => path === `${ROOT}/Dockerfile`)
		.map(({ files, text }) => ({
			...Object.fromEntries(Object.entries(files).map(([path, content]) => [path.slice(ROOT.length + 1), content])),
			Dockerfile: text,
		}));
}

/** Generated Dockerfiles, each in one of the workspaces of the property tests. */
export const generatedInputs: fc.Arbitrary<Input> = fc
	.tuple(fc.constantFrom(...Object.values(WORKSPACES)), dockerfiles)
	.map(([files, text]) => ({ ...files, Dockerfile: text }));

/** Any text as a Dockerfile, in the workspaces of the fixtures. */
export const dockerfile: Target = {
	name: 'dockerfile',
	weight: 14,
	seeds: fixtureInputs,
	generated: generatedInputs,
	mutable: (name) => name === 'Dockerfile',
	words: [
		...[
			'FROM ',
			'RUN ',
			'COPY ',
			'ADD ',
			'ENV ',
			'ARG ',
			'USER ',
			'WORKDIR ',
			'CMD ',
			'ENTRYPOINT ',
			'HEALTHCHECK ',
			'SHELL ',
			'VOLUME ',
			'ONBUILD ',
		],
		...[
			'FROM scratch\n',
			'FROM golang:1.22 AS build\n',
			'FROM alpine:3.20\n',
			'FROM build\n',
			' AS build',
			'scratch',
			'COPY . .\n',
			'COPY --from=build /app /app\n',
		],
		...[
			'RUN go build -o /app .\n',
			'RUN go mod download\n',
			'RUN ln -s /a /b\n',
			'RUN mv /app /bin/app\n',
			'RUN rm -rf /\n',
			'RUN cp -r . /x\n',
			'RUN mkdir -p /a/b\n',
		],
		...[
			'RUN <<EOF\n',
			'EOF\n',
			'COPY <<A <<B /x/\n',
			'A\n',
			'# escape=`\n',
			'# syntax=docker/dockerfile:1\n',
			'# go-scratch ignore=root-user\n',
		],
		...[
			'--mount=type=bind,target=/x ',
			'--mount=type=cache,target=/go/pkg/mod ',
			'--chown=app:app ',
			'--chmod=755 ',
			'--platform=$BUILDPLATFORM ',
			'--link ',
		],
		...[
			'["/app"]',
			'["sh", "-c", "/app"]',
			'$PATH',
			'${A:-b}',
			'${A:+b}',
			'${A%%b}',
			'$(go env GOPATH)',
			'&& ',
			'|| ',
			'; ',
			'| ',
			'> /x',
			'\\\n',
			"$'a'",
		],
		...[
			'if true; then ',
			'fi',
			'for x in a b; do ',
			'done',
			'case x in ',
			'esac',
			'{ ',
			'}',
			'( ',
			')',
			'f() { ',
			'export ',
			'set -eux; ',
			'cd /x && ',
			'CGO_ENABLED=0 ',
		],
	],
	async check(input) {
		await checkInput(input);
		await checkRest(input);
	},
};
