/**
 * Asks a server everything that an editor may ask about Dockerfiles, one after the other, and keeps what it answers. It runs in Node
 * and in a browser's page alike: nothing in it belongs to either.
 */

/** A way to a server that takes and gives whole messages: a channel to a process, or a web worker. */
export interface Port {
	post(message: Message): void;
	/** Called once, before anything is posted. */
	listen(take: (message: Message) => void): void;
}

interface Message {
	readonly jsonrpc: '2.0';
	readonly id?: number | string;
	readonly method?: string;
	readonly params?: unknown;
	readonly result?: unknown;
	readonly error?: unknown;
}

export interface Workspace {
	/** The URI of the directory. */
	readonly root: string;
	/** The texts of its files, by URI. */
	readonly files: Readonly<Record<string, string>>;
	/** The Dockerfile that is opened; where there is none, only Generate is asked for. */
	readonly dockerfile?: string;
}

/** What the server says of a workspace: diagnostics, actions with their edits, hovers, and what Generate writes. */
export interface Answers {
	readonly diagnostics: unknown;
	readonly actions: unknown;
	readonly hovers: readonly unknown[];
	readonly generated: readonly unknown[];
}

const CAPABILITIES = {
	workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
	textDocument: {
		diagnostic: {},
		publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
		codeAction: { codeActionLiteralSupport: {}, dataSupport: true, resolveSupport: { properties: ['edit'] } },
		hover: { contentFormat: ['markdown'] },
	},
	experimental: { goScratchFiles: true },
};

/** @param initializationOptions What a client tells the server besides its capabilities. */
export async function askAll(port: Port, workspaces: readonly Workspace[], initializationOptions?: unknown): Promise<Answers[]> {
	const { request, notify } = connect(port, directoriesOf(workspaces));
	await request('initialize', {
		processId: null,
		rootUri: null,
		initializationOptions,
		capabilities: {
			...CAPABILITIES,
			workspace: { ...CAPABILITIES.workspace, workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
		},
		workspaceFolders: workspaces.map(({ root }) => ({ uri: root, name: root })),
	});
	notify('initialized', {});
	const answers: Answers[] = [];
	for (const workspace of workspaces) answers.push(await askAbout(workspace, request, notify));
	await request('shutdown', undefined);
	notify('exit', undefined);
	return answers;
}

type Request = (method: string, params: unknown) => Promise<unknown>;

async function askAbout(
	{ root, files, dockerfile }: Workspace,
	request: Request,
	notify: (method: string, params: unknown) => void,
): Promise<Answers> {
	let diagnostics: unknown;
	const actions: unknown[] = [];
	const hovers: unknown[] = [];
	if (dockerfile !== undefined) {
		const text = files[dockerfile] as string;
		const textDocument = { uri: dockerfile };
		const end = { line: text.split('\n').length, character: 0 };
		notify('textDocument/didOpen', { textDocument: { ...textDocument, languageId: 'dockerfile', version: 1, text } });
		diagnostics = await request('textDocument/diagnostic', { textDocument });
		const range = { start: { line: 0, character: 0 }, end };
		const offered = (await request('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } })) as {
			edit?: unknown;
		}[];
		for (const action of offered) actions.push(action.edit === undefined ? await request('codeAction/resolve', action) : action);
		for (const [line, instruction] of text.split('\n').entries()) {
			const character = instruction.indexOf(' ') + 1;
			if (/^(?:FROM|CMD|ENTRYPOINT)\b/.test(instruction))
				hovers.push(await request('textDocument/hover', { textDocument, position: { line, character } }));
		}
		notify('textDocument/didClose', { textDocument });
	}
	const generated: unknown[] = [];
	const found = (await request('goScratch/mainPackages', { uri: root })) as { mainPackages: { uri: string }[] };
	generated.push(found);
	for (const { uri } of found.mainPackages) {
		for (const comments of [true, false]) generated.push(await request('goScratch/generate', { uri, comments }));
	}
	return { diagnostics, actions, hovers, generated };
}

/** Speaks JSON-RPC over a port, and answers for the files that the server asks for. */
function connect(port: Port, directories: ReadonlyMap<string, ReadonlyMap<string, string | undefined>>) {
	const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
	let requests = 0;

	function read(method: string, { uri = '' }: { uri?: string }): unknown {
		const at = uri.lastIndexOf('/');
		const text = directories.get(uri.slice(0, at))?.get(uri.slice(at + 1));
		const entries = directories.get(uri);
		switch (method) {
			case 'goScratch/readFile':
				return text === undefined ? null : { text, complete: true, version: text };
			case 'goScratch/readDirectory':
				return entries === undefined
					? null
					: {
							entries: [...entries].map(([name, file]) => ({
								name: decodeURIComponent(name),
								kind: file === undefined ? 'directory' : 'file',
								link: false,
							})),
						};
			case 'goScratch/stat':
				if (text !== undefined) return { kind: 'file', size: text.length, version: text };
				return entries === undefined ? null : { kind: 'directory', size: 0, version: '' };
			default:
				return null;
		}
	}

	port.listen(({ id, method, params, result, error }) => {
		if (method !== undefined) {
			if (id !== undefined) port.post({ jsonrpc: '2.0', id, result: read(method, params as { uri: string }) });
			return;
		}
		const request = waiting.get(id as number);
		waiting.delete(id as number);
		if (error === undefined) request?.resolve(result);
		else request?.reject(new Error(JSON.stringify(error)));
	});

	return {
		request: (method: string, params: unknown) =>
			new Promise<unknown>((resolve, reject) => {
				waiting.set(++requests, { resolve, reject });
				port.post({ jsonrpc: '2.0', id: requests, method, ...(params === undefined ? {} : { params }) });
			}),
		notify: (method: string, params: unknown) => port.post({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) }),
	};
}

/** What each directory holds: by its URI, the texts of its files, and `undefined` for a directory in it, by name. */
function directoriesOf(workspaces: readonly Workspace[]): Map<string, Map<string, string | undefined>> {
	const directories = new Map<string, Map<string, string | undefined>>();
	function put(uri: string, text: string | undefined): void {
		const at = uri.lastIndexOf('/');
		const parent = uri.slice(0, at);
		if (parent === 'file://') return;
		const entries = directories.get(parent);
		if (entries === undefined) put(parent, undefined);
		const made = entries ?? new Map<string, string | undefined>();
		directories.set(parent, made.set(uri.slice(at + 1), text));
	}
	for (const { root, files } of workspaces) {
		directories.set(root, new Map());
		for (const [uri, text] of Object.entries(files)) put(uri, text);
	}
	return directories;
}
