import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readPackageNames } from '../../server/program/package-names.ts';

describe('the names of a Go file', () => {
	const read = (...lines: readonly string[]) => {
		const names = readPackageNames(`package p\n${lines.join('\n')}\n`);
		assert.ok(names !== undefined);
		return names;
	};

	it('are declared at the level of the package, in every form', () => {
		const { declared, receivers } = read(
			'import alias "fmt"',
			'func one() { var local int; type inner int; _ = func(parameter int) {} }',
			'func two[T any](a, b T) (c T) { return }',
			'func (r *three) method() {}',
			'func (four[T]) method() {}',
			'type five struct { field int }',
			'type ( six interface { method() }; seven = int )',
			'var eight, nine = 1, 2',
			'const (\n\tten = iota\n\televen\n)',
			'var twelve func(x int) (y int)',
			'/* func no() {} */ // func neither() {}',
			'var text = `\nfunc nor() {}\n`',
		);
		const expected = ['one', 'two', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'text'];
		assert.deepEqual([...declared], expected);
		assert.deepEqual([...receivers], ['three', 'four']);
	});

	it('are used where nothing in the file may declare them locally', () => {
		const uses = (name: string, ...lines: readonly string[]) => read(...lines).used.has(name);
		assert.ok(uses('sum', 'func f() { println(sum(1, 2)) }'));
		assert.ok(uses('sum', 'var x = other(1, sum)'));
		assert.ok(uses('sum', 'type t struct { field *sum }'));
		assert.ok(uses('sum', 'func f(x sum, y []sum) (sum, error)'));
		assert.ok(uses('sum', 'func (s *sum) f() {}'));
		for (const line of [
			'func f() { sum := 1; println(sum) }',
			'func f() { a, sum := g(); println(a, sum) }',
			'func f() { var sum = 1; println(sum) }',
			'func f() { const (\n\ta = iota\n\tsum\n); println(sum) }',
			'func f() { for _, sum := range g() { println(sum) } }',
			'func f(sum int) { println(sum) }',
			'func f(sum, other int) { println(sum) }',
			'func f(sum ...int) { println(sum) }',
			'func f() (sum *int) { return sum }',
			'func f[sum any](x sum) {}',
			'func (t *type0[sum]) f(x sum) {}',
			'func (sum *type0) f() { println(sum) }',
			'func f() { println(x.sum, type0{sum: 1}) }',
			'func f() { sum: for { break sum } }',
			'type t struct { a, sum int }',
			'type t interface { sum(a int) int }',
			'func (t) sum() {}',
			'func sum() {}',
			'// sum(1)\nvar text = "sum(1)" + `sum(1)`',
		]) {
			assert.ok(!uses('sum', line), line);
		}
	});

	it('are selected from what is no variable', () => {
		assert.deepEqual([...read('func f() { println(native.Sum(1), x.native.No) }').selected], ['native.Sum', 'x.native']);
		assert.deepEqual([...read('func f(native *T) { println(native.Sum(1)) }').selected], []);
	});

	it('are none where the brackets do not match', () => {
		assert.equal(readPackageNames('package p\nfunc f() { g( }\n'), undefined);
		assert.equal(readPackageNames('package p\nfunc f() {\n'), undefined);
	});

	it('are read from any text', () => {
		const part = fc.constantFrom(
			'func ',
			'var ',
			'(',
			')',
			'{',
			'}',
			'[',
			']',
			'x',
			', ',
			':=',
			'\n',
			'"',
			'`',
			'/*',
			'import ',
			'package ',
			'.',
		);
		fc.assert(fc.property(fc.array(part), (parts) => void readPackageNames(parts.join(''))));
	});
});
