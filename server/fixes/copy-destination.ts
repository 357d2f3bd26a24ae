import type { Dockerfile, Word } from '../dockerfile/syntax.ts';
import type { Range } from '../text/text.ts';

/** Where text goes that is added to a word of COPY: at its end, inside the quotes where it has some, as all words of a JSON array do. */
export function endOfWord({ text }: Dockerfile, { range }: Word): Range {
	const quoted = /^(["']).*\1$/s.test(text.slice(range.start, range.end));
	const end = quoted ? range.end - 1 : range.end;
	return { start: end, end };
}
