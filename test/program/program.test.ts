import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type GoInstallation, NO_INSTALLATION } from '../../server/program/installation.ts';
import type { Program, ProgramRequest } from '../../server/program/model.ts';
import { createProgramReader } from '../../server/program/program.ts';
import type { Files } from '../../server/workspace/files.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';

const REQUEST: ProgramRequest = {
	directory: '/w',
	packages: ['.'],
	goos: 'linux',
	goarch: 'amd64',
	tags: [],
	cgo: true,
	goMinor: 22,
	mod: undefined,
};

const INSTALLATION: GoInstallation = { moduleCaches: ['/none', '/cache'], goroot: undefined, gopath: ['/gopath'] };

async function read(texts: Readonly<Record<string, string>>, request: Partial<ProgramRequest> = {}, root = '/w'): Promise<Program> {
	const reader = createProgramReader(createMemoryFiles(texts), INSTALLATION);
	return reader.readProgram(await reader.readWorkspace(root), { ...REQUEST, ...request });
}

/** The text of a Go file of the package that imports the paths. */
/** A file with these imports; `_ PATH` imports for its effects alone. */
function go(name: string, ...imports: readonly string[]): string {
	return `package ${name}\nimport (\n${imports.map((path) => `${path.replace(/[^ ]+$/, '"$&"')}\n`).join('')})\n`;
}

describe('a program', () => {
	it('holds what the packages named by the command import, and nothing else', async () => {
		const program = await read({
			'/w/go.mod': 'module example.com/w\ngo 1.22\n',
			'/w/main.go': go('main', 'fmt', 'example.com/w/internal/a', 'example.com/w/v2x'),
			'/w/internal/a/a.go': go('a', 'net/http', 'example.com/w/v2x'),
			'/w/internal/a/a_test.go': go('a', 'example.com/w/other'),
			'/w/internal/a/a_windows.go': go('a', 'example.com/w/other'),
			'/w/v2x/x.go': go('x'),
			'/w/other/o.go': go('other', 'plugin'),
		});
		assert.equal(program.packageCount, 3);
		assert.deepEqual(program.roots, [{ importPath: 'example.com/w', directory: '/w', name: 'main', binaryName: 'w' }]);
		assert.deepEqual(program.unread, []);
		assert.equal(program.needsModules, 'no');
		assert.ok(program.standardPackages.has('net') && program.standardPackages.has('runtime') && !program.standardPackages.has('plugin'));
		assert.deepEqual(program.standardCgo, ['net']);
		assert.equal(program.module?.file.path, 'example.com/w');
	});

	it('takes modules from the cache, with capitals escaped, versions replaced and the longest path first', async () => {
		const program = await read({
			'/w/go.mod': `module example.com/w
go 1.22
require (
	github.com/BurntSushi/toml v1.3.0
	example.com/long v1.0.0
	example.com/long/deep v1.0.0
	example.com/forked v1.0.0
	example.com/local v1.0.0
)
replace example.com/forked v1.0.0 => example.com/fork v1.1.0-RC1
replace example.com/local => ./local
`,
			'/w/main.go': go(
				'main',
				'github.com/BurntSushi/toml',
				'example.com/long/deep/a',
				'example.com/long/b',
				'example.com/forked',
				'example.com/local/sub',
			),
			'/w/local/go.mod': 'module example.com/local\n',
			'/w/local/sub/s.go': go('sub', 'example.com/none'),
			'/cache/github.com/!burnt!sushi/toml@v1.3.0/t.go': go('toml'),
			'/cache/example.com/long@v1.0.0/b/b.go': go('b'),
			'/cache/example.com/long/deep@v1.0.0/a/a.go': go('a'),
			'/cache/example.com/fork@v1.1.0-!r!c1/f.go': go('forked'),
		});
		assert.equal(program.packageCount, 6);
		assert.deepEqual(program.unread, ['example.com/none']);
		assert.equal(program.needsModules, 'yes');
	});

	it('names the modules that are not on disk', async () => {
		const program = await read({
			'/w/go.mod': 'module example.com/w\ngo 1.22\nrequire github.com/mattn/go-sqlite3 v1.14.0\nrequire github.com/a/b v1.0.0\n',
			'/w/main.go': go('main', '_ github.com/mattn/go-sqlite3', 'github.com/a/b/c', 'github.com/a/b/d', 'example.com/w/generated'),
		});
		assert.deepEqual(
			program.unread,
			['example.com/w', 'github.com/a/b@v1.0.0', 'github.com/mattn/go-sqlite3@v1.14.0'].slice(1).concat('example.com/w/generated').sort(),
		);
		assert.equal(program.needsModules, 'yes');
		assert.deepEqual(program.cgoPackages, [
			{
				importPath: 'github.com/mattn/go-sqlite3',
				chain: ['example.com/w', 'github.com/mattn/go-sqlite3'],
				path: undefined,
				line: 0,
				own: false,
				everywhere: true,
				withoutCgo: 'stub',
				failure: undefined,
				libraries: [],
				alternative: 'modernc.org/sqlite',
			},
		]);
	});

	it('takes packages from the vendor directory where the go command would', async () => {
		const texts = {
			'/w/go.mod': 'module example.com/w\ngo 1.14\nrequire example.com/a v1.0.0\n',
			'/w/main.go': go('main', 'example.com/a'),
			'/w/vendor/modules.txt': '# example.com/a v1.0.0\n## explicit\nexample.com/a\n',
			'/w/vendor/example.com/a/a.go': go('a', 'os/user'),
			'/cache/example.com/a@v1.0.0/a.go': go('a'),
		};
		const vendored = await read(texts);
		assert.deepEqual([vendored.needsModules, vendored.standardCgo], ['no', ['os/user']]);
		assert.equal((await read(texts, { mod: 'mod' })).needsModules, 'yes');
		const old = { ...texts, '/w/go.mod': texts['/w/go.mod'].replace('1.14', '1.13') };
		assert.equal((await read(old)).needsModules, 'yes');
		assert.equal((await read(old, { mod: 'vendor' })).needsModules, 'no');
	});

	it('sees the modules of a go.work that uses its own', async () => {
		const texts = {
			'/w/go.work': 'go 1.22\nuse ./a\nuse ./b\nuse ./absent\nreplace example.com/c => ./c\n',
			'/w/a/go.mod': 'module example.com/a\ngo 1.22\nrequire example.com/b v1.0.0\nrequire example.com/c v1.0.0\n',
			'/w/a/main.go': go('main', 'example.com/b', 'example.com/c'),
			'/w/b/go.mod': 'module example.com/b\ngo 1.22\n',
			'/w/b/b.go': go('b'),
			'/w/c/go.mod': 'module example.com/c\n',
			'/w/c/c.go': go('c', 'example.com/a/lib'),
			'/w/a/lib/l.go': go('lib'),
		};
		const program = await read(texts, { directory: '/w/a' });
		assert.deepEqual([program.packageCount, program.unread, program.needsModules], [4, [], 'no']);
		const aside = await read(texts, { directory: '/w/a', withoutWork: true });
		assert.deepEqual(aside.unread, ['example.com/b@v1.0.0', 'example.com/c@v1.0.0']);
		const unused = { ...texts, '/w/go.work': 'go 1.22\nuse ./b\n' };
		assert.deepEqual((await read(unused, { directory: '/w/a' })).unread, ['example.com/b@v1.0.0', 'example.com/c@v1.0.0']);
	});

	it('sees the modules of a go.work beside which it is built, in the directory of none of them', async () => {
		const texts = {
			'/w/go.work': 'go 1.22\nuse (\n\t./a\n\t./b\n)\n',
			'/w/a/go.mod': 'module example.com/a/v3\ngo 1.22\n',
			'/w/a/cmd/serve/main.go': go('main', 'example.com/b'),
			'/w/b/go.mod': 'module example.com/b\ngo 1.22\n',
			'/w/b/b.go': go('b'),
		};
		for (const packages of [['a/cmd/serve/main.go'], ['./a/cmd/serve'], ['example.com/a/v3/cmd/serve']]) {
			const program = await read(texts, { packages });
			assert.deepEqual([program.packageCount, program.unread, program.missing], [2, [], []], packages.join(' '));
			assert.equal(program.module?.file.path, 'example.com/a/v3');
			assert.deepEqual(
				program.roots.map(({ name }) => name),
				['main'],
			);
		}
	});

	it('says of a program that is built beside the modules of a go.work whether it needs others', async () => {
		const texts = {
			'/w/go.work': 'go 1.22\nuse ./app\n',
			'/w/app/go.mod': 'module example.com/app/v2\ngo 1.22\nrequire example.com/a v1.0.0\n',
			'/w/app/main.go': go('main', 'example.com/a'),
		};
		const absent = await read(texts, { packages: ['./app'] });
		assert.deepEqual([absent.module?.directory, absent.needsModules, absent.roots[0]?.binaryName], ['/w/app', 'yes', 'app']);
		const alone = await read({ ...texts, '/w/app/main.go': go('main') }, { packages: ['./app'] });
		assert.deepEqual([alone.module?.directory, alone.needsModules], ['/w/app', 'no']);
	});

	it('selects the highest version that any module asks for, where go.mod does not list all of them', async () => {
		const texts = {
			'/w/go.mod': 'module example.com/w\ngo 1.16\nrequire example.com/a v1.0.0\nrequire example.com/b v1.0.0\n',
			'/w/main.go': go('main', 'example.com/a'),
			'/cache/example.com/a@v1.0.0/a.go': go('a', 'example.com/b', 'example.com/c'),
			'/cache/example.com/b@v1.2.0/b.go': go('b'),
			'/cache/example.com/c@v1.0.0/c.go': go('c'),
			'/cache/cache/download/example.com/a/@v/v1.0.0.mod': 'module example.com/a\nrequire example.com/b v1.2.0\n',
			'/cache/cache/download/example.com/b/@v/v1.2.0.mod': 'module example.com/b\nrequire example.com/c v1.0.0\n',
		};
		assert.deepEqual((await read(texts)).unread, []);
		const excluding = { ...texts, '/w/go.mod': `${texts['/w/go.mod']}exclude example.com/b v1.2.0\n` };
		assert.deepEqual((await read(excluding)).unread, ['example.com/b@v1.0.0', 'example.com/c']);
		const pruned = { ...texts, '/w/go.mod': texts['/w/go.mod'].replace('1.16', '1.17') };
		assert.deepEqual((await read(pruned)).unread, ['example.com/b@v1.0.0', 'example.com/c']);
	});

	it('is read in a tree without go.mod, inside GOPATH and elsewhere', async () => {
		const inside = {
			'/gopath/src/github.com/o/r/main.go': go('main', 'github.com/o/r/a', 'github.com/x/y', 'github.com/z/v'),
			'/gopath/src/github.com/o/r/a/a.go': go('a', 'github.com/z/v'),
			'/gopath/src/github.com/o/r/vendor/github.com/z/v/v.go': go('v'),
			'/gopath/src/github.com/x/y/y.go': go('y'),
		};
		const root = '/gopath/src/github.com/o/r';
		const program = await read(inside, { directory: root }, root);
		assert.deepEqual([program.packageCount, program.unread, program.roots[0]?.importPath], [4, [], 'github.com/o/r']);
		const elsewhere = { '/s/r/main.go': go('main', 'github.com/o/r/a', 'github.com/q/q'), '/s/r/a/a.go': go('a') };
		const other = await read(elsewhere, { directory: '/s/r' }, '/s/r');
		assert.deepEqual([other.packageCount, other.unread, other.roots[0]?.binaryName], [2, ['github.com/q/q'], 'r']);
	});

	const constrained = {
		'/w/go.mod': 'module example.com/w\ngo 1.22\n',
		'/w/main.go': go('main', 'example.com/w/p'),
		'/w/p/p.go': go('p'),
		'/w/p/tagged.go': `//go:build extra\n\n${go('p', 'os/exec')}`,
		'/w/p/new.go': `//go:build go1.22\n\n${go('p', 'slices')}`,
		'/w/p/p_arm64.go': go('p', 'text/template', 'encoding/xml'),
		'/w/p/p_amd64.go': go('p', 'encoding/gob', 'encoding/xml'),
		'/w/p/p_windows.go': go('p', 'net/smtp'),
	};
	const builds: readonly [name: string, request: Partial<ProgramRequest>, there: readonly string[], absent: readonly string[]][] = [
		['a tag', { tags: ['extra'] }, ['os/exec'], []],
		['no tag', {}, ['slices', 'encoding/gob'], ['os/exec', 'text/template', 'net/smtp']],
		['an older Go', { goMinor: 21 }, ['encoding/gob'], ['text/template']],
		['another machine', { goarch: 'arm64' }, ['text/template'], ['encoding/gob']],
		['an unknown machine', { goarch: undefined }, ['encoding/xml'], ['encoding/gob', 'text/template']],
		['another system', { goos: 'windows' }, ['net/smtp'], []],
	];
	for (const [name, request, there, absent] of builds) {
		it(`is what is built with ${name}`, async () => {
			const { standardPackages } = await read(constrained, request);
			for (const path of there) assert.ok(standardPackages.has(path), path);
			for (const path of absent) assert.ok(!standardPackages.has(path), path);
		});
	}

	it('is built of the files that the command names, whatever their constraints', async () => {
		const texts = {
			'/w/go.mod': 'module example.com/w\ngo 1.22\n',
			'/w/cmd/one.go': `//go:build ignore\n\n${go('main', 'net')}`,
			'/w/cmd/two.go': go('main', 'plugin'),
		};
		const program = await read(texts, { packages: ['cmd/one.go'] });
		assert.deepEqual([program.standardCgo, program.roots[0]?.binaryName, program.roots[0]?.name], [['net'], 'one', 'main']);
		const absent = await read(texts, { packages: ['cmd/one.go', 'cmd/three.go'] });
		assert.deepEqual([absent.missing, absent.roots], [['cmd/three.go'], []]);
	});

	it('may be several, found by pattern', async () => {
		const texts = {
			'/w/go.mod': 'module example.com/w\ngo 1.22\n',
			'/w/cmd/api/main.go': go('main'),
			'/w/cmd/api/v2/main.go': go('main'),
			'/w/lib/l.go': go('lib'),
			'/w/lib/testdata/t.go': go('t'),
			'/w/_x/x.go': go('x'),
			'/w/.y/y.go': go('y'),
			'/w/vendor/v/v.go': go('v'),
			'/w/nested/go.mod': 'module example.com/nested\n',
			'/w/nested/n.go': go('n'),
			'/w/excluded/e.go': `//go:build ignore\n\n${go('main')}`,
			'/w/docs/readme.md': '',
		};
		const roots = async (packages: readonly string[]) => {
			const program = await read(texts, { packages });
			return [program.roots.map((root) => `${root.importPath} ${root.binaryName}`), program.missing];
		};
		const api = 'example.com/w/cmd/api api';
		const second = 'example.com/w/cmd/api/v2 api';
		assert.deepEqual(await roots(['./...']), [['example.com/w/lib lib', api, second], []]);
		assert.deepEqual(await roots(['./cmd/...']), [[api, second], []]);
		assert.deepEqual(await roots(['example.com/w/cmd/...']), [[api, second], []]);
		assert.deepEqual(await roots(['./cmd/api', 'example.com/w/lib']), [[api, 'example.com/w/lib lib'], []]);
		assert.deepEqual(await roots(['.']), [[], ['.']]);
		assert.deepEqual(await roots(['./none', 'example.com/w/none', './docs']), [[], ['./none', 'example.com/w/none', './docs']]);
		assert.deepEqual(await roots(['./excluded']), [[], ['example.com/w/excluded']]);
		assert.deepEqual(await roots(['./nested']), [[], ['./nested']]);
	});

	it('says what wants C, and whether it builds without', async () => {
		const texts = {
			'/w/go.mod': 'module example.com/w\ngo 1.22\nrequire github.com/mattn/go-sqlite3 v1.0.0\n',
			'/w/main.go': go('main', 'example.com/w/only', 'example.com/w/both', 'example.com/w/part', '_ github.com/mattn/go-sqlite3'),
			'/w/only/o.go': go('only', 'C'),
			'/w/both/c.go': go('both', 'C'),
			'/w/both/pure.go': `//go:build !cgo\n\n${go('both')}`,
			'/w/part/c.go': go('part', 'C'),
			'/w/part/p.go': go('part'),
			'/cache/github.com/mattn/go-sqlite3@v1.0.0/s.go': go('sqlite3', 'C'),
			'/cache/github.com/mattn/go-sqlite3@v1.0.0/s_no.go': `//go:build !cgo\n\n${go('sqlite3')}`,
		};
		for (const cgo of [true, false, undefined]) {
			const program = await read(texts, { cgo });
			assert.deepEqual(
				program.cgoPackages.map(({ importPath, withoutCgo, line }) => [importPath, withoutCgo, line]),
				[
					['example.com/w/only', 'no', 2],
					['example.com/w/both', 'yes', 2],
					['example.com/w/part', 'yes', 2],
					['github.com/mattn/go-sqlite3', 'stub', 2],
				],
				`cgo ${cgo}`,
			);
			assert.equal(program.standardPackages.has('runtime/cgo'), cgo !== false);
		}
	});

	it('knows whether what fails when it is called may be called', async () => {
		const answer = async (main: string, store: string, more: Readonly<Record<string, string>> = {}) => {
			const { cgoPackages } = await read({
				'/w/go.mod': 'module example.com/w\ngo 1.22\nrequire github.com/mattn/go-sqlite3 v1.0.0\nrequire gorm.io/driver/sqlite v1.0.0\n',
				'/w/main.go': `package main\nimport "example.com/w/store"\nfunc main() { ${main} }\n`,
				'/w/store/s.go': store,
				...more,
			});
			return cgoPackages.map(({ importPath, withoutCgo }) => `${importPath} ${withoutCgo}`).join();
		};
		const store = 'package store\nimport "gorm.io/driver/sqlite"\nconst Name = "a"\nfunc Open() { sqlite.Open("/data/a.db") }\n';
		assert.equal(await answer('store.Open()', store), 'gorm.io/driver/sqlite stub');
		assert.equal(await answer('println(store.Name)', store), 'gorm.io/driver/sqlite unknown');
		const blank = 'package store\nimport _ "github.com/mattn/go-sqlite3"\nconst Name = "a"\n';
		assert.equal(await answer('println(store.Name)', blank), 'github.com/mattn/go-sqlite3 stub');
		const driver = {
			'/cache/gorm.io/driver/sqlite@v1.0.0/s.go': `${go('sqlite', '_ github.com/mattn/go-sqlite3')}func Open(name string) {}\n`,
			'/cache/github.com/mattn/go-sqlite3@v1.0.0/s.go': go('sqlite3', 'C'),
			'/cache/github.com/mattn/go-sqlite3@v1.0.0/n.go': `//go:build !cgo\n\n${go('sqlite3')}`,
		};
		assert.equal(await answer('store.Open()', store, driver), 'github.com/mattn/go-sqlite3 stub');
		assert.equal(await answer('println(store.Name)', store, driver), 'github.com/mattn/go-sqlite3 unknown');
	});

	describe('of which some files have C code and some have not', () => {
		const c = (name: string, rest: string) => `package ${name}\n\nimport "C"\n\n${rest}\n`;
		const native = 'package main\n\nimport "example.com/w/native"\n\n';

		async function answers(texts: Readonly<Record<string, string>>, request: Partial<ProgramRequest> = {}) {
			const found = [];
			for (const cgo of [true, false, undefined]) {
				const program = await read({ '/w/go.mod': 'module example.com/w\ngo 1.22\n', ...texts }, { ...request, cgo });
				const said = program.cgoPackages.map(({ withoutCgo, failure }) =>
					failure === undefined ? withoutCgo : `${withoutCgo}: ${failure}`,
				);
				found.push(said.join());
			}
			assert.equal(new Set(found).size, 1, `whether or not cgo is on: ${found.join(' | ')}`);
			return found[0];
		}

		it('does not build without C where the others miss what these declare', async () => {
			const texts = { '/w/main.go': 'package main\nfunc main() { sum() }\n', '/w/c.go': c('main', 'func sum() {}') };
			assert.equal(await answers(texts), 'no: undefined: sum');
			const fallback = '//go:build !cgo\n\npackage main\n';
			assert.equal(await answers({ ...texts, '/w/pure.go': `${fallback}\nfunc sum() {}\n` }), 'yes');
			assert.equal(await answers({ ...texts, '/w/pure.go': fallback }), 'no: undefined: sum');
			assert.equal(
				await answers({ '/w/m.go': c('main', 'func main() {}'), '/w/other.go': 'package main\n' }),
				'no: function main is undeclared in the main package',
			);
		});

		it('does not build without C where an importer misses what these declare', async () => {
			const texts = { '/w/native/c.go': c('native', 'func Sum() {}'), '/w/native/doc.go': 'package native\n' };
			assert.equal(await answers({ ...texts, '/w/main.go': `${native}func main() { native.Sum() }\n` }), 'no: undefined: native.Sum');
			const renamed = 'package main\n\nimport n "example.com/w/native"\n\nfunc main() { n.Sum() }\n';
			assert.equal(await answers({ ...texts, '/w/main.go': renamed }), 'no: undefined: n.Sum');
			assert.equal(await answers({ ...texts, '/w/main.go': `${native}func main() { native.Other() }\n` }), 'yes');
			assert.equal(await answers({ ...texts, '/w/main.go': `${native}func f(native int) { native.Sum() }\n` }), 'unknown');
			assert.equal(await answers({ ...texts, '/w/main.go': renamed.replace('import n', 'import .') }), 'unknown');
		});

		it('is not known to build without C where that cannot be seen', async () => {
			const main = { '/w/main.go': 'package main\ntype t int\nfunc main() { sum := 1; println(sum) }\n' };
			assert.equal(await answers({ ...main, '/w/c.go': c('main', 'func sum() {}') }), 'unknown');
			assert.equal(await answers({ ...main, '/w/c.go': c('main', 'func (t) method() {}') }), 'unknown');
			assert.equal(await answers({ ...main, '/w/c.go': c('main', 'func init() {}') }), 'unknown');
			assert.equal(await answers({ ...main, '/w/c.go': c('main', 'import _ "plugin"') }), 'unknown');
			assert.equal(await answers({ ...main, '/w/c.go': c('main', 'func other( {}') }), 'unknown');
			assert.equal(await answers({ ...main, '/w/c.go': c('main', 'func other() {}') }), 'yes');
			// Go's own function takes the place of the one that is left out, and may be another.
			assert.equal(
				await answers({ '/w/main.go': 'package main\nfunc main() { _ = min(1, 2) }\n', '/w/c.go': c('main', 'func min(a, b int) int') }),
				'unknown',
			);
		});

		it('counts a name as declared that a file for one of the machines declares', async () => {
			const texts = {
				'/w/main.go': 'package main\nfunc main() { sum() }\n',
				'/w/c.go': c('main', 'func sum() {}'),
				'/w/sum_arm64.go': '//go:build !cgo\n\npackage main\n\nfunc sum() {}\n',
			};
			assert.equal(await answers(texts, { goarch: undefined }), 'unknown');
			assert.equal(await answers(texts, { goarch: 'amd64' }), 'no: undefined: sum');
		});

		it('passes over importers that are left out as well', async () => {
			const importer = '//go:build cgo\n\npackage main\n\nimport "example.com/w/native"\n\nfunc run() { native.Sum() }\n';
			const texts = {
				'/w/main.go': 'package main\nfunc main() { run() }\n',
				'/w/with.go': importer,
				'/w/without.go': '//go:build !cgo\n\npackage main\n\nfunc run() {}\n',
				'/w/native/c.go': c('native', 'func Sum() {}'),
				'/w/native/doc.go': 'package native\n',
			};
			const program = await read({ '/w/go.mod': 'module example.com/w\ngo 1.22\n', ...texts });
			assert.deepEqual(
				program.cgoPackages.map(({ withoutCgo }) => withoutCgo),
				['unknown'],
			);
		});

		it('is read again when one of the files changes', async () => {
			const texts: Record<string, string> = {
				'/w/go.mod': 'module example.com/w\ngo 1.22\n',
				'/w/main.go': 'package main\nfunc main() { sum() }\n',
				'/w/c.go': c('main', 'func sum() {}'),
			};
			const files: Files = {
				list: async (path) => createMemoryFiles(texts).list(path),
				readText: async (path) => createMemoryFiles(texts).readText(path),
				status: async (path) => createMemoryFiles(texts).status(path),
			};
			const reader = createProgramReader(files, INSTALLATION);
			const workspace = await reader.readWorkspace('/w');
			const answer = async () => (await reader.readProgram(workspace, REQUEST)).cgoPackages.map(({ withoutCgo }) => withoutCgo);
			assert.deepEqual(await answer(), ['no']);
			texts['/w/main.go'] = 'package main\nfunc main() {}\n';
			reader.invalidate('/w/main.go');
			assert.deepEqual(await answer(), ['yes']);
		});
	});

	it('shows the embed patterns of the workspace only', async () => {
		const embedding = 'package p\nimport _ "embed"\n//go:embed a.txt all:b\nvar a string\n';
		const program = await read({
			'/w/go.mod': 'module example.com/w\ngo 1.22\nrequire example.com/a v1.0.0\n',
			'/w/main.go': go('main', 'example.com/w/p', 'example.com/a'),
			'/w/p/p.go': embedding,
			'/cache/example.com/a@v1.0.0/a.go': embedding,
		});
		assert.deepEqual(program.embeds, [
			{ pattern: 'a.txt', path: '/w/p/p.go', line: 2 },
			{ pattern: 'all:b', path: '/w/p/p.go', line: 2 },
		]);
	});

	it('is read as far as it goes, with cycles, broken files, conflicts and nothing at all', async () => {
		const cyclic = await read({
			'/w/go.mod': 'module example.com/w\n<<<<<<< HEAD\ngo 1.22\n=======\n>>>>>>> b\n',
			'/w/main.go': go('main', 'example.com/w/a', 'example.com/w', 'net'),
			'/w/a/a.go': go('a', 'example.com/w/b', 'example.com/w/c'),
			'/w/b/b.go': go('b', 'example.com/w/a'),
			'/w/c/c.go': 'package c\nimport (\n"plugin"\n"os/us',
			'/w/c/d.go': 'pack',
			'/w/c/e.go': '',
		});
		assert.deepEqual([cyclic.packageCount, cyclic.standardCgo, cyclic.unread], [4, ['net', 'plugin'], []]);
		const empty = await read({ '/w/': '' });
		assert.deepEqual([empty.packageCount, empty.missing, empty.module], [0, ['.'], undefined]);
		const nowhere = await read({}, { directory: '/x/y', packages: ['../../../..', './...', '/', 'a.go'] });
		assert.equal(nowhere.packageCount, 0);
	});

	it('is the same object until a file changes, and another then', async () => {
		const files = createMemoryFiles({ '/w/go.mod': 'module w\ngo 1.22\n', '/w/main.go': go('main', 'w/a'), '/w/a/a.go': go('a') });
		const reader = createProgramReader(files, NO_INSTALLATION);
		const workspace = await reader.readWorkspace('/w');
		const readAgain = () => reader.readProgram(workspace, { ...REQUEST });
		const first = await readAgain();
		assert.equal(await readAgain(), first);
		files.write('/w/a/a.go', go('a', 'net', 'w/b'));
		assert.equal(await readAgain(), first, 'nobody told of the change');
		reader.invalidate('/w/a/a.go');
		const second = await readAgain();
		assert.deepEqual([second.standardCgo, second.unread], [['net'], ['w/b']]);
		files.write('/w/b/b.go', go('b', 'os/user'));
		reader.invalidate('/w/b/b.go');
		assert.deepEqual((await readAgain()).standardCgo, ['net', 'os/user']);
		files.remove('/w/b');
		reader.invalidate('/w/b');
		assert.deepEqual((await readAgain()).unread, ['w/b']);
		files.write('/w/a/a.go', go('a', 'plugin'));
		files.write('/w/a/more.go', go('a', 'w/c'));
		files.write('/w/go.mod', 'module w\ngo 1.23\n');
		await reader.refresh();
		const refreshed = await readAgain();
		assert.deepEqual([refreshed.standardCgo, refreshed.unread, refreshed.module?.file.go?.value], [['plugin'], ['w/c'], '1.23']);
	});

	it('stops where it is told to', async () => {
		const reader = createProgramReader(createMemoryFiles({ '/w/go.mod': 'module w\n', '/w/main.go': go('main') }), NO_INSTALLATION);
		const workspace = await reader.readWorkspace('/w');
		const reason = new Error('enough');
		await assert.rejects(reader.readProgram(workspace, REQUEST, AbortSignal.abort(reason)), reason);
		await assert.rejects(reader.readWorkspace('/w', AbortSignal.abort(reason)), reason);
		assert.equal((await reader.readProgram(workspace, REQUEST)).packageCount, 1);
	});
});

describe('a Go workspace', () => {
	it('has its modules, its go.work files and the programs that a build for linux makes', async () => {
		const program = `${go('main')}\nfunc main() {}\n`;
		const files = createMemoryFiles({
			'/w/go.work': 'go 1.22\nuse ./a\n',
			'/w/go.work.sum': '',
			'/w/a/go.mod': 'module example.com/a/v3\n',
			'/w/a/go.sum': '',
			'/w/a/main.go': program,
			'/w/a/doc.go': 'package documentation\n',
			'/w/a/vendor/modules.txt': '',
			'/w/a/vendor/v/main.go': program,
			'/w/a/cmd/api/main_windows.go': program,
			'/w/a/cmd/api/main_arm64.go': program,
			'/w/a/cmd/win/main_windows.go': program,
			'/w/a/cmd/gen/gen.go': `//go:build ignore\n\n${program}`,
			'/w/a/cmd/none/none.go': go('main'),
			'/w/a/cmd/api/more.go': go('main'),
			'/w/a/examples/x/main.go': program,
			'/w/a/lib/l.go': go('lib'),
			'/w/a/lib/main_test.go': program,
			'/w/a/testdata/main.go': program,
			'/w/node_modules/n/main.go': program,
			'/w/.git/main.go': program,
			'/w/old/main.go': program,
		});
		const { modules, works, mainPackages, complete } = await createProgramReader(files, NO_INSTALLATION).readWorkspace('/w');
		assert.equal(complete, true);
		assert.deepEqual(
			modules.map(({ directory, hasGoSum, vendored }) => ({ directory, hasGoSum, vendored })),
			[{ directory: '/w/a', hasGoSum: true, vendored: true }],
		);
		assert.deepEqual(
			works.map(({ directory, hasGoWorkSum }) => ({ directory, hasGoWorkSum })),
			[{ directory: '/w', hasGoWorkSum: true }],
		);
		assert.deepEqual(
			mainPackages?.map(({ importPath, binaryName, rank }) => [importPath, binaryName, rank]),
			[
				['example.com/a/v3', 'a', 'shipped'],
				['example.com/a/v3/cmd/api', 'api', 'shipped'],
				['example.com/a/v3/examples/x', 'x', 'unlikely'],
				['old', 'old', 'shipped'],
			],
		);
	});

	it('ends where links go round in circles', async function () {
		if (process.platform === 'win32') this.skip();
		const root = pathFromNative(mkdtempSync(`${tmpdir()}/workspace-`));
		try {
			mkdirSync(`${root}/a/b`, { recursive: true });
			writeFileSync(`${root}/go.mod`, 'module w\ngo 1.22\n');
			writeFileSync(`${root}/a/b/main.go`, `${go('main', 'w/a/loop/b')}\nfunc main() {}\n`);
			symlinkSync(root, `${root}/a/loop`);
			const reader = createProgramReader(createNodeFiles(), NO_INSTALLATION);
			const workspace = await reader.readWorkspace(root);
			assert.deepEqual(
				workspace.mainPackages?.map(({ importPath }) => importPath),
				['w/a/b'],
			);
			assert.equal((await reader.readProgram(workspace, { ...REQUEST, directory: root, packages: ['./...'] })).roots.length, 1);
		} finally {
			rmSync(root, { recursive: true });
		}
	});

	it('says that it is not complete where there is no end of entries', async () => {
		const entries = Array.from({ length: 500 }, (_, index) => ({ name: `d${index}`, kind: 'directory' as const, link: false }));
		let lists = 0;
		const endless: Files = {
			list: async () => {
				lists++;
				return entries;
			},
			readText: async () => undefined,
			status: async () => undefined,
		};
		const workspace = await createProgramReader(endless, NO_INSTALLATION).readWorkspace('/w');
		assert.equal(workspace.complete, false);
		assert.ok(lists < 1000);
	});
});
