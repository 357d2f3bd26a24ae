import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundleCommandLine } from '../support/command-line.ts';
import { commandsIn } from '../support/runner.ts';

/** The command line as a process of its own, in a directory of its own. */

const source = (name: string) => fileURLToPath(new URL(`../../server/cli/${name}`, import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const GO = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n',
	'.dockerignore': '.git\n',
};

const WRONG = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /app /app
USER 65534:65534
CMD /app
`;

const RIGHT = WRONG.replace('CMD /app', 'CMD ["/app"]');

/** What starts a change of colour on a terminal. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[`);

describe('command line', function () {
	this.timeout(60_000);
	let bundle: string;
	let directory: string;

	before(() => {
		const product = mkdtempSync(join(tmpdir(), 'go-scratch-cli-'));
		bundle = bundleCommandLine(product);
	});

	after(() => rmSync(dirname(bundle), { recursive: true, force: true }));

	beforeEach(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-cli-'));
		for (const [path, text] of Object.entries(GO)) write(path, text);
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	function write(path: string, text: string): void {
		mkdirSync(dirname(join(directory, path)), { recursive: true });
		writeFileSync(join(directory, path), text);
	}

	function read(path: string): string {
		return readFileSync(join(directory, path), 'utf8');
	}

	function run(...words: string[]): { code: number | null; out: string; error: string } {
		return runWith({}, ...words);
	}

	/** As a user whom the system may refuse something, which it never does to root. */
	function runUnprivileged(...words: string[]): { code: number | null; out: string; error: string } {
		const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
		for (const path of [directory, dirname(bundle)]) chmodSync(path, 0o777);
		const env = { ...process.env, FORCE_COLOR: undefined, GITHUB_ACTIONS: undefined, XDG_CACHE_HOME: join(directory, 'cache') };
		const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], { cwd: directory, encoding: 'utf8', env, ...user });
		return { code: status, out: stdout, error: stderr };
	}

	function runWith(
		environment: Record<string, string>,
		...rest: (string | { input: string })[]
	): { code: number | null; out: string; error: string } {
		const words = rest.filter((each) => typeof each === 'string');
		const { input } = rest.find((each) => typeof each === 'object') ?? {};
		const env = {
			...process.env,
			FORCE_COLOR: undefined,
			GITHUB_ACTIONS: undefined,
			XDG_CACHE_HOME: join(bundle, '../cache'),
			...environment,
		};
		const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], { cwd: directory, encoding: 'utf8', env, input });
		return { code: status, out: stdout, error: stderr };
	}

	describe('check', () => {
		it('gives one line to each finding, and a last one to all of them', () => {
			write('Dockerfile', WRONG);
			const { code, out, error } = run('check');
			assert.equal(code, 1);
			assert.match(
				out,
				/^Dockerfile:10:1 error shell-form-command CMD in shell form .* \[\*\]\n1 finding \(1 error\) in 1 Dockerfile\.\n\[\*\] 1 fixable with `go-scratch fix`\.\n$/,
			);
			assert.equal(error, '');
		});

		it('says that nothing was found, and exits with 0', () => {
			write('Dockerfile', RIGHT);
			assert.deepEqual(run('check', 'Dockerfile'), { code: 0, out: 'No findings in 1 Dockerfile.\n', error: '' });
		});

		it('says of a Dockerfile without Go that it is one', () => {
			write('node/Dockerfile', 'FROM node:24\nCMD ["node", "server.js"]\n');
			assert.equal(run('check', 'node').out, 'No findings in 1 Dockerfile, which does not build or ship a Go program.\n');
			write('Dockerfile', RIGHT);
			assert.equal(run('check').out, 'No findings in 2 Dockerfiles (1 without a Go program).\n');
		});

		it('fails from warning on, unless told otherwise', () => {
			write('Dockerfile', RIGHT.replace('golang:1.26', 'golang'));
			assert.deepEqual([run('check').code, run('check', '--fail-on', 'information').code], [0, 1]);
			write('Dockerfile', RIGHT.replace('USER 65534:65534\n', ''));
			assert.deepEqual([run('check').code, run('check', '--fail-on', 'error').code], [1, 0]);
		});

		it('searches directories, but not those of other people', () => {
			for (const path of [
				'Dockerfile',
				'build/api.dockerfile',
				'.docker/Containerfile',
				'node_modules/x/Dockerfile',
				'vendor/y/Dockerfile',
			])
				write(path, WRONG);
			const { out } = run('check', '.');
			assert.deepEqual(out.match(/^[^:\n]+(?=:)/gm), ['.docker/Containerfile', 'Dockerfile', 'build/api.dockerfile']);
			assert.deepEqual(run('check', '{.docker,build}/*').out.match(/^[^:\n]+(?=:)/gm), ['.docker/Containerfile', 'build/api.dockerfile']);
			write('.gitignore', 'build\n');
			assert.deepEqual(run('check').out.match(/^[^:\n]+(?=:)/gm), ['.docker/Containerfile', 'Dockerfile']);
		});

		it('takes a file of any name as a Dockerfile where it is named', () => {
			write('image.txt', WRONG);
			assert.match(run('check', 'image.txt').out, /^image\.txt:10:1 error shell-form-command/);
		});

		it('gives a documented, versioned shape to a program', () => {
			write('Dockerfile', WRONG.replace('COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\n', ''));
			const { code, out } = run('check', '--format', 'json');
			assert.equal(code, 1);
			const report = JSON.parse(out);
			assert.equal(report.version, 1);
			assert.deepEqual(report.summary, {
				files: 1,
				filesOfGo: 1,
				fixable: 2,
				deployments: 0,
				findings: 2,
				error: 2,
				warning: 0,
				information: 0,
				hint: 0,
				known: 0,
				unreadModules: [],
				failures: 0,
			});
			const [certificates, shell] = report.findings;
			assert.deepEqual(
				{ ...shell, message: '' },
				{
					file: 'Dockerfile',
					line: 9,
					column: 1,
					endLine: 9,
					endColumn: shell.endColumn,
					severity: 'error',
					code: 'shell-form-command',
					message: '',
					url: 'https://github.com/go-scratch/go-scratch/blob/main/docs/rules/shell-form-command.md',
					related: [],
					fixes: [
						{
							title: shell.fixes[0].title,
							preferred: true,
							byFix: true,
							changes: [
								{
									file: 'Dockerfile',
									creates: false,
									edits: [{ line: 9, column: 5, endLine: 9, endColumn: 9, newText: '["/app"]' }],
								},
							],
						},
					],
				},
			);
			assert.equal(certificates.code, 'missing-ca-certificates');
			assert.deepEqual([certificates.related[0].file, certificates.related[0].line, certificates.related[0].column], ['main.go', 6, 7]);
		});

		it('says once what could not be read, and what would let it', () => {
			write('go.mod', 'module example.com/app\n\ngo 1.26\n\nrequire example.org/absent v1.0.0\n');
			write('go.sum', '');
			write('main.go', 'package main\n\nimport "example.org/absent"\n\nfunc main() { absent.Do() }\n');
			write('Dockerfile', RIGHT);
			write('other.dockerfile', RIGHT);
			const { out } = run('check');
			assert.equal(out.match(/1 module could not be read \(example\.org\/absent@v1\.0\.0\).*'go mod download'/g)?.length, 1, out);
		});

		it('takes the severities of .go-scratch.json, and says what is wrong with them', () => {
			write('Dockerfile', WRONG);
			write('.go-scratch.json', '{"rules": {"shell-form-command": "off"}}');
			assert.equal(run('check').code, 0);
			write('.go-scratch.json', '{"rules": {"shell-form-comand": "off"}}');
			const unknown = run('check');
			assert.equal(unknown.code, 1);
			assert.match(
				unknown.error,
				/^warning: \.go-scratch\.json:1:12: Unknown rule "shell-form-comand" \(did you mean "shell-form-command"\?\)\.\n$/,
			);
			write('.go-scratch.json', '{"rules"');
			const broken = run('check');
			assert.equal(broken.code, 2);
			assert.match(broken.error, /^\.go-scratch\.json:1:9: Invalid JSON/);
		});

		it('goes on past a .go-scratch.json that is not JSON, and neither reports nor fixes the Dockerfiles that it is for', () => {
			write('Dockerfile', WRONG);
			write('a/.go-scratch.json', '{"rules"');
			write('a/one/Dockerfile', WRONG);
			write('a/two/Dockerfile', WRONG);
			const { code, out, error } = run('check');
			assert.equal(code, 2);
			assert.match(error, /^a\/\.go-scratch\.json:1:9: Invalid JSON: [^\n]*\n$/, 'one line for both Dockerfiles');
			assert.match(out, /^Dockerfile:/m);
			assert.doesNotMatch(out, /^a\//m);
			assert.match(out, /2 Dockerfiles could not be analysed/);
			const fixed = run('fix');
			assert.equal(fixed.code, 2);
			assert.notEqual(read('Dockerfile'), WRONG);
			assert.equal(read('a/one/Dockerfile'), WRONG);
		});

		it('writes no text for the standard input whose .go-scratch.json is not JSON', () => {
			write('.go-scratch.json', '{"rules"');
			const { code, out, error } = runWith({}, 'fix', '--stdin', { input: WRONG });
			assert.deepEqual([code, out], [2, '']);
			assert.match(error, /^\.go-scratch\.json:1:9: /);
		});

		it('takes the place of a workspace that Git names, so that a Dockerfile may lie anywhere in it', () => {
			write('.git/HEAD', '');
			write('deploy/Dockerfile', WRONG.replace('COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\n', ''));
			assert.match(run('check', 'deploy/Dockerfile').out, /missing-ca-certificates/);
		});

		it('says clearly what cannot be read, and exits with 2', () => {
			const absent = run('check', 'nowhere');
			assert.deepEqual([absent.code, absent.out, absent.error], [2, '', 'nowhere cannot be read: no such file or directory.\n']);
			write('binary/Dockerfile', 'FROM x\0');
			const binary = run('check', 'binary/Dockerfile');
			assert.deepEqual([binary.code, binary.error], [2, 'binary/Dockerfile cannot be read as text.\n']);
		});

		it('passes over what it cannot read in a directory that it searches, and says so', () => {
			write('Dockerfile', RIGHT);
			write('binary/Dockerfile', 'FROM x\0');
			const { code, out, error } = run('check');
			assert.deepEqual([code, out, error], [0, 'No findings in 1 Dockerfile.\n', 'warning: binary/Dockerfile cannot be read as text.\n']);
		});

		it('says why a Dockerfile that it found is closed to it, looks at the others, and exits with 2', function () {
			if (process.platform === 'win32') this.skip();
			write('Dockerfile', RIGHT);
			write('closed/Dockerfile', RIGHT);
			chmodSync(join(directory, 'closed/Dockerfile'), 0);
			const closed = {
				code: 2,
				out: 'No findings in 1 Dockerfile; 1 Dockerfile could not be read.\n',
				error: 'closed/Dockerfile cannot be read: permission denied.\n',
			};
			assert.deepEqual(runUnprivileged('check'), closed);
			const { code, out } = runUnprivileged('check', '--format', 'sarif');
			const [invocation] = JSON.parse(out).runs[0].invocations;
			assert.deepEqual([code, invocation.exitCode, invocation.executionSuccessful], [2, 2, false]);
			const [notification] = invocation.toolExecutionNotifications;
			assert.deepEqual(
				[notification.level, notification.locations[0].physicalLocation.artifactLocation.uri],
				['error', 'closed/Dockerfile'],
			);
			assert.match(notification.message.text, /permission denied/);
			const report = JSON.parse(runUnprivileged('check', '--format', 'json').out);
			assert.deepEqual(
				[report.summary.files, report.summary.failures, report.failures],
				[1, 1, [{ file: 'closed/Dockerfile', message: closed.error.trim() }]],
			);
			assert.deepEqual(runUnprivileged('fix'), closed);
			// As where it is named.
			assert.deepEqual(runUnprivileged('check', 'closed/Dockerfile'), { ...closed, out: '' });
		});

		it('says which directories it could not search, and exits with 2', function () {
			if (process.platform === 'win32') this.skip();
			write('Dockerfile', RIGHT);
			write('closed/inner/Dockerfile', WRONG);
			write('ignored/Dockerfile', WRONG);
			write('.gitignore', 'ignored\n');
			for (const path of ['closed', 'ignored']) chmodSync(join(directory, path), 0o700);
			const wanted = {
				code: 2,
				out: 'No findings in 1 Dockerfile; 1 directory could not be read.\n',
				error: 'closed cannot be read: permission denied.\n',
			};
			for (const words of [[], ['**/Dockerfile'], ['*']]) assert.deepEqual(runUnprivileged('check', ...words), wanted);
			assert.deepEqual(runUnprivileged('check', 'closed'), { ...wanted, out: '' });
			// What lies in it is not gone, and an earlier baseline keeps it.
			const baseline = { version: 1, findings: [{ file: 'closed/inner/Dockerfile', code: 'root-user', text: 'FROM x' }] };
			write('base.json', JSON.stringify(baseline));
			chmodSync(join(directory, 'base.json'), 0o666);
			assert.deepEqual(runUnprivileged('check', '--baseline', 'base.json'), wanted);
			const kept = { ...wanted, out: 'base.json holds 1 finding; 1 directory could not be read.\n' };
			assert.deepEqual(runUnprivileged('check', '--write-baseline', 'base.json'), kept);
			assert.deepEqual(JSON.parse(read('base.json')), baseline);
		});

		it('goes on where a link cannot be followed, and exits with 2', function () {
			if (process.platform === 'win32') this.skip();
			write('Dockerfile', RIGHT);
			symlinkSync('loop.dockerfile', join(directory, 'loop.dockerfile'));
			const long = 'x'.repeat(300);
			symlinkSync(long, join(directory, 'long.dockerfile'));
			const lines = [
				'long.dockerfile cannot be read: its name is too long.\n',
				'loop.dockerfile cannot be read: too many levels of symbolic links.\n',
			];
			const out = 'No findings in 1 Dockerfile; 2 Dockerfiles could not be read.\n';
			for (const words of [[], ['*file']]) {
				const result = run('check', ...words);
				assert.deepEqual([result.code, result.out, result.error.match(/.*\n/g)?.sort()], [2, out, lines]);
			}
			// Of several that are named the others are looked at, too.
			const named = run('check', 'loop.dockerfile', 'nowhere', 'Dockerfile', long);
			assert.deepEqual([named.code, named.out], [2, 'No findings in 1 Dockerfile; 3 paths could not be read.\n']);
			assert.equal(
				named.error,
				`${lines[1]}nowhere cannot be read: no such file or directory.\n${long} cannot be read: its name is too long.\n`,
			);
		});

		it('says that a name is not UTF-8, and goes on', function () {
			if (process.platform !== 'linux') this.skip();
			write('Dockerfile', RIGHT);
			const inDirectory = (name: string) => Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name, 'latin1')]);
			writeFileSync(inDirectory('a\xff.dockerfile'), WRONG);
			mkdirSync(inDirectory('d\xff'));
			const { code, out, error } = run('check');
			assert.deepEqual([code, out], [2, 'No findings in 1 Dockerfile; 1 directory could not be read, 1 Dockerfile could not be read.\n']);
			assert.equal(error, 'd\uFFFD cannot be read: its name is not UTF-8.\na\uFFFD.dockerfile cannot be read: its name is not UTF-8.\n');
		});

		it('works where the current directory was removed', function () {
			if (process.platform === 'win32') this.skip();
			write('Dockerfile', WRONG);
			const script = 'mkdir gone; cd gone; rmdir ../gone; exec "$0" "$@"';
			const from = (...words: string[]) => {
				const env = { ...process.env, FORCE_COLOR: undefined, GITHUB_ACTIONS: undefined, GO_SCRATCH_CACHE: 'off' };
				const { status, stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, bundle, ...words], {
					cwd: directory,
					encoding: 'utf8',
					env,
				});
				return { code: status, out: stdout, error: stderr };
			};
			const removed = { code: 2, out: '', error: '. cannot be read: the current directory does not exist.\n' };
			assert.deepEqual(from('check'), removed);
			assert.deepEqual(from('fix'), removed);
			assert.deepEqual(from('generate'), removed);
			for (const format of ['text', 'json', 'sarif', 'github']) {
				const { code, out, error } = from('check', '--format', format, join(directory, 'Dockerfile'));
				assert.deepEqual([code, error], [1, ''], format);
				assert.match(out, /shell-form-command/);
			}
		});

		it('exits with 2 where an analysis fails, and tells nothing of the baseline to be gone', async () => {
			const entry = join(directory, 'failing.ts');
			// A rule that fails on one of the Dockerfiles, beside the real ones.
			writeFileSync(
				entry,
				`import { rules } from ${JSON.stringify(fileURLToPath(new URL('../../server/rules/index.ts', import.meta.url)))};
				import { run } from ${JSON.stringify(source('main.ts'))};
				const rule = rules.find(({ code }) => code === 'shell-form-command')!;
				const { check } = rule;
				Object.assign(rule, { check: (facts: { path: string }) => {
					if (facts.path.endsWith('bad.dockerfile')) throw new RangeError('Invalid array length');
					return check.call(rule, facts as never);
				} });
				void run(process.argv.slice(2)).then(({ exitCode }) => { process.exitCode = exitCode; });`,
			);
			const failing = join(dirname(bundle), 'failing.cjs');
			buildSync({
				...{ entryPoints: [entry], outfile: failing, bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'] },
				...{ define: { 'import.meta.url': '__filename' }, logLevel: 'error' },
			});
			rmSync(entry);
			write('Dockerfile', RIGHT);
			write('bad.dockerfile', WRONG);
			run('check', '--write-baseline', 'base.json');
			const before = read('base.json');
			const bad = (...words: string[]) => {
				const env = { ...process.env, FORCE_COLOR: undefined, GITHUB_ACTIONS: undefined, GO_SCRATCH_CACHE: 'off' };
				return spawnSync(process.execPath, [failing, ...words], { cwd: directory, encoding: 'utf8', env });
			};
			for (const words of [['check'], ['check', '--baseline', 'base.json'], ['fix']]) {
				const { status, stdout, stderr } = bad(...words);
				assert.deepEqual([status, stdout], [2, 'No findings in 2 Dockerfiles; 1 Dockerfile could not be analysed.\n']);
				assert.match(
					stderr,
					/^The rule shell-form-command failed on .*bad\.dockerfile: RangeError: Invalid array length \(internal error; --verbose prints where\)\n$/,
				);
			}
			assert.match(bad('check', '--verbose').stderr, /RangeError: Invalid array length\n +at /);
			assert.doesNotMatch(JSON.parse(bad('check', '--format', 'json').stdout).failures[0].message, /\n/);
			assert.equal(bad('check', '--write-baseline', 'base.json').status, 2);
			assert.equal(read('base.json'), before);
			const [run0] = JSON.parse(bad('check', '--format', 'sarif').stdout).runs;
			assert.equal(run0.invocations[0].executionSuccessful, false);
			assert.equal(JSON.parse(bad('check', '--format', 'json').stdout).failures[0].file, 'bad.dockerfile');
		});

		it('counts lines as Git does, which a lone carriage return does not end', () => {
			const text = WRONG.replace('USER', '# one\r# two\rthree\nUSER');
			write('Dockerfile', text);
			const place = text.split('\n').findIndex((line) => line.startsWith('CMD')) + 1;
			assert.ok(run('check').out.startsWith(`Dockerfile:${place}:1 error shell-form-command`));
			const [finding] = JSON.parse(run('check', '--format', 'json').out).findings;
			assert.deepEqual([finding.line, finding.endLine, finding.fixes[0].changes[0].edits[0].line], [place, place, place]);
			const [result] = JSON.parse(run('check', '--format', 'sarif').out).runs[0].results;
			assert.equal(result.locations[0].physicalLocation.region.startLine, place);
			assert.ok(run('check', '--format', 'github').out.startsWith(`::error file=Dockerfile,line=${place},`));
			write('.go-scratch.json', '{\r"rules":\r\n{"x": "off"}}');
			assert.match(run('check').error, /^warning: \.go-scratch\.json:2:2: /);
		});

		it('starts the paths of annotations from the checkout, through whichever links that is named', function () {
			if (process.platform === 'win32') this.skip();
			write('real/sub/Dockerfile', WRONG);
			symlinkSync('real', join(directory, 'link'));
			for (const workspace of ['real', 'link', 'link/']) {
				for (const path of ['real', 'link']) {
					const { out } = runWith({ GITHUB_WORKSPACE: `${directory}/${workspace}` }, 'check', '--format', 'github', path);
					assert.match(out, /^::error file=sub\/Dockerfile,/m, `${workspace} ${path}`);
				}
			}
		});

		it('serves a person and a program in one run, and keeps a baseline', () => {
			write('Dockerfile', WRONG);
			assert.deepEqual(run('check', '--write-baseline', 'base.json'), { code: 0, out: 'base.json holds 1 finding.\n', error: '' });
			const known = run('check', '--baseline', 'base.json', '--format', 'json=report.json', '--format', 'sarif=report.sarif');
			assert.deepEqual(known, { code: 0, out: 'No new findings in 1 Dockerfile; 1 more in the baseline.\n', error: '' });
			assert.equal(JSON.parse(read('report.json')).summary.known, 1);
			assert.deepEqual(JSON.parse(read('report.sarif')).runs[0].results, []);
			write('Dockerfile', RIGHT);
			assert.equal(
				run('check', '--baseline', 'base.json').out,
				'No findings in 1 Dockerfile.\n1 finding in the baseline no longer occurs; --write-baseline base.json removes it:\n  Dockerfile shell-form-command: CMD /app\n',
			);
		});

		it('says in one line why a report or a baseline cannot be written', function () {
			write('Dockerfile', WRONG);
			const absent = 'no/such/report cannot be written: its directory does not exist.\n';
			assert.deepEqual(run('check', '--format', 'text=no/such/report'), { code: 2, out: '', error: absent });
			assert.deepEqual(run('check', '--write-baseline', 'no/such/report'), { code: 2, out: '', error: absent });
			const directoryItself = 'build cannot be written: it is a directory.\n';
			mkdirSync(join(directory, 'build'));
			assert.deepEqual(run('check', '--format', 'json=build'), { code: 2, out: '', error: directoryItself });
			if (process.platform === 'win32') this.skip();
			write('closed.json', '{"version": 1, "findings": []}');
			chmodSync(join(directory, 'closed.json'), 0o444);
			const closed = { code: 2, out: '', error: 'closed.json cannot be written: permission denied.\n' };
			assert.deepEqual(runUnprivileged('check', '--format', 'json=closed.json'), closed);
			assert.deepEqual(runUnprivileged('check', '--write-baseline', 'closed.json'), closed);
			chmodSync(join(directory, 'closed.json'), 0);
			const unread = 'The baseline closed.json cannot be read: permission denied.\n';
			assert.deepEqual(runUnprivileged('check', '--baseline', 'closed.json'), { code: 2, out: '', error: unread });
		});

		it('prints how long each reader and rule took, and nothing else changes', () => {
			write('Dockerfile', WRONG);
			const plain = run('check');
			const timed = run('check', '--timing');
			assert.deepEqual([timed.code, timed.out], [plain.code, plain.out]);
			const lines = timed.error.trimEnd().split('\n');
			for (const line of lines) assert.match(line, /^ *\d+\.\d ms {2}(?:reader of .+|simulation of the build|rule [a-z-]+|total)$/);
			assert.match(timed.error, / rule root-user$/m);
			assert.match(timed.error, / reader of Go programs$/m);
			assert.match(lines.at(-1) ?? '', / total$/);
		});

		it('fails from the severity on that is asked for, which may be another for a rule', () => {
			write('Dockerfile', WRONG);
			assert.equal(run('check', '--fail-on', 'never').code, 0);
			assert.equal(run('check', '--fail-on', 'error').code, 1);
			const { code, out } = run('check', '--fail-on', 'error', '--rule', 'shell-form-command=warning');
			assert.deepEqual([code, out.split(' ')[1]], [0, 'warning']);
			assert.equal(run('check', '--rule', 'shell-form-command=off').out, 'No findings in 1 Dockerfile.\n');
		});

		it('reads the text of a Dockerfile that is not there yet', () => {
			write('.git/HEAD', '');
			const withoutRoots = WRONG.replace('COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\n', '');
			const { code, out } = runWith({}, 'check', '--stdin', '--stdin-filename', 'deploy/new.dockerfile', { input: withoutRoots });
			assert.equal(code, 1);
			assert.match(
				out,
				/^deploy\/new\.dockerfile:6:1 error missing-ca-certificates .*\ndeploy\/new\.dockerfile:9:1 error shell-form-command/,
			);
			const fixed = runWith({}, 'fix', '--stdin', { input: WRONG });
			assert.deepEqual(fixed, { code: 0, out: RIGHT, error: 'No findings in 1 Dockerfile.\n' });
		});

		it('survives links that go round in circles, and directories that are closed to it', () => {
			write('Dockerfile', RIGHT);
			mkdirSync(join(directory, 'loop'));
			symlinkSync('..', join(directory, 'loop/up'));
			mkdirSync(join(directory, 'closed'));
			chmodSync(join(directory, 'closed'), 0);
			try {
				assert.equal(run('check').out, 'No findings in 1 Dockerfile.\n');
			} finally {
				chmodSync(join(directory, 'closed'), 0o755);
			}
		});

		it('says where there was nothing to check', () => {
			const { code, error } = run('check');
			assert.deepEqual([code, error], [0, 'warning: No Dockerfile found in the current directory.\n']);
		});

		it('colours on request only, where nobody looks', () => {
			write('Dockerfile', WRONG);
			assert.doesNotMatch(run('check').out, COLOUR);
			assert.doesNotMatch(runWith({ CI: 'true' }, 'check').out, COLOUR);
			assert.match(runWith({ FORCE_COLOR: '1' }, 'check').out, COLOUR);
			assert.doesNotMatch(runWith({ NO_COLOR: '1' }, 'check').out, COLOUR);
		});
	});

	describe('fix', () => {
		it('writes what is certain, and says what is left', () => {
			write('Dockerfile', WRONG);
			const { code, out } = run('fix');
			assert.equal(read('Dockerfile'), RIGHT);
			assert.deepEqual([code, out], [0, 'Dockerfile: 1 fix applied\nNo findings in 1 Dockerfile.\n']);
			assert.deepEqual(run('fix').out, 'No findings in 1 Dockerfile.\n');
		});

		it('shows the change and writes nothing where asked', () => {
			write('Dockerfile', WRONG);
			const { code, out } = run('fix', '--diff');
			assert.equal(code, 1);
			assert.equal(
				out,
				'diff --git a/Dockerfile b/Dockerfile\n--- a/Dockerfile\n+++ b/Dockerfile\n@@ -7,4 +7,4 @@\n COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\n COPY --from=build /app /app\n USER 65534:65534\n-CMD /app\n+CMD ["/app"]\n',
			);
			assert.equal(read('Dockerfile'), WRONG);
		});

		it('says why a file cannot be written, fixes the others, and exits with 2', function () {
			if (process.platform === 'win32') this.skip();
			for (const path of ['a/Dockerfile', 'b/Dockerfile', 'c/Dockerfile']) {
				write(path, WRONG);
				chmodSync(join(directory, path), 0o666);
			}
			chmodSync(join(directory, 'b/Dockerfile'), 0o444);
			const { code, out, error } = runUnprivileged('fix');
			assert.deepEqual([code, error], [2, 'b/Dockerfile cannot be written: permission denied.\n']);
			assert.deepEqual([read('a/Dockerfile'), read('b/Dockerfile'), read('c/Dockerfile')], [RIGHT, WRONG, RIGHT]);
			// What stays in the file is told of as it stands there.
			assert.deepEqual(
				out
					.split('\n')
					.filter((line) => /shell-form-command| applied/.test(line))
					.map((line) => line.replace(/ error.*/, '')),
				['a/Dockerfile: 1 fix applied', 'c/Dockerfile: 1 fix applied', 'b/Dockerfile:10:1'],
			);
		});

		it('keeps the line endings of Windows', () => {
			write('Dockerfile', WRONG.replaceAll('\n', '\r\n'));
			run('fix');
			assert.equal(read('Dockerfile'), RIGHT.replaceAll('\n', '\r\n'));
		});
	});

	describe('generate', () => {
		it('writes a Dockerfile that it then finds nothing wrong with', () => {
			rmSync(join(directory, '.dockerignore'));
			const { code, error } = run('generate');
			assert.equal(code, 0, error);
			assert.match(error, /CA certificates.*\nWritten: Dockerfile, \.dockerignore\nBuild it with: docker build -t app \.\n$/s);
			assert.match(read('Dockerfile'), /^# .*\nFROM --platform=\$BUILDPLATFORM golang:/);
			assert.equal(run('check').out, 'No findings in 1 Dockerfile.\n');
		});

		it('never overwrites unless it is told to, and leaves a .dockerignore alone', () => {
			write('Dockerfile', 'FROM mine\n');
			const { code, error } = run('generate');
			assert.equal(code, 2);
			assert.match(error, /^Dockerfile exists\. Use --force to overwrite/);
			assert.equal(read('Dockerfile'), 'FROM mine\n');
			assert.equal(run('generate', '--force').code, 0);
			assert.match(read('Dockerfile'), /FROM scratch/);
			assert.equal(read('.dockerignore'), GO['.dockerignore']);
		});

		it('says why a file cannot be written, and then writes none', function () {
			if (process.platform === 'win32') this.skip();
			rmSync(join(directory, '.dockerignore'));
			write('Dockerfile', 'FROM mine\n');
			chmodSync(join(directory, 'Dockerfile'), 0o444);
			const refused = 'Dockerfile cannot be written: permission denied.\n';
			assert.deepEqual(runUnprivileged('generate', '--force'), { code: 2, out: '', error: refused });
			assert.equal(read('Dockerfile'), 'FROM mine\n');
			assert.equal(existsSync(join(directory, '.dockerignore')), false);
			mkdirSync(join(directory, 'closed'), { mode: 0o555 });
			const closed = 'closed/build/Dockerfile cannot be written: permission denied.\n';
			assert.deepEqual(runUnprivileged('generate', '--output', 'closed/build/Dockerfile'), { code: 2, out: '', error: closed });
			assert.equal(existsSync(join(directory, '.dockerignore')), false);
		});

		it('writes both files or none where one of them cannot be created', function () {
			if (process.platform === 'win32') this.skip();
			rmSync(join(directory, '.dockerignore'));
			symlinkSync('nowhere/x', join(directory, '.dockerignore'));
			const refused = { code: 2, out: '', error: '.dockerignore cannot be written: it exists.\n' };
			assert.deepEqual(run('generate'), refused);
			assert.equal(existsSync(join(directory, 'Dockerfile')), false);
			write('Dockerfile', 'FROM mine\n');
			assert.deepEqual(run('generate', '--force'), refused);
			assert.equal(read('Dockerfile'), 'FROM mine\n');
			assert.deepEqual(run('generate', '--output', 'made/here/Dockerfile'), refused);
			assert.equal(existsSync(join(directory, 'made')), false);
		});

		it('prints, or writes elsewhere, with or without comments', () => {
			const printed = run('generate', '--stdout', '--no-comments');
			assert.equal(printed.code, 0);
			assert.match(printed.out, /^FROM --platform/);
			assert.doesNotMatch(printed.out, /^#/m);
			assert.equal(existsSync(join(directory, 'Dockerfile')), false);
			assert.equal(run('generate', '--output', 'build/Dockerfile', '--no-comments').code, 0);
			assert.equal(read('build/Dockerfile'), printed.out);
		});

		it('writes a compose file beside the Dockerfile, and finds nothing wrong with it', () => {
			const { code, error } = run('generate', '--compose');
			assert.equal(code, 0, error);
			assert.match(error, /The compose service app has a read-only root, no capabilities.*\nWritten: Dockerfile, compose\.yaml\n$/s);
			assert.match(read('compose.yaml'), /^services:\n {2}app:\n {4}build: \.\n/);
			assert.equal(run('check').out, 'No findings in 1 Dockerfile and 1 deployment file.\n');
		});

		it('writes a compose file for the Dockerfile that it has written before, but for no other', () => {
			assert.equal(run('generate').code, 0);
			assert.match(run('generate', '--compose').error, /\nWritten: compose\.yaml\n$/);
			rmSync(join(directory, 'compose.yaml'));
			write('Dockerfile', 'FROM mine\n');
			assert.match(run('generate', '--compose').error, /^Dockerfile exists\./);
			assert.equal(existsSync(join(directory, 'compose.yaml')), false);
		});

		it('names the context in a compose file beside a Dockerfile elsewhere', () => {
			assert.equal(run('generate', '--compose', '--no-comments', '--output', 'build/prod.Dockerfile').code, 0);
			assert.match(read('build/compose.yaml'), /\n {4}build:\n {6}context: \.\.\n {6}dockerfile: build\/prod\.Dockerfile\n/);
			assert.equal(existsSync(join(directory, 'compose.yaml')), false);
		});

		it('never overwrites a compose file, whatever its name is, and then writes nothing', () => {
			for (const name of ['compose.yaml', 'docker-compose.yml']) {
				write(name, 'services: {}\n');
				const { code, error } = run('generate', '--compose', '--force');
				assert.deepEqual([code, error], [2, `${name} exists, and --compose does not overwrite it.\n`]);
				assert.equal(read(name), 'services: {}\n');
				rmSync(join(directory, name));
			}
			assert.equal(existsSync(join(directory, 'Dockerfile')), false);
		});

		it('wants to know which program is meant where there are several', () => {
			rmSync(join(directory, 'main.go'));
			write('cmd/api/main.go', GO['main.go']);
			write('cmd/worker/main.go', 'package main\n\nfunc main() {}\n');
			const { code, error } = run('generate');
			assert.equal(code, 2);
			assert.match(
				error,
				/several.*\n {2}--main cmd\/api {2}\(example\.com\/app\/cmd\/api; needs CA certificates\)\n {2}--main cmd\/worker/s,
			);
			assert.match(run('generate', '--main', 'cmd/worker', '--stdout').out, /ENTRYPOINT \["\/worker"\]/);
			assert.match(run('generate', 'cmd/api', '--stdout').out, /ENTRYPOINT \["\/api"\]/);
			assert.match(run('generate', '--main', 'cmd/other').error, /There is no main package cmd\/other/);
		});

		it('writes beside the program if several share the build context, and says how to build it', () => {
			rmSync(join(directory, 'main.go'));
			write('cmd/api/main.go', GO['main.go']);
			write('cmd/worker/main.go', 'package main\n\nfunc main() {}\n');
			for (const name of ['api', 'worker']) {
				const { code, error } = run('generate', '--main', `cmd/${name}`);
				assert.equal(code, 0, error);
				assert.ok(
					error.endsWith(`\nWritten: cmd/${name}/Dockerfile\nBuild it with: docker build -t ${name} -f cmd/${name}/Dockerfile .\n`),
					error,
				);
			}
			assert.equal(run('check').code, 0);
		});

		it('says what it looked for where there is no program', () => {
			write('docs/x.md', '');
			const { code, error } = run('generate', 'docs');
			assert.equal(code, 2);
			assert.match(error, /^No main package found in docs: no Go file there or below declares 'package main'/);
		});
	});

	describe('with hostile names and texts', () => {
		const FORGED = 'x\n::error file=main.go,line=1::forged\r::warning::forged';
		const HIDDEN = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

		/** Fails where a terminal or the runner of a workflow would obey something in the output. */
		function assertHarmless({ out, error }: { out: string; error: string }): void {
			for (const text of [out, error]) assert.doesNotMatch(text, HIDDEN);
			assert.deepEqual(
				commandsIn(out).filter(({ data }) => /^forged/.test(data)),
				[],
				out,
			);
			assert.deepEqual(commandsIn(error), [], error);
		}

		it('prints nothing that a terminal or the runner of a workflow obeys', function () {
			if (process.platform === 'win32') this.skip();
			write('a\n::stop-commands::t\nb/Dockerfile', 'FROM x\0');
			write('\u001B]52;c;eA==\u0007/Dockerfile', WRONG);
			write('::error title=x::forged/Dockerfile', WRONG);
			write('##[error]forged/\r\u001B[2K\u202E/Dockerfile', WRONG.replace('USER 65534:65534', 'USER \u001B]52;c;eA==\u0007\u009B'));
			write(
				'main.go',
				GO['main.go'].replace('http.Get("https://example.com")', `os.Open("a\u001B[2K\\r::error::forged\\n")`).replace('net/http', 'os'),
			);
			write(
				'base.json',
				JSON.stringify({ version: 1, findings: [{ file: 'gone/Dockerfile', code: FORGED, text: '\r::error::forged\u001B[2K' }] }),
			);
			write('broken.json', '\n::error::forged\u001B');
			for (const words of [
				['check'],
				['check', '--baseline', 'base.json'],
				['check', '--format', 'github', '--baseline', 'base.json'],
				['check', '--format', 'json'],
				...['text', 'compact', 'sarif', 'gitlab', 'junit', 'markdown'].map((format) => ['check', '--format', format]),
				['check', '--baseline', 'broken.json'],
				['check', '--write-baseline', 'new\n::error::forged.json'],
				['check', FORGED],
				['check', `--${FORGED}`],
				['check', '--format', FORGED],
				['check', '--rule', `${FORGED}=off`],
				['fix', `${FORGED}/*`],
				['explain', FORGED],
				[FORGED],
				['generate', FORGED],
				['generate', '--main', FORGED],
				['generate', '--output', `nowhere/${FORGED}\0`],
			]) {
				const ran = run(...words.map((word) => word.replaceAll('\0', '')));
				assertHarmless(ran);
				assert.ok(ran.code !== null && ran.out + ran.error !== '', words.join(' '));
			}
			assert.match(run('check').out, /^\\x1b\]52;c;eA==\\x07\/Dockerfile:\d+:1 error/m);
			assertHarmless(run('fix'));
		});
	});

	describe('what it keeps', () => {
		const isPosix = process.platform !== 'win32';

		it('is left out, with one warning, where others have access to the directory', function () {
			if (!isPosix) return void this.skip();
			const cache = join(directory, 'caches');
			mkdirSync(cache);
			chmodSync(cache, 0o755);
			write('Dockerfile', WRONG);
			write('more/Dockerfile', WRONG);
			const expected = runWith({ GO_SCRATCH_CACHE: 'off' }, 'check');
			const { code, out, error } = runWith({ GO_SCRATCH_CACHE: cache }, 'check');
			assert.deepEqual({ code, out }, { code: expected.code, out: expected.out });
			assert.equal(
				error,
				`${expected.error}warning: The cache directory ${cache} is not used: other users have access to it (run chmod 700).\n`,
			);
			assert.deepEqual(readdirSync(cache), []);
		});

		it('is left out where the directory belongs to another user', function () {
			if (process.getuid?.() !== 0) return void this.skip();
			mkdirSync(join(directory, 'cache'));
			mkdirSync(join(directory, 'cache/go-scratch'), { mode: 0o700 });
			write('Dockerfile', WRONG);
			const { code, error } = runUnprivileged('check', 'Dockerfile');
			assert.equal(code, 1);
			assert.match(error, /^warning: The cache directory .*\/cache\/go-scratch is not used: it belongs to another user\.\n$/);
		});

		it('makes no directory in the workspace where XDG_CACHE_HOME is relative', function () {
			if (!isPosix) return void this.skip();
			write('Dockerfile', WRONG);
			const { error } = runWith(
				{ XDG_CACHE_HOME: 'relcache', HOME: join(directory, '..', 'nobody-is-at-home'), GO_SCRATCH_CACHE: '' },
				'check',
			);
			assert.equal(error, '');
			assert.ok(!existsSync(join(directory, 'relcache')));
		});
	});

	it('says how it is used', () => {
		assert.match(run('--help').out, /^go-scratch: .*\n[\s\S]*go-scratch check \[PATH…\]/);
		assert.equal(run('--help').code, 0);
		assert.equal(run('check', '--help').code, 0);
		assert.deepEqual(run('--version'), { code: 0, out: `${version}\n`, error: '' });
		const { code, out, error } = run('explain', 'root-usr');
		assert.deepEqual([code, out, error], [2, '', 'Unknown rule root-usr (did you mean root-user?).\nSee go-scratch rules.\n']);
		assert.match(run('check', '--rule', 'root-usr=off').error, /^--rule: Unknown rule "root-usr" \(did you mean "root-user"\?\)\.\n$/);
		assert.match(run('explain', 'root-user').out, /^root-user\n\nThe container runs as root/);
	});
});
