import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** Places that a repository may name and that are not on this machine: to look there would be a connection. */
const ELSEWHERE = [
	'file://evil.example/share',
	'vscode-vfs://github/evil/repository',
	'https://evil.example/x',
	'//evil.example/share',
	'\\\\evil.example\\share',
];

describe('paths in the files of a repository', () => {
	it('name no other machine', async () => {
		for (const place of ELSEWHERE) {
			const dockerfile = `FROM golang:1.26 AS build
WORKDIR /src
COPY ${place}/a go.mod ./
COPY . .
ADD ${place}/b ./
RUN --mount=type=bind,source=${place}/c,target=/c sh ${place}/d.sh
RUN sh ./${place}/d.sh && cd ${place} && go build -o ${place}/app -modfile=${place}/go.mod ${place}/cmd
RUN go build -C ${place} -overlay ${place}/o.json -pgo ${place}/p .

FROM scratch
COPY --from=build ${place}/app /app
ENTRYPOINT ["${place}/app"]
`;
			// A `//` without quotes starts a comment.
			const quoted = (name: string) => `"${place.replaceAll('\\', '\\\\')}/${name}"`;
			const inner = createMemoryFiles({
				'/w/Dockerfile': dockerfile,
				'/w/go.mod': `module example.com/app\n\ngo 1.26\n\nrequire example.com/x v1.0.0\n\nreplace example.com/x => ${quoted('x')}\n`,
				'/w/go.work': `go 1.26\n\nuse (\n\t.\n\t${quoted('y')}\n)\n\nreplace example.com/z => ${quoted('z')}\n`,
				'/w/main.go': `package main\n\nimport (\n\t_ "embed"\n\t_ "example.com/x"\n\t"os"\n)\n\n//go:embed ${place}/e\nvar e string\n\nfunc main() {\n\tos.Open("${place.replaceAll('\\', '\\\\')}/f")\n}\n`,
				'/w/compose.yaml': `services:\n  a:\n    build:\n      context: '${place}'\n      dockerfile: '${place}/Dockerfile'\n  b:\n    build:\n      context: .\n      additional_contexts:\n        c: '${place}'\n`,
				'/w/Makefile': `build:\n\tdocker build -f Dockerfile '${place}'\n`,
				'/w/docker-bake.hcl': `target "a" {\n  context = "${place}"\n  dockerfile = "/w/Dockerfile"\n}\n`,
				'/w/vendor/modules.txt': `# example.com/x v1.0.0 => ${place}/x\n`,
			});
			const asked = new Set<string>();
			const seen =
				<T extends unknown[], R>(read: (path: string, ...rest: T) => R) =>
				(path: string, ...rest: T) => {
					asked.add(path);
					return read(path, ...rest);
				};
			const files: Files = { readText: seen(inner.readText), list: seen(inner.list), status: seen(inner.status) };
			const analyser = createAnalyser({ files, log: assert.fail });
			await analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
			assert.ok(asked.has('/w/go.mod') && asked.has('/w/main.go'));
			assert.deepEqual(
				[...asked].filter((path) => !/^\/(?![/\\])/.test(path)),
				[],
			);
		}
	});
});
