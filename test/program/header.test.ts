import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scanHead, scanHeader } from '../../server/program/header.ts';

describe('the header of a Go file', () => {
	const paths = (text: string) => scanHeader(text)?.imports.map(({ path, name }) => (name === undefined ? path : `${name} ${path}`));

	it('has the package name and the imports, in every form that they take', () => {
		const text = [
			'\ufeff// A comment; package no',
			'/* package neither */ package main // import "elsewhere"',
			'',
			'import "fmt"; import . "a.example/dot"',
			'import (',
			'\t_ "embed" // a comment with ) and "quotes"',
			'\t/* in between */ alias `raw/string`',
			'\tü "letters"; second "same/line"',
			')',
			'import ()',
			'import"tight"',
			'var x = `import "no"`',
			'import "too/late"',
		].join('\n');
		const expected = ['fmt', '. a.example/dot', '_ embed', 'alias raw/string', 'ü letters', 'second same/line', 'tight'];
		assert.equal(scanHeader(text)?.package, 'main');
		assert.deepEqual(paths(text), expected);
		assert.deepEqual(paths(text.replaceAll('\n', '\r\n')), expected);
	});

	it('counts lines through comments of several lines', () => {
		const header = scanHeader('/*\n\n*/\npackage p\nimport (\n\t/*\n*/ "a"\n\n\t"b"\n)\n');
		assert.deepEqual(
			header?.imports.map(({ path, line }) => [path, line]),
			[
				['a', 6],
				['b', 8],
			],
		);
	});

	it('keeps the imports before a fault, and leaves out paths that no compiler takes', () => {
		assert.deepEqual(paths('package p\nimport (\n"a"\n"b\n)'), ['a']);
		assert.deepEqual(paths('package p\nimport (\n"a"\n<<<<<<< HEAD\n"b"\n)'), ['a']);
		assert.deepEqual(paths('package p\nimport "a'), []);
		assert.deepEqual(paths('package p\nimport "$ROOT"\nimport ""\nimport "a b"\nimport "good"'), ['good']);
	});

	it('is not there without a package clause', () => {
		for (const text of ['', '// nothing', 'import "a"', 'packages main', 'package', '/* package main', 'func main() {}']) {
			assert.equal(scanHeader(text), undefined, text);
		}
	});

	const constraints: readonly [name: string, text: string, expected: string | undefined][] = [
		['above the package clause', '//go:build linux && !cgo\n\npackage p', 'linux && !cgo'],
		['without a blank line below', '//go:build linux\npackage p', 'linux'],
		['behind a block comment', '/* licence\n*/\n\n//go:build linux\n\npackage p', 'linux'],
		['with spaces before it', '  //go:build linux \r\npackage p', 'linux'],
		['not within a block comment', '/*\n//go:build linux\n*/\npackage p', undefined],
		['not below the package clause', 'package p\n//go:build linux\n', undefined],
		['not with another word', '//go:builder linux\n\npackage p', undefined],
		['not behind a space', '// go:build linux\n\npackage p', undefined],
		['before the older form', '// +build windows\n//go:build linux\n\npackage p', 'linux'],
		['in the older form', '// +build linux,!cgo darwin\n\npackage p', '((linux && !cgo) || (darwin))'],
		['on several lines of the older form', '// +build linux\n//+build amd64\n\npackage p', '(linux) && (amd64)'],
		['not in the older form without a blank line below', '// +build linux\npackage p', undefined],
		['not in the older form behind a block comment', '/* a */\n// +build linux\n\npackage p', undefined],
		['with what is no tag', '// +build li-nux\n\npackage p', '(ignore)'],
	];
	for (const [name, text, expected] of constraints) {
		it(`has its constraint ${name}`, () => assert.equal(scanHeader(text)?.constraint, expected));
	}

	it('is not there where two constraints contradict each other, as go/build has it', () => {
		assert.equal(scanHeader('//go:build a\n//go:build b\npackage p'), undefined);
	});

	it('has the embed patterns of the whole file, but none that a string or comment only quotes', () => {
		const text = [
			'package p',
			'import _ "embed"',
			'//go:embed a.txt b/*.html',
			'var a embed.FS',
			'\t//go:embed "with space" `raw` all:c',
			'var b = `',
			'//go:embed no`',
			'/*',
			'//go:embed no',
			"*/ var quote, back = '\"', '`'",
			'//go:embed "d\\u00e4"',
			'var c string',
			'//go:embedded no',
			'//go:embed "unclosed',
		].join('\n');
		assert.deepEqual(scanHeader(text)?.embeds, [
			{ pattern: 'a.txt', line: 2 },
			{ pattern: 'b/*.html', line: 2 },
			{ pattern: 'with space', line: 4 },
			{ pattern: 'raw', line: 4 },
			{ pattern: 'all:c', line: 4 },
			{ pattern: 'dä', line: 10 },
		]);
		assert.deepEqual(scanHeader(text.replace('_ "embed"', '"fmt"'))?.embeds, []);
	});

	it('is the same from the beginning of the file, or more is asked for', () => {
		const text =
			'// Copyright\n\n//go:build linux\n\npackage p\n\nimport (\n\t"fmt"\n\tx "os"\n)\n\nimport "a.example/long/enough/to/be/cut"\nimport `raw/and/long/as/well`\n\nfunc main() {}\n';
		const whole = scanHeader(text);
		let enough = 0;
		for (let length = 0; length <= text.length; length++) {
			const head = scanHead(text.slice(0, length));
			if (head === 'more') continue;
			enough++;
			assert.deepEqual(head, whole, `of ${length} characters`);
		}
		assert.ok(enough > 0);
		assert.equal(scanHead('package p\nimport "embed"\nvar a int\n'), 'more');
	});

	it('never throws, and takes time in proportion to the text', () => {
		const piece = fc.constantFrom(
			'package ',
			'import ',
			'(',
			')',
			'"',
			'`',
			'/*',
			'*/',
			'//',
			'\n',
			' ',
			'//go:build ',
			'// +build ',
			'//go:embed ',
			'a',
			'\\',
			"'",
			';',
			'\ufeff',
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
				scanHeader(pieces.join(''));
				scanHeader(`package p\nimport "embed"\n${pieces.join('')}`);
			}),
			{ numRuns: 2000 },
		);
		// Time that grows with the square of the length would be minutes here.
		for (const repeated of ['/*', '//\n', '(', '`', '"', '\\', '// +build a b,c\n', '/* */', '//go:embed "\n', 'import "a"\n', ' ']) {
			scanHeader(repeated.repeat(50_000));
			scanHeader(`package p\nimport "embed"\n//go:embed x\n${repeated.repeat(50_000)}`);
		}
	}).timeout(60_000);
});
