import assert from 'node:assert/strict';
import { DockerfileParser } from 'dockerfile-ast';
import fc from 'fast-check';
import { toExecForm } from '../../server/dockerfile/exec-form.ts';
import { expandWord, variablesOf } from '../../server/dockerfile/expand.ts';
import { parseImageReference } from '../../server/dockerfile/image-reference.ts';
import { parseMount } from '../../server/dockerfile/mount.ts';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { commandsOf, expandShellWord, parseShell, shellFeaturesOf, splitAsShellWords } from '../../server/dockerfile/shell.ts';
import type { ShellWord } from '../../server/dockerfile/shell-syntax.ts';
import { readShell } from '../../server/dockerfile/shell-tree.ts';
import type { Assignment, CommandForm, Dockerfile, Flag, Instruction, Word } from '../../server/dockerfile/syntax.ts';
import { positionAt, type Range } from '../../server/text/text.ts';

/** Lines as people write them, whole and broken. */
const LINES = [
	'# syntax=docker/dockerfile:1',
	'# escape=`',
	'# a note',
	'',
	'   ',
	'ARG GO=1.22 V',
	'FROM golang:1.22 AS build',
	`FROM --platform=$BUILDPLATFORM golang:\${GO:-1}-alpine as build`,
	'from scratch',
	'FROM r.example:5000/a/b:1@sha256:0123',
	'ENV A b c',
	'ENV A=b C="d e" F=$A\\ x',
	'ENV A="open',
	'LABEL a.b="c" d=e',
	'WORKDIR /src',
	'COPY go.mod go.sum ./',
	'COPY --from=build --chown=1:1 /app /app',
	'COPY ["a b", "c"]',
	"COPY <<EOF <<-'X' /dst/",
	'RUN go build -o /app . && \\',
	'  -ldflags="-s -w" ./cmd/a \\',
	'RUN --mount=type=cache,target=/root/.cache \\',
	'RUN cat 3<<EOF',
	'RUN <<-EOF',
	'\tEOF',
	'EOF',
	'X',
	"RUN echo it's <<EOF",
	'RUN [ "$X" = y ] && z',
	'RUN ["a", "b"]',
	'CMD ["/app", \\',
	'  "--flag"]',
	"CMD ['/app',]",
	'CMD /app $PORT | tee x',
	'ENTRYPOINT [ "/app" ',
	'HEALTHCHECK --interval=5s CMD ["/app"]',
	'HEALTHCHECK NONE',
	'ONBUILD RUN cat <<EOF',
	'ONBUILD ONBUILD CMD x',
	'EXPOSE 80 443/tcp',
	'VOLUME ["/a"]',
	'USER 65534:65534',
	'STOPSIGNAL SIGTERM',
	'SHELL ["/bin/sh", "-c"]',
	'FRO',
	'RUN a \\ \t',
	'\\',
];

/** A file made of such lines, with some characters of it changed. */
const dockerfileText = fc
	.tuple(
		fc.array(fc.constantFrom(...LINES), { maxLength: 12 }),
		fc.constantFrom('\n', '\r\n', '\r'),
		fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...'\\`"\'<>[]{}()$#=,-:;&| \t\n\ra\uFEFFé\u2028')), { maxLength: 4 }),
		fc.boolean(),
	)
	.map(([lines, newline, changes, last]) => {
		let text = lines.join(newline) + (last ? newline : '');
		for (const [place, length, insert] of changes) {
			const at = place % (text.length + 1);
			text = text.slice(0, at) + insert + text.slice(at + length);
		}
		return text;
	});

const anyText = fc.oneof(
	dockerfileText,
	fc.string({ unit: 'binary', maxLength: 200 }),
	fc.string({ unit: fc.constantFrom(...'RUN<-E"\'\\[],$ \n'), maxLength: 120 }),
);

describe('whatever the text', function () {
	// A loaded machine is no failure.
	this.timeout(60_000);
	it('a Dockerfile is read, and every range says what its node does', () => {
		fc.assert(
			fc.property(anyText, (text) => checkFile(parseDockerfile(text))),
			{ numRuns: 2000 },
		);
	});

	it('every character but white space belongs to a directive, a comment or an instruction', () => {
		fc.assert(
			fc.property(anyText, (text) => {
				const file = parseDockerfile(text);
				const left = text.split('');
				for (const { range } of [...file.directives, ...file.comments, ...file.instructions]) left.fill('', range.start, range.end);
				// A continuation that nothing follows belongs to no instruction.
				assert.match(left.join(''), /^(?:\s|\u0085|\uFEFF|[\\`])*$/);
			}),
			{ numRuns: 1000 },
		);
	});

	it('words are expanded, and names read', () => {
		const raw = fc.string({ unit: fc.constantFrom(...'$X{}:-+?#%/\\`"\' aé\n*['), maxLength: 60 });
		fc.assert(
			fc.property(fc.oneof(raw, anyText), (text) => {
				for (const escapeCharacter of ['\\', '`'] as const) {
					expandWord(text, escapeCharacter, (name) => (name === 'X' ? { value: 'a/b.c' } : undefined));
					for (const { name, range } of variablesOf(text, escapeCharacter)) assert.ok(text.slice(range.start, range.end).includes(name));
				}
				parseImageReference(text);
				parseMount(text);
			}),
			{ numRuns: 2000 },
		);
	});

	it('a word without anything special stands for itself', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[^$\\"'\n]*$/), (word) =>
				assert.equal(
					expandWord(word, '\\', () => undefined),
					word,
				),
			),
		);
	});

	it('shell text is read, and every range says what its node does', () => {
		const pieces = fc.constantFrom(
			...[
				'a',
				'-o',
				' ',
				'&&',
				'||',
				';',
				'|',
				'(',
				')',
				'{',
				'}',
				'$(',
				'`',
				'"',
				"'",
				'\\',
				'$X',
				'${',
				'<<E',
				'\n',
				'>',
				'2>&1',
				'#',
				'*',
				'~',
				'if',
				'then',
				'fi',
			],
			...['for', 'do', 'done', 'in', 'case', 'esac', '!', '=', '[[', ']]', '((', 'é'],
		);
		fc.assert(
			fc.property(
				fc.oneof(
					fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')),
					anyText,
				),
				(text) => {
					const node = parseShell(text, 7);
					for (const command of commandsOf(node)) {
						for (const word of command.words) {
							checkShellWord(word, text);
							expandShellWord(word, () => undefined);
						}
						assert.ok(command.range.start >= 7 && command.range.end <= 7 + text.length);
					}
					if (splitAsShellWords(text) !== undefined) assert.deepEqual(shellFeaturesOf(text), []);
					// What was read before is not read again, and yet stands where it stands now.
					if (node.kind !== 'unknown') assert.deepEqual(parseShell(text, 40), readShell(text, 40));
				},
			),
			{ numRuns: 2000 },
		);
	});

	it('exec form is read as it is written', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { minLength: 1, maxLength: 5 }), (words) => {
				const text = `CMD ${toExecForm(words)}`;
				const command = parseDockerfile(text).instructions[0];
				assert.ok(command?.keyword === 'CMD' && command.command?.form === 'exec', text);
				assert.deepEqual(
					command.command.items.map((item) => item.value),
					words,
				);
			}),
		);
	});

	it('words quoted for the shell are split into the same words', () => {
		const word = fc.stringMatching(/^[\w./ =:,"$*-]+$/);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 5 }), (words) => {
				const quoted = words.map((each) => `'${each}'`);
				assert.deepEqual(splitAsShellWords(['/app', ...quoted].join(' ')), ['/app', ...words]);
			}),
		);
	});
});

describe('against dockerfile-ast, which cuts these files as the builder does', function () {
	// A loaded machine is no failure.
	this.timeout(60_000);
	const plain = LINES.filter((line) => !line.includes('<<') && !line.includes('escape') && !/^\s*$|\\|ONBUILD/.test(line));
	it('the instructions start at the same lines', () => {
		const lines = fc.array(fc.tuple(fc.constantFrom(...plain), fc.boolean()), { maxLength: 10 });
		fc.assert(
			fc.property(lines, fc.constantFrom('\n', '\r\n'), (chosen, newline) => {
				// A continued line goes on in a line of its own, behind a comment.
				const text = chosen
					.map(([line, continued]) => (continued && !line.startsWith('#') ? `${line} \\${newline}# note${newline}  more` : line))
					.join(newline);
				const file = parseDockerfile(text);
				const found = file.instructions.map((instruction) => [
					positionAt(file.lineStarts, instruction.keywordRange.start).line,
					text.slice(instruction.keywordRange.start, instruction.keywordRange.end).toUpperCase(),
				]);
				const theirs = DockerfileParser.parse(text)
					.getInstructions()
					.map((instruction) => [instruction.getRange().start.line, instruction.getKeyword()]);
				assert.deepEqual(found, theirs);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('time grows with the length', function () {
	// A loaded machine is no failure.
	this.timeout(60_000);
	// Each is so long that any step that looks at all of the text again would take minutes.
	const units: readonly (readonly [string, string, string, string])[] = [
		['instructions', 'FROM a\n', 'RUN go build -o /app . && b\n', ''],
		['continued lines', 'RUN a', ' \\\n  && b', '\n'],
		['comments in a continued line', 'RUN a \\\n', '# note\n', 'b'],
		['assignments', 'ENV', ' A="b c"', ''],
		['flags', 'RUN', ' --mount=type=cache,target=/x', ' a'],
		['JSON items', 'CMD ["a"', ', \\\n "b"', ']'],
		['broken JSON', 'CMD ["a"', ", 'b'", ']'],
		['open brackets', 'CMD ', '[ ', ''],
		['heredocs', '', 'RUN <<EOF\na\nEOF\n', ''],
		['heredocs that do not end', '', 'RUN cat <<EOF\na\n', ''],
		['heredocs of one line', 'COPY', ' <<a', ' /x\n'],
		['copied files', 'COPY', ' a', ' /x'],
		['quotes', 'ENV A=', '"\'', ''],
		['stages', '', 'FROM a AS b\n', ''],
		['white space', 'RUN a', ' \t', 'b'],
		['escapes', 'ENV A=', '\\', ''],
		['ONBUILD', '', 'ONBUILD ', 'RUN a'],
	];
	for (const [name, start, unit, end] of units) {
		it(name, () => {
			const file = parseDockerfile(start + unit.repeat(Math.ceil(400_000 / unit.length)) + end);
			assert.ok(file.instructions.length > 0);
		});
	}
	it('expanded words', () => {
		for (const unit of ['$X', `\${X}`, `\${X:-`, '\\\n', '"', "'", '\\', `\${X#*}`]) {
			expandWord(unit.repeat(100_000), '\\', () => ({ value: 'a' }));
			variablesOf(unit.repeat(100_000));
		}
	});
});

function at(file: Dockerfile, range: Range): string {
	assert.ok(range.start <= range.end && range.end <= file.text.length, JSON.stringify(range));
	return file.text.slice(range.start, range.end);
}

function checkFile(file: Dockerfile): void {
	for (const directive of file.directives) assert.match(at(file, directive.range), /^#/);
	for (const comment of file.comments) {
		assert.equal(at(file, comment.range).slice(0, 1), '#');
		assert.ok(at(file, comment.range).includes(comment.text));
	}
	let previous = 0;
	for (const instruction of file.instructions) {
		assert.ok(instruction.range.start >= previous, 'instructions do not overlap');
		previous = instruction.range.end;
		checkInstruction(file, instruction);
	}
	const inStages = file.stages.flatMap((stage) => [stage.from, ...stage.instructions]);
	assert.deepEqual(
		inStages,
		file.instructions.filter((instruction) => instruction.stage >= 0),
	);
}

function checkInstruction(file: Dockerfile, instruction: Instruction): void {
	const text = at(file, instruction.range);
	assert.doesNotMatch(text, /^[ \t\r\n]|[ \t\r\n]$/);
	assert.equal(instruction.keywordRange.start, instruction.range.start);
	assert.ok(instruction.argumentsRange.start >= instruction.keywordRange.end && instruction.argumentsRange.end <= instruction.range.end);
	if (instruction.keyword !== 'UNKNOWN') {
		const keyword = at(file, instruction.keywordRange).replace(/[\\`][ \t]*\r*\n(?:[ \t]*(?:#[^\n]*)?\r*\n)*/g, '');
		assert.equal(keyword.toUpperCase(), instruction.keyword);
	}
	if ('flags' in instruction) for (const flag of instruction.flags) checkFlag(file, flag);
	if ('assignments' in instruction) for (const assignment of instruction.assignments) checkAssignment(file, assignment);
	if ('command' in instruction && instruction.command !== undefined) checkCommand(file, instruction.command);
	if ('words' in instruction && instruction.keyword !== 'VOLUME') for (const word of instruction.words) checkWord(file, word);
	if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
		const words = [...instruction.sources, ...(instruction.destination === undefined ? [] : [instruction.destination])];
		for (const word of words) if (!instruction.json) checkWord(file, word);
	}
	if (instruction.keyword === 'FROM') {
		for (const word of [instruction.platform, instruction.image, instruction.alias]) if (word !== undefined) checkWord(file, word);
	}
	if ('heredocs' in instruction) {
		for (const heredoc of instruction.heredocs)
			assert.equal(heredoc.content.replace(/^\t+/gm, ''), at(file, heredoc.range).replace(/^\t+/gm, ''));
	}
	if (instruction.keyword === 'ONBUILD' && instruction.instruction !== undefined) checkInstruction(file, instruction.instruction);
}

function checkWord(file: Dockerfile, word: Word): void {
	assert.equal(at(file, word.range), word.raw);
}

function checkFlag(file: Dockerfile, flag: Flag): void {
	assert.match(at(file, flag.range), /^-/);
	if (flag.value !== undefined) checkWord(file, flag.value);
}

function checkAssignment(file: Dockerfile, assignment: Assignment): void {
	assert.ok(assignment.range.start === assignment.nameRange.start && assignment.range.end >= assignment.nameRange.end);
	if (assignment.value !== undefined) checkWord(file, assignment.value);
}

function checkCommand(file: Dockerfile, command: CommandForm): void {
	const text = at(file, command.range);
	if (command.form === 'exec') {
		assert.ok(text.startsWith('[') && text.endsWith(']'));
		for (const item of command.items) assert.match(at(file, item.range), /^".*"$/s);
		return;
	}
	assert.equal(command.text.length, text.length);
	for (let index = 0; index < text.length; index++) {
		// What is not blanked is what the file says; a carriage return in a heredoc becomes a line feed.
		assert.ok(command.text[index] === text[index] || command.text[index] === ' ' || (command.text[index] === '\n' && text[index] === '\r'));
	}
}

function checkShellWord(word: ShellWord, text: string): void {
	assert.equal(text.slice(word.range.start - 7, word.range.end - 7), word.raw);
}
