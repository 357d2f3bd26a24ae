import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseCommandLine } from '../../server/cli/arguments.ts';
import { check } from '../../server/cli/commands/check.ts';
import { COMMANDS } from '../../server/cli/commands/index.ts';
import { generalHelp, helpOf } from '../../server/cli/help.ts';
import { UsageError } from '../../server/cli/usage-error.ts';

const parse = (line: string) =>
	parseCommandLine(
		line.split(' ').filter((word) => word !== ''),
		COMMANDS,
	);

describe('arguments', () => {
	it('of check default to the current directory, warnings, and the format that suits the output', () => {
		assert.deepEqual(parse('check'), {
			kind: 'command',
			command: check,
			request: {
				input: { paths: ['.'] },
				failOn: 'warning',
				rules: {},
				timing: false,
				verbose: false,
				deployments: true,
				reports: [{ format: undefined, file: undefined }],
				baseline: undefined,
				writeBaseline: undefined,
				showSuppressed: false,
			},
		});
	});

	it('may have their values behind a space or an equals sign, and be repeated where that makes sense', () => {
		const line = 'check --format github --format=sarif=a=b.sarif a --rule root-user=off --rule=missing-tmp=hint --fail-on=never -- --b';
		const invocation = parse(line);
		assert.ok(invocation.kind === 'command' && invocation.command === check);
		assert.deepEqual(invocation.request, {
			input: { paths: ['a', '--b'] },
			failOn: 'never',
			rules: { 'root-user': 'off', 'missing-tmp': 'hint' },
			timing: false,
			verbose: false,
			deployments: true,
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
		const inputOf = (line: string) => (parse(line) as { request: { input: unknown } }).request.input;
		assert.deepEqual(inputOf('check --stdin'), { stdinFilename: 'Dockerfile' });
		assert.deepEqual(inputOf('fix - --stdin-filename a/Dockerfile'), { stdinFilename: 'a/Dockerfile' });
	});

	it('ask for help in general, or with a command', () => {
		for (const line of ['--help', '-h', 'help']) assert.match((parse(line) as { text: string }).text, /^ {2}go-scratch explain CODE/m);
		for (const line of ['check --help', 'help check', 'check a --format json -h']) {
			assert.deepEqual(parse(line), { kind: 'help', text: helpOf(check) });
		}
		for (const line of ['--version', '-v', 'version', 'fix --version']) assert.deepEqual(parse(line), { kind: 'version' });
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
			['check --format xml', /^--format must be text, compact, json, sarif, github, gitlab, junit or markdown, not xml/],
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
			['generate --stdout --compose', /--stdout and --compose cannot be combined/],
			['rules a', /rules takes no arguments/],
			['rules --format xml', /--format must be text or json/],
			['explain', /the code of a rule, a message, or -/],
			['explain exec format error --format xml', /--format must be text or json/],
			['show a b', /one Dockerfile/],
			['show --format pdf', /--format must be text, json, html or svg/],
			['needs a b', /one package or directory/],
			['why', /a path or a need/],
			['why a b c', /a path or a need/],
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
					parseCommandLine(words, COMMANDS);
				} catch (error) {
					assert.ok(error instanceof UsageError);
				}
			}),
		);
	});

	it('are all described, in the help and on the page', () => {
		const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
		for (const command of COMMANDS) {
			const help = helpOf(command);
			assert.ok(generalHelp(COMMANDS).includes(`  go-scratch ${command.name}`));
			assert.ok(page.includes(`go-scratch ${command.name}`), `${command.name} is not on the page`);
			for (const option of Object.keys(command.options)) {
				assert.match(help, new RegExp(`^  (?:-\\w, )?--${option}\\b`, 'm'));
				assert.ok(page.includes(`--${option}`), `--${option} is not on the page`);
			}
		}
	});

	it('have a help that fits a terminal, each with a text in its column', () => {
		for (const text of [generalHelp(COMMANDS), ...COMMANDS.map(helpOf)]) {
			for (const line of text.split('\n')) assert.ok(line.length <= 110 && line === line.trimEnd(), line);
		}
		for (const [name, { help }] of Object.entries(check.options)) {
			assert.ok(helpOf(check).includes(help.slice(0, 20)), name);
		}
	});

	it('know the words that are completed for them', () => {
		for (const { options } of COMMANDS) {
			for (const [name, { choices, value, help }] of Object.entries(options)) {
				assert.ok(choices === undefined || value !== undefined, `${name} is a flag`);
				if (Array.isArray(choices)) for (const word of choices) assert.ok(help.includes(word), `${word} is not in the help of --${name}`);
			}
		}
	});
});
