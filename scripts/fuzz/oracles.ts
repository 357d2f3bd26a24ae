import assert from 'node:assert/strict';
import { Lexer, type Token } from 'marked';
import type { Facts } from '../../server/facts/facts.ts';
import { hoverAt } from '../../server/hover/hover.ts';
import { type Analyser, type Analysis, type AnalysisRequest, createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { uriFromPath } from '../../server/lsp/uris.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { checkEdits } from '../../test/properties/checks.ts';
import type { Input } from './target.ts';

/** What holds for every analysis, whatever was read. Every function throws where it does not. */

/** The workspace directory of all inputs. */
export const ROOT = '/workspace';

/** An analyser of the files of an input, by their paths from {@link ROOT}. */
export function analyserOf(input: Input): Analyser {
	return createAnalyser({ files: filesOf(input), log: (message) => assert.fail(message) });
}

function filesOf(input: Input) {
	return createMemoryFiles({
		[`${ROOT}/`]: '',
		...Object.fromEntries(Object.entries(input).map(([name, text]) => [`${ROOT}/${name}`, text])),
	});
}

/** Analyses the Dockerfile of an input, and checks all that is said of it. */
export async function checkInput(input: Input, path = 'Dockerfile'): Promise<Analysis> {
	const analyser = analyserOf(input);
	const request = { path: `${ROOT}/${path}`, text: input[path] ?? '', root: ROOT };
	const analysis = await checkAnalysis(analyser, request, input);
	assert.deepEqual(said(await analyserOf(input).analyse(request)), said(analysis), 'another reading of the same text says the same');
	return analysis;
}

async function checkAnalysis(analyser: Analyser, request: AnalysisRequest, input: Input): Promise<Analysis> {
	const analysis = await analyser.analyse(request);
	const { text, findings, facts } = analysis;
	for (const { code, message, range, proposals, related } of findings) {
		assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length, `${code} lies in the text`);
		assert.ok(message.trim() !== '', `${code} says something`);
		for (const fix of proposals()) {
			checkEdits(text, fix.edits);
			for (const [other, edits] of fix.otherEdits ?? []) {
				checkEdits(input[other.slice(ROOT.length + 1)] ?? '', edits);
			}
		}
		for (const place of related ?? []) {
			checkPlace(place, input);
		}
	}
	if (facts !== undefined) {
		checkHovers(facts, text);
	}
	const again = await analyser.analyse(request);
	assert.deepEqual(said(again), said(analysis), 'the same text says the same again');
	return analysis;
}

/** A place in another file is in a line that it has. */
function checkPlace(
	{ path, line, character, length }: { path: string; line: number; character: number; length: number },
	input: Input,
): void {
	const text = input[path.slice(ROOT.length + 1)];
	if (text === undefined) {
		return;
	}
	const shown = text.split(/\r\n|\r|\n/)[line];
	assert.ok(shown !== undefined, `line ${line} is in ${path}`);
	assert.ok(character >= 0 && length >= 0 && character <= shown.length, `character ${character} is in line ${line} of ${path}`);
}

/** What is compared of two analyses of one text. */
function said({ findings, suppressed }: Analysis) {
	return [findings, suppressed].map((list) =>
		list.map(({ code, severity, message, range, proposals }) => ({
			code,
			severity,
			message,
			range,
			fixes: proposals().map(({ title, edits }) => ({ title, edits })),
		})),
	);
}

function checkHovers(facts: Facts, text: string): void {
	for (const { range } of facts.dockerfile.instructions.slice(0, 40)) {
		const hover = hoverAt(facts, range.start, uriFromPath);
		if (hover === undefined) {
			continue;
		}
		assert.ok(0 <= hover.range.start && hover.range.start <= hover.range.end && hover.range.end <= text.length, 'a hover is in range');
		checkMarkdown(hover.text.markdown);
	}
}

/** Markdown of a hover links to files of the workspace, and shows nothing from elsewhere. */
export function checkMarkdown(text: string, workspace = `file://${ROOT}`): void {
	for (const token of tokensOf(new Lexer({ gfm: true }).lex(text))) {
		assert.ok(token.type !== 'image', `an image is no part of a hover: ${text}`);
		assert.ok(token.type !== 'html', `HTML is no part of a hover: ${text}`);
		if (token.type === 'link') {
			assert.ok(String(token.href).startsWith(`${workspace}/`), `a hover links to the workspace only, not to ${token.href}: ${text}`);
		}
	}
}

function tokensOf(tokens: readonly Token[]): Token[] {
	return tokens.flatMap((token) => [
		token,
		...tokensOf(('tokens' in token && token.tokens) || []),
		...tokensOf(('items' in token && (token.items as Token[])) || []),
	]);
}

/** Fix-all comes to rest, and what it makes of a text it leaves. */
export async function checkRest(input: Input, path = 'Dockerfile'): Promise<void> {
	const analyser = analyserOf(input);
	const request = { path: `${ROOT}/${path}`, text: input[path] ?? '', root: ROOT };
	const { text } = await fixAll(analyser, request);
	const again = await fixAll(analyser, { ...request, text });
	assert.equal(again.text, text, 'a second fix-all changes nothing');
}
