import type { Sighting } from '../read/scan.ts';
import { byDefault, type Value } from '../read/values.ts';
import type { Flow } from './flow.ts';
import { packageOf } from './judgement.ts';
import { isTrue, isUnset } from './surroundings.ts';

/**
 * Whether the workspace's own code turns on what a dependency does for a setting: `config.Net.TLS.Enable = true`, `Options{UseTLS: true}`.
 *
 * @param name the field, and the one that holds it where its own name does not say what it is for: `UseTLS`, `TLS.Enable`
 * @param importPath the package that asks for it
 * @returns `given` where a flag, an argument or the environment decides in turn
 */
export function isSwitchedOn(name: string, importPath: string, flow: Flow): 'yes' | 'given' | 'no' {
	const [holder, field = holder as string] = name.split('.');
	const isHeld = name.includes('.');
	const found = flow.fieldsNamed(field).filter(({ value, at }) => {
		if (at.condition === 'elsewhere' || !isTrue(value, flow)) return false;
		if (at.form !== 'literal') return isOfModule(at.arguments[1], isHeld ? holder : undefined, importPath, flow);
		return isSameModule(at.package, importPath) && (!isHeld || at.name.toLowerCase().includes((holder as string).toLowerCase()));
	});
	if (found.length === 0) return 'no';
	return found.some(({ at }) => at.condition !== 'setting') ? 'yes' : 'given';
}

/** Whether the field that is assigned to is one of a value of the module, and is held by one of that name. */
function isOfModule(target: Value | undefined, holder: string | undefined, importPath: string, flow: Flow): boolean {
	if (target?.kind !== 'field') return false;
	let of = target.of;
	if (holder !== undefined && (of?.kind !== 'field' || of.name !== holder)) return false;
	while (of?.kind === 'field' || of?.kind === 'pointed') of = of.of;
	const base = byDefault(of, flow);
	return (
		(base?.kind === 'call' || base?.kind === 'literal') && base.symbol >= 0 && isSameModule(packageOf(flow.nameOf(base.symbol)), importPath)
	);
}

/** Whether two import paths begin alike up to the name of a repository. */
function isSameModule(one: string, other: string): boolean {
	const beginning = (path: string) => path.split('/').slice(0, 3).join('/');
	return beginning(one) === beginning(other);
}

/** Fields by which a program says that it trusts others than the system does, or anybody. */
const TRUSTS_OTHERWISE =
	/[iI]nsecure|[sS]kip_?[vV]erify|[cC]ertPool|CA(?=[A-Z_]|s?$)|(?:^|[a-z_])Ca(?=[A-Z_]|$)|^ca(?=[A-Z_]|$)|[rR]oot(?:CA|Ca|Cert)/;

/** Whether the workspace's own code says anywhere how it trusts. */
export function saysHowItTrusts(own: readonly (readonly Sighting[])[], flow: Flow): boolean {
	const isSaid = own.some((sightings) =>
		sightings.some(({ package: path, name }) => path === '' && (name === 'InsecureSkipVerify' || name === 'RootCAs')),
	);
	return (
		isSaid ||
		[...flow.fieldNames].some((name) => TRUSTS_OTHERWISE.test(name) && flow.fieldsNamed(name).some(({ value }) => !isUnset(value, flow)))
	);
}
