import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useCommandLine } from '../support/command-line.ts';

const FILES = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nimport "os"\n\nfunc main() {\n\tos.CreateTemp("", "x")\n}\n',
	'.dockerignore': '.git\n',
	Dockerfile:
		'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]\n',
	'deploy/compose.yaml':
		'services:\n  app:\n    build: ..\n    tmpfs: /tmp\n    healthcheck:\n      test: /app -healthcheck || exit 1 # every minute\n',
	'deploy/other.yaml': 'services:\n  app:\n    image: postgres\n    healthcheck: {test: curl localhost}\n',
};

describe('deployments on the command line', function () {
	this.timeout(60_000);
	const used = useCommandLine();

	beforeEach(() => {
		for (const [path, text] of Object.entries(FILES)) {
			mkdirSync(dirname(join(used.directory, path)), { recursive: true });
			writeFileSync(join(used.directory, path), text);
		}
	});

	function run(...words: string[]): { status: number | null; out: string; error: string } {
		const { status, stdout, stderr } = spawnSync(process.execPath, [used.bundle, ...words], { cwd: used.directory, encoding: 'utf8' });
		return { status, out: stdout, error: stderr };
	}

	it('are checked with the Dockerfiles, and supply what these lack', () => {
		const { status, out } = run('check');
		assert.equal(status, 1);
		assert.match(out, /^deploy\/compose\.yaml:6:13 error missing-probe-program The health check of service app/m);
		assert.match(out, /^1 finding \(1 error\) in 1 Dockerfile and 1 deployment file\.$/m);
	});

	it('are left out where that is asked for, where only Dockerfiles are named, and where Git ignores them', () => {
		for (const words of [['--no-deployments'], ['Dockerfile']]) {
			const { out } = run('check', ...words);
			assert.doesNotMatch(out, /compose\.yaml/);
		}
		assert.match(run('check', '--no-deployments').out, /error missing-tmp/);
		writeFileSync(join(used.directory, '.gitignore'), 'deploy/\n');
		assert.doesNotMatch(run('check').out, /compose\.yaml:/);
		writeFileSync(join(used.directory, '.gitignore'), 'compose.yaml\n');
		assert.doesNotMatch(run('check').out, /compose\.yaml:/);
	});

	it('can be named, and are refused if they start no image of the workspace', () => {
		assert.match(run('check', 'deploy/compose.yaml').out, /missing-probe-program/);
		assert.match(run('check', 'deploy/other.yaml').error, /deploy\/other\.yaml is not a Dockerfile/);
	});

	it('are in every report, and in baselines', () => {
		assert.equal(JSON.parse(run('check', '--format', 'json').out).findings[0].file, 'deploy/compose.yaml');
		assert.equal(JSON.parse(run('check', '--format', 'json').out).summary.deployments, 1);
		assert.match(run('check', '--format', 'github').out, /file=deploy\/compose\.yaml,line=6/);
		const [result] = JSON.parse(run('check', '--format', 'sarif').out).runs[0].results;
		assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, 'deploy/compose.yaml');
		assert.equal(run('check', '--write-baseline', 'known.json').status, 0);
		assert.equal(run('check', '--baseline', 'known.json').status, 0);
	});

	it('are checked without any Dockerfile where one stands in them', () => {
		rmSync(join(used.directory, 'Dockerfile'));
		const inline = (FILES.Dockerfile as string).replaceAll(/^(?=.)/gm, '        ');
		const path = join(used.directory, 'deploy/compose.yaml');
		writeFileSync(path, `services:\n  app:\n    build:\n      context: ..\n      dockerfile_inline: |\n${inline}`);
		const { out, error, status } = run('check');
		assert.equal(status, 1);
		assert.match(out, /^deploy\/compose\.yaml:11:9 error missing-tmp /m);
		assert.match(out, /^1 finding \(1 error\) in 1 deployment file\.$/m);
		assert.equal(error, '');
		rmSync(path);
		assert.match(run('check').error, /No Dockerfile found in the current directory\./);
	});

	it('are fixed in place, comments kept', () => {
		assert.equal(run('fix').status, 0);
		assert.match(
			readFileSync(join(used.directory, 'deploy/compose.yaml'), 'utf8'),
			/test: \["CMD", "\/app", "-healthcheck"\] # every minute\n$/,
		);
	});

	it('are read from the standard input', () => {
		const { stdout } = spawnSync(process.execPath, [used.bundle, 'fix', '--stdin', '--stdin-filename', 'deploy/compose.yaml'], {
			cwd: used.directory,
			encoding: 'utf8',
			input: FILES['deploy/compose.yaml'].replace('every minute', 'new'),
		});
		assert.match(stdout, /\["CMD", "\/app", "-healthcheck"\] # new\n$/);
	});
});
