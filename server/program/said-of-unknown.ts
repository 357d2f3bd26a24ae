import { relativeWithin } from '../workspace/paths.ts';
import type { Unknown, UnknownKind } from './model.ts';

/** By kind, what a program does with something that is not known, and with something of which a part is known. */
const DOES: Readonly<Record<UnknownKind, readonly [open: string, named: string]>> = {
	program: ['starts programs whose names are not known', 'starts'],
	file: ['opens files whose names are not known', 'opens'],
	'created-file': ['creates files whose names are not known', 'creates'],
	'changed-file': ['changes or removes files whose names are not known', 'changes or removes'],
	plugin: ['loads plugins', 'loads'],
	'source-path': ['opens files beside its source', 'opens'],
	user: ['looks up users', 'looks up user'],
	'working-directory': ['changes its working directory', 'changes to directory'],
};

/**
 * `opens files whose names are not known (os.Open in store/disk.go:31)`.
 *
 * @param root The directory that paths of the workspace are relative to.
 */
export function saidOfUnknown({ kind, detail, symbol, path, line, own, package: importPath }: Unknown, root: string | undefined): string {
	const [open, named] = DOES[kind];
	const within = root === undefined || !own ? undefined : relativeWithin(root, path);
	const place = within === undefined ? `in ${importPath}` : `in ${within}:${line + 1}`;
	return `${detail === undefined ? open : `${named} ${detail}`} (${symbol} ${place})`;
}
