import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { checkInput } from '../oracles.ts';
import type { Input, Target } from '../target.ts';

const DOCKERFILE = `FROM golang:1.22 AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN ./build.sh
RUN go build -o /app .
FROM scratch
COPY --from=build /app /app
CMD ["/app"]
`;

/** A file for each way in which a repository says how an image is built. */
const DECLARATIONS: Input = {
	'compose.yaml':
		'services:\n  app:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n      target: build\n  b: &b\n    build: ./docker\n  c:\n    <<: *b\n',
	'docker-bake.hcl':
		'variable "X" { default = "a" }\ngroup "default" { targets = ["app"] }\ntarget "app" {\n  context = "."\n  dockerfile = "docker/Dockerfile"\n  args = { A = "${X}" }\n}\n',
	'docker-bake.json': '{"target": {"app": {"context": "..", "dockerfile": "docker/Dockerfile", "inherits": ["b"]}}}\n',
	Makefile:
		'IMAGE ?= app\nbuild:\n\tdocker build -t $(IMAGE) -f docker/Dockerfile --target build .\n\tcd docker && docker buildx build \\\n\t  --build-arg V=$(shell git describe) ..\n',
	'rules.mk': 'push:\n\tdocker image build docker\n',
	'skaffold.yaml': 'build:\n  artifacts:\n    - image: app\n      context: .\n      docker:\n        dockerfile: docker/Dockerfile\n',
	'.github/workflows/ci.yml':
		'jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v5\n        with:\n          context: .\n          file: docker/Dockerfile\n      - run: docker build -f docker/Dockerfile .\n',
	'build.sh': '#!/bin/sh\nset -e\ngo mod download\ncd /src && go build -o /app .\n',
};

/** Any text in the files that say what is built from where. */
export const context: Target = {
	name: 'context',
	weight: 16,
	seeds: (): Input[] => [
		...Object.entries(DECLARATIONS).map(([name, text]) => ({ ...WORKSPACES.server, [name]: text, 'docker/Dockerfile': DOCKERFILE })),
		{ ...WORKSPACES.server, ...DECLARATIONS, 'docker/Dockerfile': DOCKERFILE },
	],
	mutable: (name) => name in DECLARATIONS,
	words: [
		...[
			'services:\n',
			'build: ',
			'context: ',
			'dockerfile: ',
			'dockerfile_inline: |\n',
			'target: ',
			'extends:\n',
			'include:\n',
			'&a ',
			'*a',
			'<<: ',
			'!!binary ',
			'? ',
			'- ',
			'|+2\n',
			'>-\n',
			'---\n',
			'%YAML 1.2\n',
			'{{',
			'}}',
		],
		...[
			'target "a" {',
			'inherits = ["a"]',
			'context = ',
			'<<EOF\n',
			'${',
			'%{',
			'}\n',
			'variable ',
			'function ',
			'"matrix": ',
			'/*',
			'*/',
			'//',
			'# ',
		],
		...[
			'docker build ',
			'docker buildx build ',
			'-f ',
			'--file=',
			'--target ',
			'$(',
			'${',
			'$@',
			'\n\t',
			'ifeq (a,b)\n',
			'define x\n',
			'endef\n',
			'include ',
			':=',
			'\\\n',
			'&& ',
			'cd .. && ',
			'podman build ',
			'.',
			'..',
			'docker/Dockerfile',
		],
	],
	async check(input) {
		await checkInput(input, 'docker/Dockerfile');
	},
};
