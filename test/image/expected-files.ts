import assert from 'node:assert/strict';
import type { FileTree } from '../../server/image/model.ts';

/** What is said of the files of a stage. Paths stand with blanks between them, or in a list where one has a blank itself. */
export interface ExpectedFiles {
	/** The paths that are there, that are not, and of which that is not known. */
	readonly yes?: string | readonly string[];
	readonly no?: string | readonly string[];
	readonly unknown?: string | readonly string[];
	/** By path; `undefined` where it is not known. */
	readonly content?: Readonly<Record<string, string | undefined>>;
	/** The permission bits, in octal. */
	readonly mode?: Readonly<Record<string, string | undefined>>;
	/** The uid. */
	readonly owner?: Readonly<Record<string, number | undefined>>;
	/** The path in the workspace that it was copied from. */
	readonly source?: Readonly<Record<string, string | undefined>>;
}

export function assertFiles(files: FileTree, { yes = '', no = '', unknown = '', ...rest }: ExpectedFiles): void {
	for (const [answer, paths] of Object.entries({ yes, no, unknown })) {
		for (const path of typeof paths === 'string' ? paths.split(' ').filter((each) => each !== '') : paths) {
			assert.equal(files.has(path), answer, path);
		}
	}
	const { content = {}, mode = {}, owner = {}, source = {} } = rest;
	for (const [path, text] of Object.entries(content)) assert.equal(files.get(path)?.content, text, path);
	for (const [path, bits] of Object.entries(mode)) assert.equal(files.get(path)?.mode?.toString(8), bits, path);
	for (const [path, uid] of Object.entries(owner)) assert.equal(files.get(path)?.owner, uid, path);
	for (const [path, from] of Object.entries(source)) assert.equal(files.get(path)?.source, from, path);
}
