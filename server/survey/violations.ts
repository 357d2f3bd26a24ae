import type { Settings } from '../lint/settings.ts';
import { isOlder, parseGoVersion } from '../program/go-version.ts';
import type { SurveyRow } from './row.ts';

/**
 * What the policy of the settings forbids of an image; `undefined` if there is no policy. What is not known is a violation too: a policy
 * that cannot be checked is not kept.
 *
 * @param ignored The codes of rules that comments in the Dockerfile ignore.
 */
export function violationsOf(
	row: Pick<SurveyRow, 'base' | 'goOfImage'>,
	{ policy, severities }: Settings,
	ignored: ReadonlySet<string>,
): readonly string[] | undefined {
	if (policy === undefined) return undefined;
	const violations: string[] = [];
	if (policy.bases !== undefined) {
		const { base } = row;
		if (base === undefined) violations.push('the base image is unknown');
		else if (!policy.bases.some((pattern) => isNamedBy(base, pattern))) violations.push(`base ${base} is not allowed`);
	}
	const wanted = policy.go === undefined ? undefined : parseGoVersion(policy.go);
	if (wanted !== undefined) {
		const version = row.goOfImage === undefined ? undefined : parseGoVersion(row.goOfImage);
		if (version === undefined) violations.push(`the Go that builds is unknown, and ${policy.go} is required`);
		else if (isOlder(version, wanted)) violations.push(`Go ${row.goOfImage} builds, and ${policy.go} is required`);
	}
	for (const code of policy.rules ?? []) {
		if (severities.get(code) === 'off') violations.push(`${code} is turned off`);
		else if (ignored.has(code)) violations.push(`${code} is ignored by a comment`);
	}
	return violations;
}

/** Whether the pattern stands for the image: with its tag or digest, or without them if the pattern has none. `*` stands for anything. */
function isNamedBy(reference: string, pattern: string): boolean {
	const name = withoutTag(reference);
	return [reference, name, shortName(name)].some((each) => matches(each, pattern));
}

function withoutTag(reference: string): string {
	return reference.replace(/@.*$/s, '').replace(/:[^:/]*$/, '');
}

/** Docker Hub may be left out of a name: docker.io/library/alpine is alpine. */
function shortName(name: string): string {
	return name.replace(/^(?:docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
}

/** Compared piece by piece, in time that grows with the product of the lengths at most. */
function matches(text: string, pattern: string): boolean {
	const [first = '', ...rest] = pattern.split('*');
	if (!text.startsWith(first)) return false;
	const last = rest.pop();
	if (last === undefined) return text === first;
	let at = first.length;
	for (const piece of rest) {
		const found = text.indexOf(piece, at);
		if (found < 0) return false;
		at = found + piece.length;
	}
	return text.length - last.length >= at && text.endsWith(last);
}
