import assert from 'node:assert/strict';
import type fc from 'fast-check';
import { expandText } from '../../../server/dockerfile/expand.ts';
import { parseImageReference } from '../../../server/dockerfile/image-reference.ts';
import { parseDockerfile } from '../../../server/dockerfile/parse.ts';
import { splitAsShellWords } from '../../../server/dockerfile/shell.ts';
import { parseIgnoreFile } from '../../../server/image/context/dockerignore.ts';
import { diffLines, splitLines } from '../../../server/lint/line-diff.ts';
import { readSettingsFile } from '../../../server/lint/settings.ts';
import { readSuppressions } from '../../../server/lint/suppressions.ts';
import { pathFromUri, uriFromPath } from '../../../server/lsp/uris.ts';
import { parseGoMod } from '../../../server/program/go-mod.ts';
import { parseGoWork } from '../../../server/program/go-work.ts';
import { scanHeader } from '../../../server/program/header.ts';
import { parseModulesTxt } from '../../../server/program/modules-txt.ts';
import { LimitError } from '../../../server/text/limit-error.ts';
import { lineStarts } from '../../../server/text/text.ts';
import { visible } from '../../../server/text/visible.ts';
import type { Input, Target } from '../target.ts';
import { context } from './context.ts';
import { dockerfile, generatedInputs } from './dockerfile.ts';
import { go } from './go.ts';
import { ignore } from './ignore.ts';
import { modules } from './modules.ts';
import { settings } from './settings.ts';

const KINDS = [dockerfile, go, modules, context, ignore, settings];

/** A file of any kind goes to the parsers of all kinds. */
function seeds(): Input[] {
	const texts = new Set(KINDS.flatMap((kind) => kind.seeds().flatMap((input) => Object.values(input))));
	return [...texts].filter((text) => text.length < 4000).map((text) => ({ text }));
}

/** The parsers alone, which are quick enough to be tried on very many texts. */
export const parsers: Target = {
	name: 'parsers',
	weight: 150,
	seeds,
	generated: generatedInputs.map(({ Dockerfile: text = '' }): Input => ({ text })) as fc.Arbitrary<Input>,
	words: KINDS.flatMap(({ words }) => words),
	async check({ text = '' }) {
		checkDockerfile(text);
		parseGoMod(text);
		parseGoWork(text);
		parseModulesTxt(text);
		scanHeader(text);
		readSettingsFile(text, ['root-user']);
		parseImageReference(text.slice(0, 300));
		splitAsShellWords(text.slice(0, 2000));
		expandText(text.slice(0, 2000), { escapeCharacter: '\\' } as never, (name) => ({ value: name }));
		checkIgnoreFile(text);
		checkPath(text.slice(0, 500));
		assert.doesNotMatch(visible(text.slice(0, 2000)), /\p{Cc}|\p{Cf}/u, 'what is visible has no control characters');
		checkDiff(text);
	},
};

function checkDockerfile(text: string): void {
	const { instructions, stages } = parseDockerfile(text);
	let end = 0;
	for (const { range } of instructions) {
		assert.ok(end <= range.start && range.start <= range.end && range.end <= text.length, 'instructions follow one another in the text');
		end = range.end;
	}
	assert.ok(stages.length <= instructions.length, 'a stage begins with an instruction');
	readSuppressions(text, lineStarts(text), instructions);
}

/** A text that is too long for an ignore file is refused, and only that. */
function checkIgnoreFile(text: string): void {
	try {
		parseIgnoreFile(text);
	} catch (error) {
		assert.ok(error instanceof LimitError, String(error));
	}
}

/** A path is the same path when it comes back from its URI. */
function checkPath(text: string): void {
	const path = pathFromUri(`file:///${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`);
	assert.equal(pathFromUri(uriFromPath(path)), path, 'a path survives its URI');
	pathFromUri(text);
}

/** What was taken out, and what was put in, makes the one text of the other. */
function checkDiff(text: string): void {
	const before = splitLines(text.slice(0, 3000));
	const after = splitLines(text.slice(1000, 4000));
	assert.ok(Array.isArray(diffLines(before, after)));
}
