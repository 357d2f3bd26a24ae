import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { commandsOf } from '../image/stage-chain.ts';
import { isReadFor } from '../knowledge/files-that-matter.ts';
import type { Files } from '../workspace/files.ts';
import type { Script } from './scripts.ts';

/** A file of the workspace that ENTRYPOINT or CMD starts, copied into the image as it is. */
export interface StartedFile {
	/** In the image. */
	readonly path: string;
	/** In the workspace; `undefined` in an image that was built. */
	readonly source: string | undefined;
	/** The text of a script; `undefined` for other files, and where it cannot be read. */
	readonly text: string | undefined;
	/** Whether the copy can be executed, `undefined` where that is not known. */
	readonly executable: boolean | undefined;
}

/** @param readScript The script at a workspace path, `undefined` where there is none. */
export async function readStartedFile(
	state: StageState,
	files: Files,
	readScript: (path: string) => Promise<Script | undefined>,
): Promise<StartedFile | undefined> {
	const path = resolveCommandPath(state)?.path;
	const entry = path === undefined ? undefined : state.files.get(path);
	if (path === undefined || entry?.source === undefined || entry.kind !== 'file' || !entry.asCopied) return undefined;
	const { source } = entry;
	const script = isReadFor('script', source) ? await readScript(source) : undefined;
	const executable = entry.mode === undefined ? await isExecutable(state, source, files) : (entry.mode & 0o111) !== 0;
	return { path, source, text: script?.text, executable };
}

/** A file keeps the mode that it has in the build context, unless something changes it. */
async function isExecutable(state: StageState, source: string, files: Files): Promise<boolean | undefined> {
	if (changesModes(state)) return undefined;
	return (await files.status(source))?.executable;
}

/** Whether a command may change modes: what it changes them to is not followed. */
function changesModes(state: StageState): boolean {
	const sources = state.copies.flatMap(({ from }) => (from.kind === 'stage' ? [from.state] : []));
	return [state, ...sources].some((each) =>
		commandsOf(each).some(
			({ words: [name] }) => name === undefined || !/^(?:apk|apt-get|apt|adduser|addgroup|useradd|groupadd|go|mkdir|echo|rm)$/.test(name),
		),
	);
}
