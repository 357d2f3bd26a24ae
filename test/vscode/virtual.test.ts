import assert from 'node:assert/strict';
import {
	commands,
	type Disposable,
	EventEmitter,
	type FileChangeEvent,
	FileSystemError,
	FileType,
	languages,
	Uri,
	window,
	workspace,
} from 'vscode';
import { apply, cleanUp, codeAction, exists, finding, readFile, SHELL_COMMAND, startExtension, waitFor } from './editor.ts';

/** A file system that only VS Code reads: what a repository on a server is to a person who has it open without a checkout. */
const ROOT = Uri.parse('vscode-vfs://somewhere/owner/name');

const FILES = new Map([
	['go.mod', 'module example.com/app\n\ngo 1.25\n'],
	['main.go', 'package main\n\nimport "example.com/app/internal/fetch"\n\nfunc main() { fetch.Fetch() }\n'],
	['internal/fetch/fetch.go', 'package fetch\n\nimport "net/http"\n\nfunc Fetch() {\n\thttp.Get("https://example.com")\n}\n'],
	['docker/Dockerfile', SHELL_COMMAND],
]);

function serve(files: Map<string, string>): Disposable {
	const changes = new EventEmitter<FileChangeEvent[]>();
	const nameOf = (uri: Uri) =>
		uri.path === ROOT.path ? '' : uri.path.startsWith(`${ROOT.path}/`) ? uri.path.slice(ROOT.path.length + 1) : 'outside';
	const below = (name: string) => [...files.keys()].filter((file) => name === '' || file.startsWith(`${name}/`));
	let time = 1;
	const provider = {
		onDidChangeFile: changes.event,
		watch: () => ({ dispose() {} }),
		stat(uri: Uri) {
			const name = nameOf(uri);
			const text = files.get(name);
			if (text !== undefined) return { type: FileType.File, ctime: 1, mtime: time, size: text.length };
			if (below(name).length === 0) throw FileSystemError.FileNotFound(uri);
			return { type: FileType.Directory, ctime: 1, mtime: time, size: 0 };
		},
		readDirectory(uri: Uri): [string, FileType][] {
			const name = nameOf(uri);
			const rest = below(name).map((file) => file.slice(name === '' ? 0 : name.length + 1));
			return [...new Set(rest.map((file) => file.split('/')[0] as string))].map((entry) => [
				entry,
				rest.includes(entry) ? FileType.File : FileType.Directory,
			]);
		},
		readFile(uri: Uri) {
			const text = files.get(nameOf(uri));
			if (text === undefined) throw FileSystemError.FileNotFound(uri);
			return new TextEncoder().encode(text);
		},
		writeFile(uri: Uri, content: Uint8Array) {
			files.set(nameOf(uri), new TextDecoder().decode(content));
			time++;
		},
		createDirectory() {},
		delete: (uri: Uri) => void files.delete(nameOf(uri)),
		rename() {},
	};
	return workspace.registerFileSystemProvider('vscode-vfs', provider);
}

describe('a file system that only VS Code reads', () => {
	const files = new Map(FILES);
	let served: Disposable;
	before(async () => {
		served = serve(files);
		await startExtension();
	});
	after(() => served.dispose());
	afterEach(cleanUp);

	it('is read through VS Code: findings name its Go files, and fixes are made in it', async () => {
		const uri = Uri.joinPath(ROOT, 'docker/Dockerfile');
		const document = await workspace.openTextDocument(uri);
		await languages.setTextDocumentLanguage(document, 'dockerfile');
		await window.showTextDocument(document);
		const { relatedInformation } = await finding(uri, 'missing-ca-certificates');
		assert.equal(relatedInformation?.[0]?.location.uri.toString(), Uri.joinPath(ROOT, 'internal/fetch/fetch.go').toString());
		const { range } = await finding(uri, 'shell-form-command');
		await apply(await codeAction(uri, range, ({ title }) => title === 'Convert CMD to exec form'));
		assert.match(document.getText(), /^CMD \["\/myapp"\]$/m);
	});

	it('gets a generated Dockerfile', async () => {
		await commands.executeCommand('go-scratch.generate', ROOT);
		const uri = Uri.joinPath(ROOT, 'Dockerfile');
		await waitFor(
			() => exists(uri),
			() => `the Dockerfile is there, beside ${[...files.keys()].join(', ')}`,
		);
		assert.match(await readFile(uri), /^FROM scratch$[\s\S]*ca-certificates\.crt/m);
	});
});
