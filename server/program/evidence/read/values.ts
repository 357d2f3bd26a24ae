import { withoutFinalSlashes } from '../../../text/ends.ts';
/** What an expression says without being run. `undefined` stands for what is not known. */
export type Value =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'truth'; readonly truth: boolean }
	| { readonly kind: 'nil' }
	/** What a field, a parameter or a pointer holds: a zero value until something sets it. */
	| { readonly kind: 'setting' }
	/** A package-level name, by its symbol; its value is known where it is a constant. */
	| { readonly kind: 'symbol'; readonly symbol: number }
	| { readonly kind: 'local'; readonly local: Local }
	/** `a + b`, `a | b`. */
	| { readonly kind: 'sum' | 'union'; readonly parts: readonly (Value | undefined)[] }
	/** A call of a package's function: `fmt.Sprintf`. */
	| { readonly kind: 'call'; readonly symbol: number; readonly arguments: readonly (Value | undefined)[] }
	/** A composite literal of a package's type, with the fields that are named; the symbol is -1 where the type has no name. */
	| { readonly kind: 'literal'; readonly symbol: number; readonly fields: ReadonlyMap<string, Value | undefined> }
	/** A parameter of a package's function, or of a method: then the symbol is that of the selector. */
	| { readonly kind: 'parameter'; readonly symbol: number; readonly index: number; readonly rest: boolean }
	/** `x.name` of a value. */
	| { readonly kind: 'field'; readonly of: Value | undefined; readonly name: string }
	/** `list[i]`, or what a loop over the list takes; the place where it is a number. */
	| { readonly kind: 'element'; readonly of: Value | undefined; readonly index: number | undefined }
	/** `[]string{…}`, a map's values. */
	| { readonly kind: 'list'; readonly parts: readonly (Value | undefined)[] }
	/** `*p`, `&x`. */
	| { readonly kind: 'pointed' | 'address'; readonly of: Value | undefined }
	/** A call of a method: `flags.String(…)`. */
	| { readonly kind: 'method'; readonly name: string; readonly of: Value | undefined; readonly arguments: readonly (Value | undefined)[] };

/** A local variable or constant that was given a value where it was declared. */
export interface Local {
	readonly value: Value | undefined;
	/** Whether it was assigned again, or its address taken: then its value is not known. */
	changed: boolean;
	/** Whether it can be set elsewhere: its address is taken, or it is handed to code that is not of its package. */
	exposed: boolean;
	/** What was assigned later, where values are followed. */
	readonly others: (Value | undefined)[];
	/** Whether it is assigned again even where nothing is set: then its value is not even known by default. */
	replaced: boolean;
}

/** What is known of a text: how it begins, and whether that is all of it. */
export interface KnownText {
	readonly text: string;
	readonly complete: boolean;
}

/** Answers what the values leave open. */
export interface ValueScope {
	/** The initial value of a package-level constant. */
	constant(symbol: number): Value | undefined;
	/** `path.Name` of a symbol: `fmt.Sprintf`, `path/filepath.Join`. */
	nameOf(symbol: number): string;
}

const NOTHING: KnownText = { text: '', complete: false };

/** How deep values are followed; constants that are defined by each other end here. */
const MAX_DEPTH = 20;

/** The text that `value` is or begins with. */
export function textOf(value: Value | undefined, scope: ValueScope, depth = 0): KnownText {
	if (value === undefined || depth > MAX_DEPTH) return NOTHING;
	switch (value.kind) {
		case 'text':
			return { text: value.text, complete: true };
		case 'local':
			return value.local.changed ? NOTHING : textOf(value.local.value, scope, depth + 1);
		case 'symbol':
			return textOf(scope.constant(value.symbol), scope, depth + 1);
		case 'sum': {
			let text = '';
			for (const part of value.parts) {
				const known = textOf(part, scope, depth + 1);
				text += known.text;
				if (!known.complete) return { text, complete: false };
			}
			return { text, complete: true };
		}
		case 'call':
			return textOfCall(scope.nameOf(value.symbol), value.arguments, scope, depth);
		default:
			return NOTHING;
	}
}

function textOfCall(name: string, parts: readonly (Value | undefined)[], scope: ValueScope, depth: number): KnownText {
	switch (name) {
		case 'fmt.Sprintf': {
			const format = textOf(parts[0], scope, depth + 1);
			const percent = format.text.indexOf('%');
			if (percent < 0) return format.complete && parts.length === 1 ? format : { text: format.text, complete: false };
			const before = format.text.slice(0, percent);
			// `%s` in front is often the whole base address.
			if (format.text.startsWith('%s', percent)) {
				const first = textOf(parts[1], scope, depth + 1);
				return { text: before + first.text, complete: false };
			}
			return { text: before, complete: false };
		}
		case 'path.Join':
		case 'path/filepath.Join': {
			let text = '';
			for (const part of parts) {
				const known = textOf(part, scope, depth + 1);
				if (known.text !== '') text = text === '' ? known.text : `${withoutFinalSlashes(text)}/${known.text.replace(/^\/+/, '')}`;
				// What is not known begins a name of its own.
				if (!known.complete) return { text: text === '' || known.text !== '' ? text : `${withoutFinalSlashes(text)}/`, complete: false };
			}
			return { text: text === '' ? '' : cleaned(text), complete: true };
		}
		case 'path.Clean':
		case 'path/filepath.Clean':
		case 'path/filepath.FromSlash': {
			const known = textOf(parts[0], scope, depth + 1);
			return known.complete && known.text !== '' ? { text: cleaned(known.text), complete: true } : known;
		}
		default:
			return NOTHING;
	}
}

/** `path.Clean` of Go, for texts that are not empty. */
export function cleaned(path: string): string {
	const absolute = path.startsWith('/');
	const names: string[] = [];
	for (const name of path.split('/')) {
		if (name === '' || name === '.') continue;
		if (name !== '..') names.push(name);
		else if (names.length > 0 && names.at(-1) !== '..') names.pop();
		else if (!absolute) names.push('..');
	}
	return `${absolute ? '/' : ''}${names.join('/')}` || '.';
}

/** The value behind local variables and constants as long as nothing is set that would change it. */
export function byDefault(value: Value | undefined, scope: ValueScope, depth = 0): Value | undefined {
	if (value === undefined || depth > MAX_DEPTH) return undefined;
	if (value.kind === 'local') return value.local.replaced ? undefined : byDefault(value.local.value, scope, depth + 1);
	if (value.kind === 'address') return byDefault(value.of, scope, depth + 1);
	return followed(value, scope);
}

/** The value behind local variables and constants. */
export function followed(value: Value | undefined, scope: ValueScope, depth = 0): Value | undefined {
	if (value === undefined || depth > MAX_DEPTH) return undefined;
	if (value.kind === 'local') return value.local.changed ? undefined : followed(value.local.value, scope, depth + 1);
	if (value.kind === 'symbol') return followed(scope.constant(value.symbol), scope, depth + 1) ?? value;
	return value;
}
