/**
 * When the statements of a block run, as far as the words of the condition before it tell.
 *
 * - `always`: whenever the function does, as far as conditions go.
 * - `default`: unless something is set: `x == nil`, `!strict`, the `else` of a setting.
 * - `setting`: only where something is set, or turns out so.
 * - `elsewhere`: only on other systems than Linux.
 */
export type Condition = 'always' | 'default' | 'setting' | 'elsewhere';

const ORDER: readonly Condition[] = ['always', 'default', 'setting', 'elsewhere'];

/** Of two conditions that both have to hold. */
export function both(one: Condition, other: Condition): Condition {
	return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}

/** When the block of an `if` with this condition runs; a statement may stand before it. */
export function conditionOf(head: string): Condition {
	const condition = head.slice(head.lastIndexOf(';') + 1);
	const alternatives = condition.split('||').map((part) => part.split('&&').map(clauseOf).reduce(both));
	return alternatives.reduce((one, other) => (ORDER.indexOf(one) < ORDER.indexOf(other) ? one : other));
}

/** When what follows on `else` runs. */
export function otherwise(head: string): Condition {
	const condition = head.slice(head.lastIndexOf(';') + 1);
	const isLinux = systemOf(condition);
	if (isLinux !== undefined) return isLinux ? 'elsewhere' : 'always';
	return !/&&|\|\|/.test(condition) && clauseOf(condition) === 'default' ? 'setting' : 'default';
}

/** When a case of a `switch` over `subject`, which may be empty, runs. */
export function caseOf(subject: string, values: string): Condition {
	if (subject.trim() === '') return conditionOf(values);
	if (!/\bGOOS$/.test(subject.trim())) return 'setting';
	return /"linux"/.test(values) ? 'always' : 'elsewhere';
}

/**
 * The field that alone decides, where it speaks of TLS: `TLS.Enable` of `if conf.Net.TLS.Enable`, `UseTLS` of `if o.UseTLS && o.Config == nil`.
 */
export function switchIn(head: string): string | undefined {
	const clauses = head.slice(head.lastIndexOf(';') + 1).split('&&');
	const deciding = clauses.filter((clause) => clauseOf(clause) === 'setting');
	const names =
		SWITCH.exec(deciding.length === 1 ? (deciding[0] as string) : '')?.[1]
			?.split('.')
			.slice(-2) ?? [];
	const [last = ''] = names.slice(-1);
	if (OF_TLS.test(last)) return last;
	return OF_TLS.test(names[0] ?? '') ? names.join('.') : undefined;
}

const SWITCH = /^\s*\*?\w+((?:\.\w+)+)\s*$/;

/** Names of what turns TLS on. */
const OF_TLS = /tls|ssl|https/i;

function clauseOf(text: string): Condition {
	const isLinux = systemOf(text);
	if (isLinux !== undefined) return isLinux ? 'always' : 'elsewhere';
	return UNSET.test(text) ? 'default' : 'setting';
}

/** What holds as long as nothing is set. */
const UNSET = /^\s*(?:!\s*\*?[\w.]+|[\w.*[\]]+\s*==\s*(?:nil|""|``|0|false)|len\([\w.]+\)\s*==\s*0)\s*$/;

const BY_NAME =
	/^\s*(?:(!)\s*)?(?:\w+\.)*(?:[iI]s(?:OS)?|(?:[rR]unning)?[oO]n)(Windows|Win32|Darwin|Mac(?:OS|OSX)?|OSX|FreeBSD|BSD|Plan9|Linux|Unix)(?:\(\))?\s*$/;

const BY_VALUE = /^\s*(?:\w+\.)*GOOS\s*(==|!=)\s*"(\w+)"\s*$/;

/** Whether a clause that asks for the system holds on Linux; `undefined` where it asks for something else. */
function systemOf(clause: string): boolean | undefined {
	const value = BY_VALUE.exec(clause);
	if (value !== null) return (value[1] === '==') === (value[2] === 'linux');
	const name = BY_NAME.exec(clause);
	if (name === null) return undefined;
	return (name[1] === undefined) === /Linux|Unix/.test(name[2] as string);
}
