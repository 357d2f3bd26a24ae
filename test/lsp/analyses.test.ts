import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { type Analyses, createAnalyses } from '../../server/lsp/analyses.ts';
import { type OpenDocument, openDocument } from '../../server/lsp/documents.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const URI = 'file:///w/Dockerfile';
const textOf = (version: number) => `FROM golang:1.26\nLABEL version=${version}\n`;

describe('the analyses of open documents', () => {
	/** The texts that were analysed. */
	let analysed: string[];
	let document: OpenDocument | undefined;
	let analyses: Analyses;

	/** As the server does it when a change arrives. */
	function change(version: number): void {
		analyses.drop(URI);
		document = openDocument({ uri: URI, languageId: 'dockerfile', version, text: textOf(version) }, 'utf-16');
	}

	beforeEach(() => {
		analysed = [];
		const analyser = createAnalyser({ files: createMemoryFiles({}) });
		const analyse: typeof analyser.analyse = (request) => {
			analysed.push(request.text);
			return analyser.analyse(request);
		};
		const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
		analyses = createAnalyses(
			{ ...analyser, analyse },
			() => document,
			async ({ path, text }) => ({ path, text, root: '/w' }),
			turn,
		);
		change(1);
	});

	it('are one for a text, whoever asks', async () => {
		const [one, other] = await Promise.all([analyses.complete(URI), analyses.complete(URI)]);
		assert.equal(one, other);
		assert.equal(await analyses.complete(URI), one);
		assert.deepEqual(analysed, [textOf(1)]);
	});

	it('leave out the texts that a newer one has replaced before they began', async () => {
		const asked = [1, 2, 3].map((version) => {
			change(version);
			return analyses.complete(URI);
		});
		for (const analysis of await Promise.all(asked)) assert.equal(analysis?.text, textOf(3));
		assert.deepEqual(analysed, [textOf(3)]);
	});

	it('are not for whoever gave up, nor of a document that was closed', async () => {
		assert.equal(await analyses.complete(URI, { aborted: true }), undefined);
		const asked = analyses.complete(URI);
		analyses.drop(URI);
		document = undefined;
		assert.equal(await asked, undefined);
		assert.deepEqual(analysed, []);
	});

	it('are made again once files or settings have changed', async () => {
		const before = await analyses.complete(URI);
		analyses.dropAll();
		assert.notEqual(await analyses.complete(URI), before);
	});
});
