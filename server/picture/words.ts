import type { PictureEntry, PictureFlow, PictureNeed, PicturePlace, PictureStage } from './model.ts';

/** How all forms of a picture say the same. */

export const MARKS: Readonly<Record<PictureNeed['state'], string>> = { met: '✓', unmet: '✗', unknown: '?' };

export const STATE_WORDS: Readonly<Record<PictureNeed['state'], string>> = { met: 'met', unmet: 'not met', unknown: 'unknown' };

/** `main.go:12`; `undefined` for a module that is not on disk. */
export function whereText({ name, line }: PicturePlace): string | undefined {
	return name === undefined ? undefined : `${name}:${line}`;
}

/** What shows a need, without its place: `http.Get, main → internal/app`. */
export function symbolText({ symbol, way }: PicturePlace): string {
	return way === undefined ? symbol : `${symbol}, ${way}`;
}

/** What provides the need, or would. */
export function providedText({ state, providedBy, embedded, supply }: PictureNeed): string | undefined {
	if (state === 'met') {
		if (embedded) return 'in the program itself';
		return providedBy.length === 0 ? undefined : providedBy.join(', ');
	}
	return supply === undefined ? undefined : `would be provided by: ${supply}`;
}

export function ownerText({ owner, group }: PictureEntry): string {
	if (owner === undefined) return '';
	return group === undefined ? String(owner) : `${owner}:${group}`;
}

/** `512 B`, `4.1 kB`, `12 MB`. */
export function sizeText(bytes: number): string {
	if (bytes < 1000) return `${bytes} B`;
	const unit = bytes < 1e6 ? 'kB' : 'MB';
	const value = bytes / (bytes < 1e6 ? 1e3 : 1e6);
	return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** What stands after the name of an entry: where a link points, and that a directory holds more. */
export function remarkOf({ kind, target, complete, cut, program }: PictureEntry): string {
	const remarks = [
		...(target === undefined ? [] : [`→ ${target}`]),
		...(program === undefined ? [] : [`the program ${program.join(', ')}`]),
		...(kind === 'unknown' ? ['a file or a directory'] : []),
		...(cut === undefined ? [] : [`${cut} more not shown`]),
		...(complete === false ? ['may hold more'] : []),
	];
	return remarks.join('; ');
}

/** The name of an entry below its directory: `app`, `bin/`. */
export function nameOf({ path, kind }: PictureEntry): string {
	const name = path === '/' ? '' : path.slice(path.lastIndexOf('/') + 1);
	return kind === 'directory' ? `${name}/` : name;
}

/** How many directories are above the entry. */
export function depthOf({ path }: PictureEntry): number {
	return path === '/' ? 0 : path.split('/').length - 1;
}

export function stageText({ index, name, base }: PictureStage): string {
	const shown = name ?? `stage ${index}`;
	return base === undefined ? shown : `${shown} (${base})`;
}

/** What a flow brings, from where: `build: /app → /bin/app`. */
export function flowText({ from, source, destination }: PictureFlow, stages: readonly PictureStage[]): string {
	const stage = 'stage' in from ? stages.find(({ index }) => index === from.stage) : undefined;
	const origin = 'image' in from ? from.image : 'stage' in from ? (stage?.name ?? `stage ${from.stage}`) : 'build context';
	return `${origin}: ${source ?? 'unknown'} → ${destination ?? 'unknown'}`;
}
