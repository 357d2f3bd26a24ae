import type { FileSystemWatcher } from 'vscode-languageserver-protocol';
import { WatchKind } from './protocol-constants.ts';

/** Files whose content is read. Braces hold no stars, for there are clients that refuse that. */
const READ = [
	'**/*.go',
	'**/go.{mod,sum,work,work.sum}',
	'**/vendor/modules.txt',
	'**/*.dockerignore',
	'**/.go-scratch.json',
	'**/*{compose,docker-bake,skaffold,Makefile,makefile}*',
	'**/*{passwd,group}*',
	'**/*.sh',
];

/** What a client is asked to watch: the content of what is read, and of everything else whether it is there. */
export function watchedFiles(): FileSystemWatcher[] {
	return [
		...READ.map((globPattern) => ({ globPattern, kind: WatchKind.Change })),
		{ globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
	];
}
