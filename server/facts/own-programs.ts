import type { ShippedBinary, Target } from './facts.ts';

/** Whether a binary is known to be a program of the workspace, or the Go program that an image is built for, and not one that was installed. */
export function isOwnProgram({ mainPackage, program, linked, started }: ShippedBinary): boolean {
	if (started && linked?.kind === 'program' && linked.build !== undefined) return true;
	return mainPackage !== undefined || program?.roots.some(({ name }) => name === 'main') === true;
}

/**
 * Whether no program of the workspace is known to be in the target, and the Dockerfile names no command, or only what starts in a
 * toolchain image: tests, a build script, a shell that is kept open. Such an image is one to work or to build in, or the base of others.
 */
export function isToWorkIn({ state, binaries }: Target): boolean {
	const unsaid = state.entrypoint?.instruction === undefined && state.command?.instruction === undefined;
	return (unsaid || state.base?.go !== undefined) && !binaries.some(isOwnProgram);
}
