import { written } from '../dockerfile/write.ts';
import { goImageTag } from '../knowledge/base-images.ts';
import { OLDEST_SUPPORTED_GO_MINOR } from '../knowledge/go-releases.ts';
import type { ModuleFile, WorkFile } from '../program/model.ts';

/**
 * The version of the golang image to use: the newest of what the go and toolchain lines require and the oldest supported Go, as a minor
 * version.
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

/** The golang image of that version; `variant` is a Debian release if the C library has to match. */
export function goImage(version: string, variant?: string): string {
	return `golang:${goImageTag(version, variant)}`;
}

/** The Debian release of both stages for a program with C code, so both have the same C library. */
export const CGO_DEBIAN = { suite: 'bookworm', distroless: written`gcr.io/distroless/cc-debian12` } as const;
