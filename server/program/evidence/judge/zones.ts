import { belongsTo } from '../../../knowledge/import-paths.ts';
import { ZONE_LOADERS } from '../../../knowledge/known-addresses.ts';
import type { Closure } from '../../package.ts';
import { textOf, type Value, type ValueScope } from '../read/values.ts';

/** The time zone that is loaded, `undefined` where it is not constant; nothing for those that need no zone data. */
export function zonesOf(value: Value | undefined, scope: ValueScope): readonly (string | undefined)[] {
	const { text, complete } = textOf(value, scope);
	if (!complete) return [undefined];
	return text === '' || text === 'UTC' || text === 'Local' ? [] : [text];
}

/** Whether a module that the workspace imports, or one that it imports in turn, loads zones by names that it is handed. */
export async function loadsZones({ packages, unread }: Closure, readText: (path: string) => Promise<string | undefined>): Promise<boolean> {
	if ([...unread.keys()].some((path) => ZONE_LOADERS.some((module) => belongsTo(path, module)))) return true;
	const own = [...packages.values()].filter((found) => found.own);
	const near = new Set(own.flatMap(({ imports }) => [...imports]));
	for (const path of [...near]) for (const imported of packages.get(path)?.imports ?? []) near.add(imported);
	for (const path of near) {
		const found = packages.get(path);
		if (found === undefined || found.own || found.standard || !found.imports.has('time')) continue;
		for (const { path: file } of found.files) {
			if (/\btime\.LoadLocation\(/.test(withoutComments((await readText(file)) ?? ''))) return true;
		}
	}
	return false;
}

function withoutComments(text: string): string {
	return text.replace(/\/\/.*/g, '');
}
