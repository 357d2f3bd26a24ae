import type { Facts } from '../facts/facts.ts';
import { basename, join, relativeWithin } from '../workspace/paths.ts';
import type { PicturePlace } from './model.ts';

/** A place that the reader of Go found. Lines and characters count from 0. */
interface Found {
	readonly path: string | undefined;
	readonly line: number;
	readonly character?: number;
	readonly symbol: string;
	readonly package: string;
	readonly own: boolean;
	readonly chain: readonly string[];
}

/** So many places are listed for one need: more would not be read. */
const MOST_PLACES = 20;

/** The place as a picture says it. */
export function picturePlace({ go }: Pick<Facts, 'go'>, found: Found): PicturePlace {
	const { path, line, character = 0, symbol, own, chain } = found;
	const rest = { symbol, package: found.package, own, chain };
	if (path === undefined) return rest;
	const name = (go === undefined ? undefined : relativeWithin(go.root, path)) ?? join(found.package, basename(path));
	return { path, name, line: line + 1, column: character + 1, ...rest };
}

/** The places, each once, the first {@link MOST_PLACES}. */
export function picturePlaces(facts: Pick<Facts, 'go'>, found: readonly Found[]): PicturePlace[] {
	const seen = new Set<string>();
	const places: PicturePlace[] = [];
	for (const each of found) {
		const key = `${each.path}:${each.line}:${each.character}:${each.symbol}:${each.package}`;
		if (seen.has(key)) continue;
		seen.add(key);
		if (places.push(picturePlace(facts, each)) === MOST_PLACES) break;
	}
	return places;
}
