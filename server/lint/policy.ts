import type { Node } from 'jsonc-parser';
import { parseGoVersion } from '../program/go-version.ts';

/** What an organisation requires of its images; `go-scratch survey` compares them with it. */
export interface Policy {
	/** What the final stage may start from, such as `scratch` and `gcr.io/distroless/*`; `undefined` for anything. */
	readonly bases?: readonly string[];
	/** The lowest Go that may build: `1.25`. */
	readonly go?: string;
	/** Codes of rules that may neither be turned off nor ignored by a comment. */
	readonly rules?: readonly string[];
}

/** So many bases, or rules, are read. */
const MOST = 200;

/**
 * Reads the value of `policy` in a settings file. What is wrong is reported and left out; the rest counts.
 *
 * @param codes All codes there are.
 * @param didYouMean The ending of a message about a wrong word.
 */
export function readPolicy(
	value: Node,
	codes: readonly string[],
	report: (message: string, offset: number) => void,
	didYouMean: (written: string, names: readonly string[]) => string,
): Policy | undefined {
	if (value.type !== 'object') {
		report('"policy" must be an object such as { "bases": ["scratch"], "go": "1.25", "rules": ["root-user"] }.', value.offset);
		return undefined;
	}
	const names = ['bases', 'go', 'rules'];
	let policy: Policy = {};
	for (const property of value.children ?? []) {
		const [key, given] = property.children ?? [];
		if (key === undefined || given === undefined) continue;
		if (key.value === 'go') {
			if (typeof given.value === 'string' && parseGoVersion(given.value) !== undefined) policy = { ...policy, go: given.value };
			else report('"go" must be a version of Go, such as "1.25".', given.offset);
		} else if (key.value === 'bases')
			policy = {
				...policy,
				bases: wordsOf(given, '"bases" must be a list of images, such as ["scratch", "gcr.io/distroless/*"].', report),
			};
		else if (key.value === 'rules') {
			const words = wordsOf(given, '"rules" of a policy must be a list of codes, such as ["root-user"].', report);
			for (const word of words) if (!codes.includes(word)) report(`Unknown rule "${word}"${didYouMean(word, codes)}.`, given.offset);
			policy = { ...policy, rules: words.filter((word) => codes.includes(word)) };
		} else report(`Unknown setting "${String(key.value)}"${didYouMean(String(key.value), names)}.`, key.offset);
	}
	return policy;
}

function wordsOf(list: Node, message: string, report: (message: string, offset: number) => void): string[] {
	const words = (list.children ?? []).map(({ value }) => value as unknown);
	if (list.type === 'array' && words.length <= MOST && words.every((word) => typeof word === 'string' && word !== ''))
		return words as string[];
	report(message, list.offset);
	return [];
}
