/** Names of private keys and of what else is kept closed. */
const SECRET = /\.(?:key|pem|p12|pfx|jks|kdbx)$|(?:^|\/)id_\w+$|secret|credential|passw/i;

/** Whether a file is by its name one that only its owner may read as a rule. */
export function isSecretByName(path: string): boolean {
	return SECRET.test(path);
}

/** Whether a file is by its name one of local settings, which may hold secrets: `.env`, `.env.production`. */
export function isLocalSettings(path: string): boolean {
	return /(?:^|\/)\.env(?:\.[^/]*)?$/.test(path);
}
