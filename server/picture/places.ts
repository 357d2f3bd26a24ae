import { chainText } from '../facts/evidence.ts';
import type { Facts } from '../facts/facts.ts';
import type { Program } from '../program/model.ts';
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
export function picturePlace({ go }: Pick<Facts, 'go'>, found: Found, program: Program | undefined): PicturePlace {
	const { path, line, character = 0, symbol, own, chain } = found;
	const way = chainText(chain, program);
	const rest = { symbol, package: found.package, own, chain, ...(way !== '' && { way }) };
	if (path === undefined) return rest;
	const name = (go === undefined ? undefined : relativeWithin(go.root, path)) ?? join(found.package, basename(path));
	return { path, name, line: line + 1, column: character + 1, ...rest };
}

/** The places, each once, the first {@link MOST_PLACES}, with the program that each was found in. */
export function picturePlaces(
	facts: Pick<Facts, 'go'>,
	found: readonly { readonly place: Found; readonly program: Program | undefined }[],
): PicturePlace[] {
	const seen = new Set<string>();
	const places: PicturePlace[] = [];
	for (const { place: each, program } of found) {
		const key = `${each.path}:${each.line}:${each.character}:${each.symbol}:${each.package}`;
		if (seen.has(key)) continue;
		seen.add(key);
		if (places.push(picturePlace(facts, each, program)) === MOST_PLACES) break;
	}
	return places;
}
