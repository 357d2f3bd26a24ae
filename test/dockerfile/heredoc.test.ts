import assert from 'node:assert/strict';
import { heredocOpenings } from '../../server/dockerfile/heredoc.ts';

/** Heredocs as BuildKit's parser sees them: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go */

/** Each: a line, and the openings on it as `NAME`, with `-` in front where tabs are dropped, `'` around where nothing is expanded. */
const cases: readonly (readonly [string, readonly string[]])[] = [
	['cat', []],
	['cat <<EOF', ['EOF']],
	['cat <<-EOF', ['-EOF']],
	['cat << EOF', ['EOF']],
	['cat <<\tEOF', ['EOF']],
	['cat 3<<EOF', ['EOF']],
	['cat 12<<EOF', ['EOF']],
	['cat x<<EOF', []],
	['cat <EOF', []],
	['cat <<<EOF', []],
	['cat <<', []],
	['cat << ', []],
	['cat <<""', []],
	['cat <<"EOF"', ["'EOF'"]],
	["cat <<'EOF'", ["'EOF'"]],
	['cat <<E"O"F', ["'EOF'"]],
	['cat <<\\EOF', ["'EOF'"]],
	['cat <<"A B"', ["'A B'"]],
	['cat <<"A\\"B"', ["'A\"B'"]],
	['cat <<"A\\\\B"', ["'A\\B'"]],
	['cat <<"A\\B"', ["'A\\B'"]],
	["cat <<'A\\B'", ["'A\\B'"]],
	['cat <<A <<B', ['A', 'B']],
	['cat <<A <<-B x', ['A', '-B']],
	['cat "<<EOF"', []],
	["cat '<<EOF'", []],
	['cat "a\\" <<EOF"', []],
	['cat "a" <<EOF', ['EOF']],
	['cat "a\\"" <<EOF', ['EOF']],
	["cat 'a\\' <<EOF", ['EOF']],
	['cat \\<<EOF', []],
	['cat "open <<EOF', []],
	["cat 'open <<EOF", []],
	['cat <<EOF "open', []],
	['<<EOF', ['EOF']],
	['cat <<EOF && echo', ['EOF']],
	['cat <<EOF|sh', ['EOF|sh']],
];

describe('heredocs on a line', () => {
	for (const [line, expected] of cases) {
		it(JSON.stringify(line), () => {
			const found = heredocOpenings(line, { start: 0, end: line.length });
			assert.deepEqual(
				found.map(({ name, expand, stripTabs }) => `${stripTabs ? '-' : ''}${expand ? name : `'${name}'`}`),
				expected,
			);
			for (const { span } of found) {
				assert.match(line.slice(span.start, span.end), /^\d*<</, 'the span is that of the word');
			}
		});
	}

	it('are looked for on that line only', () => {
		const text = 'RUN <<A\nRUN <<B\n';
		assert.deepEqual(
			heredocOpenings(text, { start: 8, end: 15 }).map(({ name, span }) => [name, span.start, span.end]),
			[['B', 12, 15]],
		);
	});
});
