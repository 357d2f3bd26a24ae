import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useCommandLine } from '../support/command-line.ts';
import { commandsIn } from '../support/runner.ts';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER 65534:65534
ENTRYPOINT ["/app"]
`;

describe('survey', function () {
	this.timeout(120_000);
	// Before the directory is removed.
	afterEach(() => chmodSync(join(used.directory, 'host/team/api'), 0o755));
	const used = useCommandLine();

	beforeEach(() => {
		repository('host/team/api', DOCKERFILE);
		repository('host/team/worker', DOCKERFILE.replace('FROM scratch', 'FROM debian:12').replace('USER 65534:65534\n', ''));
		repository('site', 'FROM node:24\nCMD ["node", "server.js"]\n');
	});

	function write(path: string, text: string): void {
		mkdirSync(dirname(join(used.directory, path)), { recursive: true });
		writeFileSync(join(used.directory, path), text);
	}

	function repository(path: string, dockerfile: string): void {
		mkdirSync(join(used.directory, path, '.git'), { recursive: true });
		write(`${path}/go.mod`, 'module example.com/app\n\ngo 1.26\n');
		write(`${path}/main.go`, 'package main\n\nfunc main() {}\n');
		write(`${path}/.dockerignore`, '.git\n');
		write(`${path}/Dockerfile`, dockerfile);
	}

	function run(...words: string[]): { code: number | null; out: string; error: string } {
		const env = { ...process.env, FORCE_COLOR: undefined, GO_SCRATCH_CACHE: join(used.directory, 'cache') };
		const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
		for (const path of [used.directory, dirname(used.bundle)]) chmodSync(path, 0o777);
		const { status, stdout, stderr } = spawnSync(process.execPath, [used.bundle, 'survey', ...words], {
			cwd: used.directory,
			encoding: 'utf8',
			env,
			...user,
		});
		return { code: status, out: stdout, error: stderr };
	}

	it('has a row for each image of Go in the repositories below a directory', () => {
		const { code, out, error } = run('.');
		assert.equal(error, '');
		assert.match(out, /^repository +Dockerfile +target +base +user +Go +static +.*\n/);
		assert.match(out, /^host\/team\/api +Dockerfile +1 +scratch +65534:65534 +1\.26 +yes$/m);
		assert.match(out, /^host\/team\/worker +Dockerfile +1 +debian:12 +\S+ +1\.26 +yes +1 warning/m);
		assert.match(out, /\n\n2 images in 3 repositories: 0 with errors, 1 on scratch, \d as root\.\n$/);
		assert.equal(code, 0);
	});

	it('takes a directory without Git as one of repositories, or as one if it holds a program', () => {
		rmSync(join(used.directory, 'host/team/api/.git'), { recursive: true });
		rmSync(join(used.directory, 'host/team/worker/.git'), { recursive: true });
		assert.match(run('host/team').out, /2 images in 2 repositories/);
		assert.match(run('host/team/api').out, /1 image in 1 repository/);
	});

	it('goes on after a repository that cannot be read, and exits with 2', function () {
		if (process.platform === 'win32') this.skip();
		chmodSync(join(used.directory, 'host/team/api'), 0o000);
		const { code, out, error } = run('.');
		assert.equal(code, 2);
		assert.match(error, /^host\/team\/api cannot be read: permission denied\.$/m);
		assert.match(out, /1 image in 2 repositories: .* 1 could not be read or analysed\.\n$/);
		assert.equal(run('nowhere').code, 2);
	});

	it('compares with the policy of each repository, or with one for all', () => {
		write('host/team/worker/.go-scratch.json', '{ "policy": { "bases": ["scratch"], "go": "1.27" } }');
		const own = run('.', '--format', 'json');
		assert.equal(own.code, 1);
		const { images, summary } = JSON.parse(own.out);
		assert.deepEqual(
			images.map(({ policy }: { policy?: string[] }) => policy),
			[undefined, ['base debian:12 is not allowed', 'Go 1.26 builds, and 1.27 is required']],
		);
		assert.deepEqual([summary.images, summary.repositories, summary.againstPolicy], [2, 3, 1]);
		write('fleet.json', '{ "policy": { "bases": ["debian"] } }');
		assert.match(run('.', '--policy', 'fleet.json').out, /^host\/team\/api .* base scratch is not allowed$/m);
		write('none.json', '{}');
		assert.match(run('.', '--policy', 'none.json').error, /none\.json has no "policy"/);
	});

	it('exits with 2 if a policy cannot be read as a whole', () => {
		for (const [text, message] of [
			['{ "policy": { "go": "newest" } }', /^host\/team\/worker\/\.go-scratch\.json:1:21: "go" must be a version of Go/m],
			['{ "extends": "shared/.go-scratch.json" }', /^host\/team\/worker\/\.go-scratch\.json:1:14: "extends": .* cannot be read\.$/m],
			['{ "extends": 1 }', /"extends" must be/],
		] as const) {
			write('host/team/worker/.go-scratch.json', text);
			const { code, out, error } = run('.');
			assert.match(error, message);
			assert.match(out, /2 images in 3 repositories: .* 1 could not be read or analysed\.\n$/);
			assert.equal(code, 2);
		}
		write('host/team/worker/.go-scratch.json', '{ "rules": { "root-usr": "off" } }');
		assert.deepEqual([run('.').error, run('.').code], ['', 0]);
		write('fleet.json', '{ "policy": { "go": "newest" } }');
		const { code, error } = run('.', '--policy', 'fleet.json');
		assert.match(error, /^fleet\.json:1: "go" must be a version of Go/);
		assert.equal(code, 2);
	});

	it('builds on the settings that a file extends', () => {
		write('host/team/worker/.go-scratch.json', '{ "policy": { "bases": ["scratch"] } }');
		write('host/team/worker/deploy/.go-scratch.json', '{ "extends": "../.go-scratch.json" }');
		write('host/team/worker/deploy/Dockerfile', DOCKERFILE.replace('FROM scratch', 'FROM alpine'));
		assert.match(run('.').out, /deploy\/Dockerfile .* base alpine is not allowed$/m);
	});

	it('writes a page, Markdown and JSON, and says on standard output what it found', () => {
		for (const format of ['html', 'markdown', 'json']) {
			const { code, out } = run('.', '--format', format, '--output', 'report');
			assert.equal(code, 0);
			assert.match(out, /^2 images in 3 repositories: .*\n$/);
			assert.ok(readFileSync(join(used.directory, 'report'), 'utf8').includes('host'));
		}
		const table = run('.', '--format', 'markdown').out;
		assert.equal(table.match(/^\|/gm)?.length, 4);
	});

	it('prints names of the repositories as text', function () {
		if (process.platform === 'win32') this.skip();
		repository('x\n::error::forged|<b>', DOCKERFILE);
		for (const format of ['table', 'markdown', 'json', 'html']) {
			const { out, error } = run('.', '--format', format);
			assert.deepEqual(commandsIn(out + error), []);
			assert.doesNotMatch(out, /^::error/m);
			if (format === 'html' || format === 'markdown') assert.doesNotMatch(out, /<b>/);
		}
	});
});
