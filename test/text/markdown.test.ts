import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bold, code, joined, link, markdown } from '../../server/text/markdown.ts';
import { visible } from '../../server/text/visible.ts';
import { hostile } from '../support/hostile.ts';
import { markupIn, shownText } from '../support/rendered.ts';

describe('Markdown', () => {
	it('shows any text as text, and any code as code', () => {
		fc.assert(
			fc.property(hostile, (text) => {
				for (const shown of [markdown`Before ${text} after`, markdown`${text}`, markdown`- ${bold(text)}, ${text}`]) {
					assert.deepEqual(markupIn(shown.markdown), [], shown.markdown);
				}
				const seen = shownText(markdown`Before ${text} after`.markdown);
				assert.equal(seen.replace(/\s+/g, ' '), `Before ${visible(text)} after`.replace(/\s+/g, ' '));
				assert.deepEqual(markupIn(markdown`${code(text)}`.markdown), []);
				const span = shownText(markdown`Before ${code(text)} after`.markdown);
				assert.equal(span.replace(/ +/g, ' '), `Before ${visible(text)} after`.replace(/ +/g, ' '));
			}),
			{ numRuns: 1000 },
		);
	});

	it('makes a link of what is one, and nothing else of its parts', () => {
		fc.assert(
			fc.property(hostile, hostile, (text, path) => {
				const shown = markdown`Before ${link(code(text), `file:///w/${path}`)} and ${link(text, `file://${path}`)} after ${text}`;
				const found = markupIn(shown.markdown);
				assert.equal(found.length, 2, shown.markdown);
				for (const each of found) assert.match(each, /^link \[[\s\S]*\]\(file:\/\/[A-Za-z0-9\-./?#,;=%]*\)$/);
			}),
			{ numRuns: 1000 },
		);
	});

	it('percent-encodes what would end a link', () => {
		assert.equal(link('x', 'file:///a)(b/%20c d>\u{1F600}\uD800').markdown, '[x](file:///a%29%28b/%20c%20d%3E%F0%9F%98%80%EF%BF%BD)');
	});

	it('has the same without markup for who renders none', () => {
		const text = joined([markdown`- ${bold('a*b')} ${code('c`d')}`, markdown`${link('e\u001B', 'file:///f')}`], '\n');
		assert.equal(text.markdown, '- **a&#42;b** c&#96;d\n[e&#92;x1b](file:///f)');
		assert.equal(text.plain, '- a*b c`d\ne\\x1b');
	});
});
