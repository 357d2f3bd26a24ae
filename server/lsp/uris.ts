import { basename, normalize, schemeOf } from '../workspace/paths.ts';
import { fromWindows } from '../workspace/windows-paths.ts';

/**
 * The scheme of the paths of documents that lie in no file system, such as an unnamed buffer (`untitled:Untitled-1`, `file://`, nothing
 * at all) or an old version (`git:/src/Dockerfile?ref=HEAD`). Each has a root of its own, with nothing beside it.
 */
const UNPLACED = 'unplaced';

/**
 * The path by which the core knows the file that a client names by `uri`: `/src/x` for `file:///src/x` and `file://localhost/src/x`,
 * `c:/src/x` for `file:///C%3A/src/x`, `file://server/share/x` for a Windows server's, and the decoded URI itself for every other scheme,
 * whose start is opaque to the core. A path of this machine, which some clients send, is taken as it is. Two documents that lie in no
 * file system have two paths; see {@link isPlaced}.
 */
export function pathFromUri(uri: string): string {
	if (/^[A-Za-z]:[\\/]/.test(uri)) return fromWindows(uri);
	if (uri.startsWith('/')) return normalize(decode(uri));
	const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(.*)/s.exec(uri);
	const [, scheme = '', authority = '', encoded = '', version = ''] = match ?? [];
	const isFile = scheme.toLowerCase() === 'file';
	// What a query or a fragment says of a file changes nothing; of any other document it tells which one is meant.
	if (!encoded.startsWith('/') || (version !== '' && !isFile)) return unplaced(uri, decode(encoded));
	const path = decode(encoded);
	if (isFile && (authority === '' || authority.toLowerCase() === 'localhost')) {
		const drive = /^\/([A-Za-z]):(?=\/|$)/.exec(path);
		return normalize(drive === null ? path : `${(drive[1] as string).toLowerCase()}:/${path.slice(4)}`);
	}
	// The name of a server may be encoded (`wsl%24`); other authorities are the client's own affair.
	return normalize(isFile ? `file://${decode(authority).toLowerCase()}${path}` : `${scheme}://${authority}${path}`);
}

/** Whether the path of {@link pathFromUri} is one of a file system, so that something can be known of what is beside it. */
export function isPlaced(path: string): boolean {
	return schemeOf(path) !== UNPLACED;
}

/** The URI of a path that {@link pathFromUri} gave, or of one next to it. */
export function uriFromPath(path: string): string {
	const remote = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/s.exec(path);
	if (remote !== null) {
		const [, scheme, authority = '', rest = '/'] = remote;
		if (scheme === UNPLACED) return decode(authority);
		return `${scheme}://${scheme === 'file' ? encode(authority) : authority}${encode(rest)}`;
	}
	return /^[A-Za-z]:/.test(path) ? `file:///${path[0]}%3A${encode(path.slice(2))}` : `file://${encode(path)}`;
}

/** The last name is kept, because it tells a Dockerfile from other documents. */
function unplaced(uri: string, path: string): string {
	const name = basename(path);
	return `${UNPLACED}://${encodeName(uri)}/${name === '' || name.startsWith('.') ? 'document' : name}`;
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		// A lone percent sign: the client did not encode at all.
		return text;
	}
}

function encode(path: string): string {
	return path.split('/').map(encodeName).join('/');
}

function encodeName(name: string): string {
	// Half of a surrogate pair has no encoding.
	return encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\uFFFD'));
}
