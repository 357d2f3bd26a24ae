import { withoutFinalSlashes } from '../../../text/ends.ts';
import { isInHome } from '../../home-directory.ts';
import { cleaned, followed, textOf, type Value, type ValueScope } from '../read/values.ts';
import type { Shown } from './judgement.ts';
import type { PossibleNames } from './possible-names.ts';

/** The relative paths that a use opens; where only the directory is constant, all that lies in it. */
export function filesOf({ names, fromUser }: PossibleNames, isSetting: boolean): readonly Shown[] {
	const found: Shown[] = [];
	for (const { text, complete, at, flag, sought } of names) {
		if (text.startsWith('/') || !isPath(text) || sought || isInHome(text)) continue;
		if (isSetting && !(/^[\w@+./-]+$/.test(text) && /[/.]\w/.test(text))) continue;
		// What a flag names unless told otherwise need not be there.
		const need = fromUser && complete ? 'default-file' : undefined;
		if (complete) found.push({ detail: text, at, need, ...(need !== undefined && { flag }) });
		else if (directoryIn(text) !== undefined) found.push({ detail: `${directoryIn(text)}/*`, at });
	}
	return found;
}

/** Whether a text is a path of Linux: no home that only a shell knows, nothing of Windows, no address. */
function isPath(text: string): boolean {
	return text !== '' && !/^[~\\]|^[A-Za-z][\w+.-]*:/.test(text);
}

/** The directory in the beginning of a relative path, other than the working directory and those above it. */
export function directoryIn(beginning: string): string | undefined {
	const end = beginning.lastIndexOf('/');
	const directory = end < 0 ? '' : cleaned(beginning.slice(0, end));
	return directory === '' || /^\.{0,2}(?:\/|$)/.test(directory) ? undefined : directory;
}

/** The directories in which a use writes; those for temporary files are a need of their own. */
export function directoriesOf({ names, fromUser, open, unseen }: PossibleNames, isParent: boolean): readonly Shown[] {
	const found: Shown[] = [];
	for (const { text, complete, at, flag, sought } of names) {
		const directory = directoryOf(text, complete, isParent);
		// What begins with a text that is still empty gets its beginning elsewhere: `path := options.Output + ".tmp"`.
		if (directory === undefined || sought || at?.text === '' || isInHome(text)) continue;
		if (/^\/tmp(?:\/|$)/.test(directory)) found.push({ detail: undefined, at, need: 'temporary-directory' });
		else if (!TEMPORARY.test(directory))
			found.push({ detail: directory, at, flag, changeable: open || unseen || (fromUser && flag === undefined) });
	}
	return found;
}

/** The directory that a path names or lies in, as far as it is constant; relative where the path is. */
function directoryOf(text: string, complete: boolean, isParent: boolean): string | undefined {
	if (!isPath(text)) return undefined;
	const path = text.length > 1 && complete ? withoutFinalSlashes(text) : text;
	// The working directory is there: to make it does nothing.
	if (complete && !isParent) return path === '.' ? undefined : path === '' ? '/' : path;
	const directory = path.slice(0, path.lastIndexOf('/') + 1);
	if (directory === '/') return complete ? '/' : undefined;
	if (directory === '') return complete ? '.' : undefined;
	return withoutFinalSlashes(directory);
}

/** Whether a file is made: the flags of `open` say so, where the call has some. */
export function makesFile(flags: Value | undefined, scope: ValueScope): boolean {
	return mentions(flags, CREATE_FLAG, scope);
}

/** Whether a network is that of sockets that are files. */
export function isUnixNetwork(network: Value | undefined, scope: ValueScope): boolean {
	return /^unix/.test(textOf(network, scope).text);
}

function mentions(value: Value | undefined, name: RegExp, scope: ValueScope): boolean {
	const known = followed(value, scope);
	if (known?.kind === 'symbol') return name.test(scope.nameOf(known.symbol));
	return known?.kind === 'union' && known.parts.some((part) => mentions(part, name, scope));
}

const CREATE_FLAG = /^(?:os\.O_CREATE|(?:syscall|golang\.org\/x\/sys\/unix)\.O_CREAT)$/;

/** What lies in memory, or is the system's. */
export const TEMPORARY = /^\/(?:tmp|dev|proc|sys)(?:\/|$)/;

/** Whether a file that is opened, or what it lies in, is also embedded. */
export function isEmbedded(path: string, embedded: readonly string[]): boolean {
	const clean = withoutFinalSlashes(path.replace(/^(?:\.\/)+/, ''));
	return (
		clean !== '' && embedded.some((pattern) => pattern === clean || pattern.startsWith(`${clean}/`) || clean.startsWith(`${pattern}/`))
	);
}
