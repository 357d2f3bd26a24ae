import type { ListenerPurpose } from '../../model.ts';
import type { GoPackage } from '../../package.ts';
import type { Sighting } from '../read/scan.ts';
import type { Value, ValueScope } from '../read/values.ts';
import { isUnixNetwork } from './files.ts';
import type { Flow } from './flow.ts';
import type { JudgedListener } from './judgement.ts';
import type { PossibleName, PossibleNames } from './possible-names.ts';

/** What is asked to judge a place that listens. */
export interface Listening {
	/** The place of the address among the arguments; `undefined` where it has none that is text. */
	readonly argument: number | undefined;
	readonly network: number | undefined;
	/** The sightings of the same declaration. */
	readonly together: readonly Sighting[];
	readonly scope: ValueScope;
	/** Absent for dependencies. */
	readonly flow: Flow | undefined;
	namesOf(value: Value | undefined): PossibleNames;
}

/** The addresses that are listened on; none where the sighting opens no port. */
export function listenersOf(sighting: Sighting, listening: Listening): readonly Omit<JudgedListener, 'need' | 'symbol' | 'sighting'>[] {
	const { argument, network, together, scope, flow, namesOf } = listening;
	if (network !== undefined && isUnixNetwork(sighting.arguments[network], scope)) return [];
	const purpose = purposeOf(sighting, together, flow);
	const unknown = { detail: undefined, given: false, purpose };
	if (argument === undefined) return [unknown];
	let value = sighting.arguments[argument];
	if (sighting.form === 'literal') {
		value = sighting.fields?.get('Addr');
		const assigned = flow?.fieldsNamed('Addr').filter(({ at }) => at.form === 'assignment') ?? [];
		const fromAssigned = () => assigned.flatMap((each) => addressesIn(namesOf(each.value), purpose));
		// The address of the literal may be set again: options do that to a default.
		if (sighting.fields?.has('Addr') === true) return [...addressesIn(namesOf(value), purpose), ...fromAssigned()];
		if (value === undefined) {
			// A server without an address is handed a listener, which is seen by itself.
			if (flow !== undefined && assigned.length === 0 && together.some(isServe)) return [];
			return assigned.length === 0 ? [unknown] : fromAssigned();
		}
	}
	return addressesIn(namesOf(value), purpose);
}

function isServe({ form, name }: Sighting): boolean {
	return form === 'method' && /^Serve(?:TLS)?$/.test(name);
}

function addressesIn({ names, open, fromUser }: PossibleNames, purpose: ListenerPurpose): ReturnType<typeof listenersOf> {
	if (open || names.length === 0) return [{ detail: undefined, given: false, purpose }];
	// Port 0 is for talking to oneself.
	const ports = names.filter(({ text, complete }) => !complete || !/:0$/.test(text));
	return ports.map((name) => ({ detail: addressIn(name), given: fromUser || name.given, purpose }));
}

/** The address with `…` for what is not known; `undefined` where the host is not. */
function addressIn({ text, complete }: PossibleName): string | undefined {
	if (complete) return text;
	return /^[^:]+:|^\[[^\]]*\]:/.test(text) ? `${text}…` : undefined;
}

/** What listens there: the standard mux serves the profiler alone where the program hands it nothing else. */
function purposeOf(sighting: Sighting, together: readonly Sighting[], flow: Flow | undefined): ListenerPurpose {
	if (flow === undefined) return 'service';
	if (together.some(({ package: path }) => path === 'net/http/pprof')) return 'profiler';
	const { form, name, fields, arguments: values } = sighting;
	if (!flow.imports('net/http/pprof')) return 'service';
	const isStandardMux = form === 'literal' ? fields?.has('Handler') !== true : /^ListenAndServe$/.test(name) && values[1]?.kind === 'nil';
	return isStandardMux && !flow.isCalled('net/http.HandleFunc') && !flow.isCalled('net/http.Handle') ? 'profiler' : 'service';
}

/** Packages without which nothing listens. */
const LISTENING = ['net', 'net/http', 'crypto/tls'];

/**
 * Whether a dependency holds the code to listen, whether reached or not: then it is not certain what the program listens on. What only
 * described packages import counts as they do.
 */
export async function othersMayListen(
	byPath: ReadonlyMap<string, GoPackage>,
	isDescribed: (importPath: string) => boolean,
	readText: (path: string) => Promise<string | undefined>,
	signal?: AbortSignal,
): Promise<boolean> {
	const waiting = [...byPath.values()].filter(({ own }) => own);
	const seen = new Set(waiting);
	for (const { own, imports, files } of waiting) {
		for (const path of imports) {
			const imported = byPath.get(path);
			if (imported === undefined || imported.standard || seen.has(imported) || isDescribed(path)) continue;
			seen.add(imported);
			waiting.push(imported);
		}
		if (own || !LISTENING.some((path) => imports.has(path))) continue;
		for (const { path } of files) {
			signal?.throwIfAborted();
			const code = ((await readText(path)) ?? '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
			if (/\.\s*(?:ListenAndServe(?:TLS)?|Listen|ListenTCP|ListenConfig|Serve(?:TLS)?)\(/.test(code)) return true;
		}
	}
	return false;
}
