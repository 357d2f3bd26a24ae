import type { Facts } from '../facts/facts.ts';
import type { Rule } from '../rules/rule.ts';
import { check, type ReportedFinding } from './analyse.ts';
import type { Settings } from './settings.ts';

/**
 * What is wrong with an image that was built, by the rules that judge what an image is. There is no text to fix, so no finding has a fix.
 *
 * @param facts as `server/built-image` makes them
 */
export function judgeImage(
	facts: Facts,
	rules: readonly Rule[],
	settings: Settings,
	log: (message: string, path: string) => void,
): ReportedFinding[] {
	const found = check(
		facts,
		rules.filter(({ judges }) => judges === 'image'),
		settings,
		log,
	);
	return found.map((finding) => ({ ...finding, fixes: async () => [], proposals: () => [] }));
}
