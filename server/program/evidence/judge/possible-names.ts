// Long because each kind of value is followed here, and they contain each other.

import { withoutFinalSlashes } from '../../../text/ends.ts';
import { HOME } from '../../home-directory.ts';
import type { Sighting } from '../read/scan.ts';
import { cleaned, followed, type KnownText, textOf, type Value } from '../read/values.ts';
import type { Flow } from './flow.ts';

/** A name that a value may be. */
export interface PossibleName {
	readonly text: string;
	/** Whether that is all of it; else it begins so. */
	readonly complete: boolean;
	/** Whether the rest of one that is not complete comes from a flag, an argument or the environment. */
	readonly given: boolean;
	/** Where it stands, or what it begins with, if that is not where it is used: in a call of the function that uses it, in an assignment. */
	readonly at: Standing | undefined;
	/** Whether it is the name of a program that is sought in PATH: its path is not known. */
	readonly sought?: true;
	/** The flag of which it is, or begins with, the default. */
	readonly flag?: string | undefined;
}

/** A place, and the text that stands there. */
export interface Standing {
	readonly sighting: Sighting;
	readonly text: string;
}

/** The names that a value may be, as far as constants can be followed. */
export interface PossibleNames {
	readonly names: readonly PossibleName[];
	/** Whether a flag, an argument or the environment may give another. */
	readonly fromUser: boolean;
	/** Whether it may be another of which nothing is known. */
	readonly open: boolean;
	/** Whether it may be set in a way that is not seen: through an address, by a caller outside the workspace, as the default of a setting. */
	readonly unseen: boolean;
}

const OPEN: PossibleNames = { names: [], fromUser: false, open: true, unseen: false };

const FROM_USER: PossibleNames = { names: [], fromUser: true, open: false, unseen: false };

/** A setting with a default that stands elsewhere. */
const FROM_SETTING: PossibleNames = { ...FROM_USER, unseen: true };

/** How deep values are followed. */
const MAX_DEPTH = 12;

/** How many names of one value are kept; where there are more, it may be anything. */
const MAX_NAMES = 24;

/** By the symbol of a function, what it is called with where its result is asked for. */
type Bindings = ReadonlyMap<number, readonly (Value | undefined)[]>;

const UNBOUND: Bindings = new Map();

/** How many steps are taken for one value; functions that call each other would take many. */
const MAX_STEPS = 5000;

/** What a variable, a field or a parameter has more sources than, of that nothing is known. */
const MAX_SOURCES = 64;

/** The way through what flows where, which ends in any case. */
interface Walk extends Flow {
	steps: number;
	readonly known: Map<string, PossibleNames>;
}

const knownOf = new WeakMap<Flow, Map<string, PossibleNames>>();

function walkOf(flow: Flow): Walk {
	let known = knownOf.get(flow);
	if (known === undefined) {
		known = new Map();
		knownOf.set(flow, known);
	}
	return { ...flow, steps: 0, known };
}

/** The names that the value may be. */
export function possibleNames(value: Value | undefined, flow: Flow): PossibleNames {
	return namesOf(value, walkOf(flow), UNBOUND, 0);
}

/** The name of a value that is only read where it stands. */
export function nameAsWritten({ text, complete }: KnownText): PossibleNames {
	if (text === '' && !complete) return OPEN;
	return written(text, complete);
}

function namesOf(value: Value | undefined, flow: Walk, bindings: Bindings, depth: number): PossibleNames {
	if (value === undefined || depth > MAX_DEPTH || ++flow.steps > MAX_STEPS) return OPEN;
	const deeper = (next: Value | undefined) => namesOf(next, flow, bindings, depth + 1);
	switch (value.kind) {
		case 'text':
			return constant(value.text);
		case 'local': {
			const { value: first, changed, others, exposed } = value.local;
			if (!changed) return deeper(first);
			const all = first === undefined ? others : [first, ...others];
			return all.length === 0 ? OPEN : orUnseen(union(all.map(deeper)), exposed);
		}
		case 'symbol':
			return ofSymbol(value.symbol, flow);
		case 'parameter':
			return ofParameter(value, flow, bindings, depth);
		case 'field':
			return ofField(value.of, value.name, flow, deeper);
		case 'element':
			return ofElement(value.of, value.index, flow, deeper);
		case 'pointed':
		case 'address':
			return deeper(value.of);
		case 'sum':
			return concatenated(value.parts.map(deeper));
		case 'call':
			return ofCall(value.symbol, value.arguments, flow, bindings, depth);
		case 'method':
			return ofMethod(value, flow, deeper);
		default:
			return OPEN;
	}
}

function written(text: string, complete: boolean): PossibleNames {
	return { names: [{ text, complete, given: false, at: undefined }], fromUser: false, open: false, unseen: false };
}

function constant(text: string): PossibleNames {
	return written(text, true);
}

function union(all: readonly PossibleNames[]): PossibleNames {
	const names = new Map<string, PossibleName>();
	for (const each of all)
		for (const name of each.names) {
			const key = `${name.complete}${name.text}`;
			if (!names.has(key) || (names.get(key)?.sought === true && name.sought !== true)) names.set(key, name);
		}
	const open = names.size > MAX_NAMES || all.some((each) => each.open);
	return {
		names: [...names.values()].slice(0, MAX_NAMES),
		fromUser: all.some((each) => each.fromUser),
		open,
		unseen: all.some((each) => each.unseen),
	};
}

function orUnseen(found: PossibleNames, unseen: boolean): PossibleNames {
	return unseen ? { ...found, unseen } : found;
}

/** The names stand in that place. */
function standAt({ names, ...rest }: PossibleNames, sighting: Sighting): PossibleNames {
	return { names: names.map((name) => ({ ...name, at: name.at ?? { sighting, text: name.text } })), ...rest };
}

/** In UTF-16 units. A longer name names nothing; constants that double each other would make one that no memory holds. */
const MAX_LENGTH = 4096;

/** One after the other; what follows a name that is not all known is not known either. */
function joined(parts: readonly PossibleNames[], join: (left: string, right: string) => string): PossibleNames {
	let names: readonly PossibleName[] = [{ text: '', complete: true, given: false, at: undefined }];
	let open = false;
	for (const part of parts) {
		const next: PossibleName[] = [];
		for (const left of names) {
			if (!left.complete) {
				next.push(left);
				continue;
			}
			for (const right of part.names) {
				if (left.text.length + right.text.length > MAX_LENGTH) open = true;
				else next.push({ ...right, text: join(left.text, right.text), at: left.at ?? right.at, flag: left.flag ?? right.flag });
			}
			const begun = { text: join(left.text, ''), complete: false, at: left.at, flag: left.flag };
			if (part.fromUser) next.push({ ...begun, given: true });
			if (part.open) next.push({ ...begun, given: false });
		}
		open ||= next.length > MAX_NAMES;
		names = next.slice(0, MAX_NAMES);
	}
	// What begins with nothing is no name.
	const isNothing = ({ text, complete }: PossibleName) => text === '' && !complete;
	return {
		names: names.filter((name) => !isNothing(name)),
		fromUser: names.some((name) => isNothing(name) && name.given),
		open: open || names.some((name) => isNothing(name) && !name.given),
		unseen: parts.some((part) => part.unseen),
	};
}

/** What is asked for again and again, and does not depend on where: a variable, a field, a parameter. */
function remembered(flow: Walk, key: string, find: (deeper: (value: Value | undefined) => PossibleNames) => PossibleNames): PossibleNames {
	const known = flow.known.get(key);
	if (known !== undefined) return known;
	// What is defined by itself may be anything.
	flow.known.set(key, OPEN);
	const found = find((next) => namesOf(next, flow, UNBOUND, 1));
	flow.known.set(key, found);
	return found;
}

function ofSymbol(symbol: number, flow: Walk): PossibleNames {
	if (flow.nameOf(symbol) === 'os.Args') return FROM_USER;
	return remembered(flow, `symbol ${symbol}`, (deeper) => {
		const known = flow.constant(symbol);
		if (known !== undefined) return deeper(known);
		const assigned = flow.assignedTo(symbol);
		if (assigned.length === 0 || assigned.length > MAX_SOURCES) return OPEN;
		return orUnseen(union(assigned.map((sighting) => standAt(deeper(sighting.arguments[0]), sighting))), flow.isExposed(symbol));
	});
}

function ofParameter(
	{ symbol, index, rest }: Extract<Value, { readonly kind: 'parameter' }>,
	flow: Walk,
	bindings: Bindings,
	depth: number,
): PossibleNames {
	const bound = bindings.get(symbol);
	const given = (values: readonly (Value | undefined)[], of: (value: Value | undefined) => PossibleNames) =>
		union((rest ? values.slice(index) : [values[index]]).map(of));
	// What the arguments are stands in the caller.
	if (bound !== undefined) return given(bound, (value) => namesOf(value, flow, UNBOUND, depth + 1));
	return remembered(flow, `parameter ${symbol} ${index}`, (deeper) => {
		const calls = flow.callsOf(symbol);
		// The names may be meant for another function of the name, or come by a way that is not seen.
		if (calls.length === 0 || calls.length > MAX_SOURCES || flow.isAmbiguous(symbol)) return OPEN;
		return orUnseen(union(calls.map((call) => standAt(given(call.arguments, deeper), call))), flow.isCalledElsewhere(symbol));
	});
}

function ofField(of: Value | undefined, name: string, flow: Walk, deeper: (value: Value | undefined) => PossibleNames): PossibleNames {
	const base = followed(of, flow);
	const assigned = flow.fieldsNamed(name);
	if (base?.kind === 'literal') {
		const later = assigned.filter(({ at }) => at.form === 'assignment');
		if (later.length > MAX_SOURCES) return OPEN;
		const found = later.map(({ value, at }) => standAt(deeper(value), at));
		if (base.fields.has(name)) found.unshift(deeper(base.fields.get(name)));
		const isExposed = (of?.kind === 'local' && of.local.exposed) || flow.isFieldExposed(name, true);
		return found.length === 0 ? OPEN : orUnseen(union(found), isExposed);
	}
	// A variable that is handed on as a whole may be decoded into.
	const isHandedOn = of?.kind === 'symbol' && flow.isAmbiguous(of.symbol);
	const found = remembered(flow, `field ${name}`, (anew) => {
		if (assigned.length === 0 || assigned.length > MAX_SOURCES) return OPEN;
		if (areOfSeveralTypes(assigned, flow)) return OPEN;
		return orUnseen(union(assigned.map(({ value, at }) => standAt(anew(value), at))), flow.isFieldExposed(name, false));
	});
	return orUnseen(found, isHandedOn);
}

/** Whether fields of one name may have nothing to do with each other: their literals have types of several names, or one that a package that sets the field cannot name. */
function areOfSeveralTypes(assigned: ReturnType<Flow['fieldsNamed']>, flow: Walk): boolean {
	const literals = assigned.filter(({ at }) => at.form === 'literal');
	const [type] = literals;
	if (type === undefined) return false;
	const { package: home, name } = type.at;
	const isHidden = /^[\p{Ll}_]/u.test(name);
	const isSetElsewhere = assigned.some(({ at }) => at.form === 'assignment' && flow.placeOf(at)?.package.importPath !== home);
	return (isHidden && isSetElsewhere) || literals.some(({ at }) => at.package !== home || at.name !== name);
}

function ofElement(
	of: Value | undefined,
	index: number | undefined,
	flow: Walk,
	deeper: (value: Value | undefined) => PossibleNames,
): PossibleNames {
	let list = followed(of, flow);
	if (list?.kind === 'symbol') {
		const assigned = flow.assignedTo(list.symbol);
		if (assigned.length === 1) list = followed(assigned[0]?.arguments[0], flow);
	}
	if (list?.kind === 'list') {
		if (index !== undefined) return index < list.parts.length ? deeper(list.parts[index]) : OPEN;
		return list.parts.length === 0 ? OPEN : union(list.parts.map(deeper));
	}
	// A part of what a person gives is given by them.
	const whole = deeper(of);
	return whole.fromUser && !whole.open ? orUnseen(FROM_USER, whole.unseen) : OPEN;
}

/** What functions of the standard library give back that a person has set. */
const GIVEN: ReadonlySet<string> = new Set(['os.Getenv', 'os.LookupEnv', 'os.ExpandEnv', 'os.Environ', 'flag.Arg', 'flag.Args']);

/** What functions give back that ask for the home directory, or for one in it. */
const HOMES: ReadonlyMap<string, string> = new Map([
	['os.UserHomeDir', HOME],
	['os.UserConfigDir', `${HOME}/.config`],
	['os.UserCacheDir', `${HOME}/.cache`],
	['github.com/mitchellh/go-homedir.Dir', HOME],
]);

function homeOf(name: string, argument: Value | undefined, flow: Walk): string | undefined {
	if (name === 'os.Getenv' || name === 'os.LookupEnv') return textOf(argument, flow).text === 'HOME' ? HOME : undefined;
	return HOMES.get(name);
}

/** Functions that define a flag, with the place of its default. */
const FLAGS: ReadonlyMap<string, number> = new Map([
	['flag.String', 1],
	['github.com/spf13/pflag.String', 1],
	['github.com/spf13/pflag.StringP', 2],
]);

/** Functions that give back what they are given, as far as the name goes. */
const SAME: ReadonlySet<string> = new Set([
	...['path.Abs', 'path.FromSlash', 'path.ToSlash', 'path.EvalSymlinks', 'path.Localize'],
	...['strings.TrimSpace', 'strings.Clone'],
]);

function ofCall(symbol: number, values: readonly (Value | undefined)[], flow: Walk, bindings: Bindings, depth: number): PossibleNames {
	// On Linux the two packages do the same.
	const name = flow.nameOf(symbol).replace(/^path\/filepath\./, 'path.');
	const deeper = (next: Value | undefined) => namesOf(next, flow, bindings, depth + 1);
	const home = homeOf(name, values[0], flow);
	if (home !== undefined) return constant(home);
	if (GIVEN.has(name)) return FROM_USER;
	const flag = FLAGS.get(name);
	if (flag !== undefined) return defaultOfFlag(values[0], deeper(values[flag]), flow);
	if (SAME.has(name) || /\.string$/.test(name)) return deeper(values[0]);
	switch (name) {
		case 'os/exec.LookPath':
			return soughtInPath(deeper(values[0]));
		case 'os.TempDir':
			return constant('/tmp');
		case 'cmp.Or':
			return union(values.map(deeper));
		case 'path.Join':
			return asPaths(
				joined(values.map(deeper), (left, right) => (left === '' ? right : `${withoutFinalSlashes(left)}/${right.replace(/^\/+/, '')}`)),
			);
		case 'path.Clean':
			return asPaths(deeper(values[0]));
		case 'path.Dir':
			return directories(deeper(values[0]));
		case 'net.JoinHostPort':
			return joined(values.map(deeper), (left, right) => (left === '' ? right : `${left}:${right}`));
		case 'fmt.Sprintf':
			return formatted(values.map(deeper));
		case 'fmt.Sprint':
			return concatenated(values.map(deeper));
	}
	const returned = flow.returnsOf(symbol);
	if (returned.length > 0) {
		const inside = new Map([...bindings, [symbol, bound(values, bindings)]]);
		const given = returned.filter((sighting) => !isFailure(sighting.arguments));
		return union((given.length > 0 ? given : returned).map((sighting) => namesOf(sighting.arguments[0], flow, inside, depth + 1)));
	}
	// What is made of what a person gives is given by them.
	if (values.length > 0 && /^(?:strings|path|bytes)\./.test(name)) {
		const { fromUser, open, unseen } = union(values.map(deeper));
		if (fromUser && !open) return orUnseen(FROM_USER, unseen);
	}
	return OPEN;
}

/** Whether a function returns an error in place of a name: `return "", err`. */
function isFailure(values: readonly (Value | undefined)[]): boolean {
	const [first] = values;
	return values.length > 1 && first?.kind === 'text' && first.text === '' && values.at(-1)?.kind !== 'nil';
}

/** `exec.LookPath` of the names: a program is started by the name as by the path. */
function soughtInPath({ names, ...rest }: PossibleNames): PossibleNames {
	return { names: names.map((name) => (name.text.includes('/') ? name : { ...name, sought: true })), ...rest };
}

/** What a flag holds: its default, or what it is given. */
function defaultOfFlag(flag: Value | undefined, { names, ...rest }: PossibleNames, flow: Walk): PossibleNames {
	const { text, complete } = textOf(flag, flow);
	return union([{ ...rest, names: complete ? names.map((name) => ({ ...name, flag: name.flag ?? text })) : names }, FROM_USER]);
}

/** The arguments of a call inside a function that has arguments itself: its parameters stand for those. */
function bound(values: readonly (Value | undefined)[], bindings: Bindings): readonly (Value | undefined)[] {
	return values.map((value) => (value?.kind === 'parameter' && !value.rest ? (bindings.get(value.symbol)?.[value.index] ?? value) : value));
}

/** `filepath.Dir` of the names. */
function directories({ names, fromUser, open, unseen }: PossibleNames): PossibleNames {
	// An empty name stands for one that has not been set.
	const whole = names.filter(({ text, complete }) => complete && text !== '');
	return {
		names: whole.map((name) => ({
			...name,
			text: name.text.includes('/') ? name.text.slice(0, Math.max(1, name.text.lastIndexOf('/'))) : '.',
		})),
		fromUser: fromUser || names.some(({ complete, given }) => !complete && given),
		open: open || names.some(({ complete, given }) => !complete && !given),
		unseen,
	};
}

function asPaths({ names, ...rest }: PossibleNames): PossibleNames {
	return { names: names.map((name) => (name.complete && name.text !== '' ? { ...name, text: cleaned(name.text) } : name)), ...rest };
}

function concatenated(parts: readonly PossibleNames[]): PossibleNames {
	return joined(parts, (left, right) => left + right);
}

/** What a format gives with what follows it, up to the first verb that is not simple. */
function formatted([format = OPEN, ...values]: readonly PossibleNames[]): PossibleNames {
	const [only] = format.names;
	if (format.names.length !== 1 || only === undefined || !only.complete || format.open) return OPEN;
	const parts = only.text.split(/(%%|%[-+# 0]*(?:[1-9.*][\d.*]*)?[a-zA-Z])/).map((piece): PossibleNames => {
		if (!piece.startsWith('%')) return constant(piece);
		if (piece === '%%') return constant('%');
		const value = values.shift() ?? OPEN;
		// What another verb makes of a text is not followed.
		return piece === '%s' || piece === '%v' ? value : { ...value, names: [], open: value.open || value.names.length > 0 };
	});
	return concatenated(parts);
}

/**
 * Methods by which sets of flags, command lines and settings are asked: the number of arguments, and which is the default, if one is. A
 * setting that is asked for by its name has its default where it is defined.
 */
const ASKED: ReadonlyMap<string, readonly { readonly count: number; readonly default?: number }[]> = new Map([
	['String', [{ count: 1 }, { count: 3, default: 1 }]],
	['StringP', [{ count: 4, default: 2 }]],
	['Path', [{ count: 1 }]],
	['GetString', [{ count: 1 }]],
	['Arg', [{ count: 1 }]],
	['Args', [{ count: 0 }]],
]);

function ofMethod(
	{ name, arguments: values }: Extract<Value, { readonly kind: 'method' }>,
	flow: Walk,
	deeper: (value: Value | undefined) => PossibleNames,
): PossibleNames {
	const asked = ASKED.get(name)?.find(({ count }) => count === values.length);
	// A method of the workspace may do anything.
	if (asked === undefined || flow.ownMethods.has(name)) return OPEN;
	if (asked.default !== undefined) return defaultOfFlag(values[0], deeper(values[asked.default]), flow);
	return /^Args?$/.test(name) ? FROM_USER : FROM_SETTING;
}
