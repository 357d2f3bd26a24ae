import { normalize } from '../workspace/paths.ts';

/**
 * The path by which the core knows the file that a client names by `uri`: `/src/x` for `file:///src/x`, `c:/src/x` for
 * `file:///C%3A/src/x`, `file://server/share/x` for a Windows server's, and the decoded URI itself for every other scheme, whose start
 * is opaque to the core.
 */
export function pathFromUri(uri: string): string {
	const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/.exec(uri);
	if (match === null) return normalize(decode(uri));
	const [, scheme = '', authority = '', encoded = ''] = match;
	const path = decode(encoded);
	if (scheme.toLowerCase() === 'file' && authority === '') {
		const drive = /^\/([A-Za-z]):(?=\/|$)/.exec(path);
		return normalize(drive === null ? path : `${(drive[1] as string).toLowerCase()}:/${path.slice(4)}`);
	}
	// The name of a server may be encoded (`wsl%24`); other authorities are the client's own affair.
	const place = scheme.toLowerCase() === 'file' ? `file://${decode(authority).toLowerCase()}` : `${scheme}://${authority}`;
	return normalize(`${place}${path.startsWith('/') ? '' : '/'}${path}`);
}

/** The URI of a path that {@link pathFromUri} gave, or of one next to it. */
export function uriFromPath(path: string): string {
	const remote = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/.exec(path);
	if (remote !== null) {
		const [, scheme, authority = '', rest = '/'] = remote;
		return `${scheme}://${scheme === 'file' ? encode(authority) : authority}${encode(rest)}`;
	}
	return /^[A-Za-z]:/.test(path) ? `file:///${path[0]}%3A${encode(path.slice(2))}` : `file://${encode(path)}`;
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
	return path
		.split('/')
		.map((name) => encodeURIComponent(name))
		.join('/');
}
