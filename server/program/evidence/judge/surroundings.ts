import { usesOf } from '../../kept/watch-list.ts';
import type { Sighting } from '../read/scan.ts';
import { followed, textOf, type Value, type ValueScope } from '../read/values.ts';
import { isEmbedded } from './files.ts';
import type { PackageSightings } from './judgement.ts';

/** What the sightings next to one say: how the declaration trusts, dials and asks. */
export interface Surroundings {
	insecure: boolean;
	privateRoots: boolean;
	systemRoots: boolean;
	unixSocket: boolean;
	asksForSystem: boolean;
	opensEmbedded: boolean;
}

export function surroundingsOf(together: readonly Sighting[], input: PackageSightings, scope: ValueScope): Surroundings {
	const result: Surroundings = {
		insecure: false,
		privateRoots: false,
		systemRoots: false,
		unixSocket: false,
		asksForSystem: false,
		opensEmbedded: false,
	};
	let ownPool = false;
	let setsRoots = false;
	for (const { package: path, name, fields, arguments: values, form } of together) {
		const key = `${path}.${name}`;
		if (key === 'crypto/tls.Config') {
			if (isTrue(fields?.get('InsecureSkipVerify'), scope)) result.insecure = true;
			if (fields?.has('RootCAs') === true) setsRoots = true;
		} else if (key === '.InsecureSkipVerify') {
			if (isTrue(values[0], scope)) result.insecure = true;
		} else if (key === '.RootCAs') {
			setsRoots = true;
		} else if (key === 'crypto/x509.NewCertPool') {
			ownPool = true;
		} else if (key === 'crypto/x509.SystemCertPool') {
			result.systemRoots = true;
		} else if (key === 'runtime.GOOS') {
			result.asksForSystem = true;
		} else if (path === 'net' && /^Dial/.test(name)) {
			if (values.some((value) => /^unix/.test(textOf(value, scope).text))) result.unixSocket = true;
		} else if (form !== 'type' && usesOf(path, name, form === 'method').some(({ need }) => need === 'runtime-file')) {
			if (values.some((value) => isEmbedded(textOf(value, scope).text, input.embedded))) result.opensEmbedded = true;
		}
	}
	result.privateRoots = ownPool && setsRoots && !result.systemRoots;
	return result;
}

function isTrue(value: Value | undefined, scope: ValueScope): boolean {
	const known = followed(value, scope);
	return known?.kind === 'truth' && known.truth;
}
