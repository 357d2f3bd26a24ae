import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../server/cli/commands/index.ts';
import { generalHelp, helpOf } from '../server/cli/help.ts';
import { rulePage } from '../server/lint/documentation.ts';
import { rules } from '../server/rules/index.ts';

/**
 * Users read the words of Go and Docker documentation. These are the ones that we used to write instead, each with what to write.
 * Only what users see is searched: pages, messages, help, settings, snippets and generated files.
 */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
	[/\bmend(?:s|ed|ing)?\b/i, 'fix'],
	[/\b(?:silent|silently|silences?|silenced)\b/i, 'not reported; suppress, ignore'],
	[/\bspeaks?\b/i, 'reports; is about'],
	[/\b(?:has|have) not(?! (?:\w+ed|been|read|run|written|changed)\b)/i, 'does not have, lacks'],
	[/(?<!\bthere )\bis no (?!longer\b)/i, 'is not a'],
	[/\bholds? no\b/i, 'has no, lacks'],
	[/\bfor want of\b|[,;] for (?:it|he|they|there|nothing|nobody|this is|that is)\b/i, 'because, since'],
	[/\b(?:behind|in front of)\b/i, 'after, before'],
	[/\b(?:wants|asks for)\b/i, 'requires, needs'],
	[/\b(?:anew|once more)\b/i, 'again'],
	[/\b(?:whoever|wherever|whichever way|what stands|stands in)\b/i, 'name the thing'],
	[/\bin sight\b/i, 'in the Dockerfile or the program'],
	[/\b(?:image|stage)s? that ships?\b/i, 'the final image, a target stage'],
	[/(?<!x509|system )roots\b/i, 'CA certificates'],
	[/\b(?:so|as) many\b/i, 'at most N'],
	[/\blight bulb\b/i, 'lightbulb'],
	[/\b(?:nobody's|somebody's|somebody|at hand)\b/i, 'name who or what'],
];

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');

function filesBelow(directory: string, ending: string): string[] {
	return readdirSync(`${ROOT}/${directory}`, { recursive: true, encoding: 'utf8' })
		.map((name) => `${directory}/${name.replaceAll('\\', '/')}`)
		.filter((path) => path.endsWith(ending))
		.sort();
}

/** The old words in a text, one line each. */
function oldWords(name: string, text: string): string[] {
	return text.split('\n').flatMap((line, index) =>
		INSTEAD.flatMap(([pattern, instead]) => {
			const found = pattern.exec(line);
			return found === null ? [] : [`${name}:${index + 1}: '${found[0]}' (write: ${instead}) in: ${line.trim()}`];
		}),
	);
}

/** Markdown without code, which is what engines, compilers and files say. */
function proseOf(markdown: string): string {
	return markdown.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, '')).replace(/`[^`\n]*`/g, '`…`');
}

/**
 * The string and template literals of a source that are sentences, each on its line, without comments. Quoted words in a message are
 * what an engine says.
 */
function sentencesOf(source: string): string {
	return source
		.split('\n')
		.map((line) => (/^\s*(?:\*|\/\*|\/\/)/.test(line) ? '' : line))
		.map((line) => line.match(/'(?:[^'\\\n]|\\.)*'|`[^`\n]*`/g)?.filter((literal) => /\w \w+ \w/.test(literal)) ?? [])
		.map((literals) => literals.map((literal) => literal.slice(1, -1).replace(/\$\{[^}]*\}|'[^']*'|`[^`]*`/g, '…')).join(' | '))
		.join('\n');
}

/** The comments that a fixture expects in generated files. */
function commentsOf(archive: string): string {
	return archive
		.split('\n')
		.map((line) => (line.startsWith('# ') || line.startsWith('Wrote ') ? line : ''))
		.join('\n');
}

const PAGES = [
	...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'SECURITY.md', 'media/walkthrough/command-line.md'],
	...filesBelow('docs', '.md').filter((path) => !path.startsWith('docs/rules/')),
	...filesBelow('server', '.md'),
];

describe('the language that users read', () => {
	it('finds an old word where there is one', () => {
		assert.deepEqual(
			oldWords('x', 'It fixes it.\nIt mends it.').map((line) => line.slice(0, 18)),
			["x:2: 'mends' (writ"],
		);
		assert.equal(oldWords('x', 'There is no go.mod, for example, and the image has not changed.').length, 0);
		assert.equal(sentencesOf("\treport('This is nested too deeply', 1); // It mends\n\t * a 'b c d' e"), 'This is nested too deeply\n');
		assert.equal(proseOf('a `mend` b\n```\nmend\n```\nc'), 'a `…` b\n\n\n\nc');
	});

	for (const path of PAGES) {
		it(`is plain in ${path}`, () => assert.deepEqual(oldWords(path, proseOf(read(path))), []));
	}

	it('is plain on the pages of rules', () => {
		assert.deepEqual(
			rules.flatMap((rule) => oldWords(rule.code, proseOf(rulePage(rule)))),
			[],
		);
	});

	it('is plain in messages, titles and generated comments', () => {
		const sources = [...filesBelow('server', '.ts'), ...filesBelow('client', '.ts')];
		assert.deepEqual(
			sources.flatMap((path) => oldWords(path, sentencesOf(read(path)))),
			[],
		);
	});

	it('is plain in generated files', () => {
		assert.deepEqual(
			filesBelow('test/fixtures/generate', '.txtar').flatMap((path) => oldWords(path, commentsOf(read(path)))),
			[],
		);
	});

	it('is plain in the help of the command line', () => {
		assert.deepEqual(oldWords('help', [generalHelp(COMMANDS), ...COMMANDS.map(helpOf)].join('\n')), []);
	});

	for (const path of ['package.json', 'snippets/dockerfile.json', 'schemas/report.schema.json', 'action.yml', '.pre-commit-hooks.yaml']) {
		it(`is plain in ${path}`, () => assert.deepEqual(oldWords(path, read(path)), []));
	}
});
