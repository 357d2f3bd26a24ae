import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchesPattern, parseIgnoreFile } from '../../server/image/context/dockerignore.ts';

/** Each case: an ignore file, paths that it leaves out, paths that it lets through. */
const cases: readonly { name: string; text: string; ignored: string[]; sent: string[] }[] = [
	{
		name: 'a plain name covers what lies below it and does not float',
		text: 'bin\n',
		ignored: ['bin', 'bin/app', 'bin/a/b'],
		sent: ['cmd/bin', 'binary'],
	},
	{ name: 'slashes at both ends mean nothing', text: '/bin/\n', ignored: ['bin', 'bin/app'], sent: ['a/bin'] },
	{ name: '* stays within a name', text: '*.md\n', ignored: ['README.md'], sent: ['docs/a.md', 'README.mdx'] },
	{ name: '*/x is one level down', text: '*/temp*\n', ignored: ['a/temp', 'a/temporary/x'], sent: ['temp', 'a/b/temp'] },
	{ name: '**/x is anywhere', text: '**/*.log\n', ignored: ['a.log', 'x/a.log', 'x/y/a.log'], sent: ['a.logs'] },
	{
		name: '** in the middle stands for any directories, none included',
		text: 'a/**/b\n',
		ignored: ['a/b', 'a/x/b', 'a/x/y/b/c'],
		sent: ['a', 'a/x', 'b'],
	},
	{ name: '** at the end takes all below and not the directory', text: 'a/**\n', ignored: ['a/b', 'a/b/c'], sent: ['a', 'ab'] },
	{ name: 'a leading ** with text right behind needs no slash', text: '**foo\n', ignored: ['foo', 'xfoo', 'a/xfoo'], sent: ['foox'] },
	{
		name: 'the last match wins',
		text: '*\n!go.mod\n!cmd\ncmd/secret\n',
		ignored: ['go.sum', 'cmd/secret', 'cmd/secret/x'],
		sent: ['go.mod', 'cmd', 'cmd/main.go'],
	},
	{ name: 'an exception before the rule takes nothing back', text: '!a\na\n', ignored: ['a'], sent: ['b'] },
	{ name: 'comments stand in the first column only', text: '# x\n #y\n', ignored: ['#y'], sent: ['x', '# x'] },
	{ name: 'white space around a pattern and behind ! is nothing', text: '  *.a \n!  b.a\r\n', ignored: ['c.a'], sent: ['b.a'] },
	{ name: '? and classes', text: 'a?c\n[x-z]1\n[^a]2\n', ignored: ['abc', 'y1', 'b2'], sent: ['a/c', 'ac', 'w1', 'a2'] },
	{ name: 'a backslash takes the meaning from the next character', text: '\\*.go\n', ignored: ['*.go'], sent: ['a.go'] },
	{ name: 'dots are dots', text: 'a.b\n./c/../d\n', ignored: ['a.b', 'd'], sent: ['axb', 'c'] },
	{ name: 'a byte order mark is no part of the first pattern', text: '\uFEFFa\n', ignored: ['a'], sent: ['b'] },
	{ name: 'all but one directory', text: '**\n!src/**\n', ignored: ['a', 'src', 'x/src/y'], sent: ['src/a', 'src/a/b'] },
	{ name: 'a class may begin with a bracket', text: '[]a]1\n', ignored: [']1', 'a1'], sent: ['b1', '1'] },
	{ name: 'a class holds what is escaped', text: '[\\]x]1\n[a\\-z]2\n', ignored: [']1', 'x1', '-2', 'z2'], sent: ['\\1', 'b2'] },
	{ name: 'a class may end with a hyphen', text: '[a-]1\n', ignored: ['a1', '-1'], sent: ['b1'] },
	{ name: 'a class holds several ranges', text: '[a-cx-z]1\n[^a-cx]2\n', ignored: ['b1', 'y1', 'd2'], sent: ['d1', 'a2', 'x2'] },
	{ name: 'a range of one', text: '[a-a]1\n', ignored: ['a1'], sent: ['b1'] },
	{ name: 'a class does not stand for a slash that it does not name', text: 'a[b]c\n', ignored: ['abc'], sent: ['a/c', 'ac'] },
	{
		name: 'a pattern that the engine refuses is left out',
		text: '[z-a]\n[\na[\n[a\n[a-\nb\n',
		ignored: ['b'],
		sent: ['a', 'z', '[', 'a['],
	},
	{ name: 'blank lines and a lone ! are nothing', text: '\n \n!\n! \na\n', ignored: ['a'], sent: ['b'] },
	{ name: 'a lone slash is nothing', text: '/\n//\na\n', ignored: ['a'], sent: ['b', 'c/d'] },
	{ name: 'a path is cleaned', text: 'a//b\nc/./d\n../e\nf/../../g\n/../h\n', ignored: ['a/b', 'c/d', 'h'], sent: ['a', 'e', 'g', 'c'] },
	{ name: 'an exception of an exception', text: '*\n!a\na/b\n!a/b/c\n', ignored: ['x', 'a/b', 'a/b/d'], sent: ['a', 'a/c', 'a/b/c'] },
	{
		name: 'stars and question marks together',
		text: 'a*?b\n**/c?\n',
		ignored: ['axb', 'axyb', 'c1', 'x/c1'],
		sent: ['ab', 'c', 'x/c', 'x/c/1'],
	},
	{ name: 'a star in the middle', text: 'a*b*c\n', ignored: ['abc', 'axbxc', 'abbc'], sent: ['ac', 'ab', 'a/b/c', 'abcd'] },
	{ name: '** twice', text: '**/a/**/b\n', ignored: ['a/b', 'x/a/b', 'x/a/y/b'], sent: ['a', 'b', 'a/c'] },
	{ name: 'nothing at all', text: '', ignored: [], sent: ['a', '.git/HEAD'] },
];

describe('.dockerignore', () => {
	for (const { name, text, ignored, sent } of cases) {
		it(name, () => {
			const matcher = parseIgnoreFile(text);
			for (const path of ignored) assert.equal(matcher.ignores(path), true, `${path} should be left out`);
			for (const path of sent) assert.equal(matcher.ignores(path), false, `${path} should be sent`);
		});
	}

	it('never leaves out the root', () => assert.equal(parseIgnoreFile('**\n').ignores('.'), false));

	it('agrees with a regular expression built the way the engine builds one', () => {
		const piece = fc.constantFrom('a', 'b', '.', '/', '*', '**', '?', '/**/', '**/');
		const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'a.b', '.a'), { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
		fc.assert(
			fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), path, (pieces, candidate) => {
				const pattern = pieces
					.join('')
					.replace(/\/{2,}/g, '/')
					.replace(/^\/|\/$/g, '');
				fc.pre(pattern !== '' && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(pattern));
				assert.equal(matchesPattern(pattern, candidate), oracle(pattern, candidate), `${pattern} on ${candidate}`);
			}),
			{ numRuns: 3_000 },
		);
	});

	it('takes no longer for a pattern that makes backtracking matchers explode', () => {
		const matcher = parseIgnoreFile(`${'*a'.repeat(200)}b\n${'**/a'.repeat(100)}/b\n`);
		assert.equal(matcher.ignores('a'.repeat(2_000)), false);
		assert.equal(matcher.ignores('a/'.repeat(100).slice(0, -1)), false);
	});

	it('never throws', () => {
		fc.assert(fc.property(fc.string(), fc.string(), (text, path) => typeof parseIgnoreFile(text).ignores(path) === 'boolean'));
	});
});

/** The rules of moby's patternmatcher, written down as a translation into a regular expression. */
function oracle(pattern: string, path: string): boolean {
	let source = '^';
	let kind: 'exact' | 'prefix' | 'suffix' | 'expression' = 'exact';
	for (let at = 0; at < pattern.length; at++) {
		const first = at === 0;
		const character = pattern[at] as string;
		if (character === '*' && pattern[at + 1] === '*') {
			at++;
			if (pattern[at + 1] === '/') at++;
			if (at + 1 >= pattern.length) {
				if (kind === 'exact') kind = 'prefix';
				else {
					source += '.*';
					kind = 'expression';
				}
			} else {
				source += '(.*/)?';
				kind = 'expression';
			}
			if (first) kind = 'suffix';
		} else if (character === '*') {
			source += '[^/]*';
			kind = 'expression';
		} else if (character === '?') {
			source += '[^/]';
			kind = 'expression';
		} else source += character === '.' ? '\\.' : character;
	}
	if (kind === 'exact') return path === pattern;
	if (kind === 'prefix') return path.startsWith(pattern.slice(0, -2));
	if (kind === 'suffix') {
		const suffix = pattern.slice(2);
		return path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
	}
	return new RegExp(`${source}$`).test(path);
}
