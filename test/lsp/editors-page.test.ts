import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CODE_ACTION_KINDS } from '../../server/lsp/code-actions.ts';
import { GENERATE_COMMAND } from '../../server/lsp/generate-command.ts';

/** What docs/editors.md says of editors that no test runs; that of Neovim and Emacs is tried in them. */
describe('the page on editors', () => {
	const page = readFileSync(new URL('../../docs/editors.md', import.meta.url), 'utf8');
	const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map((block) => block[1] as string);
	const { bin } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

	it('holds JSON that can be read', () => {
		assert(blocks.length >= 4);
		for (const block of blocks) JSON.parse(block);
	});

	it('names the command, the kind of action and the program as they are', () => {
		const named = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map((match) => match[0]))];
		assert.deepEqual(named(/(?<!\.)go-scratch\.\w+(?=["'` )])/g), [GENERATE_COMMAND]);
		const [kind] = CODE_ACTION_KINDS.filter((each) => each.startsWith('source.'));
		assert.deepEqual(named(/source\.fixAll\.[\w-]+/g), [kind]);
		assert.deepEqual(
			named(/go-scratch-language-server/g),
			Object.keys(bin).filter((name) => name !== 'go-scratch'),
		);
	});
});
