import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { DockerfileParser, JSONInstruction } from 'dockerfile-ast';
import fc from 'fast-check';
import { expandWord } from '../../server/dockerfile/expand.ts';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { splitAsShellWords } from '../../server/dockerfile/shell.ts';
import type { CopyInstruction, Instruction } from '../../server/dockerfile/syntax.ts';
import {
	argumentWord,
	comment,
	copyWords,
	execForm,
	ignoreException,
	joined,
	packageWord,
	plainWord,
	shellWord,
	sourceWord,
	written,
} from '../../server/dockerfile/write.ts';
import { parseIgnoreFile } from '../../server/image/context/dockerignore.ts';
import { glob } from '../../server/image/context/glob.ts';

/** Pieces that mean something to a shell, to Docker, to JSON or to a pattern, among ordinary letters. */
const PIECES = [
	...'abcZ09 ._-/:=@%+,~!#$&*()[]{}|;<>?^"\'`\\',
	'  ',
	'--',
	'<<EOF',
	'$(id)',
	'${X}',
	'$X',
	'`id`',
	' # ',
	'&&',
	'é',
	'漢',
	'😀',
	'\u00A0',
	'\u3000',
];

/** Names that can be written in most places. */
const printable = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));

/** What no writer takes. */
const UNWRITABLE = [
	'\0',
	'\n',
	'\r',
	'\t',
	'\x1B',
	'\x7F',
	'\x85',
	'\x9B',
	'\u2028',
	'\u2029',
	'\u202E',
	'\u200B',
	'\uFEFF',
	'\uFFFD',
	'\uD800',
];

/** Any text at all. */
const anything = fc.oneof(
	printable,
	fc.string({ unit: 'binary', maxLength: 12 }),
	fc.tuple(printable, fc.constantFrom(...UNWRITABLE), printable).map((parts) => parts.join('')),
);

const escapes = fc.constantFrom('\\' as const, '`' as const);

/** The one instruction that `line` is, between two others, as this project's parser and as dockerfile-ast read it. */
function onlyInstruction(line: string, escapeCharacter: '\\' | '`'): { own: Instruction; other: ReturnType<typeof readOther> } {
	const directive = escapeCharacter === '`' ? '# escape=`\n' : '';
	const text = `${directive}FROM scratch\nLABEL before=1 ${escapeCharacter}\n  more=2\n${line}\nLABEL after=3\n`;
	const { instructions } = parseDockerfile(text);
	assert.equal(instructions.length, 4, text);
	const [, , own, after] = instructions;
	assert.ok(own !== undefined && after?.keyword === 'LABEL', text);
	assert.equal(text.slice(own.range.start, own.range.end), line);
	return { own, other: readOther(text) };
}

function readOther(text: string) {
	const instructions = DockerfileParser.parse(text).getInstructions();
	// It looks for heredocs inside quotes too, which the builder does not.
	if (!text.includes('<EOF')) assert.equal(instructions.length, 4, text);
	const found = instructions[2];
	assert.ok(found);
	return { instruction: found, text };
}

/** The words of a COPY or ENTRYPOINT as dockerfile-ast cuts them, in either form. */
function wordsOfOther({ instruction, text }: ReturnType<typeof readOther>): string[] {
	const strings = instruction instanceof JSONInstruction ? instruction.getJSONStrings() : [];
	if (strings.length === 0) return instruction.getArguments().map((argument) => argument.getValue());
	const lines = text.split('\n');
	return strings.map((each) => {
		const { start, end } = each.getRange();
		return JSON.parse((lines[start.line] as string).slice(start.character, end.character)) as string;
	});
}

/** The shells of this machine, each run once for all words. */
const SHELLS = ['sh', 'dash', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

describe('a word of a shell', function () {
	this.timeout(60_000);

	for (const shell of SHELLS) {
		it(`is to ${shell} the name itself`, () => {
			fc.assert(
				fc.property(fc.array(anything, { minLength: 100, maxLength: 400 }), (names) => {
					const words = names.flatMap((name) => {
						const word = shellWord(name);
						return word === undefined ? [] : [{ name, word }];
					});
					const script = `printf '%s\\n' ${words.map(({ word }) => word).join(' ')}`;
					const printed = execFileSync(shell, ['-c', script], { encoding: 'utf8', cwd: '/' });
					assert.deepEqual(
						printed.split('\n').slice(0, -1),
						words.map(({ name }) => name),
					);
				}),
				{ numRuns: 15 },
			);
		});
	}

	it('is one word of one command of one RUN', () => {
		fc.assert(
			fc.property(fc.array(printable, { minLength: 1, maxLength: 4 }), escapes, (names, escapeCharacter) => {
				const line = written`RUN mkdir -p ${joined(names.map(shellWord))}`;
				assert.ok(line !== undefined);
				const { own } = onlyInstruction(line, escapeCharacter);
				assert.ok(own.keyword === 'RUN' && own.command?.form === 'shell' && own.heredocs.length === 0, line);
				assert.deepEqual(splitAsShellWords(own.command.text), ['mkdir', '-p', ...names]);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('the words of a COPY', () => {
	const lists = fc.array(printable, { minLength: 2, maxLength: 4 }).filter((names) => !names.join('').includes('\\'));

	/** What Docker makes of the words: quotes removed and variables expanded, in JSON too. */
	const meant = (copy: CopyInstruction, escapeCharacter: '\\' | '`') =>
		[...copy.sources, copy.destination].map((word) => word && expandWord(word.raw, escapeCharacter, () => ({ value: 'EXPANDED' })));

	it('are to both parsers one COPY with these paths', () => {
		fc.assert(
			fc.property(lists, escapes, fc.boolean(), (names, escapeCharacter, fromStage) => {
				const destination = names.at(-1) ?? '';
				const words = copyWords(names.slice(0, -1), destination, { escape: escapeCharacter });
				assert.ok(words !== undefined);
				const line = fromStage ? written`COPY --from=build ${words}` : written`COPY ${words}`;
				const { own, other } = onlyInstruction(line, escapeCharacter);
				assert.ok(own.keyword === 'COPY' && own.heredocs.length === 0 && own.flags.length === (fromStage ? 1 : 0), line);
				const patterns = names.map((name, index) => (index < names.length - 1 ? name.replace(/[*?[]/g, '[$&]') : name));
				assert.deepEqual(meant(own, escapeCharacter), patterns);
				// It looks for options inside an array too, which the builder does not.
				if (names.some((name) => name.includes('--'))) return;
				assert.deepEqual(
					wordsOfOther(other),
					[...own.sources, own.destination].map((word) => word?.raw),
				);
			}),
			{ numRuns: 1000 },
		);
	});

	it('match the one file that they name', () => {
		const name = printable.filter((each) => !/[\\/]/.test(each) && !/^\.{1,2}$/.test(each));
		fc.assert(
			fc.property(name, name, (one, another) => {
				const words = copyWords([one], '/', { escape: '\\' });
				assert.ok(words !== undefined);
				const { own } = onlyInstruction(written`COPY ${words}`, '\\');
				const [pattern = ''] = meant(own as CopyInstruction, '\\');
				const names = [...new Set([one, another])];
				assert.deepEqual(glob({ list: () => ({ names, complete: true }) }, '.', pattern).matches, [one]);
			}),
		);
	});

	it('are read as a source in a COPY that is there, or not written', () => {
		fc.assert(
			fc.property(anything, escapes, fc.boolean(), (name, escapeCharacter, json) => {
				const before = parseDockerfile(json ? 'COPY ["a", "b/"]' : 'COPY a b/').instructions[0] as CopyInstruction;
				const word = sourceWord(name, before, { escape: escapeCharacter });
				if (word === undefined) return;
				const { own } = onlyInstruction(json ? written`COPY ["a", ${word}, "b/"]` : written`COPY a ${word} b/`, escapeCharacter);
				assert.deepEqual(meant(own as CopyInstruction, escapeCharacter), ['a', name.replace(/[*?[]/g, '[$&]'), 'b/']);
			}),
		);
	});

	it('are plain where the names are, and else an array', () => {
		assert.equal(copyWords(['go.mod', 'go.sum'], './', { escape: '\\' }), 'go.mod go.sum ./');
		assert.equal(copyWords(['my templates/index page.html'], '/t', { escape: '\\' }), '["my templates/index page.html", "/t"]');
		assert.equal(copyWords(['pages/[id].html'], '/', { escape: '\\' }), '["pages/[[]id].html", "/"]');
		assert.equal(copyWords(['--from=x'], '/', { escape: '\\' }), '["--from=x", "/"]');
		assert.equal(copyWords(['$a'], '/', { escape: '\\' }), '["\\\\$a", "/"]');
		assert.equal(copyWords(['$a'], '/', { escape: '`' }), '["`$a", "/"]');
	});
});

describe('the argument of an instruction', () => {
	for (const keyword of ['WORKDIR', 'USER'] as const) {
		it(`is to ${keyword} the name itself`, () => {
			fc.assert(
				fc.property(printable, escapes, (name, escapeCharacter) => {
					const word = argumentWord(name, { escape: escapeCharacter });
					const line = keyword === 'USER' ? written`USER ${word}` : written`WORKDIR ${word}`;
					assert.ok(line !== undefined);
					const { own, other } = onlyInstruction(line, escapeCharacter);
					assert.ok(own.keyword === keyword && own.words[0] !== undefined, line);
					assert.equal(
						expandWord(own.words[0].raw, escapeCharacter, () => ({ value: 'EXPANDED' })),
						name,
					);
					assert.equal(other.instruction.getArgumentsContent(), own.words[0].raw);
				}),
			);
		});
	}

	it('is to ENV, ARG and LABEL the value itself', () => {
		fc.assert(
			fc.property(printable, printable, escapes, (one, another, escapeCharacter) => {
				const words = [one, another].map((name) => argumentWord(name, { escape: escapeCharacter }));
				for (const line of [
					written`ENV A=${words[0]} B=${words[1]}`,
					written`LABEL A=${words[0]} B=${words[1]}`,
					written`ARG A=${words[0]} B=${words[1]}`,
				]) {
					assert.ok(line !== undefined);
					const { own } = onlyInstruction(line, escapeCharacter);
					assert.ok('assignments' in own, line);
					assert.deepEqual(
						own.assignments.map(({ name, value }) => [
							name,
							value && expandWord(value.raw, escapeCharacter, () => ({ value: 'EXPANDED' })),
						]),
						[
							['A', one],
							['B', another],
						],
						line,
					);
				}
			}),
		);
	});
});

describe('exec form', () => {
	it('is to both parsers one instruction with these words', () => {
		fc.assert(
			fc.property(fc.array(anything, { minLength: 1, maxLength: 4 }), escapes, (words, escapeCharacter) => {
				const command = execForm(words);
				if (command === undefined) return;
				const { own, other } = onlyInstruction(written`ENTRYPOINT ${command}`, escapeCharacter);
				assert.ok(own.keyword === 'ENTRYPOINT' && own.command?.form === 'exec');
				assert.deepEqual(
					own.command.items.map(({ value }) => value),
					words,
				);
				assert.deepEqual(wordsOfOther(other), words);
			}),
		);
	});
});

describe('a comment', () => {
	it('is a line of its own that sets no directive', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					anything,
					anything.map((text) => `escape=\`${text}`),
					anything.map((text) => `syntax = ${text}`),
				),
				(text) => {
					const line = comment(text);
					const { comments, directives, instructions } = parseDockerfile(`${line}\nFROM scratch\n`);
					assert.deepEqual([comments.length, directives.length, instructions.length], [1, 0, 1], line);
					// At the top dockerfile-ast takes for a directive what the builder does not.
					const other = DockerfileParser.parse(`FROM scratch\n${line}\nLABEL a=1\n`);
					assert.deepEqual([other.getComments().length, other.getInstructions().length], [1, 2], line);
				},
			),
		);
	});
});

describe('an exception of an ignore file', () => {
	it('takes back the one path', () => {
		const path = printable
			.map((name) =>
				name
					.split('/')
					.filter((each) => !/^\.*$/.test(each))
					.join('/'),
			)
			.filter((name) => name !== '');
		fc.assert(
			fc.property(path, path, (one, another) => {
				const line = ignoreException(one);
				assert.ok(line !== undefined);
				const { ignores } = parseIgnoreFile(`**\n${line}\n`);
				assert.equal(ignores(one), false, line);
				if (another !== one && !another.startsWith(`${one}/`)) assert.equal(ignores(another), true, `${line} takes back ${another}`);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('what cannot be written', () => {
	for (const sign of UNWRITABLE) {
		it(`is a name with U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`, () => {
			const name = `a${sign}b`;
			const copy = parseDockerfile('COPY ["a", "b/"]').instructions[0] as CopyInstruction;
			assert.equal(shellWord(name), undefined);
			assert.equal(copyWords([name], '/', { escape: '\\' }), undefined);
			assert.equal(copyWords(['a'], name, { escape: '\\' }), undefined);
			assert.equal(sourceWord(name, copy, { escape: '\\' }), undefined);
			assert.equal(argumentWord(name, { escape: '\\' }), undefined);
			assert.equal(ignoreException(name), undefined);
			assert.equal(plainWord(name), undefined);
			assert.equal(packageWord(`./${name}`), undefined);
			assert.equal(comment(name), '# a?b');
			assert.equal(written`RUN mkdir ${shellWord(name)}`, undefined);
			assert.equal(joined([written`a`, shellWord(name)]), undefined);
			// JSON has an escape for a line feed and its like, and for no bytes that are not UTF-8.
			if (!['\n', '\r', '\t', '\x1B'].includes(sign)) assert.equal(execForm([name]), undefined);
		});
	}

	it('is a path of COPY with a backslash', () => assert.equal(copyWords(['a\\b'], '/', { escape: '`' }), undefined));

	it('is a package that Go refuses', () => {
		assert.equal(packageWord('./cmd/app'), './cmd/app');
		for (const argument of ['./a b', './a;id', './$(id)', './a...b', './é', './a@latest']) assert.equal(packageWord(argument), undefined);
	});
});
