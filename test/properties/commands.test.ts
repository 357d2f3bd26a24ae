import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { runBuild } from '../../server/image/run.ts';
import { EFFECTS } from '../../server/image/shell/shell-effects.ts';

/** What stands behind the name of a command while it is typed, and what nobody would write: the half of a word, too few, and too many. */
const WORDS = [
	...['-', '--', '-o', '-t', '-D', '-d', '-p', '-R', '-s', '-u', '-g', '-G', '-C', '-m', '-n', '-e', '-i', '-exec', '-delete', '-name'],
	...[
		'--root=',
		'--target-directory=/x',
		'--uid',
		'--gid=5',
		'-u65532',
		'-m755',
		'-xzf',
		'a=b',
		'X=',
		'-w',
		'+x',
		'0755',
		'root:root',
		':',
	],
	...[
		'/',
		'.',
		'..',
		'/x',
		'/x/',
		'x',
		'./x',
		'/bin/sh',
		'/etc/passwd',
		'~',
		'*',
		'/x/*',
		'{a,b}',
		'/x/{a,b}',
		'$X',
		'"$X"',
		"''",
		'"a b"',
		'\\',
	],
	...['add', 'install', 'mod', 'build', 'download', 'env', '-c', '"ls /x"', 'clone', 'https://example.com/x.git', '{}', '+', '\\;'],
	...['>', '> /x/y', '>> /etc/passwd', '< /x', '2>&1', '&&', '||', '|', ';', '$(', '$(ls)', '`', '<<EOF'],
];

/** Stages in which files, variables and the working directory are known, and others in which they are not. */
const STAGES = ['FROM golang:1.26-alpine', 'FROM golang:1.26-alpine\nWORKDIR /w', 'FROM x/y', 'FROM scratch\nARG X\nWORKDIR $X'];

describe('a command of a RUN', function () {
	// A loaded machine is no failure.
	this.timeout(120_000);

	it('is followed whatever stands behind its name', () => {
		const command = fc.tuple(fc.constantFrom(...EFFECTS.keys()), fc.array(fc.constantFrom(...WORDS), { maxLength: 5 }));
		fc.assert(
			fc.property(fc.array(command, { minLength: 1, maxLength: 3 }), fc.constantFrom(...STAGES), (commands, stage) => {
				const text = commands.map(([name, words]) => [name, ...words].join(' ')).join(' && ');
				const dockerfile = parseDockerfile(`${stage}\nRUN ${text}\nRUN ls\n`);
				const { stages } = runBuild(dockerfile, { context: undefined, go: undefined });
				assert.equal(stages.length, 1, text);
				// All that a stage holds comes to an end.
				assert.deepEqual(
					stages[0]?.files.builds().filter(({ path }) => path.length > 1000),
					[],
					text,
				);
			}),
			{ numRuns: 3000 },
		);
	});
});
