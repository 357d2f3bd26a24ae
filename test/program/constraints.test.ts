import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BuildTarget, matchesConstraint, matchesFileName } from '../../server/program/constraints.ts';

const LINUX: BuildTarget = { goos: 'linux', goarch: 'amd64', cgo: false, tags: new Set(['custom', 'with.dot']), goMinor: 21 };

describe('build constraints', () => {
	const expressions: readonly [expression: string, holds: boolean][] = [
		['linux', true],
		['windows', false],
		['!windows && (arm64 || amd64)', true],
		['unix', true],
		['gc && !gccgo', true],
		['cgo', false],
		['custom&&with.dot', true],
		['ignore', false],
		['go1.1 && go1.21', true],
		['go1.22', false],
		['go1', false],
		['amd64.v1 && !amd64.v2', true],
		['goexperiment.regabiargs', true],
		['windows || linux && cgo', false],
		['a || !(b && linux)', true],
		['', false],
		['!!linux', false],
		['linux &&', false],
		['(linux', false],
		['linux windows', false],
		['linux & amd64', false],
	];
	for (const [expression, holds] of expressions) {
		it(`${holds ? 'are met' : 'are not met'} by \`${expression}\``, () => assert.equal(matchesConstraint(LINUX, expression), holds));
	}

	it('hold for the systems that a system counts as', () => {
		const on = (goos: string, expression: string) => matchesConstraint({ ...LINUX, goos }, expression);
		assert.ok(on('android', 'linux') && on('ios', 'darwin') && on('illumos', 'solaris') && on('darwin', 'unix'));
		assert.ok(!on('windows', 'unix') && !on('plan9', 'unix') && !on('js', 'unix') && !on('linux', 'android'));
	});

	const names: readonly [name: string, taken: boolean][] = [
		['a.go', true],
		['a_linux.go', true],
		['a_windows.go', false],
		['a_amd64.go', true],
		['a_linux_arm64.go', false],
		['a_windows_amd64.go', false],
		['a_linux_amd64.go', true],
		['linux.go', true],
		['windows.go', true],
		['windows_amd64.go', true],
		['_linux_a.go', false],
		['a_b_linux.go', true],
		['a_linux_b.go', true],
		['a_windows.pb.go', false],
		['a.pb_windows.go', true],
		['a_test.go', false],
		['a_linux_test.go', false],
		['.a.go', false],
		['_a.go', false],
		['a.txt', false],
		['a_unix.go', true],
		['a_custom.go', true],
		['a_.go', true],
	];
	for (const [name, taken] of names) {
		it(`${taken ? 'take' : 'leave out'} ${name}`, () => assert.equal(matchesFileName(LINUX, name), taken));
	}

	it('never throw, however deep or broken', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom('(', ')', '!', '&&', '||', 'linux', ' ', '&', 'ä')), (tokens) => {
				matchesConstraint(LINUX, tokens.join(''));
			}),
		);
		assert.equal(matchesConstraint(LINUX, `${'('.repeat(100_000)}linux${')'.repeat(100_000)}`), false);
		assert.equal(matchesConstraint(LINUX, `${'!('.repeat(100)}linux${')'.repeat(100)}`), true);
		assert.equal(matchesConstraint(LINUX, Array(100_000).fill('windows').join('||')), false);
	});
});
