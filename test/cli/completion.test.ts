import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../server/cli/commands/index.ts';
import { completionScript, SHELLS, type Shell } from '../../server/cli/completion.ts';
import { rules } from '../../server/rules/index.ts';

/** What the shells themselves complete, in a directory with a file and a directory. */
describe('completion', function () {
	this.timeout(120_000);
	let directory: string;

	before(() => {
		directory = mkdtempSync(join(tmpdir(), 'go-scratch-completion-'));
		for (const shell of SHELLS) writeFileSync(join(directory, `script.${shell}`), completionScript(shell, COMMANDS));
		mkdirSync(join(directory, 'place/inner dir'), { recursive: true });
		writeFileSync(join(directory, 'place/a file'), '');
	});

	after(() => rmSync(directory, { recursive: true, force: true }));

	function shell(name: Shell, ...words: string[]): string {
		const { status, stdout, stderr } = spawnSync(name, words, { cwd: join(directory, 'place'), encoding: 'utf8' });
		assert.equal(stderr, '', words.join(' '));
		assert.equal(status, 0);
		return stdout;
	}

	/** Completes the last word. */
	const bash = (...words: string[]) => {
		const quoted = words.map((word) => `'${word}'`).join(' ');
		const line = `source ../script.bash; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _go_scratch; printf '%s\\n' "\${COMPREPLY[@]}"`;
		return shell('bash', '--noprofile', '--norc', '-c', line)
			.split('\n')
			.filter((word) => word !== '')
			.sort();
	};
	const fish = (line: string) =>
		shell('fish', '--no-config', '-c', `source ../script.fish; complete -C '${line}'`)
			.split('\n')
			.map((each) => each.split('\t')[0] as string)
			.filter((word) => word !== '')
			.sort();
	/** Types the words and the Tab key into an interactive zsh, and answers what it shows once that holds the expected text, or after a while. */
	const zsh = (line: string, expected: string) => {
		const script = `
			zmodload zsh/zpty
			shown() {
				local all= text
				until [[ $all == *$1* ]] || ((SECONDS > 20)); do
					sleep 0.1
					while zpty -r -t shell text; do all+=$text; done
				done
				print -r -- "$all"
			}
			zpty shell zsh -f -i
			zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ../script.zsh; setopt no_beep; stty columns 300; print REA""DY'
			shown READY > /dev/null
			zpty -w -n shell $'${line}\\t'
			shown '${expected}'
			zpty -d shell`;
		return spawnSync('zsh', ['-f', '-c', script], { cwd: join(directory, 'place'), encoding: 'utf8', timeout: 50_000 }).stdout;
	};

	function requires(name: Shell, context: Mocha.Context): void {
		if (spawnSync(name, ['--version']).error !== undefined) context.skip();
	}

	const names = COMMANDS.map(({ name }) => name);

	it('has a script for each shell that the shell reads', () => {
		for (const name of SHELLS) {
			if (spawnSync(name, ['--version']).error !== undefined) continue;
			shell(name, '-n', `../script.${name}`);
		}
		for (const name of SHELLS) for (const command of names) assert.ok(completionScript(name, COMMANDS).includes(command));
	});

	it('completes commands, options, values, codes and files in bash', function () {
		requires('bash', this);
		assert.deepEqual(bash('go-scratch', ''), [...names, '--help', '--version', 'help', 'version'].sort());
		assert.deepEqual(bash('go-scratch', 'che'), ['check']);
		assert.deepEqual(bash('go-scratch', 'help', 'exp'), ['explain']);
		assert.deepEqual(bash('go-scratch', 'check', '--form'), ['--format']);
		assert.deepEqual(bash('go-scratch', 'check', '--format', 'ju'), ['junit']);
		assert.deepEqual(bash('go-scratch', 'check', '--format', '='), [
			'compact',
			'github',
			'gitlab',
			'json',
			'junit',
			'markdown',
			'sarif',
			'text',
		]);
		assert.deepEqual(bash('go-scratch', 'check', '--format', '=', 'sa'), ['sarif']);
		assert.deepEqual(bash('go-scratch', 'check', '--fail-on', 'e'), ['error']);
		assert.deepEqual(bash('go-scratch', 'explain', 'root'), ['root-user']);
		assert.deepEqual(bash('go-scratch', 'check', ''), ['a file', 'inner dir']);
		assert.deepEqual(bash('go-scratch', 'generate', ''), ['inner dir']);
		assert.deepEqual(bash('go-scratch', 'generate', '-'), [
			'--compose',
			'--force',
			'--help',
			'--main',
			'--no-comments',
			'--output',
			'--stdout',
			'-f',
			'-h',
			'-o',
		]);
		assert.deepEqual(bash('go-scratch', 'completion', ''), [...SHELLS].sort());
		assert.deepEqual(bash('go-scratch', 'nonsense', ''), []);
	});

	it('completes commands, options, values, codes and files in fish', function () {
		requires('fish', this);
		assert.deepEqual(fish('go-scratch '), [...names, 'help', 'version'].sort());
		assert.deepEqual(fish('go-scratch check --form'), ['--format']);
		assert.deepEqual(fish('go-scratch check --format ju'), ['junit']);
		assert.deepEqual(fish('go-scratch check --fail-on=e'), ['--fail-on=error']);
		assert.deepEqual(fish('go-scratch explain root-'), ['root-user']);
		assert.ok(fish('go-scratch check ').includes('a file'));
		assert.deepEqual(
			fish('go-scratch generate ').filter((word) => !word.startsWith('-')),
			['inner dir/'],
		);
	});

	it('completes commands, options and values in zsh', function () {
		requires('zsh', this);
		const all = zsh('go-scratch ', names.at(-1) as string);
		for (const name of names) assert.ok(all.includes(name), all);
		assert.match(zsh('go-scratch chec', 'check'), /go-scratch check/);
		assert.match(zsh('go-scratch check --fail-on err', 'error'), /error/);
		assert.match(zsh('go-scratch explain root-u', 'root-user'), /root-user/);
	});

	it('knows every rule, and describes options in words that no shell reads', () => {
		for (const { code } of rules) assert.ok(completionScript('bash', COMMANDS).includes(code));
		for (const line of completionScript('fish', COMMANDS).split('\n')) assert.equal((line.match(/'/g)?.length ?? 0) % 2, 0, line);
	});
});
