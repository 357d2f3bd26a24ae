import { usesOf } from '../../kept/watch-list.ts';
import type { Sighting } from '../read/scan.ts';
import { byDefault, followed, textOf, type Value, type ValueScope } from '../read/values.ts';
import { isEmbedded, isUnixNetwork } from './files.ts';
import type { Flow } from './flow.ts';
import type { PackageSightings } from './judgement.ts';

/** What the sightings next to one say: how the declaration trusts, dials and asks. */
export interface Surroundings {
	insecure: boolean;
	privateRoots: boolean;
	systemRoots: boolean;
	unixSocket: boolean;
	asksForSystem: boolean;
	asksForUser: boolean;
	opensEmbedded: boolean;
}

export function surroundingsOf(together: readonly Sighting[], input: Pick<PackageSightings, 'embedded'>, scope: Defaults): Surroundings {
	const result: Surroundings = {
		insecure: false,
		privateRoots: false,
		systemRoots: false,
		unixSocket: false,
		asksForSystem: false,
		asksForUser: false,
		opensEmbedded: false,
	};
	let ownPool = false;
	let setsRoots = false;
	let assignsRoots = false;
	for (const { package: path, name, fields, arguments: values, form, condition } of together) {
		if (condition === 'elsewhere') continue;
		// What only a setting does takes nothing back from what the program does without it.
		const holds = condition !== 'setting';
		const key = `${path}.${name}`;
		if (key === 'crypto/tls.Config') {
			if (holds && isTrue(fields?.get('InsecureSkipVerify'), scope)) result.insecure = true;
			if (fields?.has('RootCAs') === true && !isUnset(fields.get('RootCAs'), scope)) setsRoots = true;
		} else if (key === '.InsecureSkipVerify') {
			if (holds && isTrue(values[0], scope)) result.insecure = true;
		} else if (key === '.RootCAs') {
			if (holds && !isUnset(values[0], scope)) assignsRoots = true;
		} else if (key === 'crypto/x509.NewCertPool') {
			ownPool ||= holds;
		} else if (key === 'crypto/x509.SystemCertPool') {
			result.systemRoots = true;
		} else if (key === 'runtime.GOOS') {
			result.asksForSystem = true;
		} else if (key === 'os.Geteuid' || key === 'os.Getuid') {
			result.asksForUser = true;
		} else if (path === 'net' && /^Dial/.test(name)) {
			if (values.some((value) => isUnixNetwork(value, scope))) result.unixSocket = true;
		} else if (form !== 'type' && usesOf(path, name, form === 'method').some(({ need }) => need === 'runtime-file')) {
			if (values.some((value) => isEmbedded(textOf(value, scope).text, input.embedded))) result.opensEmbedded = true;
		}
	}
	result.privateRoots = !result.systemRoots && (assignsRoots || (ownPool && setsRoots));
	return result;
}

/** Whether it is certainly true. */
export function isTrue(value: Value | undefined, scope: ValueScope): boolean {
	const known = followed(value, scope);
	return known?.kind === 'truth' && known.truth;
}

/** What is asked to learn what something holds while nothing is set; the workspace's own code answers all of it. */
export type Defaults = ValueScope & Partial<Pick<Flow, 'callsOf' | 'returnsOf' | 'assignedTo' | 'fieldsNamed' | 'ownPackages'>>;

/** Whether a value is nil or false as long as nothing is set. */
export function isUnset(value: Value | undefined, scope: Defaults): boolean {
	return isUnsetIn(value, scope, new Set());
}

/** @param seen the fields, variables and parameters on the way, for one that takes its value from another of its name says nothing more */
function isUnsetIn(value: Value | undefined, scope: Defaults, seen: Set<string>): boolean {
	const known = byDefault(value, scope);
	if (known === undefined) return false;
	const all = (key: string | number, values: readonly (Value | undefined)[]) => {
		const name = `${known.kind} ${key}`;
		if (seen.has(name)) return true;
		seen.add(name);
		return values.every((each) => isUnsetIn(each, scope, seen));
	};
	switch (known.kind) {
		case 'nil':
		case 'setting':
			return true;
		case 'truth':
			return !known.truth;
		case 'pointed':
			return isUnsetIn(known.of, scope, seen);
		case 'call':
		case 'method': {
			// A flag has its default among its arguments; `GetBool` has none and is false.
			const given = known.arguments.find((each) => each?.kind === 'truth');
			return given === undefined ? known.kind === 'method' && /^(?:Get)?Bool$/.test(known.name) : isUnsetIn(given, scope, seen);
		}
		case 'field':
			return all(
				known.name,
				(scope.fieldsNamed?.(known.name) ?? []).filter(({ at }) => at.condition !== 'setting').map((each) => each.value),
			);
		case 'symbol':
			return all(
				known.symbol,
				(scope.assignedTo?.(known.symbol) ?? []).filter((at) => at.condition !== 'setting').map((at) => at.arguments[0]),
			);
		case 'parameter': {
			const calls = scope.callsOf?.(known.symbol) ?? [];
			return (
				calls.length > 0 &&
				all(
					`${known.symbol} ${known.index}`,
					calls.map((call) => call.arguments[known.index]),
				)
			);
		}
		default:
			return false;
	}
}
