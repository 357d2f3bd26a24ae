import type { Diagnostic } from 'vscode-languageserver';
import type { RelatedPlace } from '../findings/finding.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import type { Features } from './features.ts';
import { createPositionMap, type PositionMap } from './positions.ts';
import type { EditContext } from './workspace-edits.ts';

/** Where a client has a related place, which counts its characters in UTF-16 code units. */
export type RangeOfPlace = (place: RelatedPlace) => Diagnostic['range'];

/** Reads the files of the findings' related places, as far as their texts are needed to count characters as the client does. */
export async function readRelatedPlaces(
	findings: readonly ReportedFinding[],
	{ encoding, relatedInformation }: Features,
	{ documentAt, readText }: Pick<EditContext, 'documentAt' | 'readText'>,
): Promise<RangeOfPlace> {
	const maps = new Map<string, PositionMap | undefined>();
	if (relatedInformation && encoding !== 'utf-16') {
		for (const { path } of findings.flatMap(({ related }) => related ?? [])) {
			if (maps.has(path)) continue;
			const text = documentAt(path)?.text ?? (await readText(path));
			maps.set(path, text === undefined ? undefined : createPositionMap(text, encoding));
		}
	}
	return ({ path, line, character, length }) => {
		const start = { line, character };
		const end = { line, character: character + length };
		const map = maps.get(path);
		return map === undefined ? { start, end } : { start: map.fromUtf16(start), end: map.fromUtf16(end) };
	};
}
