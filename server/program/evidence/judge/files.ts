import type { Shows } from '../../../knowledge/go-evidence.ts';
import { withoutFinalSlashes } from '../../../text/ends.ts';
import { followed, textOf, type Value, type ValueScope } from '../read/values.ts';

/** The relative paths that a use opens, where they are constant. */
export function filesOf(
	values: readonly (Value | undefined)[],
	shows: Extract<Shows, { readonly kind: 'file' }>,
	scope: ValueScope,
): readonly string[] {
	const paths = shows.rest === true ? values.slice(shows.argument) : [values[shows.argument]];
	return paths
		.map((value) => textOf(value, scope))
		.filter(({ text, complete }) => complete && text !== '' && !/^[/~\\]|^[A-Za-z][\w+.-]*:/.test(text))
		.filter(({ text }) => shows.setting !== true || (/^[\w@+./-]+$/.test(text) && /[/.]\w/.test(text)))
		.map(({ text }) => text);
}

/** The absolute directory in which a use writes, where it is constant and not one for what is temporary. */
export function directoriesOf(
	values: readonly (Value | undefined)[],
	shows: Extract<Shows, { readonly kind: 'directory' }>,
	scope: ValueScope,
): readonly string[] {
	if (shows.flags !== undefined && !mentions(values[shows.flags], CREATE_FLAG, scope)) return [];
	const directory = directoryOf(values[shows.argument], shows.parent === true, scope);
	return directory === undefined || TEMPORARY.test(directory) ? [] : [directory];
}

export function mentions(value: Value | undefined, name: RegExp, scope: ValueScope): boolean {
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

export const CREATE_FLAG = /^(?:os\.O_CREATE|syscall\.O_CREAT)$/;

/** What lies in memory, or is the system's. */
export const TEMPORARY = /^\/(?:tmp|dev|proc|sys)(?:\/|$)/;

/** Whether a file that is opened, or what it lies in, is also embedded. */
export function isEmbedded(path: string, embedded: readonly string[]): boolean {
	const clean = withoutFinalSlashes(path.replace(/^(?:\.\/)+/, ''));
	return (
		clean !== '' && embedded.some((pattern) => pattern === clean || pattern.startsWith(`${clean}/`) || clean.startsWith(`${pattern}/`))
	);
}
