import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseCommandLine, UsageError } from '../../server/cli/arguments.ts';
import { HELP } from '../../server/cli/help.ts';

const parse = (line: string) => parseCommandLine(line.split(' ').filter((word) => word !== ''));

describe('arguments', () => {
	it('of check default to all findings of the current directory, as text', () => {
		assert.deepEqual(parse('check'), {
			name: 'check',
			input: { paths: ['.'] },
			failOn: 'hint',
			rules: {},
			timing: false,
			verbose: false,
			reports: [{ format: 'text', file: undefined }],
			baseline: undefined,
			writeBaseline: undefined,
			showSuppressed: false,
		});
	});

	it('may have their values behind a space or an equals sign, and be repeated where that makes sense', () => {
		const line = 'check --format github --format=sarif=a=b.sarif a --rule root-user=off --rule=missing-tmp=hint --fail-on=never -- --b';
		const command = parse(line);
		assert.equal(command.name, 'check');
		assert.deepEqual(command.name === 'check' && { ...command, name: undefined }, {
			name: undefined,
			input: { paths: ['a', '--b'] },
			failOn: 'never',
			rules: { 'root-user': 'off', 'missing-tmp': 'hint' },
			timing: false,
			verbose: false,
			reports: [
				{ format: 'github', file: undefined },
				{ format: 'sarif', file: 'a=b.sarif' },
			],
			baseline: undefined,
			writeBaseline: undefined,
			showSuppressed: false,
		});
	});

	it('name the text that comes through the standard input', () => {
		const inputOf = (line: string) => (parse(line) as { input?: unknown }).input;
		assert.deepEqual(inputOf('check --stdin'), { stdinFilename: 'Dockerfile' });
		assert.deepEqual(inputOf('fix - --stdin-filename a/Dockerfile'), { stdinFilename: 'a/Dockerfile' });
	});

	it('ask for help in general, or with a command', () => {
		for (const line of ['--help', '-h', 'help']) assert.match((parse(line) as { text: string }).text, /^ {2}go-scratch explain CODE/m);
		for (const line of ['check --help', 'help check', 'check a --format json -h']) {
			assert.deepEqual(parse(line), { name: 'help', text: HELP.check });
		}
		for (const line of ['--version', '-v', 'fix --version']) assert.deepEqual(parse(line), { name: 'version' });
	});

	it('that are wrong say what was meant', () => {
		for (const [line, message] of [
			['', /^go-scratch: finds.*\n\nUsage:/],
			['chek', /^Unknown command chek \(did you mean check\?\)\.\nSee go-scratch --help\.$/],
			['help chek', /did you mean check/],
			['check --fromat json', /^unknown option --fromat of check \(did you mean --format\?\)\.\nSee go-scratch check --help\.$/],
			['check -x', /^unknown option -x of check\./],
			['check --format', /^--format requires a value/],
			['check --format --stdin', /^--format requires a value/],
			['check --format=', /^--format must be .*, not \./],
			['check --format xml', /^--format must be text, json, sarif or github, not xml/],
			['check --format jsn', /did you mean json\?/],
			['check --format sarif=', /requires a file name after the =/],
			['check --format json --format text', /only one --format can go to standard output/],
			['check --fail-on warn', /^--fail-on must be error, warning, information, hint or never, not warn \(did you mean warning\?\)/],
			['check --rule root-user', /^--rule requires CODE=SEVERITY, such as root-user=off, not root-user\./],
			['check --stdin a', /^--stdin takes no paths/],
			['check --stdin-filename a', /^--stdin-filename requires --stdin/],
			['check --baseline a --write-baseline b', /cannot be combined/],
			['check --stdin=yes', /^--stdin takes no value/],
			['fix --baseline a', /^unknown option --baseline of fix/],
			['generate a b', /one directory/],
			['generate --stdout -o a', /cannot be combined/],
			['rules a', /rules takes no arguments/],
			['rules --format xml', /--format must be text or json/],
			['explain', /the code of one rule/],
			['explain a b', /the code of one rule/],
		] as const) {
			assert.throws(
				() => parse(line),
				(error) => error instanceof UsageError && message.test(error.message),
				line,
			);
		}
	});

	it('of any kind are read without a crash', () => {
		const word = fc.oneof(fc.constantFrom('check', 'fix', '--', '-', '--format', '--rule', '--rule=a=b', '-h', '-o'), fc.string());
		fc.assert(
			fc.property(fc.array(word), (words) => {
				try {
					parseCommandLine(words);
				} catch (error) {
					assert.ok(error instanceof UsageError);
				}
			}),
		);
	});

	it('are all described, in the help and on the page', () => {
		const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
		const source = readFileSync(new URL('../../server/cli/arguments.ts', import.meta.url), 'utf8');
		const table = source.slice(source.indexOf('const JUDGING'), source.indexOf('const COMMANDS'));
		const options = [...table.matchAll(/^\t+'?([a-z][a-z-]+)'?: \{ type/gm)].map((match) => match[1] as string);
		assert.ok(options.includes('write-baseline') && options.includes('no-comments') && options.includes('rule'));
		for (const option of options) {
			assert.ok(
				Object.values(HELP).some((text) => text.includes(`--${option}`)),
				`--${option} is not in the help`,
			);
			assert.ok(page.includes(`--${option}`), `--${option} is not on the page`);
		}
	});
});
