import assert from 'node:assert/strict';
import fc from 'fast-check';
import { goMinorOf, parseGoMod } from '../../server/program/go-mod.ts';
import { parseGoWork } from '../../server/program/go-work.ts';
import type { ModuleLine } from '../../server/program/model.ts';
import { parseModulesTxt } from '../../server/program/modules-txt.ts';
import { compareVersions } from '../../server/program/versions.ts';

/** The text at the place of a line's value. */
function textAt(text: string, place: ModuleLine | undefined): string | undefined {
	return place && text.split('\n')[place.line]?.slice(place.character, place.character + place.length);
}

describe('go.mod', () => {
	const text = `// Deprecated: use v2
module "example.com/a" // the name

go 1.21.3
toolchain go1.22.0

require example.com/one v1.0.0
require (
	example.com/two v1.2.0 // indirect
	example.com/three v0.0.0-20240101000000-abcdefabcdef // indirect; for tests
	"example.com/four" v1.0.0 // because of indirect reasons
)
exclude example.com/two v1.1.0
retract [v1.0.0, v1.1.0] // broken
retract (
	v0.9.0
)
tool example.com/two/cmd/gen
tool (
	example.com/one/cmd/x
)
godebug default=go1.21
ignore ./web
replace example.com/one => ../one
replace (
	example.com/two v1.2.0 => example.com/fork/two v1.2.1
	example.com/three=>./three
)
`;

	it('is read with all its directives, and the places of those that matter', () => {
		const file = parseGoMod(text);
		assert.equal(file.path, 'example.com/a');
		assert.equal(file.go?.value, '1.21.3');
		assert.equal(textAt(text, file.go), '1.21.3');
		assert.equal(textAt(text, file.toolchain), 'go1.22.0');
		assert.deepEqual(file.require, [
			{ path: 'example.com/one', version: 'v1.0.0', indirect: false },
			{ path: 'example.com/two', version: 'v1.2.0', indirect: true },
			{ path: 'example.com/three', version: 'v0.0.0-20240101000000-abcdefabcdef', indirect: true },
			{ path: 'example.com/four', version: 'v1.0.0', indirect: false },
		]);
		assert.deepEqual(file.replace, [
			{ path: 'example.com/one', version: '', target: '../one', targetVersion: '' },
			{
				path: 'example.com/two',
				version: 'v1.2.0',
				target: 'example.com/fork/two',
				targetVersion: 'v1.2.1',
			},
			{ path: 'example.com/three', version: '', target: './three', targetVersion: '' },
		]);
		assert.deepEqual(file.tool, ['example.com/two/cmd/gen', 'example.com/one/cmd/x']);
		assert.equal(file.complete, true);
	});

	it('is the same with the line ends of Windows', () => {
		const { require, path, complete } = parseGoMod(text.replaceAll('\n', '\r\n'));
		assert.deepEqual({ require, path, complete }, { require: parseGoMod(text).require, path: 'example.com/a', complete: true });
	});

	it('is read around what is broken, and says that something was', () => {
		const conflict = `module a\n\n<<<<<<< HEAD\ngo 1.20\n=======\ngo 1.21\n>>>>>>> other\nrequire b.example/b v1.0.0\n`;
		const file = parseGoMod(conflict);
		assert.equal(file.path, 'a');
		assert.equal(file.complete, false);
		assert.equal(file.require.length, 1);
		for (const broken of ['module a\nrequire (\n b v1\n', 'module "a\n', 'frobnicate x\n', 'replace a b\n', '=> x\n', 'require a\n']) {
			assert.equal(parseGoMod(broken).complete, false, broken);
		}
		assert.equal(parseGoMod('').complete, true);
	});

	it('names the Go that a go line means', () => {
		const minor = (value: string) => goMinorOf({ value, line: 0, character: 0, length: 0 });
		assert.deepEqual(['1.21', '1.21.3', '1.9', '1.22rc1', 'x'].map(minor), [21, 21, 9, 22, 16]);
		assert.equal(goMinorOf(undefined), 16);
	});
});

describe('go.work', () => {
	it('is read with its directives and their places', () => {
		const text = 'go 1.22\n\ntoolchain go1.23.0\nuse ./a\nuse (\n\t./b // why\n\t"../c"\n)\nreplace x.example/x => ./x\n';
		const file = parseGoWork(text);
		assert.deepEqual(
			file.use.map(({ value }) => value),
			['./a', './b', '../c'],
		);
		assert.equal(file.go?.value, '1.22');
		assert.equal(file.toolchain?.value, 'go1.23.0');
		assert.equal(file.replace[0]?.target, './x');
		assert.equal(file.complete, true);
		assert.equal(parseGoWork('go 1.22\nuse\n').complete, false);
	});
});

describe('vendor/modules.txt', () => {
	it('tells which module each package belongs to', () => {
		const text =
			'## workspace\n# a.example/a v1.0.0\n## explicit; go 1.20\na.example/a\na.example/a/b\n# b.example/b => ./b\n## explicit\nb.example/b\n';
		const { packages, workspace } = parseModulesTxt(text);
		assert.equal(workspace, true);
		assert.deepEqual(
			[...packages],
			[
				['a.example/a', 'a.example/a@v1.0.0'],
				['a.example/a/b', 'a.example/a@v1.0.0'],
				['b.example/b', 'b.example/b'],
			],
		);
	});
});

describe('files of modules', () => {
	it('never make a parser throw, nor wait', () => {
		const piece = fc.constantFrom('module ', 'require ', '(', ')', '\n', '"', '`', '=>', ' ', 'v1.0.0', 'a/b', '//', '[', ',', '# ', '\\');
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
				for (const parse of [parseGoMod, parseGoWork, parseModulesTxt]) parse(pieces.join(''));
			}),
		);
		// Time that grows with the square of the length would be minutes here.
		for (const repeated of ['(', '"', '\\', 'a ', 'replace a => b\n', '=>', '`']) {
			parseGoMod(`module ${repeated.repeat(100_000)}`);
		}
	}).timeout(60_000);
});

describe('versions', () => {
	it('are ordered as the go command orders them', () => {
		const ordered = [
			'',
			'v0.0.0-20200101000000-aaaaaaaaaaaa',
			'v0.0.0-20210101000000-aaaaaaaaaaaa',
			'v0.0.0',
			'v0.9.0',
			'v0.10.0-alpha',
			'v0.10.0-alpha.1',
			'v0.10.0-alpha.2',
			'v0.10.0-alpha.10',
			'v0.10.0-beta',
			'v0.10.0',
			'v2.0.0+incompatible',
			'v10.0.0',
		];
		for (const [left, a] of ordered.entries()) {
			for (const [right, b] of ordered.entries()) assert.equal(Math.sign(compareVersions(a, b)), Math.sign(left - right), `${a} ${b}`);
		}
	});
});
