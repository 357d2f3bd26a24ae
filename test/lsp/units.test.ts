import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { changeDocument, openDocument } from '../../server/lsp/documents.ts';
import { createPositionMap, type PositionEncoding } from '../../server/lsp/positions.ts';
import { isPlaced, pathFromUri, uriFromPath } from '../../server/lsp/uris.ts';
import { basename, dirname } from '../../server/workspace/paths.ts';

const ENCODINGS: readonly PositionEncoding[] = ['utf-16', 'utf-8', 'utf-32'];

describe('URIs and paths', () => {
	it('say the same of a file', () => {
		for (const [uri, path] of [
			['file:///src/x/Dockerfile', '/src/x/Dockerfile'],
			['file:///src/with%20space/%C3%BC%25/Dockerfile', '/src/with space/ü%/Dockerfile'],
			['file:///c%3A/src/Dockerfile', 'c:/src/Dockerfile'],
			['file://server/share/Dockerfile', 'file://server/share/Dockerfile'],
			['vscode-vfs://github/owner/name/a%20b/Dockerfile', 'vscode-vfs://github/owner/name/a b/Dockerfile'],
		] as const) {
			assert.equal(pathFromUri(uri), path);
			assert.equal(uriFromPath(path), uri);
		}
	});

	it('agree on a drive letter however a client writes it', () => {
		for (const uri of ['file:///C:/src/x', 'file:///c:/src/x', 'file:///C%3A/src/x', 'file:///c%3a/src/x/'])
			assert.equal(pathFromUri(uri), 'c:/src/x');
	});

	it('say of a document without a file that nothing is beside it, and which one it is', () => {
		const uris = ['', 'untitled:Untitled-1', 'untitled:Dockerfile', 'Dockerfile', 'file://', 'file:', 'file:x', 'a:b', '..', 'x/../..'];
		uris.push('git:/src/Dockerfile?ref=HEAD', 'git:/src/Dockerfile?ref=~', 'git:///src/Dockerfile?%7B%22ref%22%3A%22%22%7D');
		uris.push('vscode-notebook-cell:/src/x.ipynb#W0', 'vscode-notebook-cell:/src/x.ipynb#W1', 'a:\uD800');
		const paths = uris.map(pathFromUri);
		assert.deepEqual(paths.filter(isPlaced), []);
		assert.equal(new Set(paths.map(dirname)).size, uris.length);
		assert.deepEqual(paths.slice(0, -1).map(uriFromPath), uris.slice(0, -1));
		assert.equal(basename(pathFromUri('git:/src/api.Dockerfile?ref=HEAD')), 'api.Dockerfile');
	});

	it('take this machine by its name, and a path for what it is', () => {
		assert.equal(pathFromUri('file://localhost/src/x'), '/src/x');
		assert.equal(pathFromUri('file://LOCALHOST/C:/src/x'), 'c:/src/x');
		assert.equal(pathFromUri('/src/a b'), '/src/a b');
		assert.equal(pathFromUri('C:\\src\\100%'), 'c:/src/100%');
		assert.equal(pathFromUri('file:///src/x?1'), '/src/x');
	});

	it('survive whatever a client sends', () => {
		for (const uri of ['file:///%', 'file:///../..', 'file:///']) assert.ok(isPlaced(pathFromUri(uri)), uri);
		assert.notEqual(pathFromUri('untitled:a'), pathFromUri('untitled:b'));
		fc.assert(fc.property(fc.string(), (rest) => void pathFromUri(`file://${rest}`)));
	});

	it('come back as they went, whatever is in a name', () => {
		const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[/\\]/.test(text) && text !== '.' && text !== '..');
		fc.assert(
			fc.property(fc.array(name, { minLength: 1 }), (names) =>
				assert.equal(pathFromUri(uriFromPath(`/${names.join('/')}`)), `/${names.join('/')}`),
			),
		);
	});
});

describe('positions', () => {
	const text = fc.array(fc.constantFrom('a', 'ü', '€', '😀', '\n', '\r\n'), { maxLength: 30 }).map((parts) => parts.join(''));

	it('count in the unit that was agreed on', () => {
		const character = (encoding: PositionEncoding) => createPositionMap('x\naü€😀b', encoding).position(7).character;
		assert.deepEqual(ENCODINGS.map(character), [5, 10, 4]);
	});

	it('come back as they went', () => {
		fc.assert(
			fc.property(text, fc.constantFrom(...ENCODINGS), fc.nat(), (sample, encoding, number) => {
				const offset = number % (sample.length + 1);
				// Nothing points between the halves of a character, nor between \r and \n.
				if (/^[\uDC00-\uDFFF]/.test(sample.slice(offset)) || (sample[offset] === '\n' && sample[offset - 1] === '\r')) return;
				const positions = createPositionMap(sample, encoding);
				assert.equal(positions.offset(positions.position(offset)), offset);
			}),
		);
	});

	it('outside of the text are taken to its edge, and behind a line to its end', () => {
		const positions = createPositionMap('ab\r\ncd', 'utf-16');
		assert.equal(positions.offset({ line: 0, character: 99 }), 2);
		assert.equal(positions.offset({ line: 9, character: 0 }), 6);
		assert.equal(positions.offset({ line: -1, character: 0 }), 0);
	});
});

describe('an open document', () => {
	it('takes the changes of an editor one after the other, in every encoding', () => {
		const range = (start: number, end: number) => ({ start: { line: 0, character: start }, end: { line: 0, character: end } });
		const lengths = { 'utf-16': 2, 'utf-8': 4, 'utf-32': 1 };
		for (const encoding of ENCODINGS) {
			const document = openDocument({ uri: 'file:///x', languageId: 'dockerfile', version: 1, text: '😀b' }, encoding);
			const at = lengths[encoding];
			const changed = changeDocument(
				document,
				2,
				[
					{ range: range(at, at + 1), text: 'cd' },
					{ range: range(at + 1, at + 1), text: '-' },
				],
				encoding,
			);
			assert.equal(changed.text, '😀c-d');
			assert.equal(changed.version, 2);
		}
	});
});
