import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { parseCommandLine } from '../../server/cli/arguments.ts';
import { COMMANDS } from '../../server/cli/commands/index.ts';
import { PROJECT_PAGE, schemaAddress } from '../../server/knowledge/addresses.ts';
import { isDockerfilePath } from '../../server/knowledge/dockerfile-names.ts';
import { readSettingsFile } from '../../server/lint/settings.ts';
import { bundleCommandLine } from '../support/command-line.ts';

/** What other programs are told of how to run the command line. */

const parsed = (words: readonly string[]) => parseCommandLine(words, COMMANDS);
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json'));
const page = read('docs/command-line.md');

describe('the step of GitHub Actions', () => {
	const action = parse(read('action.yml'));
	const [check, upload] = action.runs.steps;

	it('has what the marketplace asks for, and inputs that the page describes', () => {
		assert.equal(action.runs.using, 'composite');
		for (const key of ['name', 'description']) assert.equal(typeof action[key], 'string');
		assert.deepEqual(Object.keys(action.branding), ['icon', 'color']);
		for (const [name, input] of Object.entries<Record<string, unknown>>(action.inputs)) {
			assert.deepEqual(Object.keys(input), ['description', 'default'], name);
			assert.equal(typeof input.default, 'string', `${name}: inputs are texts`);
			assert.match(page, new RegExp(`^\\| \`${name}\` \\|`, 'm'));
		}
	});

	it('takes no input as a part of a script', () => {
		for (const step of action.runs.steps) assert.doesNotMatch(step.run ?? '', /\$\{\{/);
		const named = JSON.stringify(action.runs.steps).match(/inputs\.[a-z-]+/g) ?? [];
		assert.deepEqual(new Set(named.map((each) => each.slice('inputs.'.length))), new Set(Object.keys(action.inputs)));
	});

	it('uploads also where the check failed', () => {
		assert.match(upload.if, /^\$\{\{ always\(\) && /);
		assert.match(upload.uses, /^github\/codeql-action\/upload-sarif@v\d+$/);
		assert.equal(upload.with.sarif_file, '${{ inputs.working-directory }}/${{ inputs.sarif-file }}');
	});

	it('hands its inputs to the command line, whatever they hold', function () {
		if (process.platform === 'win32') this.skip();
		const directory = mkdtempSync(join(tmpdir(), 'go-scratch-action-'));
		try {
			// Stands for npx, and says with which words it was called.
			writeFileSync(join(directory, 'npx'), '#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done\nexit 1\n');
			chmodSync(join(directory, 'npx'), 0o755);
			const run = (inputs: Record<string, string>) => {
				const values: Record<string, string> = {};
				for (const [name, value] of Object.entries<string>(check.env)) {
					const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1] as string;
					values[name] = inputs[input] ?? (input === 'package' ? './a b.tgz' : action.inputs[input].default);
				}
				const env = { ...process.env, ...values, PATH: `${directory}${delimiter}${process.env.PATH}` };
				const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', check.run], {
					env,
					encoding: 'utf8',
				});
				assert.equal(status, 1, 'the step fails where the check does');
				const [yes, option, name, command, ...words] = stdout.split('\0').slice(0, -1);
				assert.deepEqual([yes, option, name, command], ['--yes', '--package', './a b.tgz', 'go-scratch']);
				return parsed(words);
			};
			const usual = run({});
			assert.deepEqual(usual, parsed(['check', '--format', 'github', '--fail-on', 'warning', '.']));
			const all = run({ paths: 'a b\n\n--c\n$(touch x)\n', 'fail-on': 'error', baseline: 'my base.json', 'sarif-file': 'out put.sarif' });
			assert.deepEqual(
				all,
				parsed([
					...['check', '--format=github', '--format=sarif=out put.sarif', '--baseline=my base.json', '--fail-on=error'],
					...['--', 'a b', '--c', '$(touch x)'],
				]),
			);
			assert.equal(existsSync('x'), false);
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	});
});

describe('what init writes', () => {
	const directory = mkdtempSync(join(tmpdir(), 'go-scratch-init-'));
	const written = (name: string) => {
		const root = join(directory, name);
		mkdirSync(join(root, '.git'), { recursive: true });
		mkdirSync(join(root, 'below'), { recursive: true });
		return root;
	};
	let cli: string;

	before(() => {
		cli = bundleCommandLine(directory);
	});
	after(() => rmSync(directory, { recursive: true, force: true }));

	const init = (cwd: string, ...words: string[]) =>
		spawnSync(process.execPath, [cli, 'init', ...words], { cwd, encoding: 'utf8', env: { ...process.env, GO_SCRATCH_CACHE: 'off' } });

	it('is settings that go-scratch reads without a complaint', () => {
		const root = written('settings');
		const { status, stdout, stderr } = init(join(root, 'below'));
		assert.deepEqual([status, stderr], [0, '']);
		assert.match(stdout, /^Written: .*\.go-scratch\.json\./);
		const { problems } = readSettingsFile(readFileSync(join(root, '.go-scratch.json'), 'utf8'), []);
		assert.deepEqual(problems, []);
	});

	it('is a workflow whose step runs a command that exists, and says what is missing', () => {
		const root = written('workflow');
		const { status, stdout } = init(root, 'workflow');
		assert.equal(status, 0);
		const { jobs } = parse(readFileSync(join(root, '.github/workflows/go-scratch.yml'), 'utf8'));
		const last: string = jobs.dockerfiles.steps.at(-1).run;
		const [, file = '', words = ''] = /^npx --yes --package \.\/(\S+) go-scratch (.*)$/.exec(last) ?? [];
		assert.equal(parsed(words.split(' ')).kind, 'command');
		assert.ok(stdout.includes(file) && stdout.includes('npm run package'), stdout);
	});

	it('is a hook that runs where those of the repository run', () => {
		const root = written('pre-commit');
		assert.equal(init(root, 'pre-commit').status, 0);
		const [{ hooks }] = parse(readFileSync(join(root, '.pre-commit-config.yaml'), 'utf8')).repos;
		const [own] = parse(read('.pre-commit-hooks.yaml'));
		for (const key of ['id', 'name', 'entry', 'files', 'pass_filenames', 'require_serial']) assert.equal(hooks[0][key], own[key], key);
	});

	it('overwrites nothing, and then writes nothing', () => {
		const root = written('existing');
		writeFileSync(join(root, '.pre-commit-config.yaml'), 'mine');
		const { status, stderr } = init(root, 'workflow', 'pre-commit');
		assert.equal(status, 2);
		assert.match(stderr, /^\.pre-commit-config\.yaml exists, and is not changed\.[\s\S]*entry: go-scratch check/);
		assert.equal(readFileSync(join(root, '.pre-commit-config.yaml'), 'utf8'), 'mine');
		assert.equal(existsSync(join(root, '.github')), false);
		assert.match(init(root, 'nonsense').stderr, /^FILE must be settings, workflow or pre-commit, not nonsense/);
	});

	it('stays in the repository where a directory of it is a link', function () {
		if (process.platform === 'win32') this.skip();
		const root = written('linked');
		const outside = join(directory, 'outside');
		mkdirSync(outside);
		symlinkSync(outside, join(root, '.github'));
		const { status, stderr } = init(root, 'settings', 'workflow');
		assert.match(
			stderr,
			/^\.github\/workflows\/go-scratch\.yml cannot be written: a link leads to .*outside\/workflows\/go-scratch\.yml, outside the repository\.$/m,
		);
		assert.equal(status, 2);
		assert.deepEqual([readdirSync(outside), existsSync(join(root, '.go-scratch.json'))], [[], false]);
		rmSync(join(root, '.github'));
		mkdirSync(join(root, 'ci'));
		symlinkSync('ci', join(root, '.github'));
		assert.equal(init(root, 'workflow').status, 0);
		assert.ok(existsSync(join(root, 'ci/workflows/go-scratch.yml')));
	});
});

describe('what users are told to fetch', () => {
	it('exists: until go-scratch is published, nothing comes from a registry or from its page', () => {
		const files = spawnSync('git', ['ls-files', '*.md', '*.yml', '*.yaml', '*.json', '*.ts', '*.lua', '*.el'], {
			cwd: fileURLToPath(new URL('../..', import.meta.url)),
			encoding: 'utf8',
		});
		const advertised =
			/npx (?:--yes )?go-scratch|--package "?go-scratch@|uses: go-scratch\/|repo: https:\S*go-scratch|npm i(?:nstall)? (?:-g |--global )?go-scratch(?![\w./-])|ghcr\.io\/go-scratch|docker run \S*go-scratch\/go-scratch/;
		// CONTRIBUTING.md says what a release does.
		const names = files.stdout.split('\n').filter((name) => name !== '' && !/^(?:test\/|CONTRIBUTING\.md$)/.test(name));
		assert.ok(names.length > 300);
		assert.deepEqual(
			names.filter((name) => advertised.test(read(name))),
			[],
		);
	});

	it('has its addresses in one module', () => {
		const files = spawnSync('git', ['ls-files', 'server', 'client'], {
			cwd: fileURLToPath(new URL('../..', import.meta.url)),
			encoding: 'utf8',
		});
		const naming = files.stdout.split('\n').filter((name) => name.endsWith('.ts') && /go-scratch\/go-scratch/.test(read(name)));
		assert.deepEqual(naming, ['server/knowledge/addresses.ts']);
		assert.ok(manifest.repository.url.includes(PROJECT_PAGE.slice('https://'.length)));
		for (const name of ['settings', 'report'] as const)
			assert.equal(JSON.parse(read(`schemas/${name}.schema.json`)).$id, schemaAddress(name));
	});
});

describe('the hooks of pre-commit', () => {
	const hooks: Record<string, unknown>[] = parse(read('.pre-commit-hooks.yaml'));

	it('run commands that exist, and are described', () => {
		for (const hook of hooks) {
			const [program, ...words] = String(hook.entry).split(' ');
			assert.ok(manifest.bin[program as string]);
			const invocation = parsed(words);
			assert.equal(invocation.kind === 'command' && invocation.command.name, words[0]);
			assert.match(page, new RegExp(`\\b${hook.id}\\b`));
			assert.equal(hook.language, 'node');
		}
	});

	it('run where a Dockerfile changed, or what its program is made of', () => {
		for (const hook of hooks) {
			const files = new RegExp(String(hook.files));
			const dockerfiles = ['Dockerfile', 'a/Dockerfile.dev', 'a/Dockerfile-x', 'api.dockerfile', 'api.Dockerfile', 'x/Containerfile'];
			for (const path of dockerfiles) assert.ok(isDockerfilePath(path) && files.test(path), path);
			for (const path of ['main.go', 'a/go.mod', 'go.sum', 'go.work', '.dockerignore', 'Dockerfile.dockerignore', '.go-scratch.json']) {
				assert.ok(files.test(path), path);
			}
			for (const path of ['README.md', 'a/main.py', 'docs/dockerfile.md.txt', 'cargo.model']) assert.ok(!files.test(path), path);
		}
	});

	it('can be installed from a clone', () => {
		const kept = read('.npmignore');
		for (const path of [...Object.values<string>(manifest.bin), 'dist/command-line.cjs'])
			assert.match(kept, new RegExp(`^!/${path}$`, 'm'));
		assert.match(manifest.scripts.prepare, /build\.ts/);
	});
});
