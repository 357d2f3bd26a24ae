/** A version of Go as go.mod, a toolchain line or an image tag writes it, in numbers. */
export interface GoVersion {
	readonly minor: number;
	/** `undefined` where only two parts are written: a language version, or the newest release of a tag. */
	readonly patch: number | undefined;
	/** `rc1`, `beta1` … */
	readonly prerelease: string | undefined;
}

/** Reads `1.22`, `1.22.3`, `1.21rc2`, `go1.22.3` and `go1.22.3-custom`; `undefined` for anything else. */
export function parseGoVersion(text: string): GoVersion | undefined {
	const match = /^(?:go)?1\.(\d{1,4})(?:\.(\d{1,4}))?((?:rc|beta)\d{1,3})?(?:-[\w.-]+)?$/.exec(text.trim());
	if (match?.[1] === undefined) return undefined;
	return { minor: Number(match[1]), patch: match[2] === undefined ? undefined : Number(match[2]), prerelease: match[3] };
}

/**
 * Whether a toolchain of version `running` is older than `wanted`, a `go` line. A tag of two parts is the newest release of its
 * line, so it is never older than a patch of the same line.
 */
export function isOlder(running: GoVersion, wanted: GoVersion): boolean {
	if (running.minor !== wanted.minor) return running.minor < wanted.minor;
	if (running.prerelease !== undefined) return wanted.prerelease === undefined && wanted.patch !== undefined;
	return running.patch !== undefined && running.patch < (wanted.patch ?? 0);
}
