import { argumentWord, type Dialect, type Written, written } from '../dockerfile/write.ts';
import type { BuildHabits } from './build-habits.ts';
import type { Line } from './final-stage.ts';

/** What the habits of the repository come to in a Dockerfile, and how that is said. */

export function saidOfHabits({ stamp, privateModules: patterns }: BuildHabits): string[] {
	return [
		...(stamp === undefined ? [] : [`Build it with --build-arg VERSION=… to set ${stamp.variable}.`]),
		...(patterns === undefined ? [] : [`Modules of ${patterns} are private: build it with --secret id=netrc,src=$HOME/.netrc.`]),
	];
}

/** The variable and the mounts with which the go command downloads private modules; Git reads the password from the secret. */
export function privateModules(
	{ privateModules: patterns }: BuildHabits,
	dialect: Dialect,
): { readonly line: Line; readonly mounts: readonly Written[] } | undefined {
	const value = patterns === undefined ? undefined : argumentWord(patterns, dialect);
	if (value === undefined) return undefined;
	return {
		line: { comment: `Private modules: docker build --secret id=netrc,src=$HOME/.netrc .`, text: written`ENV GOPRIVATE=${value}` },
		mounts: [written`--mount=type=secret,id=netrc,target=/root/.netrc`],
	};
}
