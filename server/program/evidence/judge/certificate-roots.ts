import type { Sighting } from '../read/scan.ts';
import { followed, textOf, type Value, type ValueScope } from '../read/values.ts';
import type { PackageSightings } from './judgement.ts';
import type { Surroundings } from './surroundings.ts';

/** An address that TLS, or at least a public authority, has no part in. */
export const PLAIN = /^(?:http|ws|unix|tcp):\/\/|^(?:[a-z]+:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?:[:/]|$)/i;

/** Whether every address that the package asks for is known to do without TLS, and there is one. */
export function asksPlainlyOnly(input: PackageSightings, scope: ValueScope): boolean {
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
			if (PLAIN.test(text)) plain = true;
			// `header.Get("Accept")` asks for no address.
			else if (form !== 'method' || !complete || /^https:/i.test(text)) return false;
		}
	}
	return plain;
}

export function isTlsClient({ name, form, fields }: Sighting, around: Surroundings, scope: ValueScope): boolean {
	if (around.insecure || around.privateRoots || around.unixSocket) return false;
	if (name.startsWith('Default')) return true;
	if (form !== 'literal' || fields === undefined) return false;
	switch (name) {
		case 'Client':
			// Whoever made the transport shows what it trusts.
			return !fields.has('Transport');
		case 'Transport':
		case 'Dialer': {
			if (fields.has('DialTLS') || fields.has('DialTLSContext')) return false;
			const field = name === 'Transport' ? 'TLSClientConfig' : 'Config';
			return !fields.has(field) || configTrusts(fields.get(field), scope) === true;
		}
		default:
			return true;
	}
}

/** Whether a TLS configuration leaves the roots to the system; `undefined` where that is not known. */
function configTrusts(value: Value | undefined, scope: ValueScope): boolean | undefined {
	const known = followed(value, scope);
	if (known?.kind === 'nil') return true;
	if (known?.kind !== 'literal' || scope.nameOf(known.symbol) !== 'crypto/tls.Config') return undefined;
	if (known.fields.has('InsecureSkipVerify') || known.fields.has('RootCAs')) {
		const roots = followed(known.fields.get('RootCAs'), scope);
		const insecure = followed(known.fields.get('InsecureSkipVerify'), scope);
		const trusts =
			(!known.fields.has('RootCAs') || roots?.kind === 'nil') &&
			(!known.fields.has('InsecureSkipVerify') || (insecure?.kind === 'truth' && !insecure.truth));
		return trusts ? true : undefined;
	}
	return true;
}

export function trustsSystem(sighting: Sighting, value: Value | undefined, around: Surroundings, own: boolean, scope: ValueScope): boolean {
	if (around.insecure || around.privateRoots) return false;
	const known = followed(value, scope);
	const trusts = configTrusts(value, scope);
	if (sighting.package === 'crypto/tls') return trusts ?? (own && known?.kind !== 'literal');
	// The same credentials serve servers, whose configuration holds a certificate.
	if (known?.kind === 'literal' && ['Certificates', 'GetCertificate', 'ClientAuth', 'ClientCAs'].some((field) => known.fields.has(field)))
		return false;
	return trusts === true;
}
