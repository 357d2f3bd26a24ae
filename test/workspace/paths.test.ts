import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { pathFromUri, uriFromPath } from '../../server/lsp/uris.ts';
import {
	ancestors,
	basename,
	dirname,
	isAbsolute,
	isWithin,
	join,
	normalize,
	schemeOf,
	spelledWithin,
} from '../../server/workspace/paths.ts';
import { fromWindows, toWindows } from '../../server/workspace/windows-paths.ts';

/** What stands before the first name, on every kind of place: each behaves as `/` does. */
const ROOTS = ['/', 'c:/', 'file://server/', 'vscode-vfs://github/', 'vscode-remote://ssh-remote%2Bhost/', 'memfs:///'];

describe('paths', () => {
	for (const root of ROOTS) {
		it(`below ${root} are taken apart and put together`, () => {
			assert.equal(normalize(`${root}a/./b//../c/`), `${root}a/c`);
			assert.equal(normalize(`${root}../..`), root);
			assert.equal(join(`${root}a`, '../b', 'x'), `${root}b/x`);
			assert.equal(join(`${root}elsewhere`, `${root}a`), `${root}a`);
			assert.equal(dirname(`${root}a/b`), `${root}a`);
			assert.equal(dirname(`${root}a`), root);
			assert.equal(dirname(root), root);
			assert.equal(basename(`${root}a/b c`), 'b c');
			assert.ok(isAbsolute(root));
			assert.ok(isWithin(root, `${root}a`) && isWithin(`${root}a`, `${root}a/b`) && !isWithin(`${root}a`, `${root}ab`));
		});
	}

	it('of another scheme or server are names below a directory', () => {
		assert.equal(join('/w', 'file://evil.example/share/x'), '/w/file:/evil.example/share/x');
		assert.equal(join('c:/w', 'file://evil.example/share'), 'c:/w/file:/evil.example/share');
		assert.equal(join('vscode-vfs://github/a/b', 'vscode-vfs://other/x'), 'vscode-vfs://github/a/b/vscode-vfs:/other/x');
		assert.equal(join('file://server/share', '/x'), '/x');
	});

	it('have the directories above them in order, the root last', () => {
		for (const root of ROOTS) assert.deepEqual([...ancestors(`${root}a/b`)], [`${root}a/b`, `${root}a`, root]);
		assert.deepEqual([...ancestors('a/b')], ['a/b', 'a', '.']);
		assert.deepEqual([...ancestors('../a')], ['../a', '..']);
	});

	it('have an end upwards, whatever they are', () => {
		const part = fc.constantFrom('.', '..', '/', 'a', ':', '//', 'file:', 'untitled:', '\\', 'C:', '');
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(part).map((parts) => parts.join('')),
				),
				(path) => {
					let left = 200;
					for (const _ of ancestors(path)) assert.ok(left-- > 0, path);
				},
			),
		);
	});

	it('tell where a file is: on this machine, or elsewhere', () => {
		assert.deepEqual(ROOTS.map(schemeOf), ['file', 'file', 'file', 'vscode-vfs', 'vscode-remote', 'memfs']);
	});

	it('of a workspace folder on Windows are recognized in any case, and elsewhere in their own', () => {
		assert.equal(spelledWithin('c:/Src', 'c:/src/App/Dockerfile'), 'c:/src');
		assert.equal(spelledWithin('c:/src', 'c:/src'), 'c:/src');
		assert.equal(spelledWithin('c:/src', 'c:/srcs/Dockerfile'), undefined);
		assert.equal(spelledWithin('c:/src', 'd:/src/Dockerfile'), undefined);
		assert.equal(spelledWithin('/Src', '/src/Dockerfile'), undefined);
		assert.equal(spelledWithin('/src', '/src/Dockerfile'), '/src');
	});
});

describe('paths of Windows', () => {
	for (const [native, path, uri] of [
		['C:\\src\\app\\Dockerfile', 'c:/src/app/Dockerfile', 'file:///c%3A/src/app/Dockerfile'],
		['c:/src/app/Dockerfile', 'c:/src/app/Dockerfile', 'file:///c%3A/src/app/Dockerfile'],
		['C:\\src/mixed\\.\\x\\..\\Dockerfile', 'c:/src/mixed/Dockerfile', 'file:///c%3A/src/mixed/Dockerfile'],
		['D:\\', 'd:/', 'file:///d%3A/'],
		['D:', 'd:/', 'file:///d%3A/'],
		['C:\\Program Files\\100%\\ü', 'c:/Program Files/100%/ü', 'file:///c%3A/Program%20Files/100%25/%C3%BC'],
		['\\\\Server\\share\\x', 'file://server/share/x', 'file://server/share/x'],
		['//server/share/x', 'file://server/share/x', 'file://server/share/x'],
		['\\\\wsl$\\Ubuntu\\home\\me', 'file://wsl$/Ubuntu/home/me', 'file://wsl%24/Ubuntu/home/me'],
		['\\\\?\\C:\\very\\long', 'c:/very/long', 'file:///c%3A/very/long'],
		['\\\\?\\UNC\\server\\share', 'file://server/share', 'file://server/share'],
		['relative\\x', 'relative/x', undefined],
	] as const) {
		it(`are one: ${native}`, () => {
			assert.equal(fromWindows(native), path);
			assert.equal(fromWindows(toWindows(path)), path);
			if (uri === undefined) return;
			assert.equal(uriFromPath(path), uri);
			assert.equal(pathFromUri(uri), path);
		});
	}

	it('are opened with what Windows knows, which is no URI', () => {
		assert.equal(toWindows('file://server/share/x'), '//server/share/x');
		assert.equal(toWindows('c:/src'), 'c:/src');
	});

	it('come from either separator to the same', () => {
		const name = fc.stringMatching(/^[\w][\w .-]*\w$/);
		fc.assert(
			fc.property(fc.constantFrom('C:', 'z:', '\\\\server\\share'), fc.array(name), (root, names) => {
				const native = [root, ...names].join('\\');
				assert.equal(fromWindows(native), fromWindows(native.replaceAll('\\', '/')));
				assert.equal(pathFromUri(uriFromPath(fromWindows(native))), fromWindows(native));
			}),
		);
	});
});
