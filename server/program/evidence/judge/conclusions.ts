// Long because it draws the conclusions for every kind of need.

import { EMBEDDED_PACKAGES, EMBEDDED_TAGS, FILE_KEEPING_MODULES } from '../../../knowledge/go-evidence.ts';
import { belongsTo } from '../../../knowledge/import-paths.ts';
import { CONFIGURED_MODULES } from '../../../knowledge/known-modules.ts';
import type { NeedId } from '../../../knowledge/need-ids.ts';
import { upTo } from '../../../text/ends.ts';
import { importChains } from '../../closure.ts';
import { isLoopback } from '../../listeners.ts';
import type { Evidence, HandledSignal, Listener, Unknown } from '../../model.ts';
import type { Closure, GoPackage } from '../../package.ts';
import { isSameList } from '../reach/dependencies.ts';
import type { DeclarationIndex, IndexedFile } from '../reach/index.ts';
import type { KnownReach } from '../reach/reach.ts';
import { type SubCommands, subCommandsOf } from '../reach/sub-commands.ts';
import { usedImports } from '../reach/used-imports.ts';
import { METHODS, type Names } from '../read/names.ts';
import { KIND, METHOD, SELECTOR, type Sighting, STRIDE } from '../read/scan.ts';
import type { Value, ValueScope } from '../read/values.ts';
import { askedBefore } from './asked-programs.ts';
import { makesConfigs, makesTrustingConfigs } from './certificate-roots.ts';
import { isEmbedded } from './files.ts';
import { type Flow, flowOf, type Place } from './flow.ts';
import { isDescribed, judge } from './judge.ts';
import type { Judged, OpenQuestion, PackageJudgement, PackageSightings } from './judgement.ts';
import { othersMayListen } from './listeners.ts';
import { isHandedPlainOnly, namesPlainAddressesOnly } from './plain-addresses.ts';
import { signalsIn } from './signals.ts';
import { isSwitchedOn, saysHowItTrusts } from './switches.ts';
import { loadsZones } from './zones.ts';

/** What the sightings that a program reaches say together. */

export interface ConclusionInput {
	readonly closure: Closure;
	readonly packages: readonly GoPackage[];
	/** By package, its files in the index. */
	readonly files: readonly (readonly IndexedFile[])[];
	readonly names: Names;
	/** In which the question has marked what is reached. */
	readonly index: DeclarationIndex;
	readonly question: number;
	/** What was reached in dependencies, where that can be told apart. */
	readonly known: KnownReach | undefined;
	/** Whether code outside the workspace may call methods of that selector of the package's types. */
	mayCall(selector: number, owner: GoPackage): boolean;
	/** The build tags in force. */
	readonly tags: readonly string[];
	/** The text of a Go file, `undefined` where it cannot be read. */
	readText(path: string): Promise<string | undefined>;
	readonly signal?: AbortSignal | undefined;
}

export interface EvidenceResult {
	readonly evidence: readonly Evidence[];
	/** Needs that the program itself takes back. */
	readonly embedded: ReadonlySet<'certificate-roots' | 'zone-data'>;
	readonly unknowns: readonly Unknown[];
	readonly namedFiles: readonly Evidence[];
	/** Whether the workspace's own code creates files or directories, or a module that does is part of the program. */
	readonly keepsFiles: boolean;
	/** Where the reached code listens, the workspace's own first. */
	readonly listeners: readonly Listener[];
	/** Whether code that was not followed may listen too. */
	readonly mayListenElsewhere: boolean;
	/** The import paths of packages that the workspace's own code names where it was reached. */
	readonly usedImports: ReadonlySet<string>;
	readonly handledSignals: readonly HandledSignal[];
	readonly mayHandleOtherSignals: boolean;
}

/** The needs of files of the repository, which are met where the binary embeds the file. */
const FILE_NEEDS: ReadonlySet<NeedId> = new Set<NeedId>(['runtime-file', 'default-file', 'named-file']);

/** How many paths that libraries are given are kept. */
const MAX_NAMED_FILES = 500;

/** How many places are kept for each need and detail. */
const MAX_PLACES = 5;

/** A package with what it shows. */
interface JudgedPackage {
	readonly owner: GoPackage;
	readonly judgement: PackageJudgement;
	/** The file of a sighting. */
	readonly pathOf: (sighting: Sighting) => string;
}

/** What was said of the dependencies of programs, which is the same as long as the same of them was reached. */
const saidOfDependencies = new WeakMap<KnownReach, { readonly embedded: readonly string[]; readonly judged: readonly JudgedPackage[] }>();

/** What a package showed, and all that this follows from beside its files. */
interface Shown {
	readonly seen: readonly (readonly Sighting[])[];
	readonly embedded: readonly string[];
	/** The constants that were asked for. */
	readonly constants: ReadonlyMap<number, Value | undefined>;
	readonly judgement: PackageJudgement;
}

/** By package of a dependency: one whose files are the same is the same object. */
const shownBy = new WeakMap<GoPackage, Shown>();

/** What a package shows, judged again only where something else of it was reached, or a constant has another value. */
function judgementOf(
	owner: GoPackage,
	seen: readonly (readonly Sighting[])[],
	embedded: readonly string[],
	scope: ValueScope,
): PackageJudgement {
	const before = shownBy.get(owner);
	const isSame =
		before !== undefined &&
		isSameList(before.embedded, embedded) &&
		before.seen.length === seen.length &&
		before.seen.every((sightings, index) => isSameList(sightings, seen[index] as readonly Sighting[])) &&
		[...before.constants].every(([symbol, value]) => scope.constant(symbol) === value);
	if (isSame) return before.judgement;
	const constants = new Map<number, Value | undefined>();
	const judgement = judge(
		{ importPath: owner.importPath, own: owner.own, files: seen, embedded, trustsUnknown: false },
		{
			nameOf: scope.nameOf,
			constant(symbol) {
				const value = scope.constant(symbol);
				constants.set(symbol, value);
				return value;
			},
		},
	);
	shownBy.set(owner, { seen, embedded, constants, judgement });
	return judgement;
}

/**
 * Reads what the places that were reached show, and weighs what they say together.
 *
 * Long because it draws each conclusion in turn from the same sightings.
 */
export async function conclude(input: ConclusionInput): Promise<EvidenceResult> {
	const { closure, packages, files, names, index, question, known, tags, readText } = input;
	const scope = valueScope(input);
	const embedded = embeddedFiles(packages);
	function reachedIn(areOwn: boolean): readonly ReachedPackage[] {
		const result: ReachedPackage[] = [];
		for (const [at, owner] of packages.entries()) {
			if (owner.own !== areOwn) continue;
			const seen: Sighting[][] = [];
			const paths = new Map<Sighting, string>();
			for (const { scan, first, path } of files[at] as readonly IndexedFile[]) {
				if (scan.sightings.length === 0) continue;
				const reached = scan.sightings.filter(({ declaration }) => index.reached[first + declaration] === question);
				if (reached.length > 0) seen.push(reached);
				for (const sighting of reached) paths.set(sighting, path);
			}
			if (seen.length > 0) result.push({ owner, seen, paths });
		}
		return result;
	}

	const reachedOwn = reachedIn(true);
	const ownFiles = packages.flatMap(({ own }, at) => (own ? (files[at] as readonly IndexedFile[]) : []));
	const commandsOf = commandsBy(subCommandsOf({ ...input, scope, files: ownFiles }));
	const flow = flowIn(input, scope, reachedOwn);

	function judged({ owner, seen, paths }: ReachedPackage, trustsUnknown: PackageSightings['trustsUnknown']): JudgedPackage {
		const judgement = owner.own
			? judge({ importPath: owner.importPath, own: true, files: seen, embedded, trustsUnknown }, scope, flow)
			: judgementOf(owner, seen, embedded, scope);
		return { owner, judgement, pathOf: (sighting) => paths.get(sighting) as string };
	}

	const makesNone = !reachedOwn.some(({ seen }) => makesConfigs(seen));
	const trustsUnknown = makesNone ? 'connections' : reachedOwn.some(({ seen }) => makesTrustingConfigs(seen, flow));

	function judgeDependencies(): readonly JudgedPackage[] {
		const before = known && saidOfDependencies.get(known);
		if (before !== undefined && isSameList(before.embedded, embedded)) return before.judged;
		const now = reachedIn(false).map((each) => judged(each, false));
		if (known !== undefined) saidOfDependencies.set(known, { embedded, judged: now });
		return now;
	}

	const judgedPackages = [...reachedOwn.map((each) => judged(each, trustsUnknown)), ...judgeDependencies()];
	const judgements = judgedPackages.map(({ judgement }) => judgement);
	const all = (of: (judgement: PackageJudgement) => readonly Judged[]) =>
		judgedPackages.flatMap(({ owner, judgement, pathOf }) =>
			of(judgement).map(
				(shown): Found => ({
					shown,
					...((owner.own ? flow.placeOf(shown.sighting) : undefined) ?? { package: owner, path: pathOf(shown.sighting) }),
				}),
			),
		);
	const isNotEmbedded = ({ shown: { need, detail } }: Found) => !FILE_NEEDS.has(need) || !isEmbedded(detail ?? '', embedded);
	const isForRoots = ({ shown }: Found) => shown.need === 'certificate-roots';
	const asked = new Set(judgements.flatMap((each) => each.asked));
	// What it asks for first it starts only if it is there: by its path, or in a branch.
	const isAskedBefore = askedBefore(
		reachedOwn.flatMap(({ seen }) => seen),
		flow,
	);
	const isOptional = ({ shown: { need, detail = '', sighting, used = sighting } }: Found) =>
		need === 'executable' &&
		(isAskedBefore(used, detail) || (asked.has(detail) && (detail.startsWith('/') || sighting.condition !== 'always')));
	const shown = all(({ judged }) => judged).filter((each) => isNotEmbedded(each) && !isOptional(each));
	const found = shown.filter((each) => !isForRoots(each));
	const isInProgram = (path: string) =>
		[closure.packages, closure.unread].some((paths) => [...paths.keys()].some((each) => belongsTo(each, path)));
	const addresses = all(({ addresses }) => addresses.filter(({ paths }) => paths.some(isInProgram)));
	const clients = judgements.some(({ sends }) => sends) ? all(({ clients }) => clients) : [];
	const isTrusting = trustsUnknown !== false && !reachedOwn.some(({ seen }) => saysHowItTrusts(seen, flow));
	const switched = isTrusting ? all(({ switched }) => switched).flatMap((each) => switchedOn(each, flow)) : [];
	const roots = [...addresses, ...shown.filter(isForRoots), ...clients, ...switched];
	const chainOf = importChains(closure);
	const isOwn = (path: string) => closure.packages.get(path)?.own === true;
	const handed = judgements.flatMap((each) => each.handed);
	const withTls = roots.filter(
		(each) =>
			each.package.own ||
			!isHandedPlainOnly(
				handed,
				chainOf(each.package.importPath).find((path) => !isOwn(path)),
			),
	);
	if (withTls.some((each) => each.package.own) || withTls.length === 0 || !(await namesPlainAddressesOnly(closure.packages, readText)))
		found.push(...withTls);
	const zones = all(({ zones }) => zones);
	if (zones.length > 0 && (await loadsZones(closure, readText))) found.push(...zones);
	const questions = judgedPackages
		.flatMap(({ judgement, owner, pathOf }) =>
			judgement.questions.map((shown) => ({ shown, package: owner, path: pathOf(shown.sighting) })),
		)
		.filter((each) => !isUnconfigured(each.package, flow));
	const keepsFiles =
		questions.some((each) => each.package.own && each.shown.kind === 'created-file') ||
		[...closure.packages.keys(), ...closure.unread.keys()].some(isFileKeeping);
	const placing: Placing = { chainOf, commandsOf };
	const evidence = kept(found, placing);
	return {
		evidence: evidence.filter(({ need }) => need !== 'named-file'),
		namedFiles: evidence.filter(({ need }) => need === 'named-file').slice(0, MAX_NAMED_FILES),
		unknowns: unknownsOf(questions, placing),
		embedded: embeddedNeeds(closure, tags),
		keepsFiles,
		usedImports: usedImports(files.flat(), index, question, names),
		...(await listenersIn(input, judgedPackages, placing)),
		...(await signalsIn(reachedOwn, { closure, scope, chainOf, readText, signal: input.signal })),
	};
}

/** What a dependency does where the workspace's own code tells it to. */
function switchedOn(found: Found, flow: Flow): readonly Found[] {
	const on = isSwitchedOn(found.shown.sighting.switch ?? '', found.package.importPath, flow);
	return on === 'no' ? [] : [{ ...found, shown: { ...found.shown, given: on === 'given' } }];
}

/** Where the program listens, and whether it may listen elsewhere. */
async function listenersIn(
	{ closure, readText, signal }: ConclusionInput,
	judgedPackages: readonly JudgedPackage[],
	{ chainOf, commandsOf }: Placing,
): Promise<Pick<EvidenceResult, 'listeners' | 'mayListenElsewhere'>> {
	const listeners: Listener[] = judgedPackages.flatMap(({ owner, judgement, pathOf }) =>
		judgement.listeners.map(({ sighting, symbol, detail, given, purpose }) => ({
			path: pathOf(sighting),
			line: sighting.line,
			character: sighting.character,
			length: sighting.length,
			symbol,
			address: detail,
			given,
			// A listener of a package that logs in takes the answer.
			purpose: owner.own && owner.imports.has('golang.org/x/oauth2') ? 'log-in' : purpose,
			package: owner.importPath,
			own: owner.own,
			chain: chainOf(owner.importPath),
			...commandsOf({ shown: { sighting }, package: owner }),
		})),
	);
	const isOpen = closure.unread.size > 0;
	// It matters only where nothing that is known answers from outside.
	const isWanted = !isOpen && listeners.length > 0 && listeners.every(({ address }) => address !== undefined && isLoopback(address));
	const isDescribedHere = (importPath: string) => isDescribed(importPath, 'listener');
	return {
		listeners: listeners.slice(0, MAX_LISTENERS),
		mayListenElsewhere: isOpen || (isWanted && (await othersMayListen(closure.packages, isDescribedHere, readText, signal))),
	};
}

/** More ports than a program has. */
const MAX_LISTENERS = 100;

/** A package with what was reached of it. */
export interface ReachedPackage {
	readonly owner: GoPackage;
	/** By file. */
	readonly seen: readonly (readonly Sighting[])[];
	readonly paths: ReadonlyMap<Sighting, string>;
}

/** What flows where in the workspace's own reached code. */
function flowIn(
	{ packages, files, index: { symbols }, names }: ConclusionInput,
	scope: ValueScope,
	reached: readonly ReachedPackage[],
): Flow {
	const sightings = new Map<Sighting, Place>();
	for (const { owner, paths } of reached) for (const [sighting, path] of paths) sightings.set(sighting, { package: owner, path });
	const handedOn = new Set<number>();
	const exposed = new Set<number>();
	const methods = new Map<number, number>();
	for (const [at, owner] of packages.entries()) {
		if (!owner.own) continue;
		for (const { scan } of files[at] as readonly IndexedFile[]) {
			for (const symbol of scan.handedOn) handedOn.add(symbol);
			for (const symbol of scan.exposed) exposed.add(symbol);
			const { declarations } = scan;
			for (let each = 0; each < declarations.length; each += STRIDE) {
				const selector = declarations[each + SELECTOR] as number;
				if (declarations[each + KIND] === METHOD) methods.set(selector, (methods.get(selector) ?? 0) + 1);
			}
		}
	}
	return flowOf({
		...scope,
		sightings,
		isHandedOn: (symbol) => handedOn.has(symbol),
		exposed,
		hasDependencies: packages.some(({ own }) => !own),
		methodsNamed: (symbol) => methods.get(symbol) ?? 0,
		ownPackages: new Set(packages.filter(({ own }) => own).map(({ importPath }) => importPath)),
		ownImports: new Set(packages.flatMap(({ own, imports }) => (own ? [...imports] : []))),
		ownMethods: new Set([...methods.keys()].map((symbol) => names.texts[symbols.names[symbol] as number] as string)),
		selectorName: (symbol) => (symbols.packages[symbol] === METHODS ? names.texts[symbols.names[symbol] as number] : undefined),
	});
}

/** Whether the package is of a module that opens only files that it is told of, and is told of none. */
function isUnconfigured({ importPath, own }: GoPackage, flow: Flow): boolean {
	const module = own ? undefined : CONFIGURED_MODULES.find(({ path }) => belongsTo(importPath, path));
	if (module === undefined) return false;
	const { path, fields, functions } = module;
	return fields.every((field) => flow.fieldsNamed(field).length === 0) && functions.every((name) => !flow.isCalled(`${path}.${name}`));
}

function isFileKeeping(importPath: string): boolean {
	return FILE_KEEPING_MODULES.some((path) => belongsTo(importPath, path));
}

interface Found<T = Judged> {
	readonly shown: T;
	readonly package: GoPackage;
	readonly path: string;
}

function valueScope({ closure, packages, files, names, index: { symbols } }: ConclusionInput): ValueScope {
	let positions: Map<GoPackage, number> | undefined;
	const packageOf = (symbol: number) => names.texts[symbols.packages[symbol] as number] as string;
	return {
		constant(symbol): Value | undefined {
			const owner = closure.packages.get(packageOf(symbol));
			if (owner === undefined || owner.standard) return undefined;
			positions ??= new Map(packages.map((each, position) => [each, position]));
			for (const { scan } of files[positions.get(owner) ?? -1] ?? []) {
				const value = scan.constants.get(symbol);
				if (value !== undefined) return value;
			}
			return undefined;
		},
		nameOf: (symbol) => `${packageOf(symbol)}.${names.texts[symbols.names[symbol] as number]}`,
	};
}

/** Where something stands, as evidence and what is unknown have it in common. */
type Placed = Omit<Unknown, 'kind'>;

/** What tells how the program gets to a place. */
interface Placing {
	/** The import chain from main. */
	chainOf(importPath: string): readonly string[];
	/** The sub-commands without one of which it does not. */
	commandsOf(found: {
		readonly shown: { readonly sighting: Sighting; readonly used?: Sighting | undefined };
		readonly package: GoPackage;
	}): Pick<Placed, 'commands'>;
}

function commandsBy(sub: SubCommands | undefined): Placing['commandsOf'] {
	return ({ shown: { sighting, used }, package: owner }) => {
		if (sub === undefined) return {};
		const stands = owner.own ? sub.ofPlace(sighting) : sub.ofPackage(owner.importPath);
		const commands = used === undefined ? stands : both(sub.ofPlace(used), stands);
		return commands === undefined ? {} : { commands };
	};
}

/** The sub-commands that two places need which belong together: those of either where they have none in common. */
function both(one: readonly string[] | undefined, other: readonly string[] | undefined): readonly string[] | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	const common = one.filter((word) => other.includes(word));
	return common.length > 0 ? common : one;
}

/**
 * The places that are nearest to main, at most {@link MAX_PLACES} of each kind and detail: those of the workspace first, then by the way that
 * the imports take.
 */
function nearest<T extends Judged | OpenQuestion>(
	found: readonly Found<T>[],
	kindOf: (shown: T) => string,
	{ chainOf, commandsOf }: Placing,
): readonly { readonly shown: T; readonly placed: Placed }[] {
	const chains = new Map<string, readonly string[]>();
	for (const { package: each } of found) if (!chains.has(each.importPath)) chains.set(each.importPath, chainOf(each.importPath));
	const order = (one: Found<T>) => chains.get(one.package.importPath)?.length ?? 0;
	const sorted = [...found].sort(
		(left, right) =>
			Number(right.package.own) - Number(left.package.own) ||
			order(left) - order(right) ||
			(left.path < right.path
				? -1
				: left.path > right.path
					? 1
					: left.shown.sighting.line - right.shown.sighting.line || left.shown.sighting.character - right.shown.sighting.character),
	);
	const counts = new Map<string, number>();
	return sorted.flatMap((found) => {
		const { shown, path } = found;
		const { importPath, own } = found.package;
		const { sighting, symbol, detail } = shown;
		const { commands } = commandsOf(found);
		const key = `${kindOf(shown)}\0${detail ?? ''}\0${commands?.join(' ') ?? ''}`;
		const count = counts.get(key) ?? 0;
		if (count >= MAX_PLACES) return [];
		counts.set(key, count + 1);
		const { line, character, length } = sighting;
		const chain = chains.get(importPath) as readonly string[];
		const placed = { path, line, character, length, symbol, detail, package: importPath, own, chain, ...(commands && { commands }) };
		return [{ shown, placed }];
	});
}

function unknownsOf(questions: readonly Found<OpenQuestion>[], placing: Placing): readonly Unknown[] {
	return nearest(questions, ({ kind }) => kind, placing).map(({ shown: { kind }, placed }) => ({ kind, ...placed }));
}

function kept(found: readonly Found[], placing: Placing): readonly Evidence[] {
	return nearest(found, ({ need }) => need, placing).map(({ shown: { need, given, flag, changeable, ignored }, placed }) => ({
		need,
		given,
		...(flag !== undefined && { flag }),
		...(changeable && { changeable }),
		...(ignored && { ignored }),
		...placed,
	}));
}

function embeddedNeeds(closure: Closure, tags: readonly string[]): ReadonlySet<'certificate-roots' | 'zone-data'> {
	const result = new Set<'certificate-roots' | 'zone-data'>();
	for (const tag of tags) {
		const need = EMBEDDED_TAGS.get(tag);
		if (need !== undefined) result.add(need);
	}
	for (const [path, need] of EMBEDDED_PACKAGES) {
		if (closure.packages.has(path) || closure.unread.has(path) || closure.standard.has(path)) result.add(need);
	}
	return result;
}

/** What of a pattern stands before its first `*`, without a slash before that. */
function fixedPart(pattern: string): string {
	const fixed = upTo(pattern, '*');
	return fixed !== pattern && fixed.endsWith('/') ? fixed.slice(0, -1) : fixed;
}

/** What the workspace's own packages embed, without `all:` and wildcards. */
function embeddedFiles(packages: readonly GoPackage[]): readonly string[] {
	return packages.flatMap(({ own, files }) =>
		own ? files.flatMap(({ header }) => header.embeds.map(({ pattern }) => fixedPart(pattern.replace(/^all:/, '')))) : [],
	);
}
