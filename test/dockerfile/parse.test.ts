import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import type { CommandForm, Instruction } from '../../server/dockerfile/syntax.ts';
import type { Range } from '../../server/text/text.ts';

/** The only instruction of `text`. */
function only(text: string): Instruction {
	const { instructions } = parseDockerfile(text);
	assert.equal(instructions.length, 1, `one instruction in ${JSON.stringify(text)}`);
	return instructions[0] as Instruction;
}

function commandOf(text: string): CommandForm | undefined {
	const instruction = only(text);
	assert.ok('command' in instruction);
	return instruction.command;
}

/** The texts of the instructions, and of their arguments. */
function slices(text: string): string[] {
	return parseDockerfile(text).instructions.map(({ range }) => text.slice(range.start, range.end));
}

function at(text: string, range: Range | undefined): string | undefined {
	return range === undefined ? undefined : text.slice(range.start, range.end);
}

describe('parseDockerfile', () => {
	describe('cuts a file into instructions', () => {
		const cases: readonly (readonly [string, string, readonly string[]])[] = [
			['an empty file', '', []],
			['blank lines and comments', '\n  \n# x\n', []],
			['lines', 'FROM a\nRUN b\n', ['FROM a', 'RUN b']],
			['no line ending at the end', 'FROM a\nRUN b', ['FROM a', 'RUN b']],
			['Windows line endings', 'FROM a\r\nRUN b \\\r\n  c\r\nCMD d\r\n', ['FROM a', 'RUN b \\\r\n  c', 'CMD d']],
			['a lone carriage return, which is white space', 'FROM a\rRUN b\nCMD c', ['FROM a\rRUN b', 'CMD c']],
			['a byte order mark', '\uFEFFFROM a\n', ['FROM a']],
			['indented instructions and tabs', '  FROM\ta\n\tRUN\tb\n', ['FROM\ta', 'RUN\tb']],
			['a continued line', 'RUN a \\\n  b\nCMD c', ['RUN a \\\n  b', 'CMD c']],
			['white space behind the continuation character', 'RUN a \\ \t\n  b\nCMD c', ['RUN a \\ \t\n  b', 'CMD c']],
			['comments and empty lines in a continued line', 'RUN a \\\n# x\n\n  # y\n  b\nCMD c', ['RUN a \\\n# x\n\n  # y\n  b', 'CMD c']],
			['a continuation that nothing follows', 'RUN a \\', ['RUN a']],
			['a continuation that only a comment follows', 'RUN a \\\n# x\n', ['RUN a']],
			['a doubled backslash, which continues nothing', 'RUN a \\\\\nCMD b', ['RUN a \\\\', 'CMD b']],
			['a keyword that is continued', 'RU\\\nN a\nCMD b', ['RU\\\nN a', 'CMD b']],
			['a continuation in front of everything', '\\\nFROM a', ['FROM a']],
			['the other escape character', '# escape=`\nRUN a `\n b \\\nCMD c', ['RUN a `\n b \\', 'CMD c']],
			['trailing white space, which is not part', 'RUN a  \t\nCMD b', ['RUN a', 'CMD b']],
			['text that is no instruction', 'FRO\n???\nRUN', ['FRO', '???', 'RUN']],
		];
		for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(slices(text), expected));

		it('takes the line ending from the first line', () => {
			assert.equal(parseDockerfile('a\r\nb\n').newline, '\r\n');
			assert.equal(parseDockerfile('a\nb\r\n').newline, '\n');
			assert.equal(parseDockerfile('').newline, '\n');
		});
	});

	describe('reads directives and comments', () => {
		it('directives stand at the top only', () => {
			const text = '# Syntax = docker/dockerfile:1 \n#escape=`\n# note\n# check=skip=all\nFROM a\n';
			const { directives, comments, ...file } = parseDockerfile(text);
			assert.deepEqual(
				directives.map(({ name, value }) => [name, value]),
				[
					['syntax', 'docker/dockerfile:1'],
					['escape', '`'],
				],
			);
			assert.deepEqual(
				comments.map((comment) => [comment.text, at(text, comment.range)]),
				[
					['note', '# note'],
					['check=skip=all', '# check=skip=all'],
				],
			);
			assert.equal(file.escape, '`');
		});
		it('an empty line ends them', () => assert.equal(parseDockerfile('\n# escape=`\n').escape, '\\'));
		it('an unknown one ends them', () => assert.equal(parseDockerfile('# a=b\n# escape=`\n').escape, '\\'));
		it('an escape character that is neither is ignored', () => assert.equal(parseDockerfile('# escape=x\n').escape, '\\'));
		it('comments within an instruction are kept, those in heredocs are content', () => {
			const { comments } = parseDockerfile('RUN a \\\n # one\n b\nRUN <<E\n# two\nE\n# three');
			assert.deepEqual(
				comments.map((comment) => comment.text),
				['one', 'three'],
			);
		});
	});

	describe('reads stages', () => {
		it('arguments in front of the first FROM are global', () => {
			const file = parseDockerfile('ARG A=1\nRUN early\nFROM a AS one\nARG B\nfrom one\nCMD x\n');
			assert.deepEqual(
				file.globalArguments.map((argument) => argument.assignments[0]?.name),
				['A'],
			);
			assert.deepEqual(
				file.instructions.map((instruction) => instruction.stage),
				[-1, -1, 0, 0, 1, 1],
			);
			assert.deepEqual(
				file.stages.map((stage) => [stage.index, stage.instructions.length, at(file.text, stage.range)]),
				[
					[0, 1, 'FROM a AS one\nARG B'],
					[1, 1, 'from one\nCMD x'],
				],
			);
		});

		const cases: readonly (readonly [string, string | undefined, string | undefined, string | undefined])[] = [
			['FROM a', undefined, 'a', undefined],
			['FROM a:1 as b', undefined, 'a:1', 'b'],
			['from --platform=$BUILDPLATFORM a AS b', '$BUILDPLATFORM', 'a', 'b'],
			['FROM r.io:5000/a/b:1@sha256:0123 AS c', undefined, 'r.io:5000/a/b:1@sha256:0123', 'c'],
			[`FROM a:\${V:-1}-alpine`, undefined, `a:\${V:-1}-alpine`, undefined],
			['FROM a \\\n  AS b', undefined, 'a', 'b'],
			['FROM a AS', undefined, 'a', undefined],
			['FROM', undefined, undefined, undefined],
			['FROM --platform=x', 'x', undefined, undefined],
		];
		for (const [text, platform, image, alias] of cases) {
			it(text, () => {
				const from = only(text);
				assert.ok(from.keyword === 'FROM');
				assert.deepEqual([from.platform?.raw, from.image?.raw, from.alias?.raw], [platform, image, alias]);
				for (const word of [from.platform, from.image, from.alias]) assert.equal(at(text, word?.range), word?.raw);
			});
		}
	});

	describe('reads assignments', () => {
		const cases: readonly (readonly [string, readonly (readonly [string, string | undefined])[]])[] = [
			['ENV A=b', [['A', 'b']]],
			[
				'ENV A=b C="d e" F=g\\ h',
				[
					['A', 'b'],
					['C', '"d e"'],
					['F', 'g\\ h'],
				],
			],
			[
				"ENV A='x \"y' B=",
				[
					['A', "'x \"y'"],
					['B', ''],
				],
			],
			['ENV A b  c=d', [['A', 'b  c=d']]],
			['ENV A', [['A', undefined]]],
			['ENV', []],
			[
				'ENV A=b \\\n # note\n  C=d',
				[
					['A', 'b'],
					['C', 'd'],
				],
			],
			[
				'ARG A B=c D=',
				[
					['A', undefined],
					['B', 'c'],
					['D', ''],
				],
			],
			[
				'LABEL a.b=c "d e"="f"',
				[
					['a.b', 'c'],
					['"d e"', '"f"'],
				],
			],
			['ENV A="open b=c', [['A', '"open b=c']]],
		];
		for (const [text, expected] of cases) {
			it(JSON.stringify(text), () => {
				const instruction = only(text);
				assert.ok('assignments' in instruction);
				assert.deepEqual(
					instruction.assignments.map(({ name, value }) => [name, value?.raw]),
					expected,
				);
				for (const { name, nameRange, value } of instruction.assignments) {
					assert.equal(at(text, nameRange), name);
					assert.equal(at(text, value?.range), value?.raw);
				}
			});
		}
	});

	describe('reads flags', () => {
		it('in front of the arguments only', () => {
			const text = 'RUN --mount=type=cache,target=/x --network=none --security="a b" --flag go --not';
			const run = only(text);
			assert.ok(run.keyword === 'RUN');
			assert.deepEqual(
				run.flags.map((flag) => [flag.name, flag.value?.raw, at(text, flag.range)]),
				[
					['mount', 'type=cache,target=/x', '--mount=type=cache,target=/x'],
					['network', 'none', '--network=none'],
					['security', '"a b"', '--security="a b"'],
					['flag', undefined, '--flag'],
				],
			);
			assert.equal(at(text, run.command?.range), 'go --not');
			assert.equal(at(text, run.argumentsRange), text.slice(4));
		});
		it('over several lines', () => {
			const run = only('RUN --mount=type=cache,target=/x \\\n  # why\n  --mount=type=bind \\\n  go build');
			assert.ok(run.keyword === 'RUN');
			assert.equal(run.flags.length, 2);
			assert.ok(run.command?.form === 'shell');
			assert.equal(run.command.text, 'go build');
		});
		it('a bare -- ends them', () => {
			const run = only('RUN -- --x');
			assert.ok(run.keyword === 'RUN');
			assert.deepEqual(run.flags, []);
			assert.ok(run.command?.form === 'shell');
			assert.equal(run.command.text, '--x');
		});
	});

	describe('tells exec form from shell form', () => {
		const exec: readonly (readonly [string, readonly string[]])[] = [
			['CMD ["a"]', ['a']],
			['CMD []', []],
			['CMD [ "a" , "b c" ]  ', ['a', 'b c']],
			['CMD ["sh","-c","go run ./a  b"]', ['sh', '-c', 'go run ./a  b']],
			['CMD ["a\\"b","\\u0041\\\\"]', ['a"b', 'A\\']],
			['CMD ["a", \\\n # note\n\n  "b"]', ['a', 'b']],
			['cmd\t["a"]', ['a']],
		];
		for (const [text, expected] of exec) {
			it(`exec: ${JSON.stringify(text)}`, () => {
				const command = commandOf(text);
				assert.ok(command?.form === 'exec');
				assert.deepEqual(
					command.items.map((item) => item.value),
					expected,
				);
				assert.match(at(text, command.range) ?? '', /^\[.*\]$/s);
				for (const item of command.items) assert.match(at(text, item.range) ?? '', /^".*"$/s);
			});
		}

		const malformed: readonly (readonly [string, readonly string[] | undefined])[] = [
			["CMD ['a', 'b c']", ['a', 'b c']],
			['CMD ["a",]', ['a']],
			['CMD ["a", "b",]', ['a', 'b']],
			['CMD ["a" "b"]', ['a', 'b']],
			['CMD [/app, --flag]', ['/app', '--flag']],
			['CMD [/app --flag]', ['/app', '--flag']],
			['CMD [a b, c]', undefined],
			['CMD ["a", "b"', ['a', 'b']],
			['CMD ["a", b]', ['a', 'b']],
			['CMD ["a", 8080]', ['a', '8080']],
			['CMD [“a”, “b”]', ['a', 'b']],
			['CMD ["a"] # note', ['a']],
			['CMD ["a"] b', undefined],
			['CMD ["a", "b]', undefined],
			['CMD ["a", ["b"]]', undefined],
			['CMD ["C:\\app"]', undefined],
			['CMD [', undefined],
			['CMD [  ', undefined],
			["CMD [ 'a', 'b' ]", ['a', 'b']],
			['CMD [ "/app", "x", ]', ['/app', 'x']],
			['CMD [ "/app", "x" ] y', undefined],
			['CMD [ "/app" "x" ]', ['/app', 'x']],
			['RUN ["a",]', ['a']],
			["ENTRYPOINT ['a']", ['a']],
			["HEALTHCHECK CMD ['a']", ['a']],
		];
		for (const [text, items] of malformed) {
			it(`malformed: ${text}`, () => {
				const command = commandOf(text);
				assert.ok(command?.form === 'malformed-exec', `${command?.form}`);
				assert.deepEqual(command.items, items);
				assert.equal(at(text, command.range), command.text);
			});
		}

		const shell: readonly string[] = [
			'RUN [ "$X" = y ] && z',
			'RUN [ -f /x ] || exit 1',
			'RUN [[ $X == y ]] && z',
			'RUN [[ -f x ]]',
			'RUN [ ! -e x ]',
			'RUN [ "a" = "b" ]',
			'RUN [ "-f" "x" ]',
			'RUN [ "$(uname -m)" = "x86_64" ] && a || b',
			'CMD /app "x"',
			"CMD '[a]'",
		];
		for (const text of shell) {
			it(`shell: ${text}`, () => {
				const command = commandOf(text);
				assert.equal(command?.form, 'shell');
				assert.equal(at(text, command?.range), text.slice(4));
			});
		}

		it('blanks continuations and comments at equal length', () => {
			const text = 'RUN a \\ \n # x\n\n\tb && \\\r\n c';
			const command = commandOf(text);
			assert.ok(command?.form === 'shell');
			assert.equal(command.text, 'a          \tb &&     c');
			assert.equal(command.text.length, command.range.end - command.range.start);
			assert.equal(command.text.indexOf('b') + command.range.start, text.indexOf('b'));
		});
		it('has no command where there are no arguments', () => {
			assert.equal(commandOf('RUN'), undefined);
			assert.equal(commandOf('CMD   '), undefined);
		});
	});

	describe('reads HEALTHCHECK', () => {
		it('NONE', () => assert.equal(commandOf('HEALTHCHECK NONE'), undefined));
		it('CMD with flags', () => {
			const text = 'HEALTHCHECK --interval=5s --retries=3 \\\n  cmd ["/app", "-h"]';
			const check = only(text);
			assert.ok(check.keyword === 'HEALTHCHECK');
			assert.deepEqual(
				check.flags.map((flag) => flag.name),
				['interval', 'retries'],
			);
			assert.equal(check.command?.form, 'exec');
			assert.equal(at(text, check.command?.range), '["/app", "-h"]');
		});
		it('half typed', () => assert.equal(commandOf('HEALTHCHECK --interval'), undefined));
	});

	describe('reads copies', () => {
		const cases: readonly (readonly [string, readonly string[], string | undefined, boolean])[] = [
			['COPY a b', ['a'], 'b', false],
			['COPY --from=x --chown=1:2 a b c/', ['a', 'b'], 'c/', false],
			['ADD a \\\n  b', ['a'], 'b', false],
			['COPY ["a b", "c\\"d"]', ['a b'], 'c"d', true],
			['COPY --link ["a", "b"]', ['a'], 'b', true],
			['COPY a', ['a'], undefined, false],
			['COPY', [], undefined, false],
			['COPY --from=x', [], undefined, false],
		];
		for (const [text, sources, destination, json] of cases) {
			it(JSON.stringify(text), () => {
				const copy = only(text);
				assert.ok(copy.keyword === 'COPY' || copy.keyword === 'ADD');
				assert.deepEqual(
					copy.sources.map((source) => source.raw),
					sources,
				);
				assert.equal(copy.destination?.raw, destination);
				assert.equal(copy.json, json);
				if (!json) for (const word of copy.sources) assert.equal(at(text, word.range), word.raw);
			});
		}
		it('heredocs are no sources', () => {
			const text = 'COPY --chmod=644 <<one <<-"two" x /dst/\nA $B\none\n\t\tC\n\ttwo\nCMD z\n';
			const copy = parseDockerfile(text).instructions[0];
			assert.ok(copy?.keyword === 'COPY');
			assert.deepEqual(
				copy.sources.map((source) => source.raw),
				['x'],
			);
			assert.equal(copy.destination?.raw, '/dst/');
			assert.deepEqual(
				copy.heredocs.map(({ name, expand, content, range }) => [name, expand, content, at(text, range)]),
				[
					['one', true, 'A $B\n', 'A $B\n'],
					['two', false, 'C\n', '\t\tC\n'],
				],
			);
			assert.equal(at(text, copy.argumentsRange), '--chmod=644 <<one <<-"two" x /dst/');
			assert.equal(at(text, copy.range), text.slice(0, text.indexOf('\nCMD')));
		});
	});

	describe('reads heredocs', () => {
		const cases: readonly (readonly [string, string, readonly string[]])[] = [
			['a script', 'RUN <<EOF\na \\\nFROM b\nEOF\nCMD c', ['RUN <<EOF\na \\\nFROM b\nEOF', 'CMD c']],
			['a descriptor', 'RUN cat 3<<EOF\nx\nEOF\nCMD c', ['RUN cat 3<<EOF\nx\nEOF', 'CMD c']],
			['white space in front of the name', 'RUN cat << EOF\nx\nEOF\nCMD c', ['RUN cat << EOF\nx\nEOF', 'CMD c']],
			['a quoted name with a space', 'RUN cat <<"a b"\nx\na b\nCMD c', ['RUN cat <<"a b"\nx\na b', 'CMD c']],
			['several', 'RUN cat <<A <<B\nB\nA\nA\nB\nCMD c', ['RUN cat <<A <<B\nB\nA\nA\nB', 'CMD c']],
			['tabs in front of the delimiter', 'RUN cat <<-A\n\tx\n\tA\nCMD c', ['RUN cat <<-A\n\tx\n\tA', 'CMD c']],
			['a delimiter that is not alone', 'RUN cat <<A\nA \n A\nA\nCMD c', ['RUN cat <<A\nA \n A\nA', 'CMD c']],
			['behind a continued line', 'RUN cat \\\n <<A\nx\nA\nCMD c', ['RUN cat \\\n <<A\nx\nA', 'CMD c']],
			['behind ONBUILD', 'ONBUILD RUN <<A\nx\nA\nCMD c', ['ONBUILD RUN <<A\nx\nA', 'CMD c']],
			['an open quote, behind which there is none', "RUN echo it's <<A\nCMD c\nA", ["RUN echo it's <<A", 'CMD c', 'A']],
			['a here-string, which is none', 'RUN cat <<<A\nCMD c\nA', ['RUN cat <<<A', 'CMD c', 'A']],
			['a shift, which is none', 'RUN echo $((1 << 2))\nCMD c', ['RUN echo $((1 << 2))', 'CMD c']],
			['JSON, which has none', 'RUN ["a", "<<A"]\nCMD c\nA', ['RUN ["a", "<<A"]', 'CMD c', 'A']],
			['CMD, which has none', 'CMD cat <<A\nRUN c\nA', ['CMD cat <<A', 'RUN c', 'A']],
			['a delimiter behind a tab, which ends nothing without a dash', 'RUN cat <<A\nCMD c\n\tA', ['RUN cat <<A', 'CMD c', 'A']],
			['one that does not end: the rest is still read', 'RUN cat <<A\nCMD c', ['RUN cat <<A', 'CMD c']],
			['Windows line endings', 'RUN cat <<A\r\nx\r\nA\r\nCMD c', ['RUN cat <<A\r\nx\r\nA', 'CMD c']],
		];
		for (const [name, text, expected] of cases) it(name, () => assert.deepEqual(slices(text), expected));

		it('the script of a lone heredoc is its content', () => {
			const command = commandOf('RUN --network=none <<-EOF\n\tgo build\n\tEOF');
			assert.ok(command?.form === 'shell');
			assert.equal(command.text, '      \n\tgo build\n    ');
		});
		it('behind a command, the shell gets both', () => {
			const text = 'RUN cat <<EOF >x && \\\n  y\nhi\nEOF';
			const command = commandOf(text);
			assert.ok(command?.form === 'shell');
			assert.equal(command.text, 'cat <<EOF >x &&     y\nhi\nEOF');
			assert.equal(command.range.end, text.length);
		});
		it('the shell finds the delimiter behind a Windows line ending too', () => {
			const command = commandOf('RUN cat <<EOF\r\nhi\r\nEOF\r\n');
			assert.ok(command?.form === 'shell');
			assert.match(command.text, /\nEOF$/);
			assert.equal(command.text.length, command.range.end - command.range.start);
		});
	});

	it('reads ONBUILD', () => {
		const text = 'ONBUILD COPY --from=x a b';
		const onbuild = only(text);
		assert.ok(onbuild.keyword === 'ONBUILD');
		assert.ok(onbuild.instruction?.keyword === 'COPY');
		assert.equal(onbuild.instruction.onbuild, true);
		assert.equal(onbuild.onbuild, false);
		assert.equal(at(text, onbuild.instruction.range), 'COPY --from=x a b');
		assert.ok(only('ONBUILD').keyword === 'ONBUILD');
		const chain = only('ONBUILD '.repeat(5000));
		assert.ok(chain.keyword === 'ONBUILD');
	});

	it('reads the rest of the line as one word', () => {
		for (const [text, expected] of [
			['WORKDIR /a b', '/a b'],
			['USER  65534:65534 ', '65534:65534'],
			['STOPSIGNAL SIGTERM', 'SIGTERM'],
			['MAINTAINER A B <a@b>', 'A B <a@b>'],
		] as const) {
			const instruction = only(text);
			assert.ok('words' in instruction);
			assert.deepEqual(
				instruction.words.map((word) => word.raw),
				[expected],
			);
		}
		const empty = only('USER');
		assert.ok('words' in empty);
		assert.deepEqual(empty.words, []);
	});

	it('reads EXPOSE and VOLUME', () => {
		for (const [text, expected] of [
			['EXPOSE 80 443/tcp', ['80', '443/tcp']],
			['VOLUME /a /b', ['/a', '/b']],
			['VOLUME ["/a", "/b c"]', ['/a', '/b c']],
		] as const) {
			const instruction = only(text);
			assert.ok('words' in instruction);
			assert.deepEqual(
				instruction.words.map((word) => word.raw),
				expected,
			);
		}
	});
});
