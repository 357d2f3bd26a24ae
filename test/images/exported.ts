import assert from 'node:assert/strict';
import type { ImagePicture, PictureEntry } from '../../server/picture/model.ts';
import { pictureOf } from '../../server/picture/picture.ts';
import { withSizes } from '../../server/picture/sizes.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { discard, docker, execute, name } from './engine.ts';
import { analyserOf, ROOT, type Tree } from './prove.ts';

/** The files of an image as `docker export` has them, against the tree of the picture. */

/** A file of an exported container. */
export interface Exported {
	readonly kind: PictureEntry['kind'];
	readonly mode: string;
	readonly owner: number;
	readonly group: number;
	readonly size: number;
	readonly target: string | undefined;
}

/** What the engine itself puts into a container, or lays over what the image has. */
export const ENGINES = /^\/(?:\.dockerenv|dev(?:\/.*)?|proc|sys|etc\/(?:hosts|hostname|resolv\.conf|mtab))$/;

/**
 * What stands for an image has beside what the image has: the module proxy of base/Dockerfile, and the GOPATH of the Go image, whose system
 * stands for Debian.
 */
const STAND_INS = /^\/(?:modproxy|go)$/;

/**
 * Fails where the picture of what the Dockerfile builds says something that the built image does not have: a path, its kind, mode, owner or
 * size, a link's target, or that a directory holds nothing else.
 *
 * @param simulated whether an image stands for a base image that is not there: then what the base holds is not compared
 */
export async function assertPictured(tree: Tree, exported: ReadonlyMap<string, Exported>, simulated: boolean): Promise<void> {
	const picture = await pictureIn(tree);
	if (picture === undefined) return;
	const differences = [...pictureDifferences(picture, exported, simulated)];
	assert.deepEqual(differences, [], `the picture is what the image holds:\n${tree.get('Dockerfile')}\n${differences.join('\n')}`);
}

/** The picture of the last stage, which is the one that `docker build` builds. */
async function pictureIn(tree: Tree): Promise<ImagePicture | undefined> {
	const text = tree.get('Dockerfile') ?? '';
	const { facts, findings } = await analyserOf(tree).analyse({ path: `${ROOT}/Dockerfile`, text, root: ROOT });
	const target = facts?.targets.find(({ state }) => state === facts.image.stages.at(-1));
	if (facts === undefined || target === undefined) return undefined;
	const files = createMemoryFiles(Object.fromEntries([...tree].map(([path, content]) => [`${ROOT}/${path}`, content])));
	// `inDirectory` writes them all with the same mode.
	const written = 0o666 & ~process.umask();
	const status = async (path: string) => {
		const found = await files.status(path);
		return found && { ...found, mode: written };
	};
	return withSizes(pictureOf(facts, target, findings), { ...files, status });
}

/**
 * What a picture says of an image that is not so: a sentence for each.
 *
 * @param simulated whether an image stands for a base image that is not there
 */
export function* pictureDifferences({ tree }: ImagePicture, exported: ReadonlyMap<string, Exported>, simulated: boolean): Iterable<string> {
	const listed = new Set(tree.map(({ path }) => path));
	for (const entry of tree) {
		const { path } = entry;
		// A container's root directory is not exported, but what it holds is.
		if (path === '/') yield* notListed(entry, exported, listed);
		if (path === '/' || ENGINES.test(path)) continue;
		if (simulated && (entry.from === 'base' || isInstalled(entry))) continue;
		const seen = exported.get(path);
		if (seen === undefined) {
			yield `${path} is not in the image`;
			continue;
		}
		const mayBeLink = entry.kind === 'file' && entry.from === 'base' && seen.kind === 'link';
		if (entry.kind !== 'unknown' && entry.kind !== seen.kind && !mayBeLink) yield `${path} is a ${seen.kind} instead of a ${entry.kind}`;
		for (const key of ['mode', 'owner', 'group', 'size', 'target'] as const) {
			if (entry[key] !== undefined && entry[key] !== seen[key]) yield `${path} has the ${key} ${seen[key]} instead of ${entry[key]}`;
		}
		yield* notListed(entry, exported, listed);
	}
}

/** What is in a directory that the picture says to list whole, and is not listed. */
function* notListed(
	{ path, complete, cut }: PictureEntry,
	exported: ReadonlyMap<string, Exported>,
	listed: ReadonlySet<string>,
): Iterable<string> {
	if (complete !== true || cut !== undefined) return;
	const prefix = path === '/' ? path : `${path}/`;
	for (const other of exported.keys()) {
		const isChild = other !== path && other.startsWith(prefix) && !other.includes('/', prefix.length);
		// The engine makes /etc for what it lays there.
		if (isChild && !listed.has(other) && !ENGINES.test(other) && !STAND_INS.test(other) && other !== '/etc')
			yield `${path} holds ${other}, which the picture does not have`;
	}
}

/** Whether a package manager put it there, which has nothing to install from. */
function isInstalled({ from }: PictureEntry): boolean {
	return typeof from === 'object' && /\b(?:apt-get|apk)\b/.test(from.text);
}

/** The files of an image, by their path. */
export async function exportedFiles(image: string): Promise<Map<string, Exported>> {
	const container = name();
	// An image without a command cannot be created without one; it is never started.
	const created = await docker(['create', `--name=${container}`, '--network=none', image, '/none']);
	assert.equal(created.code, 0, created.output);
	try {
		const listing = 'docker export "$0" | tar --list --verbose --numeric-owner --quoting-style=literal --full-time --file=-';
		const { code, output } = await execute('sh', ['-c', listing, container], { seconds: 120 });
		assert.equal(code, 0, output);
		return new Map(output.split('\n').flatMap(readLine));
	} finally {
		await discard(container);
	}
}

/** `drwxr-xr-x 0/0 0 2026-11-30 12:00:00 etc/`, and `lrwxrwxrwx … bin -> usr/bin`. */
function readLine(line: string): [path: string, Exported][] {
	const match = /^([-dlhbcp])(\S{9}) +(\d+)\/(\d+) +(\S+) \S+ \S+ (.*)$/.exec(line);
	if (match === null) return [];
	const [, type, permissions = '', owner, group, size, names = ''] = match;
	const [file = '', target] = type === 'l' ? names.split(' -> ') : type === 'h' ? names.split(' link to ') : [names];
	const kind = type === 'd' ? 'directory' : type === 'l' ? 'link' : 'file';
	const path = `/${file.replace(/\/$/, '')}`;
	const numbers = { owner: Number(owner), group: Number(group), size: Number(size) };
	return [[path, { kind, mode: octalOf(permissions), ...numbers, target: kind === 'link' ? target : undefined }]];
}

/** `rwxr-sr-t` as four octal digits. */
function octalOf(permissions: string): string {
	const bits = [...permissions].map((letter) => (/[rwxst]/.test(letter) ? 1 : 0)).join('');
	const special = [permissions[2], permissions[5], permissions[8]].map((letter) => (/[sStT]/.test(letter ?? '') ? 1 : 0)).join('');
	return Number.parseInt(special + bits, 2)
		.toString(8)
		.padStart(4, '0');
}
