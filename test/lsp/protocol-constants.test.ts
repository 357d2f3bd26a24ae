import assert from 'node:assert/strict';
import * as library from 'vscode-languageserver-protocol/node';
import * as own from '../../server/lsp/protocol-constants.ts';

describe('the constants of the protocol', () => {
	for (const [name, value] of Object.entries(own)) {
		it(`has the library's ${name}`, () => {
			const original: unknown = Reflect.get(library, name);
			assert.ok(original, 'the library has it');
			if (typeof value === 'function') {
				const { code, message, data } = new own.ResponseError(1, 'no', 2);
				assert.deepEqual({ code, message, data }, { ...pick(new library.ResponseError(1, 'no', 2)) });
			} else for (const [key, each] of Object.entries(value)) assert.equal(each, Reflect.get(original as object, key), key);
		});
	}
});

function pick({ code, message, data }: library.ResponseError<number>) {
	return { code, message, data };
}
