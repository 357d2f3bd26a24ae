import assert from 'node:assert/strict';
import type { Lookup } from '../../server/dockerfile/expand.ts';
import { commandsOf, expandShellWord, parseShell, shellFeaturesOf, splitAsShellWords } from '../../server/dockerfile/shell.ts';
import type { ShellNode, ShellWord } from '../../server/dockerfile/shell-syntax.ts';

const VALUES: Readonly<Record<string, { value: string | undefined }>> = { X: { value: 'v1.2.3' }, UNKNOWN: { value: undefined } };
const lookup: Lookup = (name) => VALUES[name];

/** The tree in short: commands as their raw words. */
function outline(node: ShellNode): unknown {
	switch (node.kind) {
		case 'command':
			return [
				...node.assignments.map((item) => `${item.name}=`),
				...node.words.map((word) => word.raw),
				...node.redirects.map((item) => item.operator),
			].join(' ');
		case 'list':
			return node.items.map((item) => [item.operator, outline(item.node)]);
		case 'pipeline':
			return { pipe: node.commands.map(outline) };
		case 'group':
			return { [node.subshell ? 'subshell' : 'group']: outline(node.body), redirects: node.redirects.length };
		case 'if':
			return { if: outline(node.condition), yes: outline(node.then), no: node.otherwise && outline(node.otherwise) };
		case 'loop':
			return { loop: node.variable, words: node.words?.map((word) => word.raw), body: outline(node.body) };
		case 'case':
			return { case: node.word.raw, branches: node.branches.map(outline) };
		case 'unknown':
			return 'unknown';
	}
}

function firstWord(text: string): ShellWord {
	return commandsOf(parseShell(text, 0))[0]?.words[0] as ShellWord;
}

describe('parseShell', () => {
	const cases: readonly (readonly [string, unknown])[] = [
		['go build -o /a .', 'go build -o /a .'],
		['A=1 B="x y" go build 2>&1 >/dev/null', 'A= B= go build >& >'],
		[
			'a && b || c; d',
			[
				[';', 'a'],
				['&&', 'b'],
				['||', 'c'],
				[';', 'd'],
			],
		],
		[
			'a & b',
			[
				[';', 'a'],
				['&', 'b'],
			],
		],
		[
			'a\nb',
			[
				[';', 'a'],
				[';', 'b'],
			],
		],
		['a | b | c', { pipe: ['a', 'b', 'c'] }],
		['! a', { pipe: ['a'] }],
		[
			'(cd x && a) > y',
			{
				subshell: [
					[';', 'cd x'],
					['&&', 'a'],
				],
				redirects: 1,
			},
		],
		[
			'{ a; b; }',
			{
				group: [
					[';', 'a'],
					[';', 'b'],
				],
				redirects: 0,
			},
		],
		['if a; then b; elif c; then d; else e; fi', { if: 'a', yes: 'b', no: { if: 'c', yes: 'd', no: 'e' } }],
		['for x in a "$B"; do c; done', { loop: 'x', words: ['a', '"$B"'], body: 'c' }],
		[
			'while a; do b; done',
			{
				loop: undefined,
				words: undefined,
				body: [
					[';', 'a'],
					[';', 'b'],
				],
			},
		],
		[
			'case $X in a) b;; *) c; d;; esac',
			{
				case: '$X',
				branches: [
					'b',
					[
						[';', 'c'],
						[';', 'd'],
					],
				],
			},
		],
		['export A=b', 'export A=b'],
		[
			'[ -f x ] && y',
			[
				[';', '[ -f x ]'],
				['&&', 'y'],
			],
		],
		[
			'[[ a == b ]] && y',
			[
				[';', '[['],
				['&&', 'y'],
			],
		],
		['f() { a; }', 'unknown'],
		['a &&', 'unknown'],
		['if a', 'unknown'],
		['"open', 'unknown'],
		['', []],
		['# nothing', []],
		['#!/bin/sh -e\na', 'a'],
		['\n#!/usr/bin/env bash\na', 'a'],
		['#!/usr/bin/env -S python3 -u\nimport os', 'unknown'],
	];
	for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.deepEqual(outline(parseShell(text, 0)), expected));

	it('ranges are those of the file', () => {
		const text = 'A="1 2" go "b c" >x $(d e) && f';
		const file = `RUN ${text}`;
		const node = parseShell(text, 4);
		const [go, f] = commandsOf(node);
		const at = ({ range }: { range: { start: number; end: number } }) => file.slice(range.start, range.end);
		assert.deepEqual(go?.words.map(at), ['go', '"b c"', '$(d e)']);
		assert.deepEqual(
			go?.words.map(at),
			go?.words.map((word) => word.raw),
		);
		assert.deepEqual(go?.assignments.map(at), ['A="1 2"']);
		assert.deepEqual(go?.redirects.map(at), ['>x']);
		assert.equal(go && at(go), 'A="1 2" go "b c" >x $(d e)');
		assert.equal(f && at(f), 'f');
		const substitution = go?.words[2]?.parts[0];
		assert.ok(substitution?.kind === 'substitution' && substitution.body !== undefined);
		assert.equal(at(substitution.body), 'd e');
	});

	it('reads heredocs', () => {
		const command = commandsOf(parseShell('cat <<EOF >x\nhi $X\nEOF', 0))[0];
		assert.deepEqual(
			command?.redirects.map(({ operator, content, target }) => [operator, content, target?.raw]),
			[
				['<<', 'hi $X\n', undefined],
				['>', undefined, 'x'],
			],
		);
	});

	it('gives up on what is too long or too deep, and ends', () => {
		for (const text of [
			'"$('.repeat(1000),
			'('.repeat(1000),
			'{ '.repeat(1000),
			'if '.repeat(1000),
			`\${A:-`.repeat(1000),
			'a '.repeat(50_000),
		]) {
			assert.equal(parseShell(text, 0).kind, 'unknown');
		}
	});
	it('words such as "for" in a text open nothing', () => {
		assert.equal(parseShell('echo wait for it if you can\n'.repeat(200), 0).kind, 'list');
	});
	it('reads many commands', () => assert.equal(commandsOf(parseShell(`${'a b && '.repeat(2000)}c`, 0)).length, 2001));
});

describe('commandsOf', () => {
	it('keeps the order of the text', () => {
		const node = parseShell('a && (b; c | d) || { e; }; if f; then g; else h; fi; for x in y; do i; done; case x in j) k;; esac', 0);
		assert.equal(
			commandsOf(node)
				.map((command) => command.words[0]?.raw)
				.join(''),
			'abcdefghik',
		);
	});
});

describe('expandShellWord', () => {
	const cases: readonly (readonly [string, string | undefined])[] = [
		['plain', 'plain'],
		['"a b"', 'a b'],
		["a'$X'\\ b", 'a$X b'],
		['$X', 'v1.2.3'],
		['"a-$X"', 'a-v1.2.3'],
		['$UNSET', ''],
		['$UNKNOWN', undefined],
		[`\${X#v}`, '1.2.3'],
		[`\${X:0:2}`, 'v1'],
		[`\${UNSET:-y}`, 'y'],
		[`\${UNSET:-$(date)}`, undefined],
		['$1', undefined],
		['$?', undefined],
		[`\${#X}`, undefined],
		['$(date)', undefined],
		['`date`', undefined],
		['$(echo a b)', 'a b'],
		['$(echo "$X")', undefined],
		['$(echo -n a)', undefined],
		['$(printf a)', 'a'],
		['$(printf %s a)', undefined],
		['*.go', '*.go'],
		['a?[bc]', 'a?[bc]'],
		['~/x', undefined],
		['"~/x"', '~/x'],
		['{a,b}', undefined],
		['$((1+2))', undefined],
		['""', ''],
		["$'a\\tb'", 'a\tb'],
	];
	for (const [text, expected] of cases) it(text, () => assert.equal(expandShellWord(firstWord(text), lookup), expected));
});

describe('splitAsShellWords and shellFeaturesOf', () => {
	const plain: readonly (readonly [string, readonly string[]])[] = [
		['/app', ['/app']],
		['  /app --x   y ', ['/app', '--x', 'y']],
		['/app "a b" \'c $d\' e\\ f ""', ['/app', 'a b', 'c $d', 'e f', '']],
		['/app --name=x "--y=$"', ['/app', '--name=x', '--y=$']],
		['/app a#b', ['/app', 'a#b']],
		['/app !x', ['/app', '!x']],
		['java -jar x.jar', ['java', '-jar', 'x.jar']],
	];
	for (const [text, expected] of plain) {
		it(JSON.stringify(text), () => {
			assert.deepEqual(splitAsShellWords(text), expected);
			assert.deepEqual(shellFeaturesOf(text), []);
		});
	}

	const shell: readonly (readonly [string, readonly string[]])[] = [
		['/app $PORT "$PORT"', ['the variable $PORT']],
		[`/app \${PORT:-80}`, ['the variable $PORT']],
		['a && b', ['the operator &&']],
		['a || b; c', ['the operator ||', 'the operator ;']],
		['a | b', ['the operator |']],
		['a;', ['the operator ;']],
		['a &', ['the operator &']],
		['a > /dev/null 2>&1', ['the redirect >', 'the redirect >&']],
		['cat <<X\na\nX', ['the heredoc <<']],
		['/app $(date)', ['the substitution in $(date)']],
		['/app `date`', ['the substitution in `date`']],
		['/app *.txt', ['the pattern *.txt']],
		['/app ~/x', ['the home directory ~']],
		['/app # note', ['a comment']],
		['A=b /app', ['the assignment A=b']],
		['A=b', ['the assignment A=b']],
		['exec /app', ["the shell's own command exec"]],
		['cd /x && ./app', ['the operator &&', "the shell's own command cd"]],
		['(a)', ['the group ( … )']],
		['! a', ['the operator !']],
		['if a; then b; fi', ['the keyword if']],
		['while a; do b; done', ['the keyword while']],
		['"open', ['text that cannot be read as one command']],
	];
	for (const [text, expected] of shell) {
		it(JSON.stringify(text), () => {
			assert.equal(splitAsShellWords(text), undefined);
			assert.deepEqual(shellFeaturesOf(text).sort(), [...expected].sort());
		});
	}
	it('nothing is no command', () => {
		assert.equal(splitAsShellWords(''), undefined);
		assert.equal(splitAsShellWords('# x'), undefined);
	});
});
