import assert from 'node:assert/strict';
import { rules } from '../../server/rules/index.ts';
import type { Judged, Reported } from './saved.ts';
import type { Scenario } from './scenario.ts';

/** Whether what is reported of a saved image is what the engine did with it. */

/** Rules of which one says of a linked program what others say of its build. */
const SAME: Readonly<Record<string, readonly string[]>> = {
	'cgo-without-libc': ['dynamic-binary'],
	'output-into-directory': ['entrypoint-not-in-image'],
};

/**
 * What the verdict on an image is: `right` where the engine does what is reported, and where it works and nothing is said to fail;
 * `not judged` where only a rule about how images are built says what is wrong; a sentence where the verdict is wrong.
 *
 * @param line at which the rule points in the Dockerfile
 */
export function verdictOf(judged: Judged, rule: string, did: Scenario['before'], line = ''): string {
	const reports = (code: string, reported: readonly Reported[]) => reported.some((each) => each.code === code);
	const errors = [...judged.alone, ...judged.withSource].filter(({ severity }) => severity === 'error').map(({ code }) => code);
	if (did === 'works') return errors.length === 0 ? 'right' : `it works, and ${errors.join(' and ')} is reported as an error`;
	const codes = [rule, ...(SAME[rule] ?? [])];
	if (codes.some((code) => reports(code, judged.withSource))) return 'right';
	if (did === 'run fails' && judged.withSource.some(({ severity }) => severity === 'error')) return 'right';
	const judges = rules.find(({ code }) => code === rule)?.judges;
	// Whom a file belongs to that COPY has copied is how the image is, and no fault of it.
	const isOfCopy = rule === 'unknown-user' && /^(?:COPY|ADD)\b/.test(line);
	return judges === 'image' && !isOfCopy ? `it does not work, and ${rule} is not reported` : 'not judged';
}

/** Fails where the verdict is wrong; an image that was not built has none. */
export function assertVerdict(judged: Judged | undefined, rule: string, did: Scenario['before'], line?: string): void {
	if (judged === undefined) return;
	assert.match(verdictOf(judged, rule, did, line), /^(?:right|not judged)$/, JSON.stringify(judged));
}
