import type { ShippedBinary, Target } from './facts.ts';

/** Whether a binary is known to be a program of the workspace, rather than one that was installed from elsewhere. */
export function isOwnProgram({ mainPackage, program }: ShippedBinary): boolean {
	return mainPackage !== undefined || program?.roots.some(({ name }) => name === 'main') === true;
}

/**
 * Whether the Dockerfile neither names a command nor puts a program of the workspace into the target. Such an image is one to work
 * or to build in, or the base of others: what its base image would start says nothing of what will run in it.
 */
export function runsNothingOfItsOwn({ state, binaries }: Target): boolean {
	const unsaid = state.entrypoint?.instruction === undefined && state.command?.instruction === undefined;
	return unsaid && !binaries.some(isOwnProgram);
}
