import { written } from '../dockerfile/write.ts';
import { goImageTag } from '../knowledge/base-images.ts';
import { OLDEST_SUPPORTED_GO_MINOR } from '../knowledge/go-releases.ts';
import type { ModuleFile, WorkFile } from '../program/model.ts';

/**
 * The version of the golang image that serves: the newest of what the go and toolchain lines ask for and the oldest Go that is
 * still supported. A patch version is asked for only where the lines want a newer minor version than any that is supported.
 *
 * @returns `1.26`, say
 */
export function goVersionFor(files: readonly (ModuleFile | WorkFile | undefined)[]): string {
	let minor: number = OLDEST_SUPPORTED_GO_MINOR;
	for (const file of files) {
		for (const line of [file?.go, file?.toolchain]) {
			const asked = Number(/^(?:go)?1\.(\d+)/.exec(line?.value ?? '')?.[1] ?? 0);
			if (asked > minor) minor = asked;
		}
	}
	return `1.${minor}`;
}

/** The golang image of that version; a Debian release is named where a C library has to match. */
export function goImage(version: string, variant?: string): string {
	return `golang:${goImageTag(version, variant)}`;
}

/** The Debian that a program with C code is built on and shipped on, so that both have the same C library. */
export const CGO_DEBIAN = { suite: 'bookworm', distroless: written`gcr.io/distroless/cc-debian12` } as const;
