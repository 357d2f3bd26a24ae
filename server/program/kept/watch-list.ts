import { CONTEXT, USES, type Use } from '../../knowledge/go-evidence.ts';
import { belongsTo, pathInTables } from '../../knowledge/import-paths.ts';
import { CONNECTS, KNOWN_MODULES, type KnownModule } from '../../knowledge/known-modules.ts';
import { STANDARD_EFFECTS, type StandardEffect } from '../../knowledge/standard-effects.ts';
import type { Watch, Watched } from '../evidence/read/watched.ts';
import { isStandardPackage } from '../standard-library.ts';

/** The table, arranged for the scanner. */
export function watchList(): Watched {
	const packages = new Map<string, Map<string, Watch>>();
	const methods = new Map<string, Map<string, Watch>>();
	for (const use of [...USES, ...CONTEXT, ...STANDARD_EFFECTS]) {
		const failure = 'effect' in use || ('failure' in use && use.failure === true);
		for (const name of use.names) {
			const outer = use.on === 'method' ? methods : packages;
			const [first, second] = use.on === 'method' ? [name, use.package] : [use.package, name];
			const inner = outer.get(first) ?? new Map<string, Watch>();
			outer.set(first, inner);
			inner.set(second, { failure: failure || inner.get(second)?.failure === true });
		}
	}
	const known = new Map<string, ReadonlyMap<string, Watch> | undefined>();
	return {
		packages,
		methods,
		packageOf(importPath) {
			if (!known.has(importPath)) known.set(importPath, watchesOf(importPath));
			return known.get(importPath);
		},
	};
}

function watchesOf(importPath: string): ReadonlyMap<string, Watch> | undefined {
	return isStandardPackage(importPath) ? undefined : new KnownNames(importPath);
}

/** Every name by which a client is made of what the path is that of; only `get` and `has` are asked. */
class KnownNames extends Map<string, Watch> {
	readonly #modules: readonly KnownModule[];

	constructor(path: string) {
		super();
		this.#modules = knownModules(path);
	}

	override get(name: string): Watch | undefined {
		return this.has(name) ? { failure: false } : undefined;
	}

	override has(name: string): boolean {
		return CONNECTS.test(name) || this.#modules.some((module) => makesClient(module, name));
	}
}

function knownModules(importPath: string): readonly KnownModule[] {
	return KNOWN_MODULES.filter(
		({ path, packages }) => belongsTo(importPath, path) && (packages === undefined || packages.test(pathInTables(importPath))),
	);
}

/** The known module whose client `importPath.name` makes. */
export function knownModule(importPath: string, name: string): KnownModule | undefined {
	return knownModules(importPath).find((module) => makesClient(module, name));
}

function makesClient({ names }: KnownModule, name: string): boolean {
	return /^\p{Lu}/u.test(name) && names.test(name);
}

const byName = namesIn(USES);

/** What the table says of a name. */
export function usesOf(importPath: string, name: string, method: boolean): readonly Use[] {
	return byName.get(keyOf(importPath, name, method)) ?? [];
}

const effectsByName = namesIn(STANDARD_EFFECTS);

/** What a function of the standard library does with a name that it is given. */
export function effectsOf(importPath: string, name: string, method: boolean): readonly StandardEffect[] {
	return effectsByName.get(keyOf(importPath, name, method)) ?? [];
}

function keyOf(importPath: string, name: string, method: boolean): string {
	return `${method ? 'method' : ''}:${importPath}.${name}`;
}

function namesIn<T extends { readonly package: string; readonly names: readonly string[]; readonly on?: 'method' }>(
	table: readonly T[],
): ReadonlyMap<string, readonly T[]> {
	const found = new Map<string, T[]>();
	for (const each of table) {
		for (const name of each.names) {
			const key = keyOf(each.package, name, each.on === 'method');
			found.set(key, [...(found.get(key) ?? []), each]);
		}
	}
	return found;
}
