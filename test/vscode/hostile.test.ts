import assert from 'node:assert/strict';
import {
	commands,
	type Disposable,
	Hover,
	languages,
	MarkdownString,
	Position,
	Selection,
	type TextDocument,
	window,
	workspace,
} from 'vscode';
import { HOSTILE_DOCKERFILE, HOSTILE_GO_MOD, HOSTILE_HOST, HOSTILE_PROGRAM } from '../support/hostile-texts.ts';
import {
	cleanUp,
	exists,
	finding,
	hovered,
	inWorkspace,
	openDockerfile,
	readFile,
	sleep,
	startExtension,
	waitFor,
	writeFile,
} from './editor.ts';

/** A host whose image a hover of this test shows, to see that hovers are shown and requests are noticed. */
const SHOWN_HOST = 'shown.example';

/** Where `scripts/vscode-suite.ts` writes what the window asks other machines for. */
const requestsFile = () => inWorkspace('..', 'foreign-requests');

/** The beginnings of all words of a text. */
function placesIn(text: string): Position[] {
	return text
		.split('\n')
		.flatMap((content, line) => [...content.matchAll(/\S+/g)].slice(0, 4).map(({ index }) => new Position(line, index + 1)));
}

describe('a hostile repository in the editor', function () {
	this.timeout(300_000);
	let control: Disposable | undefined;

	before(async function () {
		await startExtension();
		if (!(await exists(requestsFile()))) {
			// A desktop VS Code: nothing of it tells what its window asks for.
			this.skip();
		}
	});
	afterEach(async () => {
		control?.dispose();
		await cleanUp();
		await workspace.fs.delete(inWorkspace('hostile'), { recursive: true });
	});

	/** Shows the hover at a place, as a person's pointer does, and waits until it is there. */
	async function hover(document: TextDocument, position: Position): Promise<void> {
		const editor = await window.showTextDocument(document);
		editor.selection = new Selection(position, position);
		const image = `https://${SHOWN_HOST}/${position.line}/${position.character}.png`;
		await commands.executeCommand('editor.action.showHover');
		await waitFor(
			async () => (await readFile(requestsFile())).includes(image),
			() => `the hover at ${position.line}:${position.character} is shown`,
		);
		await commands.executeCommand('editor.action.hideHover');
	}

	it('shows its names in hovers and messages, and asks nobody for the images in them', async () => {
		await writeFile(inWorkspace('hostile', 'go.mod'), HOSTILE_GO_MOD);
		await writeFile(inWorkspace('hostile', 'main.go'), HOSTILE_PROGRAM);
		const document = await openDockerfile(HOSTILE_DOCKERFILE, 'hostile', 'Dockerfile');
		await finding(document.uri, 'unknown-user');
		control = languages.registerHoverProvider(
			{ pattern: '**/hostile/Dockerfile' },
			{
				provideHover: (_, { line, character }) => new Hover(new MarkdownString(`![](https://${SHOWN_HOST}/${line}/${character}.png)`)),
			},
		);
		let named = 0;
		for (const position of placesIn(HOSTILE_DOCKERFILE)) {
			named += /evil/.test(await hovered(document.uri, position)) ? 1 : 0;
			await hover(document, position);
		}
		assert(named > 5, `hovers hold names of the repository: ${named}`);
		for (let count = 0; count < 6; count++) {
			await commands.executeCommand('editor.action.marker.next');
			await sleep(200);
		}
		await commands.executeCommand('workbench.actions.view.problems');
		await sleep(1000);
		const asked = (await readFile(requestsFile())).split('\n').filter((address) => !address.includes(`//${SHOWN_HOST}/`));
		assert.deepEqual(
			asked.filter((address) => address.includes(HOSTILE_HOST)),
			[],
			`nothing is asked of ${HOSTILE_HOST}: ${asked.join(' ')}`,
		);
	});
});
