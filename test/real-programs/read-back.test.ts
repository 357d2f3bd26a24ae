import assert from 'node:assert/strict';
import { judgementOf, type ReadBack } from '../../scripts/real-programs/read-back.ts';
import type { Verdict } from '../../scripts/real-programs/result.ts';

/** Whether what is reported of an image is what the engine did with it. */
describe('the judgement of what is read back', () => {
	const runs: Verdict = { outcome: 'runs', code: undefined, lacks: undefined, says: '' };
	const exits = (code: number): Verdict => ({ outcome: 'exits', code, lacks: undefined, says: '' });
	const fails = (lacks: string): Verdict => ({ outcome: 'fails', code: 1, lacks, says: '' });
	const reported = (...codes: string[]): ReadBack['reported'] => {
		const list = codes.map((each) => {
			const [severity, code] = each.split(' ') as ['error' | 'warning', string];
			return { severity, code };
		});
		return { withSource: list, alone: [] };
	};
	const cases: readonly [string, ReadBack['reported'], Verdict, string][] = [
		['a program that runs, and a warning', reported('warning root-user'), runs, 'right'],
		[
			'a program that runs, and an error',
			reported('error missing-shared-library'),
			runs,
			'it runs, and missing-shared-library is reported as an error',
		],
		['a program that runs, and an error about what it does later', reported('error missing-tmp'), runs, 'not reached'],
		['a program that asks for a setting, and an error', reported('error missing-tmp'), exits(1), 'not reached'],
		[
			'a program that ended well after it missed something, and an error about what comes later',
			reported('error missing-tmp', 'error missing-ca-certificates'),
			{ ...exits(0), lacks: 'a directory for temporary files' },
			'not reached',
		],
		[
			'a program that ended well, and an error',
			reported('error missing-tmp'),
			exits(0),
			'it exits 0, and missing-tmp is reported as an error',
		],
		[
			'a program that runs, and a file that it opens first',
			reported('error missing-runtime-file'),
			runs,
			'it runs, and missing-runtime-file is reported as an error',
		],
		[
			'a program that runs although it misses a file',
			reported('error missing-runtime-file'),
			{ ...runs, lacks: 'x of the repository' },
			'right',
		],
		['a program without its loader', reported('error dynamic-binary'), fails('its executable, or the loader of it'), 'right'],
		[
			'a program without its loader, and another error',
			reported('error missing-tmp'),
			fails('its executable, or the loader of it'),
			'it lacks its executable, or the loader of it, and only other things are reported',
		],
		[
			'a program without a file, and nothing',
			reported(),
			fails('x.html of the repository'),
			'it lacks x.html of the repository, and nothing is reported',
		],
		['a program that was killed', reported(), fails('memory, or it was killed'), 'not judged'],
	];
	for (const [why, said, verdict, judgement] of cases) it(why, () => assert.equal(judgementOf(said, verdict), judgement));
});
