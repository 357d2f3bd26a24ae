import type { StageState } from '../image/model.ts';
import { chainOf } from '../image/stage-chain.ts';
import { BRINGS_NO_LIBRARY, type SharedLibrary } from '../knowledge/shared-libraries.ts';

/** Whether an image lacks a shared library that a dynamic binary asks for. */

/** Commands that put no library into an image. */
const HARMLESS =
	/^(?:mkdir|chmod|chown|chgrp|adduser|addgroup|useradd|groupadd|usermod|rm|rmdir|touch|echo|printf|cat|ls|ln|cd|set|export|true|:|test|\[|id|update-ca-certificates|sed|grep|date)$/;
const INSTALLERS = /^(?:apk|apt-get|apt)$/;

/** Whether it is known that the stage lacks the library: its base does, and nothing that is copied or run may bring it. */
export function lacksLibrary(stage: StageState, library: SharedLibrary): boolean {
	const distribution = stage.base?.distribution;
	if (distribution === undefined || library.heldBy.includes(distribution)) return false;
	if (stage.environment.get('LD_LIBRARY_PATH') !== undefined) return false;
	return chainOf(stage).every((state) => !mayCopyLibraries(state) && state.ran.every(({ words }) => !mayInstall(words)));
}

function mayCopyLibraries({ copies }: StageState): boolean {
	return copies.some(
		({ destination, matches }) =>
			destination === undefined ||
			/^\/(?:(?:usr|opt)(?:\/local)?\/?)?(?:lib\w*(?:\/|$)|$)/.test(destination) ||
			matches.some((path) => /\.so(?:\.|$)|\/lib(?:\/|$)/.test(path)),
	);
}

function mayInstall(words: readonly (string | undefined)[]): boolean {
	const [name, ...rest] = words;
	if (name === undefined || !INSTALLERS.test(name)) return name === undefined || !HARMLESS.test(name);
	if (rest.some((word) => word === undefined)) return true;
	const [verb, ...packages] = rest.filter((word) => word?.startsWith('-') === false);
	if (/^(?:update|clean|autoremove|del|remove|purge)$/.test(verb ?? '')) return false;
	return !/^(?:add|install)$/.test(verb ?? '') || packages.some((word) => !BRINGS_NO_LIBRARY.has(word ?? ''));
}
