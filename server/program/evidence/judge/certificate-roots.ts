import { CONNECTS } from '../../../knowledge/known-modules.ts';
import type { Sighting } from '../read/scan.ts';
import { byDefault, textOf, type Value } from '../read/values.ts';
import type { PackageSightings } from './judgement.ts';
import { packageOf } from './judgement.ts';
import type { PossibleNames } from './possible-names.ts';
import { type Defaults, isTrue, isUnset, type Surroundings, surroundingsOf } from './surroundings.ts';

/** An address that TLS, or at least a public authority, has no part in. */
export const PLAIN = new RegExp(
	[
		'^(?:http|ws|unix|tcp)://',
		'^(?:[a-z]+://)?(?:localhost|127\\.\\d+\\.\\d+\\.\\d+|0\\.0\\.0\\.0|\\[::1?\\])(?:[:/]|$)',
		// A server for mail in the same network: `mailhog:1025`.
		'^(?:[\\w-]+|[\\w.-]+\\.(?:svc|local|internal|lan)):\\d*$',
	].join('|'),
	'i',
);

type NamesOf = (value: Value | undefined) => PossibleNames;

/** Whether an address is asked for over TLS: always, only where somebody gives another one, or never. What is not known may be. */
export function askingFor(address: Value | undefined, scope: Defaults, namesOf: NamesOf): 'roots' | 'certificates if given' | 'nothing' {
	if (PLAIN.test(textOf(address, scope).text)) return 'nothing';
	const { names, open, fromUser } = namesOf(address);
	if (open || names.some(({ text }) => !PLAIN.test(text))) return 'roots';
	if (fromUser || names.some(({ given }) => given)) return 'certificates if given';
	return names.length > 0 ? 'nothing' : 'roots';
}

/** How a package asks over HTTP. */
export interface Requests {
	/** Whether every address that it asks for is known to do without TLS, and there is one. */
	readonly plainOnly: boolean;
	/** Whether it makes URLs with TLS. */
	readonly secureUrls: boolean;
	/** Whether it sets up a client of its own: then a client in a struct's field is not the zero one. */
	readonly makesClients: boolean;
}

export function requestsOf(input: PackageSightings, scope: Defaults, namesOf: NamesOf): Requests {
	const { plain: plainUrls, secure: secureUrls } = urlsIn(input, scope);
	return {
		plainOnly: asksPlainlyOnly(input, plainUrls && !secureUrls, scope, namesOf),
		secureUrls,
		makesClients: input.files.some((sightings) => sightings.some(isClientSetting)),
	};
}

function isClientSetting({ package: path, name, form, fields }: Sighting): boolean {
	if (form !== 'literal') return false;
	return path === 'net/http' ? name === 'Transport' || (name === 'Client' && fields?.has('Transport') === true) : path === 'crypto/tls';
}

/** What kinds of URL the package makes of constants. */
function urlsIn(input: PackageSightings, scope: Defaults): { readonly plain: boolean; readonly secure: boolean } {
	let [plain, secure] = [false, false];
	for (const sightings of input.files) {
		for (const { package: path, name, form, fields, arguments: values, condition } of sightings) {
			let begins: string;
			if (path === 'net/url' && name === 'Parse') begins = beginningIn(values[0], scope);
			else if (path === 'net/url' && form === 'literal') begins = `${textOf(fields?.get('Scheme'), scope).text}:`;
			else if (path === '' && name === 'Scheme' && (form === 'value' || form === 'assignment'))
				begins = `${textOf(values[0], scope).text}:`;
			else continue;
			if (/^https:/i.test(begins) && !PLAIN.test(begins)) secure = true;
			// The scheme of an address that has none says nothing of one that has: `if u.Scheme == "" { u.Scheme = "http" }`.
			else if (/^http:/i.test(begins) && (name !== 'Scheme' || condition === 'always')) plain = true;
		}
	}
	return { plain, secure };
}

/** How a text begins, or the first one among the arguments of the call that gives it, which is often what it is by default. */
function beginningIn(value: Value | undefined, scope: Defaults): string {
	const { text } = textOf(value, scope);
	if (text !== '' || value?.kind !== 'call') return text;
	return value.arguments.map((part) => textOf(part, scope).text).find((part) => /^https?:/i.test(part)) ?? '';
}

/** @param plainUrls whether all URLs that the package makes are without TLS: then one of which nothing is known is of these */
function asksPlainlyOnly(input: PackageSightings, plainUrls: boolean, scope: Defaults, namesOf: NamesOf): boolean {
	let plain = false;
	for (const sightings of input.files) {
		for (const { package: path, name, form, arguments: values } of sightings) {
			if (path !== 'net/http') continue;
			let argument: number;
			if (name === 'NewRequest') argument = 1;
			else if (name === 'NewRequestWithContext') argument = 2;
			else if (/^(?:Get|Head|Post|PostForm)$/.test(name)) argument = 0;
			else continue;
			const { text, complete } = textOf(values[argument], scope);
			const isPlain = askingFor(values[argument], scope, namesOf) === 'nothing';
			if (isPlain || (text === '' && plainUrls && form === 'call')) plain = true;
			// `header.Get("Accept")` asks for no address.
			else if (form !== 'method' || !complete || /^https:/i.test(text)) return false;
		}
	}
	return plain;
}

export function isTlsClient({ name, form, fields }: Sighting, around: Surroundings, trustsUnknown: boolean, scope: Defaults): boolean {
	if (around.insecure || around.privateRoots || around.unixSocket) return false;
	if (name.startsWith('Default')) return true;
	if (form === 'field') return name === 'Client';
	if (form !== 'literal' || fields === undefined) return false;
	switch (name) {
		case 'Client':
			// Whoever made the transport shows what it trusts.
			return !fields.has('Transport');
		case 'Transport':
		case 'Dialer': {
			if (fields.has('DialTLS') || fields.has('DialTLSContext')) return false;
			const field = name === 'Transport' ? 'TLSClientConfig' : 'Config';
			if (!fields.has(field)) return true;
			const config = fields.get(field);
			return configTrusts(config, scope) ?? (trustsUnknown && byDefault(config, scope)?.kind !== 'literal');
		}
		default:
			return true;
	}
}

/** Whether a TLS configuration leaves the roots to the system as long as nothing is set; `undefined` where that is not known. */
function configTrusts(value: Value | undefined, scope: Defaults): boolean | undefined {
	const answers = configsIn(value, scope, 0).map((each) => (each.kind === 'nil' ? true : fieldsTrust(each.fields, scope)));
	// Where one of several is used that does, the program needs them.
	return answers.includes(true) ? true : answers.includes(false) ? false : undefined;
}

/** The configurations that a value may be, as far as they are followed; nil is one that leaves all to the defaults. */
function configsIn(value: Value | undefined, scope: Defaults, depth: number): readonly Config[] {
	const known = byDefault(value, scope);
	if (known === undefined || depth > MAX_DEPTH) return [];
	const all = (values: readonly (Value | undefined)[]) => values.flatMap((each) => configsIn(each, scope, depth + 1));
	switch (known.kind) {
		case 'nil':
			return [known];
		case 'literal':
			return scope.nameOf(known.symbol) === 'crypto/tls.Config' ? [known] : [];
		case 'field':
			return all((scope.fieldsNamed?.(known.name) ?? []).map((each) => each.value)).filter(({ kind }) => kind === 'literal');
		case 'call':
			return all((scope.returnsOf?.(known.symbol) ?? []).map((each) => each.arguments[0])).filter(({ kind }) => kind === 'literal');
		case 'symbol':
			return all((scope.assignedTo?.(known.symbol) ?? []).map((each) => each.arguments[0])).filter(({ kind }) => kind === 'literal');
		case 'parameter':
			return all((scope.callsOf?.(known.symbol) ?? []).map((each) => each.arguments[known.index]));
		default:
			return [];
	}
}

type Config = Extract<Value, { readonly kind: 'nil' | 'literal' }>;

/** How deep values are followed. */
const MAX_DEPTH = 8;

function fieldsTrust(fields: Fields, scope: Defaults): boolean | undefined {
	if (isTrue(fields.get('InsecureSkipVerify'), scope)) return false;
	const isOpen = (field: string) => !fields.has(field) || isUnset(fields.get(field), scope);
	return isOpen('InsecureSkipVerify') && isOpen('RootCAs') ? true : undefined;
}

type Fields = ReadonlyMap<string, Value | undefined>;

/** The same type configures servers, which have certificates. */
function isOfServer(fields: Fields): boolean {
	return ['Certificates', 'GetCertificate', 'GetConfigForClient', 'ClientAuth', 'ClientCAs'].some((field) => fields.has(field));
}

/** Whether what is made here is a client's configuration that leaves the roots to the system. */
export function isClientConfig({ form, fields, into }: Sighting, around: Surroundings, own: boolean, scope: Defaults): boolean {
	if (form !== 'literal' || fields === undefined || isOfServer(fields) || around.insecure || around.privateRoots) return false;
	if (!fields.has('ServerName') && !(own && isOfOtherModule(into, scope) && !/serv|listen/i.test(into))) return false;
	return fieldsTrust(fields, scope) === true;
}

/** Whether a function or type is that of a module outside the workspace and the standard library. */
function isOfOtherModule(name: string, { ownPackages }: Defaults): boolean {
	return /.\../.test(name.slice(0, Math.max(name.indexOf('/'), 0))) && ownPackages?.has(packageOf(name)) !== true;
}

/** Whether a call of a function that connects over TLS leaves the roots to the system. */
export function connectsTrusting(
	{ form, package: path, name, arguments: values }: Sighting,
	around: Surroundings,
	scope: Defaults,
): boolean {
	if (form !== 'call' || !CONNECTS.test(name) || !isOfOtherModule(`${path}.`, scope) || around.insecure || around.privateRoots)
		return false;
	return values.some((value) => configTrusts(value, scope) === true);
}

/** Whether certificates are verified by the roots of the system: `cert.Verify(x509.VerifyOptions{DNSName: name})`. */
export function verifiesBySystem({ form, fields }: Sighting, scope: Defaults): boolean {
	if (form !== 'literal' || fields === undefined || (fields.has('Roots') && !isUnset(fields.get('Roots'), scope))) return false;
	return (scope.fieldsNamed?.('Roots') ?? []).every(({ value, at }) => at.form !== 'assignment' || isUnset(value, scope));
}

/** Whether a package makes a configuration of TLS. */
export function makesConfigs(files: readonly (readonly Sighting[])[]): boolean {
	return files.some((sightings) =>
		sightings.some(({ package: path, name, form }) => path === 'crypto/tls' && name === 'Config' && form === 'literal'),
	);
}

/** Whether a package makes a configuration that leaves the roots to the system: one whose way is not known may be that. */
export function makesTrustingConfigs(files: readonly (readonly Sighting[])[], scope: Defaults): boolean {
	return files.some((sightings) =>
		sightings.some((each) => {
			if (each.package !== 'crypto/tls' || each.name !== 'Config') return false;
			const together = sightings.filter(({ declaration }) => declaration === each.declaration);
			return makesTrustingConfig(each, surroundingsOf(together, NOTHING_EMBEDDED, scope), scope);
		}),
	);
}

const NOTHING_EMBEDDED = { embedded: [] };

function makesTrustingConfig({ form, fields }: Sighting, around: Surroundings, scope: Defaults): boolean {
	if (form !== 'literal' || fields === undefined) return false;
	return !around.insecure && !around.privateRoots && !isOfServer(fields) && fieldsTrust(fields, scope) === true;
}

/**
 * Whether a client with this configuration leaves the roots to the system.
 *
 * @param trustsUnknown whether a configuration whose value is not known does
 */
export function trustsSystem(
	sighting: Sighting,
	value: Value | undefined,
	around: Surroundings,
	trustsUnknown: PackageSightings['trustsUnknown'],
	scope: Defaults,
): boolean {
	if (around.insecure || around.privateRoots) return false;
	const known = byDefault(value, scope);
	// The same credentials serve servers.
	if (sighting.package !== 'crypto/tls' && known?.kind === 'literal' && isOfServer(known.fields)) return false;
	const may = trustsUnknown === true || (trustsUnknown === 'connections' && sighting.package === 'crypto/tls');
	return configTrusts(value, scope) ?? (may && known?.kind !== 'literal');
}
