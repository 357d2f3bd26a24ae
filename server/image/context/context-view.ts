import { join } from '../../workspace/paths.ts';
import type { BuildContext } from '../model.ts';

/** A build context as the engine receives it: without what .dockerignore leaves out. */
export interface ContextView {
	kind(path: string): 'file' | 'directory' | 'absent' | 'unknown';
	children(path: string): readonly string[] | undefined;
	/** Where the path, as seen from the context's root, lies in the workspace. */
	workspacePath(path: string): string;
}

const views = new WeakMap<BuildContext, ContextView>();

/** The view of `context`; the same one every time, for it remembers what it was asked. */
export function viewOf(context: BuildContext): ContextView {
	let view = views.get(context);
	if (view === undefined) {
		view = createView(context);
		views.set(context, view);
	}
	return view;
}

const MAX_LOOKED_AT = 20_000;

function createView(context: BuildContext): ContextView {
	const exceptions = /^!/m.test(context.ignoreFile?.text ?? '');
	const kinds = new Map<string, 'file' | 'directory' | 'absent' | 'unknown'>();
	let lookedAt = 0;

	function kind(path: string): 'file' | 'directory' | 'absent' | 'unknown' {
		const known = kinds.get(path);
		if (known !== undefined) return known;
		const result = determine(path);
		if (kinds.size < MAX_LOOKED_AT * 10) kinds.set(path, result);
		return result;
	}

	function determine(path: string): 'file' | 'directory' | 'absent' | 'unknown' {
		const before = context.kind(path);
		if (path === '.' || before === 'absent' || !context.ignored(path)) return before;
		if (before === 'file' || !exceptions) return 'absent';
		if (before === 'unknown') return 'unknown';
		// A directory that is left out is sent all the same where an exception takes back something below it.
		const pending = [path];
		for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
			const names = context.children(directory);
			if (names === undefined || ++lookedAt > MAX_LOOKED_AT) return 'unknown';
			for (const name of names) {
				const child = `${directory}/${name}`;
				if (!context.ignored(child)) return 'directory';
				if (context.kind(child) === 'directory') pending.push(child);
			}
		}
		return 'absent';
	}

	return {
		kind,
		children(path) {
			return context.children(path)?.filter((name) => kind(path === '.' ? name : `${path}/${name}`) !== 'absent');
		},
		workspacePath: (path) => join(context.directory, path),
	};
}
