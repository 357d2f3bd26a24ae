import fc from 'fast-check';

/** Texts that a file, a name or a literal may hold, and that a renderer, a terminal or a runner takes for more than text. */

const CHARACTERS = [
	...'\\`*_{}[]<>()#+-.!|~&:@$"\'=/%^?,; \t\n\rab1\u001B\u0007\u0000\u007F\u009B\u0085\u202E\u2066\u200B\u2028\uFEFF\u00E9\u{1F600}',
];

const PIECES = [
	'![](https://evil.example/u.png)',
	'[a](https://evil.example)',
	'https://evil.example/',
	'www.evil.example',
	'evil@evil.example',
	'<img src=https://evil.example>',
	'<https://evil.example>',
	'&lt;',
	'``',
	'](',
	'**',
	'](command:x)',
	'\u001B]52;c;eA==\u0007',
	'\r\u001B[2K',
	'\uD800',
	'\n::error::x',
	'\r::stop-commands::x\n',
	'::set-output name=a::b',
	'##[error]x',
	'##vso[task.x]y',
	'##',
	'[',
	'::',
];

/** Any text, and text made of what means something somewhere. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
	fc.array(fc.oneof(fc.constantFrom(...CHARACTERS), fc.constantFrom(...PIECES)), { maxLength: 12 }).map((pieces) => pieces.join('')),
	fc.string({ unit: 'binary', maxLength: 40 }),
);
