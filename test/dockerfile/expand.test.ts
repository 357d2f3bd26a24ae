import assert from 'node:assert/strict';
import { expandText, expandWord, type Lookup, variablesOf } from '../../server/dockerfile/expand.ts';

const VALUES: Readonly<Record<string, { value: string | undefined }>> = {
	X: { value: 'v1.2.3' },
	PATHS: { value: '/a/b/c' },
	FACE: { value: 'a😀' },
	EMPTY: { value: '' },
	UNKNOWN: { value: undefined },
};
const lookup: Lookup = (name) => VALUES[name];

describe('expandWord', () => {
	const cases: readonly (readonly [string, string | undefined])[] = [
		['plain', 'plain'],
		['', ''],
		['$X', 'v1.2.3'],
		['a-$X-b', 'a-v1.2.3-b'],
		['$Xa', ''],
		[`\${X}a`, 'v1.2.3a'],
		['$UNSET', ''],
		['$UNKNOWN', undefined],
		['a$UNKNOWN', undefined],
		['$', '$'],
		['$ a', '$ a'],
		// Quotes and escapes.
		['"$X b"', 'v1.2.3 b'],
		["'$X b'", '$X b'],
		['a"b"\'c\'d', 'abcd'],
		['\\$X', '$X'],
		['\\a\\\\', 'a\\'],
		['"\\a\\"\\$X"', '\\a"$X'],
		['a\\', 'a'],
		['"open', undefined],
		["'open", undefined],
		// Operators.
		[`\${X:-y}`, 'v1.2.3'],
		[`\${UNSET:-y}`, 'y'],
		[`\${UNSET-y}`, 'y'],
		[`\${EMPTY:-y}`, 'y'],
		[`\${EMPTY-y}`, ''],
		[`\${UNKNOWN:-y}`, undefined],
		[`\${UNKNOWN-y}`, undefined],
		[`\${X:+y}`, 'y'],
		[`\${UNSET:+y}`, ''],
		[`\${EMPTY+y}`, 'y'],
		[`\${EMPTY:+y}`, ''],
		[`\${UNKNOWN:+y}`, undefined],
		[`\${UNKNOWN+y}`, 'y'],
		[`\${X:?e}`, 'v1.2.3'],
		[`\${UNSET:?e}`, undefined],
		[`\${UNSET?e}`, undefined],
		[`\${EMPTY?e}`, ''],
		[`\${UNSET:-$X}`, 'v1.2.3'],
		[`\${UNSET:-"a b"}`, 'a b'],
		[`\${UNSET:-a\${EMPTY:-\${X#v}}b}`, 'a1.2.3b'],
		[`"\${UNSET:-y}"`, 'y'],
		// Patterns.
		[`\${FACE%😀}`, 'a'],
		[`\${X#v}`, '1.2.3'],
		[`\${X#q}`, 'v1.2.3'],
		[`\${X%.*}`, 'v1.2'],
		[`\${X%%.*}`, 'v1'],
		[`\${PATHS#*/}`, 'a/b/c'],
		[`\${PATHS##*/}`, 'c'],
		[`\${X#?}`, '1.2.3'],
		[`\${X#\\v}`, '1.2.3'],
		[`\${X/./-}`, 'v1-2.3'],
		[`\${X//./-}`, 'v1-2-3'],
		[`\${X//./}`, 'v123'],
		[`\${X/1*/}`, 'v'],
		[`\${PATHS//\\//-}`, '-a-b-c'],
		[`\${X/q/-}`, 'v1.2.3'],
		[`\${UNKNOWN#v}`, undefined],
		[`\${UNKNOWN/a/b}`, undefined],
		[`\${X/$UNKNOWN/b}`, undefined],
		[`\${X/1/$UNKNOWN}`, undefined],
		[`\${X#$UNKNOWN}`, undefined],
		[`\${X#**.}`, '2.3'],
		[`\${X##**.}`, '3'],
		[`\${X%%*}`, ''],
		[`\${X%*}`, 'v1.2.3'],
		[`\${X##*}`, ''],
		[`\${X##?.?}`, 'v1.2.3'],
		[`\${X##v?.?}`, '.3'],
		[`\${X%?}`, 'v1.2.'],
		[`\${X#\\*}`, 'v1.2.3'],
		[`\${X/\\./-}`, 'v1-2.3'],
		[`\${X//[.]/-}`, undefined],
		[`\${X//\\?/-}`, 'v1.2.3'],
		[`\${X//?/-}`, '------'],
		[`\${X/?/}`, '1.2.3'],
		[`\${X/*./}`, '3'],
		[`\${X/2/\\/}`, 'v1./.3'],
		[`\${X/2/\\}}`, 'v1.}.3'],
		[`\${PATHS/\\/a/}`, '/b/c'],
		[`\${EMPTY/a/b}`, ''],
		[`\${X//}`, undefined],
		[`\${UNSET#a}`, ''],
		[`\${X#[v]}`, undefined],
		// What the builder reports as an error.
		[`\${X:0:2}`, undefined],
		[`\${X^^}`, undefined],
		[`\${}`, undefined],
		[`\${X`, undefined],
		[`\${X:-y`, undefined],
		// Continued lines.
		['a\\\nb', 'ab'],
		['a\\ \t\r\n# note\n\n b', 'a b'],
	];
	for (const [raw, expected] of cases) it(JSON.stringify(raw), () => assert.equal(expandWord(raw, '\\', lookup), expected));

	it('the escape character of a directive', () => {
		assert.equal(expandWord('c:\\a`$X', '`', lookup), 'c:\\a$X');
		assert.equal(expandWord('a`\nb', '`', lookup), 'ab');
	});
	it('deep nesting is not known', () => assert.equal(expandWord(`\${A:-`.repeat(10_000), '\\', lookup), undefined));
	it('patterns that match in many ways end', () => {
		const value = 'a'.repeat(900);
		const found = expandWord(`\${LONG%%${'*a'.repeat(200)}*b}`, '\\', () => ({ value }));
		assert.equal(found, value);
		assert.equal(
			expandWord(`\${LONG//*a*b/x}`, '\\', () => ({ value: 'a'.repeat(100_000) })),
			undefined,
		);
	});
});

describe('expandText as a shell', () => {
	const cases: readonly (readonly [string, string | undefined])[] = [
		[`\${X:0:2}`, 'v1'],
		[`\${X:1}`, '1.2.3'],
		[`\${X: -3}`, '2.3'],
		[`\${X:1:-2}`, '1.2'],
		[`\${X:$N}`, undefined],
		[`\${UNSET:=y}`, 'y'],
		['$(date)', undefined],
		['`date`', undefined],
		['"$(date)"', undefined],
		["'$(date)'", '$(date)'],
		[`\${UNSET:-$(date)}`, undefined],
		[`\${X:-$(date)}`, undefined],
		['"`date`"', undefined],
		['"a\\`b"', 'a`b'],
		['"a\\$X"', 'a$X'],
		['"a\\\\b"', 'a\\b'],
		['"a\\nb"', 'a\\nb'],
		['\\`date', '`date'],
		["'`'", '`'],
		["$'a'", undefined],
		['$"a"', undefined],
		['$$', ''],
		['$1$X', 'v1.2.3'],
		['$12a', 'a'],
		['$@', ''],
		[`\${X:+a\${UNSET:-b}}`, 'ab'],
		[`\${X:0}`, 'v1.2.3'],
		[`\${X:1:0}`, ''],
		[`\${X: -9}`, ''],
		[`\${X:4:-4}`, undefined],
		[`\${X:a}`, undefined],
		[`\${UNKNOWN:0:1}`, undefined],
		[`\${EMPTY:=y}`, 'y'],
		[`\${EMPTY=y}`, ''],
		[`\${X:=y}`, 'v1.2.3'],
		[`\${UNSET=y}`, 'y'],
		[`\${X?}`, 'v1.2.3'],
		[`\${X@Q}`, undefined],
		[`\${#X}`, undefined],
		[`\${!X}`, undefined],
	];
	for (const [raw, expected] of cases) {
		it(raw, () => assert.equal(expandText(raw, { escape: '\\', shell: true }, lookup), expected));
	}
});

describe('variablesOf', () => {
	it('finds names and their places', () => {
		const raw = `a$X-\${Y:-"$Z"}\\$N'$N'\${W}$`;
		const found = variablesOf(raw).map(({ name, range }) => [name, raw.slice(range.start, range.end)]);
		assert.deepEqual(found, [
			['X', '$X'],
			['Z', '$Z'],
			['Y', `\${Y:-"$Z"}`],
			['W', `\${W}`],
		]);
	});
	it('knows the escape character', () => assert.deepEqual(variablesOf('`$X', '`'), []));
});
