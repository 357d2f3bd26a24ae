import { DESCRIBED_MODULES, DESKTOP_PROGRAMS, type Use } from '../../../knowledge/go-evidence.ts';
import type { NeedId } from '../../../knowledge/need-ids.ts';
import { upTo, withoutFinalSlashes } from '../../../text/ends.ts';
import { knownModule, usesOf } from '../../kept/watch-list.ts';
import type { Sighting } from '../read/scan.ts';
import { DOCKER_SOCKET } from '../read/sightings.ts';
import { followed, textOf, type Value, type ValueScope } from '../read/values.ts';

/** A sighting that shows a need. */
export interface Judged {
	readonly sighting: Sighting;
	readonly need: NeedId;
	readonly symbol: string;
	readonly detail: string | undefined;
}

/** The sightings in the reached declarations of one package. */
export interface PackageSightings {
	readonly importPath: string;
	readonly own: boolean;
	/** By file, and within it by declaration in the order of the text. */
	readonly files: readonly (readonly Sighting[])[];
	/** What the program embeds, as cleaned patterns; only of its own packages. */
	readonly embedded: readonly string[];
}

/** What one package shows. */
export interface PackageJudgement {
	readonly judged: readonly Judged[];
	/** Listeners that cannot be reached from elsewhere; they count where the program has no others. */
	readonly loopback: readonly Judged[];
	/** Whether it listens on anything else, or on what is not known. */
	readonly listens: boolean;
	readonly opensComputedFiles: boolean;
	/** Whether the workspace's own code creates files or directories other than temporary ones. */
	readonly createsFiles: boolean;
}

/** What the sightings next to one say: how the declaration trusts, dials and asks. */
interface Surroundings {
	insecure: boolean;
	privateRoots: boolean;
	systemRoots: boolean;
	unixSocket: boolean;
	asksForSystem: boolean;
	opensEmbedded: boolean;
}

/** Reads what the sightings of a package show. */
export function judge(input: PackageSightings, scope: ValueScope): PackageJudgement {
	const judged: Judged[] = [];
	const loopback: Judged[] = [];
	let listens = false;
	let opensComputedFiles = false;
	let createsFiles = false;
	const plainOnly = asksPlainlyOnly(input, scope);
	for (const sightings of input.files) {
		for (let start = 0, end = 0; start < sightings.length; start = end) {
			const { declaration } = sightings[start] as Sighting;
			for (end = start; sightings[end]?.declaration === declaration; ) end++;
			const together = sightings.slice(start, end);
			const surroundings = surroundingsOf(together, input, scope);
			for (const sighting of together) {
				if (input.own && opensComputed(sighting, scope)) opensComputedFiles = true;
				if (input.own && creates(sighting, scope)) createsFiles = true;
				for (const use of usesOf(sighting.package, sighting.name, sighting.form === 'method')) {
					if (sighting.form === 'type' || isDescribed(input.importPath, use.need) || (use.own === true && !input.own)) continue;
					if (use.failure === true && sighting.failure === 'tolerated') continue;
					// A dependency that lists functions, as interpreters do, does not call them.
					if (!input.own && sighting.form === 'value' && !/^(?:Default|[A-Z]+_)/.test(sighting.name)) continue;
					if (use.shows.kind === 'listener') {
						const listener = listenerOf(sighting, use.shows.argument, use.shows.network, scope);
						if (listener === 'other') listens = true;
						else if (listener !== 'none') loopback.push(shown(sighting, use.need, listener));
						continue;
					}
					for (const detail of detailsOf(sighting, use, surroundings, plainOnly, input.own, scope))
						judged.push(shown(sighting, use.need, detail));
				}
				if (sighting.package === '' && sighting.name === DOCKER_SOCKET && input.own)
					judged.push(shown(sighting, 'privilege', 'docker.sock'));
				const known = sighting.form === 'call' || sighting.form === 'literal' ? knownModule(sighting.package, sighting.name) : undefined;
				if (known !== undefined && (input.own || known.need === 'privilege')) {
					judged.push({ sighting, need: known.need, symbol: `${nameIn(sighting)} (${known.title})`, detail: undefined });
				}
			}
		}
	}
	return { judged, loopback, listens, opensComputedFiles, createsFiles };
}

/** Whether the table says what the package shows of a need, so that its own code does not. */
export function isDescribed(importPath: string, need: NeedId): boolean {
	return DESCRIBED_MODULES.some(({ path, needs }) => needs.includes(need) && (importPath === path || importPath.startsWith(`${path}/`)));
}

function shown(sighting: Sighting, need: NeedId, detail: string | undefined): Judged {
	const name = nameIn(sighting);
	const isArgument = detail !== undefined && sighting.form !== 'literal' && sighting.package !== '' && need !== 'user-database';
	const symbol = isArgument ? `${name}(${JSON.stringify(detail)})` : name;
	return { sighting, need, symbol, detail };
}

function nameIn({ package: path, name, form }: Sighting): string {
	// A socket's file is named as one says it.
	if (path === '') return name.replace(/^\//, '');
	const base = path.replace(/\/v\d+$/, '').replace(/\.v\d+$/, '');
	return form === 'method' ? name : `${base.slice(base.lastIndexOf('/') + 1)}.${name}`;
}

/** An address that TLS, or at least a public authority, has no part in. */
const PLAIN = /^(?:http|ws|unix|tcp):\/\/|^(?:[a-z]+:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?:[:/]|$)/i;

function surroundingsOf(together: readonly Sighting[], input: PackageSightings, scope: ValueScope): Surroundings {
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

/** Whether every address that the package asks for is known to do without TLS, and there is one. */
function asksPlainlyOnly(input: PackageSightings, scope: ValueScope): boolean {
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

function isTrue(value: Value | undefined, scope: ValueScope): boolean {
	const known = followed(value, scope);
	return known?.kind === 'truth' && known.truth;
}

/** Nothing where the sighting shows no need; else what it shows, `undefined` where that has no constant name. */
function detailsOf(
	sighting: Sighting,
	use: Use,
	surroundings: Surroundings,
	plainOnly: boolean,
	own: boolean,
	scope: ValueScope,
): readonly (string | undefined)[] {
	const { shows } = use;
	const values = sighting.arguments;
	switch (shows.kind) {
		case 'always':
			return [use.need === 'user-database' ? sighting.name : undefined];
		case 'address':
			return PLAIN.test(textOf(values[shows.argument], scope).text) ? [] : [undefined];
		case 'client':
			return isTlsClient(sighting, surroundings, scope) && !plainOnly ? [undefined] : [];
		case 'trust':
			return trustsSystem(sighting, values[shows.argument], surroundings, own, scope) ? [undefined] : [];
		case 'zone': {
			const { text, complete } = textOf(values[shows.argument], scope);
			if (!complete) return [undefined];
			return text === '' || text === 'UTC' || text === 'Local' ? [] : [text];
		}
		case 'default directory': {
			const value = followed(values[shows.argument], scope);
			const named = textOf(value, scope);
			const isDefault = (named.complete && named.text === '') || (value?.kind === 'call' && scope.nameOf(value.symbol) === 'os.TempDir');
			return isDefault ? [undefined] : [];
		}
		case 'program': {
			const { text, complete } = textOf(values[shows.argument], scope);
			if (!complete || text === '' || text.startsWith('/proc/') || surroundings.asksForSystem || DESKTOP_PROGRAMS.has(text)) return [];
			// What is called so is started on Windows, however the program finds out that it is there.
			return /\.(?:exe|bat|cmd)$/i.test(text) ? [] : [text];
		}
		case 'file': {
			if (surroundings.opensEmbedded) return [];
			const paths = shows.rest === true ? values.slice(shows.argument) : [values[shows.argument]];
			return paths
				.map((value) => textOf(value, scope))
				.filter(({ text, complete }) => complete && text !== '' && !/^[/~\\]|^[A-Za-z][\w+.-]*:/.test(text))
				.filter(({ text }) => shows.setting !== true || (/^[\w@+./-]+$/.test(text) && /[/.]\w/.test(text)))
				.map(({ text }) => text);
		}
		case 'directory': {
			if (shows.flags !== undefined && !mentions(values[shows.flags], CREATE_FLAG, scope)) return [];
			const directory = directoryOf(values[shows.argument], shows.parent === true, scope);
			return directory === undefined || TEMPORARY.test(directory) ? [] : [directory];
		}
		case 'network': {
			const { text } = textOf(values[shows.argument], scope);
			return shows.begins.some((begin) => text.startsWith(begin)) ? [undefined] : [];
		}
		case 'listener':
			return [];
	}
}

function isTlsClient({ name, form, fields }: Sighting, around: Surroundings, scope: ValueScope): boolean {
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

function trustsSystem(sighting: Sighting, value: Value | undefined, around: Surroundings, own: boolean, scope: ValueScope): boolean {
	if (around.insecure || around.privateRoots) return false;
	const known = followed(value, scope);
	const trusts = configTrusts(value, scope);
	if (sighting.package === 'crypto/tls') return trusts ?? (own && known?.kind !== 'literal');
	// The same credentials serve servers, whose configuration holds a certificate.
	if (known?.kind === 'literal' && ['Certificates', 'GetCertificate', 'ClientAuth', 'ClientCAs'].some((field) => known.fields.has(field)))
		return false;
	return trusts === true;
}

function mentions(value: Value | undefined, name: RegExp, scope: ValueScope): boolean {
	const known = followed(value, scope);
	if (known?.kind === 'symbol') return name.test(scope.nameOf(known.symbol));
	return known?.kind === 'union' && known.parts.some((part) => mentions(part, name, scope));
}

/** The directory that a path names or lies in, as far as it is constant and absolute. */
function directoryOf(value: Value | undefined, parent: boolean, scope: ValueScope): string | undefined {
	const { text, complete } = textOf(value, scope);
	if (!text.startsWith('/')) return undefined;
	const path = text.length > 1 && complete ? withoutFinalSlashes(text) : text;
	if (complete && !parent) return path === '' ? '/' : path;
	const directory = path.slice(0, path.lastIndexOf('/'));
	if (directory !== '') return directory;
	return complete ? '/' : undefined;
}

/** The literal loopback address that is listened on; `other` for one that is not, or not known; `none` where nothing listens. */
function listenerOf(sighting: Sighting, argument: number | undefined, network: number | undefined, scope: ValueScope): string {
	if (network !== undefined && /^unix/.test(textOf(sighting.arguments[network], scope).text)) return 'none';
	if (argument === undefined) return 'other';
	const value = sighting.form === 'literal' ? sighting.fields?.get('Addr') : sighting.arguments[argument];
	const { text, complete } = textOf(value, scope);
	if (!/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):./.test(text)) return 'other';
	// Port 0 is for talking to oneself.
	if (/:0$/.test(text)) return 'none';
	return complete ? text : `${upTo(text, ':')}:…`;
}

const CREATE_FLAG = /^(?:os\.O_CREATE|syscall\.O_CREAT)$/;

/** What lies in memory, or is the system's. */
const TEMPORARY = /^\/(?:tmp|dev|proc|sys)(?:\/|$)/;

const OPENS: ReadonlySet<string> = new Set([
	'os.Open',
	'os.ReadFile',
	'os.ReadDir',
	'os.DirFS',
	'io/ioutil.ReadFile',
	'io/ioutil.ReadDir',
	'path/filepath.Glob',
]);

/** Whether a file is opened whose name is computed and visibly relative. */
function opensComputed({ package: path, name, form, arguments: values }: Sighting, scope: ValueScope): boolean {
	if (form !== 'call' || !OPENS.has(`${path}.${name}`)) return false;
	const { text, complete } = textOf(values[0], scope);
	return !complete && text !== '' && !text.startsWith('/');
}

/** Whether a file or directory is created that is no temporary one. */
function creates({ package: path, name, form, arguments: values }: Sighting, scope: ValueScope): boolean {
	if (form !== 'call') return false;
	return usesOf(path, name, false).some(({ need, shows }) => {
		if (need !== 'writable-directory' || shows.kind !== 'directory' || /Temp$/.test(name)) return false;
		if (shows.flags !== undefined && !mentions(values[shows.flags], CREATE_FLAG, scope)) return false;
		return !TEMPORARY.test(textOf(values[shows.argument], scope).text);
	});
}

/** Whether a file that is opened, or what it lies in, is also embedded. */
export function isEmbedded(path: string, embedded: readonly string[]): boolean {
	const clean = withoutFinalSlashes(path.replace(/^(?:\.\/)+/, ''));
	return (
		clean !== '' && embedded.some((pattern) => pattern === clean || pattern.startsWith(`${clean}/`) || clean.startsWith(`${pattern}/`))
	);
}
