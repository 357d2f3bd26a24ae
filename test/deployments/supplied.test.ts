import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const DOCKERFILE =
	'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n';

/** What is reported of a program that makes a TLS connection and temporary files, in an image that has nothing for either. */
async function reported(compose: string | undefined): Promise<string[]> {
	const files = createMemoryFiles({
		'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
		'/w/main.go':
			'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\thttp.Get("https://go.dev")\n\tos.CreateTemp("", "x")\n}\n',
		'/w/Dockerfile': DOCKERFILE,
		'/w/ca.pem': 'a certificate',
		...(compose === undefined ? {} : { '/w/compose.yaml': `services:\n${compose}` }),
	});
	const analyser = createAnalyser({ files, log: assert.fail });
	const { findings } = await analyser.analyse({ path: '/w/Dockerfile', text: DOCKERFILE, root: '/w' });
	return findings
		.filter(({ code }) => /^missing-(?:tmp|ca)/.test(code))
		.map(({ code, message }) => `${code}${/ Only .*/.exec(message)?.[0] ?? ''}`);
}

describe('what deployments supply', () => {
	it('is missing in the Dockerfile where nothing deploys the image', async () => {
		assert.deepEqual(await reported(undefined), ['missing-ca-certificates', 'missing-tmp']);
		assert.deepEqual(await reported('  app:\n    build: .\n'), ['missing-ca-certificates', 'missing-tmp']);
		assert.deepEqual(await reported('  other:\n    image: x\n    tmpfs: /tmp\n'), ['missing-ca-certificates', 'missing-tmp']);
	});

	it('is not missing where every deployment supplies it', async () => {
		assert.deepEqual(await reported('  app:\n    build: .\n    tmpfs: /tmp\n'), ['missing-ca-certificates']);
		assert.deepEqual(await reported('  app:\n    build: .\n    environment: {TMPDIR: /dev/shm}\n'), ['missing-ca-certificates']);
		for (const volume of ['/etc/ssl/certs:/etc/ssl/certs:ro', './ca.pem:/etc/ssl/certs/ca-certificates.crt'])
			assert.deepEqual(await reported(`  app:\n    build: .\n    volumes: ["${volume}"]\n`), ['missing-tmp']);
		const file = '  app:\n    build: .\n    environment: [SSL_CERT_FILE=/ca.pem]\n    volumes: [./ca.pem:/ca.pem]\n';
		assert.deepEqual(await reported(file), ['missing-tmp']);
	});

	it('is missing where it is not known what a deployment sets', async () => {
		for (const body of ['env_file: [absent.env]', 'volumes: ["x:${WHERE}"]', 'user: ${WHO}', '<<: *nothing'])
			assert.deepEqual(await reported(`  app:\n    build: .\n    ${body}\n`), ['missing-ca-certificates', 'missing-tmp'], body);
	});

	it('is missing where only some deployments supply it, and these are named', async () => {
		assert.deepEqual(await reported('  app:\n    build: .\n    tmpfs: /tmp\n  other:\n    build: .\n'), [
			'missing-ca-certificates',
			'missing-tmp Only service app in compose.yaml supplies it.',
		]);
	});
});
