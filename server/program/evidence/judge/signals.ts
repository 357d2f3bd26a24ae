import type { HandledSignal } from '../../model.ts';
import type { Closure, GoPackage } from '../../package.ts';
import type { Sighting } from '../read/scan.ts';
import type { Value, ValueScope } from '../read/values.ts';

/** Sightings of a package, by file, and the path of each. */
interface Seen {
	readonly owner: GoPackage;
	readonly seen: readonly (readonly Sighting[])[];
	readonly paths: ReadonlyMap<Sighting, string>;
}

interface Looking {
	readonly closure: Closure;
	readonly scope: ValueScope;
	chainOf(importPath: string): readonly string[];
	readText(path: string): Promise<string | undefined>;
	readonly signal: AbortSignal | undefined;
}

/** More signals than a program waits for. */
const MAX_SIGNALS = 20;

/**
 * The signals that the workspace's own code waits for, and whether the program may wait for others. Code that was not followed is only
 * read where that matters: where what was followed waits for SIGINT and not for SIGTERM.
 *
 * @param own what was reached of the workspace's own packages
 */
export async function signalsIn(
	own: readonly Seen[],
	looking: Looking,
): Promise<{ readonly handledSignals: readonly HandledSignal[]; readonly mayHandleOtherSignals: boolean }> {
	const { closure, scope, chainOf } = looking;
	const handledSignals: HandledSignal[] = [];
	/** By file, how many calls were followed. */
	const followed = new Map<string, number>();
	let isOpen = closure.unread.size > 0;
	for (const { owner, seen, paths } of own) {
		for (const sighting of seen.flat()) {
			if (sighting.package !== 'os/signal') continue;
			const path = paths.get(sighting) as string;
			followed.set(path, (followed.get(path) ?? 0) + 1);
			if (sighting.condition === 'elsewhere') continue;
			const names = sighting.form === 'call' ? sighting.arguments.slice(1).map((value) => signalIn(value, scope)) : [];
			// Without a signal it waits for all of them.
			if (names.length === 0 || names.includes(undefined)) isOpen = true;
			const { line, character, length } = sighting;
			for (const name of names) {
				if (name === undefined) continue;
				const place = { path, line, character, length, symbol: `signal.${sighting.name}`, given: false };
				handledSignals.push({ ...place, signal: name, package: owner.importPath, own: true, chain: chainOf(owner.importPath) });
			}
		}
	}
	const handled = new Set(handledSignals.map(({ signal }) => signal));
	const isWanted = handled.has('SIGINT') && !handled.has('SIGTERM');
	return {
		handledSignals: handledSignals.slice(0, MAX_SIGNALS),
		mayHandleOtherSignals: isOpen || (isWanted && (await othersMayHandle(looking, followed))),
	};
}

/** `SIGINT` of `os.Interrupt`, `syscall.SIGINT` or `unix.SIGINT`; `undefined` where it is another expression. */
function signalIn(value: Value | undefined, { nameOf }: ValueScope): string | undefined {
	if (value?.kind !== 'symbol') return undefined;
	const name = nameOf(value.symbol);
	if (name === 'os.Interrupt') return 'SIGINT';
	if (name === 'os.Kill') return 'SIGKILL';
	return /^(?:syscall|golang\.org\/x\/sys\/unix)\.(SIG[A-Z\d]+)$/.exec(name)?.[1];
}

/** A comment; one that does not end takes all that follows. */
const COMMENT = /\/\*(?:[\s\S]*?\*\/|[\s\S]*)|\/\/.*/g;

/** Whether code that was not followed may wait for SIGTERM: in a file of the workspace that names it, or any that asks for signals. */
async function othersMayHandle({ closure, readText, signal }: Looking, followed: ReadonlyMap<string, number>): Promise<boolean> {
	for (const { own, standard, imports, files } of closure.packages.values()) {
		if (standard || !imports.has('os/signal')) continue;
		for (const { path } of files) {
			signal?.throwIfAborted();
			const code = ((await readText(path)) ?? '').replace(COMMENT, '');
			const calls = [...code.matchAll(/\.\s*Notify(?:Context)?\(/g)].length;
			if (calls > (followed.get(path) ?? 0) || (own && /\bSIGTERM\b/.test(code))) return true;
		}
	}
	return false;
}
