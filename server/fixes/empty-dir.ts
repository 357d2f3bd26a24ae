import type { Service } from '../deployments/model.ts';
import { type Written, type WrittenEdit, written, yamlText } from '../dockerfile/write.ts';
import { gitLineStarts, positionAt } from '../text/text.ts';
import { insertAfterKey, insertLines } from './yaml-edits.ts';

/** Mounts an empty directory into a container of a manifest: a volume of the pod, and a mount of the container. */

/**
 * The edits that mount it at `directory`.
 *
 * @returns `undefined` where the text is not in block style, or the pod is not found in it
 */
export function mountEmptyDir(text: string, service: Service, directory: string): WrittenEdit[] | undefined {
	const pod = podOf(text, service);
	const path = yamlText(directory, false);
	const name = nameFor(text, directory);
	if (pod === undefined || path === undefined || name === undefined || service.image?.key === undefined) return undefined;
	const mount = [written`- name: ${name}`, written`  mountPath: ${path}`];
	const last = service.mounts.all.at(-1);
	if (last === undefined && hasKey(text, service, 'volumeMounts')) return undefined;
	const mounted =
		last === undefined
			? insertAfterKey(text, service.image.key, service.image.at, [written`volumeMounts:`, ...mount])
			: insertItem(text, last.at.range, mount);
	const volume = [written`- name: ${name}`, written`  emptyDir: {}`];
	const { volumes, containers, column } = pod;
	const added =
		volumes === undefined
			? insertLines(text, containers, column, [written`volumes:`, ...volume])
			: insertLines(text, volumes.end, volumes.column, volume);
	return mounted && [mounted, added];
}

/** Whether the lines of the container or service hold the key, also where it is empty: a second one would be refused. */
export function hasKey(text: string, { body: { range } }: Service, key: 'volumeMounts' | 'tmpfs'): boolean {
	return new RegExp(`^[ \\t-]*["']?${key}["']?[ \\t]*:`, 'm').test(text.slice(range.start, range.end));
}

/** A name that no volume has. */
function nameFor(text: string, directory: string): Written | undefined {
	const base = directory === '/tmp' ? written`tmp` : written`writable`;
	const isFree = (name: Written) => !new RegExp(`\\bname:[ \\t]*["']?${name}["']?[ \\t]*(?:[,}#]|\\r?$)`, 'm').test(text);
	return [base, written`${base}-files`].find(isFree);
}

/** Adds an item below one that is in block style. */
function insertItem(
	text: string,
	{ start, end }: { readonly start: number; readonly end: number },
	item: readonly Written[],
): WrittenEdit | undefined {
	const line = text.lastIndexOf('\n', start - 1) + 1;
	const before = text.slice(line, start);
	if (!/^[ \t]*- +$/.test(before)) return undefined;
	const feed = text.indexOf('\n', start + text.slice(start, end).trimEnd().length);
	return insertLines(text, feed < 0 ? text.length : feed + 1, before.indexOf('-'), item);
}

interface PodText {
	/** Where the line of `containers` begins. */
	readonly containers: number;
	/** How far the keys of the pod are indented. */
	readonly column: number;
	/** The list of volumes: where it ends, and how far its items are indented. */
	readonly volumes: { readonly end: number; readonly column: number } | undefined;
}

/** The lines of the pod around a container, by how far they are indented. */
function podOf(text: string, service: Service): PodText | undefined {
	const starts = gitLineStarts(text);
	const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
	const own = positionAt(starts, service.body.range.start).line;
	const key = lastIndex(lines, own, (line) => /^[ ]*(?:containers|initContainers):[ ]*(?:#.*)?$/.test(line));
	if (key === undefined) return undefined;
	const column = indentOf(lines[key] ?? '');
	/** What belongs to the pod: deeper lines, its own keys, and the items of lists that stand as far left as those. */
	const isInside = (line: string) => line.trim() === '' || indentOf(line) >= column;
	let first = key;
	while (first > 0 && isInside(lines[first - 1] ?? '') && !/^---/.test(lines[first - 1] ?? '')) first--;
	let last = key;
	while (last + 1 < lines.length && isInside(lines[last + 1] ?? '') && !/^---/.test(lines[last + 1] ?? '')) last++;
	// The key above may be that of another pod.
	if (own > last) return undefined;
	const isKey = (line: string) => indentOf(line) === column && /^[ ]*[\w"']/.test(line);
	const volumes = lines.findIndex((line, index) => index >= first && index <= last && isKey(line) && /^[ ]*volumes:/.test(line));
	const common = { containers: starts[key] ?? 0, column };
	if (volumes < 0) return { ...common, volumes: undefined };
	if (!/^[ ]*volumes:[ ]*(?:#.*)?$/.test(lines[volumes] ?? '')) return undefined;
	let end = volumes + 1;
	for (let at = volumes + 1; at <= last && !isKey(lines[at] ?? ''); at++) if ((lines[at] ?? '').trim() !== '') end = at + 1;
	const item = lines.slice(volumes + 1, end).find((line) => /^[ ]*- /.test(line));
	return item === undefined ? undefined : { ...common, volumes: { end: starts[end] ?? text.length, column: indentOf(item) } };
}

function lastIndex(lines: readonly string[], from: number, is: (line: string) => boolean): number | undefined {
	for (let at = from; at >= 0; at--) if (is(lines[at] ?? '')) return at;
	return undefined;
}

function indentOf(line: string): number {
	return /^ */.exec(line)?.[0].length ?? 0;
}
