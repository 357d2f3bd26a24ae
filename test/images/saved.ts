import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factsOfImage, type ImageSource } from '../../server/built-image/facts.ts';
import type { BuiltImage } from '../../server/built-image/model.ts';
import { walkTree } from '../../server/built-image/tree.ts';
import type { Severity } from '../../server/findings/finding.ts';
import { judgeImage } from '../../server/lint/judge-image.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { rules } from '../../server/rules/index.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { readImagesFrom } from '../../server/workspace/node-read-image.ts';
import { docker } from './engine.ts';
import { ENGINES, type Exported } from './exported.ts';
import { analyserOf, ROOT, type Tree } from './prove.ts';

/** An image as `docker save` writes it, read and judged. */

/** What is reported of a saved image: codes with their severity, the worst first. */
export interface Judged {
	readonly withSource: readonly Reported[];
	readonly alone: readonly Reported[];
}

export interface Reported {
	readonly code: string;
	readonly severity: Severity;
}

/**
 * Saves the image and judges it, alone and with the source.
 *
 * @param exported the files that the engine has in it, which have to be those that are read
 */
export async function judgeSaved(image: string, tree: Tree, exported: ReadonlyMap<string, Exported>): Promise<Judged> {
	const read = await readSaved(image);
	assert.deepEqual(fileDifferences(read, exported), [], 'the saved image holds what the engine exports');
	return judgeBoth(read, await sourceOf(tree));
}

/** Judges an image with the source and without. */
export async function judgeBoth(image: BuiltImage, source: ImageSource): Promise<Judged> {
	return { withSource: await judge(image, source), alone: await judge(image, undefined) };
}

/** Saves an image of the engine and reads it. */
export async function readSaved(image: string): Promise<BuiltImage> {
	const directory = mkdtempSync(join(tmpdir(), 'go-scratch-saved-'));
	try {
		const file = join(directory, 'image.tar');
		const { code, output } = await docker(['save', '--output', file, image]);
		assert.equal(code, 0, output);
		const { images } = await readImagesFrom(file, () => {});
		assert.equal(images.length, 1);
		return images[0] as BuiltImage;
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

async function sourceOf(tree: Tree): Promise<ImageSource> {
	const { reader } = analyserOf(tree);
	const files = createMemoryFiles(Object.fromEntries([...tree].map(([name, text]) => [`${ROOT}/${name}`, text])));
	const go = await reader.readWorkspace(ROOT, undefined);
	const { signal } = new AbortController();
	return { go, list: async (directory) => files.list(directory), readProgram: (request) => reader.readProgram(go, request, signal) };
}

async function judge(image: BuiltImage, source: ImageSource | undefined): Promise<Reported[]> {
	const { facts } = await factsOfImage(image, '/image.tar', source);
	const findings = judgeImage(facts, rules, DEFAULT_SETTINGS, assert.fail);
	return findings.map(({ code, severity }) => ({ code, severity })).sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

const ORDER: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** What the tree that was read has and the exported files do not have, and the reverse. */
export function fileDifferences({ tree }: BuiltImage, exported: ReadonlyMap<string, Exported>): string[] {
	const found: string[] = [];
	const seen = new Set<string>();
	for (const { path, node } of walkTree(tree)) {
		seen.add(path);
		const other = exported.get(path);
		if (ENGINES.test(path)) continue;
		if (other === undefined) {
			found.push(`${path} is not exported`);
			continue;
		}
		const kind = node.kind === 'device' ? 'file' : node.kind;
		const mode = node.mode.toString(8).padStart(4, '0');
		if (kind !== other.kind) found.push(`${path} is exported as a ${other.kind}, and read as a ${kind}`);
		if (mode !== other.mode) found.push(`${path} is exported with the mode ${other.mode}, and read with ${mode}`);
		if (node.owner !== other.owner) found.push(`${path} is exported with the owner ${other.owner}, and read with ${node.owner}`);
		if (node.group !== other.group) found.push(`${path} is exported with the group ${other.group}, and read with ${node.group}`);
		if (node.kind === 'link' && node.target !== other.target) found.push(`${path} is exported with the target ${other.target}`);
		// A name of a file that has another one too is exported without its content.
		if (node.kind === 'file' && node.size !== other.size && other.size !== 0)
			found.push(`${path} is exported with ${other.size} bytes, and read with ${node.size}`);
	}
	for (const path of exported.keys()) {
		// The directory of what the engine lays into a container.
		const isMade = path === '/' || path === '/etc';
		if (!seen.has(path) && !ENGINES.test(path) && !isMade) found.push(`${path} is exported, and not read`);
	}
	return found;
}
