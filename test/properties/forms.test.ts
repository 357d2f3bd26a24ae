import fc from 'fast-check';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { applyEdits } from '../../server/text/text.ts';
import { fixtureCases } from './cases.ts';
import { type Case, checkFixAll, checkFixes } from './checks.ts';

/** The Dockerfiles of the fixtures in other forms that mean the same: their fixes are as right there. */

/** Every COPY whose words are plain, as a JSON array. */
function withArrays(text: string): string {
	const edits = parseDockerfile(text).instructions.flatMap((instruction) => {
		if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
		const words = [...instruction.sources, ...(instruction.destination === undefined ? [] : [instruction.destination])];
		const [first] = words;
		const last = words.at(-1);
		if (instruction.json || instruction.heredocs.length > 0 || words.length < 2 || words.some(({ raw }) => /["'\\\n]/.test(raw))) return [];
		if (first === undefined || last === undefined) return [];
		const newText = `[${words.map(({ raw }) => JSON.stringify(raw)).join(', ')}]`;
		return [{ range: { start: first.range.start, end: last.range.end }, newText }];
	});
	return applyEdits(text, edits);
}

/** With an escape character at the very end, where it continues nothing. */
function withOpenEnd(text: string): string {
	return `${text.trimEnd()} ${parseDockerfile(text).escape}`;
}

/** With a backtick as escape character. */
function withBackticks(text: string): string {
	return /^#|`|<</.test(text) ? text : `# escape=\`\n${text.replace(/\\(?=\r?\n)/g, '`')}`;
}

const FORMS: Readonly<Record<string, (text: string) => string>> = {
	'with JSON arrays': withArrays,
	'with an escape character at the end of the file': withOpenEnd,
	'with a backtick as escape character': withBackticks,
	'with a byte order mark': (text) => `\uFEFF${text.replace(/^\uFEFF/, '')}`,
};

/** How much thorougher than usual. */
const THOROUGH = Number(process.env.GO_SCRATCH_THOROUGH ?? 1);

describe('every fix', function () {
	this.timeout(120_000);

	const cases = fixtureCases();
	for (const [form, change] of Object.entries(FORMS)) {
		const changed = cases
			.map((each): Case => ({ ...each, text: change(each.text) }))
			.filter(({ text }, index) => text !== cases[index]?.text);
		// A fix that writes into a COPY is rare, so that all of these are tried.
		const tried = change === withArrays ? changed : fc.sample(fc.constantFrom(...changed), 40 * THOROUGH);
		it(`is right in a Dockerfile ${form}`, async () => {
			for (const each of tried) await checkFixes(each);
		});
		it(`comes to rest in fix-all in a Dockerfile ${form}`, async () => {
			for (const each of tried.slice(0, 20 * THOROUGH)) await checkFixAll(each);
		});
	}
});
