import type { Severity } from '../findings/finding.ts';
import type { Given, Options } from './command.ts';
import type { Input } from './session.ts';

/** From which severity on a finding makes the exit code 1. */
export type FailOn = (typeof FAIL_ON)[number];

const FAIL_ON = ['error', 'warning', 'information', 'hint', 'never'] as const;

const FROM_WORST: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Whether a finding of that severity makes the exit code 1. */
export function fails(severity: Severity, failOn: FailOn): boolean {
	return failOn !== 'never' && FROM_WORST.indexOf(severity) <= FROM_WORST.indexOf(failOn);
}

/** What the commands have in common that look at Dockerfiles. */
export interface Judging {
	readonly input: Input;
	readonly failOn: FailOn;
	/** `CODE=severity`, as given. */
	readonly rules: Readonly<Record<string, string>>;
	/** Whether compose files and manifests are read with the Dockerfiles. */
	readonly deployments: boolean;
	/** Whether to print how long each reader and rule took. */
	readonly timing: boolean;
	/** Whether to print where in go-scratch a defect is. */
	readonly verbose: boolean;
}

export const PATHS = `PATH is a Dockerfile, a directory to search, or a pattern such as 'services/**/Dockerfile'; the default is '.'. A search also finds the compose files and Kubernetes manifests that start images of these Dockerfiles. It skips what .gitignore and .git/info/exclude exclude unless Git tracks it, and the directories node_modules, vendor, testdata and .git.`;

export const COLOR = 'Color: on a terminal, unless NO_COLOR is set; FORCE_COLOR=1 forces it.';

const SEVERITIES = {
	'fail-on': {
		value: 'SEVERITY',
		choices: FAIL_ON,
		help: 'Exit with 1 only for findings of at least this severity: error, warning, information, hint (any finding) or never. The default is warning.',
	},
	rule: {
		value: 'CODE=SEVERITY',
		multiple: true,
		help: 'Set the severity of a rule: off, hint, information, warning or error. May be repeated; overrides .go-scratch.json.',
	},
} as const satisfies Options;

const TELLING = {
	timing: { help: 'Print to standard error how long each reader and rule took.' },
	verbose: { help: 'Print the stack trace of an internal error.' },
} as const satisfies Options;

/** What everything that is judged has in common. */
export const WEIGHING = { ...SEVERITIES, ...TELLING } as const satisfies Options;

export const JUDGING = {
	...SEVERITIES,
	stdin: { help: 'Read one Dockerfile from standard input.' },
	'stdin-filename': {
		value: 'PATH',
		choices: 'files',
		help: 'Path to assume for stdin (default: Dockerfile); it need not exist. The Go program is searched from there.',
	},
	'no-deployments': { help: 'Leave out compose files and Kubernetes manifests.' },
	...TELLING,
} as const satisfies Options;

/** @throws UsageError */
export function readWeighing(given: Given<keyof typeof WEIGHING>): Omit<Judging, 'input' | 'deployments'> {
	const rules: Record<string, string> = {};
	for (const word of given.values('rule')) {
		const equals = word.indexOf('=');
		if (equals < 1) throw given.wrong(`--rule requires CODE=SEVERITY, such as root-user=off, not ${word}`);
		rules[word.slice(0, equals)] = word.slice(equals + 1);
	}
	return { failOn: given.oneOf('fail-on', FAIL_ON, 'warning'), rules, timing: given.has('timing'), verbose: given.has('verbose') };
}

/** @throws UsageError */
export function readJudging(given: Given<keyof typeof JUDGING>): Judging {
	const weighing = readWeighing(given);
	const { operands } = given;
	const stdinFilename = given.value('stdin-filename');
	const stdin = given.has('stdin') || (operands.length === 1 && operands[0] === '-');
	if (stdin && operands.some((path) => path !== '-')) throw given.wrong('--stdin takes no paths; use --stdin-filename');
	if (!stdin && stdinFilename !== undefined) throw given.wrong('--stdin-filename requires --stdin');
	return {
		input: stdin ? { stdinFilename: stdinFilename ?? 'Dockerfile' } : { paths: operands.length > 0 ? operands : ['.'] },
		deployments: !given.has('no-deployments'),
		...weighing,
	};
}
