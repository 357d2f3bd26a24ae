import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { readSuppressions } from '../../server/lint/suppressions.ts';

/** Whether a finding of `code` on `marked` is silenced in `text`. */
function silenced(text: string, marked: string, code = 'root-user'): boolean {
	const start = text.indexOf(marked);
	assert.notEqual(start, -1, `${marked} is not in the text`);
	const { lineStarts, instructions } = parseDockerfile(text);
	return readSuppressions(text, lineStarts, instructions).covers(code, { start, end: start + marked.length });
}

describe('suppression comments', () => {
	it('silence the instruction below', () => {
		const text = 'FROM golang\n# go-scratch ignore=root-user it binds port 80\nFROM scratch\nCMD ["/x"]\n';
		assert.equal(silenced(text, 'FROM scratch'), true);
		assert.equal(silenced(text, 'FROM golang'), false);
		assert.equal(silenced(text, 'CMD ["/x"]'), false);
	});

	it('name the codes they silence', () => {
		const text = 'FROM golang\n# go-scratch ignore=root-user, missing-entrypoint\nFROM scratch\n';
		assert.equal(silenced(text, 'FROM scratch', 'missing-entrypoint'), true);
		assert.equal(silenced(text, 'FROM scratch', 'missing-tmp'), false);
	});

	it('silence all of an instruction that goes on over several lines', () => {
		const text = 'FROM golang\n# go-scratch ignore=root-user\nRUN a && \\\n  b && \\\n  go build\nRUN go vet\n';
		assert.equal(silenced(text, 'go build'), true);
		assert.equal(silenced(text, 'go vet'), false);
	});

	it('stand between continuation lines too, for the line below', () => {
		const text = 'FROM golang\nRUN go vet && \\\n# go-scratch ignore=root-user\n  go build && \\\n  go test\n';
		assert.equal(silenced(text, 'go build'), true);
		assert.equal(silenced(text, 'go vet'), false);
		assert.equal(silenced(text, 'go test'), false);
	});

	it('stand in a heredoc, for the line below', () => {
		const text = 'FROM golang\nRUN <<EOF\ngo vet\n# go-scratch ignore=root-user\ngo build\nEOF\n';
		assert.equal(silenced(text, 'go build'), true);
		assert.equal(silenced(text, 'go vet'), false);
	});

	it('may have other comments below them, but no empty line', () => {
		assert.equal(silenced('# go-scratch ignore=root-user\n# Why: see above.\nFROM scratch\n', 'FROM scratch'), true);
		assert.equal(silenced('# go-scratch ignore=root-user\n\nFROM scratch\n', 'FROM scratch'), false);
	});

	it('silence the whole file from its top', () => {
		const text = '# go-scratch ignore-file=root-user,missing-tmp\n\nARG V=1\nFROM golang\nFROM scratch\nCMD ["/x"]\n';
		assert.equal(silenced(text, 'CMD ["/x"]'), true);
		assert.equal(silenced(text, 'FROM golang', 'missing-tmp'), true);
		assert.equal(silenced(text, 'FROM golang', 'missing-entrypoint'), false);
	});

	it('do not silence the whole file from below the first FROM', () => {
		assert.equal(silenced('FROM golang\n# go-scratch ignore-file=root-user\nFROM scratch\n', 'FROM scratch'), false);
	});

	it('work with Windows line endings, indentation and at the end of the file', () => {
		assert.equal(silenced('FROM golang\r\n  # go-scratch ignore=root-user\r\n  FROM scratch\r\n', 'FROM scratch'), true);
		assert.equal(silenced('FROM scratch\n# go-scratch ignore=root-user', 'FROM scratch'), false);
	});
});
