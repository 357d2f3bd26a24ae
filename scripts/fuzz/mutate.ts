import type { Random } from './random.ts';
import type { Input, Target } from './target.ts';

/** Changes texts at random: the characters, words and lines of them, and what other texts of the kind hold. */

/** Characters that mean something somewhere: to a parser, a shell, a terminal, Markdown or a workflow. */
const CHARACTERS = [
	...'\\`"\'<>[]{}()$#=,-:;&|!*?/.@~%^+_ \t\n\r\0\u0007\u0008\u001b\u007f\u0085\u009b\u00a0\u00ad\u061c\u200b\u200e\u202e\u2028\u2066\ufeffaZ09é\u{1f600}\ud800',
];

const WORDS = [
	'![](https://evil.example/a.png)',
	'[x](https://evil.example/)',
	'<img src=https://evil.example/b>',
	'https://evil.example/',
	'$(id)',
	'`id`',
	'a;id',
	'::error::x',
	'\u001b]52;c;eA==\u0007',
	'\r\u001b[2K',
	'__proto__',
	'constructor',
	'../../..',
	'/dev/zero',
	'a b',
	'-1',
	'4294967296',
	'1e999',
	'\\\n',
	'\r\n',
];

/** No text grows past this. */
const MAX_LENGTH = 64 * 1024;
/** Now and then a piece is repeated up to this length, which shows what takes the square of it. */
const MAX_REPEATED = 128 * 1024;

export function mutate(target: Target, input: Input, other: Input, random: Random): Input {
	if (target.mutate !== undefined) {
		return target.mutate(input, other, random);
	}
	const names = Object.keys(input).filter((name) => target.mutable?.(name) ?? true);
	if (names.length === 0) {
		return input;
	}
	const changed: Record<string, string> = { ...input };
	for (let count = random.oneIn(4) ? 2 : 1; count > 0; count--) {
		const name = random.pick(names);
		const texts = Object.values(other);
		changed[name] = mutateText(changed[name] ?? '', target.words, other[name] ?? random.pick(texts) ?? '', random);
	}
	return changed;
}

export function mutateText(text: string, words: readonly string[], other: string, random: Random): string {
	let result = text;
	for (let count = 1 + random.integer(random.oneIn(3) ? 8 : 2); count > 0; count--) {
		result = change(result, words, other, random);
	}
	return result.slice(0, random.oneIn(20) ? MAX_REPEATED : MAX_LENGTH);
}

function change(text: string, words: readonly string[], other: string, random: Random): string {
	const at = random.integer(text.length + 1);
	const length = random.oneIn(4) ? random.integer(60) : random.integer(6);
	const insert = (piece: string, over = 0) => text.slice(0, at) + piece + text.slice(at + over);
	switch (random.integer(13)) {
		case 0:
			return insert('', length + 1);
		case 1:
			return insert(random.pick(CHARACTERS));
		case 2:
			return insert(random.pick(CHARACTERS), 1);
		case 3:
			return insert(random.pick(words), random.integer(2) * length);
		case 4:
			return insert(random.pick(WORDS), random.integer(2) * length);
		case 5:
			return insert(text.slice(at, at + length + 1));
		case 6:
			return insert(wordOf(text, random), random.integer(2) * length);
		case 7:
			return insert(wordOf(other, random));
		case 8:
			return changeLines(text, random);
		case 9:
			return spliceLines(text, other, random);
		case 10:
			return insert(pieceOf(other, random));
		case 11:
			return repeat(text, at, length, random);
		default:
			return insert(String(random.pick([0, 1, -1, 255, 65536, 2 ** 31, 2 ** 53, 1e21, 0.1])), /^\d+/.exec(text.slice(at))?.[0].length ?? 0);
	}
}

function wordOf(text: string, random: Random): string {
	const start = random.integer(text.length + 1);
	return /[\w./$@{}=-]+/.exec(text.slice(start, start + 200))?.[0] ?? '';
}

function pieceOf(text: string, random: Random): string {
	const start = random.integer(text.length + 1);
	return text.slice(start, start + random.integer(200));
}

function changeLines(text: string, random: Random): string {
	const lines = text.split('\n');
	const from = random.integer(lines.length);
	const [taken = ''] = lines.splice(from, 1);
	if (!random.oneIn(3)) {
		lines.splice(random.integer(lines.length + 1), 0, taken);
		if (random.oneIn(2)) {
			lines.splice(random.integer(lines.length + 1), 0, taken);
		}
	}
	return lines.join('\n');
}

function spliceLines(text: string, other: string, random: Random): string {
	const lines = text.split('\n');
	const others = other.split('\n');
	const from = random.integer(others.length);
	lines.splice(random.integer(lines.length + 1), random.integer(3), ...others.slice(from, from + 1 + random.integer(6)));
	return lines.join('\n');
}

/** A piece again and again, mostly a few times and seldom until the text is long. */
function repeat(text: string, at: number, length: number, random: Random): string {
	const piece = text.slice(at, at + length + 1) || random.pick(CHARACTERS);
	const whole = random.oneIn(150) ? MAX_REPEATED - text.length : random.oneIn(10) ? 2000 : piece.length * (2 + random.integer(8));
	return text.slice(0, at) + piece.repeat(Math.max(1, Math.floor(whole / piece.length))) + text.slice(at);
}
