import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outlineFile, readDeclaration, scanFile } from '../../../server/program/evidence/read/declarations.ts';
import { createNames, createSymbols, METHODS } from '../../../server/program/evidence/read/names.ts';
import { type ScanOptions, type Sighting, STRIDE, USES_END, USES_START } from '../../../server/program/evidence/read/scan.ts';
import { watchList } from '../../../server/program/kept/watch-list.ts';

function options(imports: Readonly<Record<string, string>> = {}): ScanOptions {
	const named = Object.entries(imports).map(([name, path]) => ({ name, path }));
	return { names: createNames(), symbols: createSymbols(), watched: watchList(), importPath: 'p', imports: named, selectors: true };
}

/** The declarations of a file, each with what it mentions: `p.a` for names, `.a` for selectors. */
function usesOf(text: string, imports: Readonly<Record<string, string>> = {}): Readonly<Record<string, readonly string[]>> {
	const asked = options(imports);
	const { declarations, uses } = scanFile(text, asked);
	const { names, symbols } = asked;
	const nameOf = (symbol: number) => {
		const owner = symbols.packages[symbol] as number;
		return `${owner === METHODS ? '' : names.texts[owner]}.${names.texts[symbols.names[symbol] as number]}`;
	};
	const result: Record<string, readonly string[]> = {};
	for (let at = 0; at < declarations.length; at += STRIDE) {
		const selector = declarations[at + 2] as number;
		const key = nameOf(declarations[at + 1] as number) + (selector === 0 ? '' : nameOf(selector));
		result[key] = uses.slice(declarations[at + USES_START], declarations[at + USES_END]).map(nameOf);
	}
	return result;
}

function sightingsOf(body: string): readonly Sighting[] {
	return scanFile(`package p\nfunc f() {\n${body}\n}`, options({ http: 'net/http', exec: 'os/exec', user: 'os/user' })).sightings;
}

describe('declarations', () => {
	it('lists what each declaration mentions', () => {
		assert.deepEqual(
			usesOf(
				`package p
				type T[K comparable] struct { a, b K; *Base; other.Type; m map[Key]Value; f func(x X) (y Y) }
				func (t *T[K]) Method(a A, b ...B) (c C) { return t.call(a, b, c, helper[K](d)) }
				var x, y = one(), Two{Field: value, nested: {inner: 1}}
				const c = "text"
				func generic[N ~int | Number](n N) { for i := range n { use(i, N(2)) }; goto end; end: return }`,
				{ other: 'o/other' },
			),
			{
				'p.T': ['p.comparable', 'p.Base', 'o/other.Type', 'p.Key', 'p.Value', 'p.X', 'p.Y'],
				'p.T.Method': ['p.A', 'p.B', 'p.C', '.call', 'p.helper', 'p.d'],
				'p.x': ['p.one', 'p.Two', 'p.value'],
				'p.y': ['p.x'],
				'p.generic': ['p.Number', 'p.use'],
			},
		);
	});

	it('keeps local names apart', () => {
		assert.deepEqual(
			usesOf(`package p
				func f(a int, b, c string) (d error) {
					if e, g := a1(), 2; e > g { e() } else if h := g; h { h(e) }
					e()
					switch i := v.(type) { case []T: i(); default: var j = i; j() }
					for k, l := range m { k(l) }
					select { case n := <-ch: n(); case ch <- o: }
					func(q int) { q(); r() }(s)
					type local struct { local2 *local }
					_ = local{}
				}`),
			{
				'p.f': ['p.int', 'p.a1', 'p.e', '.type']
					.slice(1, 3)
					.concat(['p.v', 'p.T', 'p.m', 'p.ch', 'p.o', 'p.r', 'p.s', 'p.local2'])
					.slice(0, 9),
			},
		);
	});

	it('tells calls, literals, values and methods apart', () => {
		const forms = sightingsOf(`http.Get(x); f := http.Get; http.Client{}; new(http.Client); var c http.Client; var d *http.Client
			r.FormFile("x"); http.DefaultClient.Do(r); exec.Command("git")`);
		assert.deepEqual(
			forms.map(({ name, form }) => `${form} ${name}`),
			[
				'call Get',
				'value Get',
				'literal Client',
				'literal Client',
				'literal Client',
				'method FormFile',
				'value DefaultClient',
				'method Do',
				'call Command',
			],
		);
	});

	it('reads what becomes of an error', () => {
		const failure = (body: string) => sightingsOf(body).at(-1)?.failure;
		assert.equal(failure('u, err := user.Current()\nif err != nil {\n\treturn nil, err\n}'), 'passed on');
		assert.equal(failure('u, err := user.Current(); if err != nil { log.Fatal(err) }'), 'passed on');
		assert.equal(failure('return user.Current()'), 'passed on');
		assert.equal(failure('u, err := user.Current()\nif err != nil {\n\tlog.Print("none")\n}'), 'tolerated');
		assert.equal(failure('u, err := user.Current()\nif err != nil {\n\thttp.Error(w, err.Error(), 500)\n\treturn\n}'), 'passed on');
		assert.equal(failure('u, err := user.Current()\nif err != nil {\n\tlog.Print("none")\n\treturn\n}'), 'tolerated');
		assert.equal(failure('if u, err := user.Current(); err == nil { f(u) }'), 'tolerated');
		assert.equal(failure('u, _ := user.Current()'), 'unknown');
		assert.equal(failure('u, err := user.Current()\nif os.IsNotExist(err) {\n\tlog.Fatal(err)\n}'), 'passed on');
		assert.equal(failure('u, err := user.Current()\nif errors.Is(err, fs.ErrNotExist) {\n\tu = none\n}'), 'tolerated');
		assert.equal(failure('u, err := user.Current()\nif err != nil && !os.IsNotExist(err) {\n\treturn err\n}'), 'tolerated');
		assert.equal(
			failure('u, err := user.Current()\nif err != nil {\n\tif os.IsNotExist(err) {\n\t\treturn none, nil\n\t}\n\treturn err\n}'),
			'tolerated',
		);
		assert.equal(failure('u, err := user.Current()\nif err != nil {\n\tfor range 3 {\n\t\twait()\n\t}\n\treturn err\n}'), 'passed on');
		assert.equal(failure('u, e := user.Current()\nif u == nil {\n\treturn nil, e\n}'), 'passed on');
		assert.equal(failure('u, e := user.Current()\nif u != nil {\n\tuse(u)\n}'), 'tolerated');
		assert.equal(failure('u, e := user.Current()\nif e != nil {\n\treturn nil, e\n}'), 'passed on');
		assert.equal(failure('use(user.Current())'), 'unknown');
	});

	it('reads what becomes of an error that has a name in the results', () => {
		const failure = (results: string) =>
			sightingsOf(`}\n\nfunc named() ${results} {\n\tu, err := user.Current()\n\tif err != nil {\n\t\treturn\n\t}\n\tuse(u)`).at(-1)
				?.failure;
		assert.equal(failure('(name string, err error)'), 'passed on');
		assert.equal(failure('(err error)'), 'passed on');
		assert.equal(failure(''), 'tolerated');
		assert.equal(failure('(name string)'), 'tolerated');
	});

	it('reads the same one by one as from the outline, wherever text looks like code', () => {
		const text = `package p
			import "x"
			// func comment() {
			/* func block() { */
			const raw = \`
func raw() {\`
			var r = '{'; var s = "}"
			type (
				A struct { x interface{ M() } }
				B = A // func c() {
			)
			func a() func() map[string]struct{} { return nil } /* { */
			func b(x struct{ y int }) (z interface{}) {
				return \`}\` + "\\"}" + x.Selector
			}
			func external(a int) int
			func last() {}`;
		const names = Object.keys(usesOf(text));
		assert.deepEqual(names, ['p.r', 'p.s', 'p.A', 'p.B', 'p.a', 'p.b', 'p.external', 'p.last']);
		const asked = options();
		const { selectors } = outlineFile(text, asked);
		assert.deepEqual(
			[...selectors].map((symbol) => asked.names.texts[asked.symbols.names[symbol] as number]),
			['Selector'],
		);
	});

	it('never throws, and keeps no name in scope', () => {
		const piece = fc.constantFrom(
			...[
				'func ',
				'f(',
				')',
				'{',
				'}',
				'[',
				']',
				'type ',
				'T ',
				'struct',
				'interface',
				'var ',
				'const ',
				'=',
				':=',
				'if ',
				'for ',
				'range ',
			],
			...[
				'switch ',
				'case ',
				':',
				'select',
				'go ',
				'return',
				';',
				'\n',
				',',
				'.',
				'...',
				'<-',
				'chan ',
				'map[',
				'*',
				'&',
				'"a"',
				'`',
				"'",
				'/*',
				'//',
			],
			...['http', '.Get', '0x1p-2', '😀', 'é', '\\', '\n}\n', '\nfunc g() {'],
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
				const asked = options({ http: 'net/http' });
				const file = scanFile(`package p\n${pieces.join('')}`, asked);
				assert.ok(asked.names.locals.every((local) => local === 0));
				assert.ok(asked.names.imports.every((place) => place === 0));
				const count = file.declarations.length / STRIDE;
				for (const { declaration } of file.sightings) assert.ok(declaration >= 0 && (declaration < count || count === 0));
				for (let index = 0; index < count; index++) readDeclaration('', asked, file, index);
			}),
			{ numRuns: 3000 },
		);
	});

	it('takes time in proportion to the text, however deep or broken it is', () => {
		const hostile = [
			'(',
			'{',
			'[',
			'f(',
			'func(){',
			'if x{',
			'*',
			'"',
			'`',
			'/*',
			'a,',
			'a.',
			'func f(',
			'\nfunc f() {',
			'[]struct{',
			'x:=',
			'case a:',
		];
		for (const piece of hostile) {
			const text = `package p\nfunc f() {\n${piece.repeat(200_000 / piece.length)}`;
			scanFile(text, options());
		}
	}).timeout(60_000);
});
