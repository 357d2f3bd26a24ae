import type { Use } from '../../../knowledge/go-evidence.ts';
import { belongsTo } from '../../../knowledge/import-paths.ts';
import { DESCRIBED_MODULES } from '../../../knowledge/known-modules.ts';
import type { NeedId } from '../../../knowledge/need-ids.ts';
import { knownModule, usesOf } from '../../kept/watch-list.ts';
import type { Sighting } from '../read/scan.ts';
import { isRuntimeSocket } from '../read/sightings.ts';
import { textOf, type Value, type ValueScope } from '../read/values.ts';
import {
	askingFor,
	connectsTrusting,
	isClientConfig,
	isTlsClient,
	PLAIN,
	type Requests,
	requestsOf,
	trustsSystem,
	verifiesBySystem,
} from './certificate-roots.ts';
import { databaseFiles, isEmbeddedDatabase } from './databases.ts';
import { programsOf } from './executables.ts';
import { directoriesOf, filesOf, isUnixNetwork, makesFile } from './files.ts';
import type { Flow } from './flow.ts';
import {
	type HandedUrl,
	type Judged,
	type JudgedListener,
	nameIn,
	type OpenQuestion,
	type PackageJudgement,
	type PackageSightings,
	type Shown,
} from './judgement.ts';
import { listenersOf } from './listeners.ts';
import { namedFiles } from './named-files.ts';
import { nameAsWritten, type PossibleNames, possibleNames, type Standing } from './possible-names.ts';
import { type Defaults, isTrue, type Surroundings, surroundingsOf } from './surroundings.ts';
import { isDefaultDirectory, makesTemporaryFile } from './temporary-files.ts';
import { driversThatVerify, zoneIn } from './texts.ts';
import { DESCRIBED_AS, questionsOf } from './unknowns.ts';
import { zonesOf } from './zones.ts';

/** Reads what the sightings of a package show. */
export function judge(input: PackageSightings, values: ValueScope, flow?: Flow): PackageJudgement {
	const scope = flow ?? values;
	const judged: Judged[] = [];
	const listeners: JudgedListener[] = [];
	const questions: OpenQuestion[] = [];
	const asked: string[] = [];
	let sends = false;
	const clients: Judged[] = [];
	const addresses: PackageJudgement['addresses'][number][] = [];
	const zones: Judged[] = [];
	const handed: HandedUrl[] = [];
	const switched: Judged[] = [];
	const namesOf = (value: Value | undefined) => (flow === undefined ? nameAsWritten(textOf(value, scope)) : possibleNames(value, flow));
	const requests = requestsOf(input, scope, namesOf);
	/** By sighting, what was judged of it: several of its arguments may show the same. */
	const shownOf = new Map<Sighting, Set<string>>();
	const add = (one: Judged) => {
		const key = `${one.need} ${one.detail}`;
		const known = shownOf.get(one.sighting) ?? new Set();
		if (!known.has(key)) judged.push(one);
		shownOf.set(one.sighting, known.add(key));
	};
	for (const sightings of input.files) {
		for (let start = 0, end = 0; start < sightings.length; start = end) {
			const { declaration } = sightings[start] as Sighting;
			for (end = start; sightings[end]?.declaration === declaration; ) end++;
			const together = sightings.slice(start, end);
			const surroundings = surroundingsOf(together, input, scope);
			for (const sighting of together) {
				if (sighting.condition === 'elsewhere') continue;
				if (sighting.form === 'text') {
					for (const { paths, symbol } of driversThatVerify(sighting))
						addresses.push({ sighting, need: 'certificate-roots', symbol, detail: undefined, given: false, paths });
					if (/^https?:/i.test(sighting.name) && /^[^/]+\./.test(sighting.into))
						handed.push({ into: sighting.into, plain: PLAIN.test(sighting.name) });
					const zone = zoneIn(sighting);
					if (zone !== undefined) zones.push({ sighting, need: 'zone-data', symbol: JSON.stringify(zone), detail: zone, given: false });
					continue;
				}
				if (sendsRequest(sighting)) sends = true;
				for (const question of questionsOf(sighting, { together, input, around: surroundings, scope, namesOf })) {
					const need = DESCRIBED_AS[question.kind];
					if (need === undefined || !isDescribed(input.importPath, need)) questions.push(question);
				}
				for (const use of usesIn(sighting, input.own ? flow : undefined)) {
					if (sighting.form === 'type' || (sighting.form === 'field' && (!input.own || use.shows.kind !== 'client'))) continue;
					if (isDescribed(input.importPath, use.need) || (use.own === true && !input.own)) continue;
					// A file that may be absent is one that the program is better off with.
					const isTolerated = use.failure === true && sighting.failure === 'tolerated';
					if (isTolerated && input.own && ASKS_FOR_PROGRAM.test(nameIn(sighting)))
						for (const { text, complete } of namesOf(sighting.arguments[0]).names) if (complete) asked.push(text);
					if (isTolerated && use.need !== 'runtime-file') continue;
					const as = (need: NeedId) => (isTolerated ? 'default-file' : need);
					// It may set the flag itself.
					if (use.flag !== undefined && flow?.isCalled('flag.Set') === true) continue;
					// A dependency that lists functions, as interpreters do, does not call them.
					if (!input.own && sighting.form === 'value' && !/^(?:Default|[A-Z]+_)/.test(sighting.name)) continue;
					if (use.shows.kind === 'listener') {
						const { argument, network } = use.shows;
						for (const listener of listenersOf(sighting, { argument, network, together, scope, flow, namesOf }))
							listeners.push({ ...shown(sighting, use.need, listener.detail), ...listener });
						continue;
					}
					// What a dependency does only where it is told to shows no need of this program.
					const isSetting = !input.own && use.need === 'certificate-roots' && sighting.condition === 'setting';
					if (isSetting && (sighting.switch === undefined || !CONNECTING.has(use.shows.kind))) continue;
					const isClient = !input.own && use.shows.kind === 'client' && use.package === 'net/http';
					const ignored = sighting.failure === 'ignored' && /^Mkdir/.test(sighting.name);
					const keep = isSetting ? (one: Judged) => switched.push(one) : isClient ? (one: Judged) => clients.push(one) : add;
					for (const { detail, at, need = use.need, given = false, flag = use.flag, changeable } of detailsOf(sighting, use, {
						surroundings,
						together,
						requests,
						trustsUnknown: isSetting ? 'connections' : input.trustsUnknown,
						own: input.own,
						scope,
						namesOf,
					}))
						keep({
							...(at === undefined ? { ...shown(sighting, as(need), detail), given } : shownAt(at, as(need), detail, sighting)),
							// Without the file the program does something else.
							flag: isTolerated ? undefined : flag,
							changeable,
							ignored,
						});
				}
				for (const { detail, at } of flow === undefined ? [] : namedFiles(sighting, namesOf, flow))
					if (at !== undefined) add(shownAt(at, 'named-file', detail, sighting));
				if (sighting.package === '' && isRuntimeSocket(sighting.name) && input.own)
					judged.push(shown(sighting, 'privilege', sighting.name.slice(1)));
				if (input.own && connectsTrusting(sighting, surroundings, scope)) add(shown(sighting, 'certificate-roots', undefined));
				const known = sighting.form === 'call' || sighting.form === 'literal' ? knownModule(sighting.package, sighting.name) : undefined;
				if (known !== undefined && (input.own || known.need === 'privilege')) {
					judged.push({ sighting, need: known.need, symbol: `${nameIn(sighting)} (${known.title})`, detail: undefined, given: false });
				}
			}
		}
	}
	return { judged, clients, sends, switched, addresses, zones, handed, listeners, asked, questions };
}

/** What says that a connection over TLS is made here, rather than prepared. */
const CONNECTING: ReadonlySet<Use['shows']['kind']> = new Set(['trust', 'configuration']);

/** What the table says of what is named, or of the function that a variable holds which is called: `var run = exec.Command`. */
function usesIn(sighting: Sighting, flow: Flow | undefined): ReturnType<typeof usesOf> {
	const { package: path, name, form } = sighting;
	const held = form === 'call' ? flow?.functionHeldBy(sighting) : undefined;
	if (held === undefined) return usesOf(path, name, form === 'method');
	const end = held.lastIndexOf('.');
	return usesOf(held.slice(0, end), held.slice(end + 1), false);
}

/** What a program asks whether another is there. */
const ASKS_FOR_PROGRAM = /^(?:exec\.LookPath|os\.L?[Ss]tat)$/;

/** Whether a request is sent, by a function or, in a file that imports net/http, by a method of the name. */
function sendsRequest({ package: path, name, form }: Sighting): boolean {
	if (path === 'net/http/httputil') return true;
	if (path !== 'net/http') return false;
	return form === 'method' ? /^(?:Do|RoundTrip|Head|Post|PostForm)$/.test(name) : /^(?:Get|Head|Post|PostForm)$/.test(name);
}

/** Whether the table says what the package shows of a need, so that its own code does not. */
export function isDescribed(importPath: string, need: NeedId): boolean {
	return DESCRIBED_MODULES.some(({ path, needs }) => needs.includes(need) && belongsTo(importPath, path));
}

function shown(sighting: Sighting, need: NeedId, detail: string | undefined): Judged {
	const name = nameIn(sighting);
	const isArgument =
		detail !== undefined &&
		sighting.form !== 'literal' &&
		(sighting.package !== '' || sighting.form === 'method') &&
		need !== 'user-database';
	const symbol = isArgument ? `${name}(${JSON.stringify(detail)})` : name;
	return { sighting, need, symbol, detail, given: false };
}

/** What stands in another place than where it is used: in a call, an assignment or a literal. */
function shownAt({ sighting, text }: Standing, need: NeedId, detail: string | undefined, used: Sighting): Judged {
	const quoted = JSON.stringify(text);
	const { name, form } = sighting;
	let symbol = quoted;
	if (form === 'call' || form === 'method') symbol = `${need === 'named-file' ? nameIn(sighting) : name}(${quoted})`;
	else if (form === 'assignment') symbol = `${name} = ${quoted}`;
	return { sighting, need, symbol, detail, given: false, used };
}

interface Judging {
	readonly surroundings: Surroundings;
	/** The sightings of the declaration. */
	readonly together: readonly Sighting[];
	readonly requests: Requests;
	readonly trustsUnknown: PackageSightings['trustsUnknown'];
	readonly own: boolean;
	readonly scope: Defaults;
	namesOf(value: Value | undefined): PossibleNames;
}

/** Nothing where the sighting shows no need; else what it shows, `undefined` where that has no constant name. */
function detailsOf(sighting: Sighting, use: Use, judging: Judging): readonly Shown[] {
	const { surroundings, together, requests, trustsUnknown, own, scope, namesOf } = judging;
	const { shows } = use;
	const values = sighting.arguments;
	const when = (condition: boolean): readonly Shown[] => (condition ? [{ detail: undefined }] : []);
	switch (shows.kind) {
		case 'always':
			return [{ detail: use.need === 'user-database' ? sighting.name : undefined }];
		case 'address':
			switch (askingFor(values[shows.argument], scope, namesOf)) {
				case 'roots':
					return [{ detail: undefined }];
				case 'certificates if given':
					return [{ detail: undefined, given: true }];
				default:
					return [];
			}
		case 'client':
			if (requests.plainOnly || (sighting.form === 'field' && requests.makesClients)) return [];
			return when(isTlsClient(sighting, surroundings, trustsUnknown === true, scope));
		case 'proxy':
			if (surroundings.insecure || surroundings.privateRoots || sighting.fields?.has('Transport') === true) return [];
			return when(requests.secureUrls);
		case 'configuration':
			return when(isClientConfig(sighting, surroundings, own, scope));
		case 'verification':
			return when(verifiesBySystem(sighting, scope));
		case 'switch': {
			const value = shows.field === undefined ? values[shows.argument] : sighting.fields?.get(shows.field);
			return when(isTrue(value, scope));
		}
		case 'trust':
			return when(trustsSystem(sighting, values[shows.argument], surroundings, trustsUnknown, scope));
		case 'zone':
			return zonesOf(values[shows.argument], scope).map((detail) => ({ detail }));
		case 'default directory':
			return when(isDefaultDirectory(values[shows.argument], scope));
		case 'temporary directory':
			return [{ detail: undefined, given: !makesTemporaryFile(together, scope) }];
		case 'program':
			return programsOf(
				namesOf(typeof shows.argument === 'string' ? sighting.fields?.get(shows.argument) : values[shows.argument]),
				surroundings,
			);
		case 'file': {
			const paths = shows.rest === true ? values.slice(shows.argument) : [values[shows.argument]];
			if (surroundings.opensEmbedded || sighting.form === 'value') return [];
			// Of a file that is opened to be written the directory counts.
			if (shows.flags !== undefined && makesFile(values[shows.flags], scope)) return [];
			if (shows.otherwise !== undefined) return sighting.form === 'call' && values.length === 0 ? [{ detail: shows.otherwise }] : [];
			return paths.flatMap((path) => filesOf(namesOf(path), shows.setting === true));
		}
		case 'directory':
			if (shows.flags !== undefined && !makesFile(values[shows.flags], scope)) return [];
			if (shows.network !== undefined && !isUnixNetwork(values[shows.network], scope)) return [];
			return directoriesOf(namesOf(values[shows.argument]), shows.parent === true);
		case 'database': {
			if (shows.driver !== undefined && !isEmbeddedDatabase(namesOf(values[shows.driver]))) return [];
			const found = directoriesOf(databaseFiles(namesOf(values[shows.argument])), shows.parent === true);
			return found.flatMap((each) => (each.need === undefined ? [each, { ...each, need: 'database-directory' as const }] : [each]));
		}
		case 'network': {
			const { text } = textOf(values[shows.argument], scope);
			return when(shows.begins.some((begin) => text.startsWith(begin)));
		}
		case 'listener':
			return [];
	}
}
