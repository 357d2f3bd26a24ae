import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver/node';
import { checkMarkdown } from '../../scripts/fuzz/oracles.ts';
import { isDockerfilePath } from '../../server/knowledge/dockerfile-names.ts';
import { HOSTILE_HOST } from '../support/hostile-texts.ts';
import { makeHostileWorkspace } from '../support/hostile-workspace.ts';
import { createWatcher, type Watcher } from '../support/watcher.ts';
import { type CAPABILITIES, Client, PULLING, serverBundle } from './client.ts';

/** The language server as a process, in a workspace that was made to do harm. */

/** Nothing that one document takes lasts longer, in milliseconds; a loaded machine takes its time. */
const PATIENCE = 20_000;

/** What shows text in another order, or does something where it is printed. */
const CONTROL = /(?!\t|\n|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Places of a document at which a person hovers. */
const LINES = 16;
const WORDS = 6;

const PLAINTEXT = { ...PULLING, textDocument: { ...PULLING.textDocument, hover: { contentFormat: ['plaintext' as const] } } };

(process.platform === 'win32' ? describe.skip : describe)('the server in a hostile workspace', function () {
	this.timeout(300_000);
	let place: string;
	let watcher: Watcher;
	let client: Client;
	let rendered: boolean;

	beforeEach(() => {
		place = mkdtempSync(join(tmpdir(), 'go-scratch-hostile-lsp-'));
		watcher = createWatcher(place);
	});

	afterEach(async () => {
		chmodSync(join(client.directory, 'closed/directory'), 0o700);
		assert.equal(await client.stop(), 0);
		rmSync(place, { recursive: true, force: true });
	});

	/** A server whose workspace is the hostile one, watched. */
	async function start(capabilities: typeof CAPABILITIES): Promise<void> {
		const command = [process.execPath, '--max-old-space-size=512', '--require', watcher.script, serverBundle(), '--stdio'];
		client = await Client.start({ files: {}, capabilities, command });
		makeHostileWorkspace(client.directory);
	}

	function assertPlain(text: string, what: string): void {
		const found = CONTROL.exec(text);
		assert.equal(found, null, `${what} holds no control character: ${JSON.stringify(text)}`);
	}

	function checkDiagnostics(diagnostics: readonly Diagnostic[], path: string): void {
		for (const { message, relatedInformation = [] } of diagnostics) {
			for (const text of [message, ...relatedInformation.map((each) => each.message)].map(String)) {
				assertPlain(text, `a message of ${JSON.stringify(path)}`);
			}
		}
	}

	function checkHover(text: string): void {
		assertPlain(text, 'a hover');
		if (rendered) {
			checkMarkdown(text, pathToFileURL(client.directory).href);
		}
	}

	/** Every change of a document leaves the commands that are in it. */
	async function checkAction(action: CodeAction, uri: string): Promise<void> {
		assertPlain(action.title, 'a title');
		const resolved = await client.resolve(action);
		const after = client.after(uri, resolved.edit);
		assert.doesNotMatch(after, new RegExp(`^RUN id|^ADD.*${HOSTILE_HOST}`, 'm'), `${action.title} writes no name as a command`);
	}

	/** Opens a document, asks all that an editor asks, and closes it. */
	async function read(path: string): Promise<number> {
		const text = readFileSync(join(client.directory, path), 'utf8');
		const uri = await client.open(path, text);
		const diagnostics = await inTime(client.pull(uri), `the diagnostics of ${path}`);
		checkDiagnostics(diagnostics, path);
		let hovers = 0;
		for (const position of placesIn(text)) {
			const hover = await inTime(client.hover(uri, position.line, position.character), `a hover in ${path}`);
			if (hover !== undefined) {
				checkHover(hover);
				hovers++;
			}
		}
		const whole: Range = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };
		const actions = await inTime(client.actions(uri, whole), `the actions of ${path}`);
		const fixAll = await inTime(client.actions(uri, whole, ['source.fixAll']), `the fix of all in ${path}`);
		for (const action of [...actions, ...fixAll]) {
			await inTime(checkAction(action, uri), action.title);
		}
		await client.close(uri);
		return hovers + diagnostics.length + actions.length;
	}

	for (const [name, capabilities] of [
		['Markdown', PULLING],
		['plain text', PLAINTEXT],
	] as const) {
		it(`answers a client that shows ${name}, and shows names as text`, async () => {
			await start(capabilities);
			rendered = name === 'Markdown';
			const paths = [...dockerfilesIn(client.directory, '')];
			assert.ok(paths.length > 100, `there are Dockerfiles: ${paths.length}`);
			let answers = 0;
			for (const path of paths) {
				answers += await read(path);
			}
			assert.ok(answers > 2 * paths.length, `most are answered: ${answers} answers of ${paths.length} Dockerfiles`);
			for (const message of client.messages) {
				assert.ok(!message.includes(']('), `VS Code makes no link of a message: ${message}`);
			}
			for (const message of [...client.messages, ...client.logged]) {
				assertPlain(message, 'what is shown or logged');
				assert.doesNotMatch(message, /\n\s+at /, 'nothing of the server fails');
			}
			assert.equal(watcher.seen(), '', 'it starts no process and connects to nothing');
		});
	}
});

/** The documents that an editor opens: regular files, as it finds them below a directory without following links. */
function* dockerfilesIn(root: string, directory: string): Generator<string> {
	for (const entry of entriesOf(join(root, directory))) {
		const path = join(directory, entry);
		// A name that is not UTF-8 has no URI.
		const found = entry.includes('\ufffd') ? undefined : lstatSync(join(root, path), { throwIfNoEntry: false });
		if (found?.isDirectory()) {
			yield* dockerfilesIn(root, path);
		} else if (found?.isFile() && isDockerfilePath(`/${path}`) && canBeRead(join(root, path))) {
			yield path;
		}
	}
}

function entriesOf(directory: string): string[] {
	try {
		return readdirSync(directory).sort();
	} catch {
		return [];
	}
}

function canBeRead(path: string): boolean {
	try {
		readFileSync(path);
		return true;
	} catch {
		return false;
	}
}

/** The beginnings of the first words of the first lines. */
function placesIn(text: string): { line: number; character: number }[] {
	return text
		.split('\n')
		.slice(0, LINES)
		.flatMap((content, line) =>
			[...content.slice(0, 1000).matchAll(/\S+/g)].slice(0, WORDS).map(({ index }) => ({ line, character: index + 1 })),
		);
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${JSON.stringify(what)} is not there in time`)), PATIENCE);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
