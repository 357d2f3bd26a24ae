import { type FileSystemWatcher, WatchKind } from 'vscode-languageserver';
import { FILES_THAT_MATTER } from '../knowledge/files-that-matter.ts';

/** What a client is asked to watch: the content of what is read, and of everything else whether it is there. */
export function watchedFiles(): FileSystemWatcher[] {
	return [
		...FILES_THAT_MATTER.map((pattern) => ({ globPattern: `**/${pattern}`, kind: WatchKind.Change })),
		{ globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
	];
}
