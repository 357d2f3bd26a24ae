import type { PictureNeed } from '../picture/model.ts';
import { isNeedName, needsNamed, type WhyPath, whyPath } from '../picture/why.ts';
import { MARKS, ownerText, STATE_WORDS, sizeText } from '../picture/words.ts';
import { type Colors, colorsFor } from './colors.ts';
import { CLEAN } from './exit-codes.ts';
import { type OneDockerfile, oneDockerfile, withShownPaths } from './one-dockerfile.ts';
import { instructionText, needLines } from './picture-text.ts';
import { joined, json, type Printable, type TerminalText, terminal } from './printable.ts';
import type { Session } from './session.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';

export interface WhyRequest {
	/** A path in the image, or a need. */
	readonly what: string;
	readonly dockerfile: string | undefined;
	readonly target: string | undefined;
	readonly format: 'text' | 'json';
}

/** Says why a file is in the image and who would miss it, or who has a need and what provides it. */
export async function explainWhy(
	{ what, dockerfile, target, format }: WhyRequest,
	session: Session,
	print: (text: Printable) => void,
): Promise<number> {
	const one = await oneDockerfile(dockerfile, target, session);
	const picture = withShownPaths(one.picture);
	const colors = colorsFor('stdout');
	const where = { dockerfile: picture.title.of, stage: picture.title.stage };
	const needs = what.startsWith('/') ? [] : needsNamed(picture.needs, what);
	if (needs.length > 0 || isNeedName(what)) {
		print(format === 'json' ? json({ version: 1, ...where, need: what, needs }) : whyNeedText(what, needs, one, colors));
		return CLEAN;
	}
	if (!what.startsWith('/') && !what.includes('/') && !what.includes('.')) throw unknownWord(what, picture.needs);
	const answer = whyPath(one.facts, one.target, picture, what);
	print(format === 'json' ? json({ version: 1, ...where, ...answer }) : whyPathText(answer, one, colors));
	return CLEAN;
}

function unknownWord(word: string, needs: readonly PictureNeed[]): UsageError {
	const known = needs.map(({ id, title }) => `  ${id}  (${title})`);
	return new UsageError(
		`${word} is neither an absolute path nor a need of this image.`,
		...(known.length === 0 ? ['Its programs have no needs that are known.'] : ['Its needs are:', ...known]),
	);
}

function whyNeedText(word: string, needs: readonly PictureNeed[], { target, picture }: OneDockerfile, colors: Colors): TerminalText {
	if (needs.length === 0) {
		const unread = picture.unknowns.some(({ kind }) => kind === 'module' || kind === 'package' || kind === 'binary');
		const known = target.binaries.length === 0 || unread ? ', as far as is known' : '';
		return terminal`No program of this image needs ${word}${known}.\n`;
	}
	const lines = needs.flatMap((need) => [
		...needLines(need, colors, Number.POSITIVE_INFINITY),
		...(need.programs.length === 0 ? [] : [terminal`    needed by ${need.programs.join(', ')}`]),
	]);
	return joined(lines.map((line) => terminal`${line}\n`));
}

function whyPathText(why: WhyPath, { picture }: OneDockerfile, colors: Colors): TerminalText {
	const { path, present, usedBy, needs } = why;
	const stage = picture.title.stage;
	const image = `${shownPath(picture.title.of)}${stage === undefined ? '' : `, stage ${stage}`}`;
	const heading =
		present === 'yes'
			? terminal`${colors.bold(path)} is in the image of ${image}.\n`
			: present === 'no'
				? terminal`${colors.bold(path)} is not in the image of ${image}.\n`
				: terminal`Whether ${colors.bold(path)} is in the image of ${image} is not known: ${why.doubt ?? ''}.\n`;
	const lines = [
		...(present === 'yes' ? presence(why) : why.nearest === undefined ? [] : [terminal`There is ${why.nearest}.`]),
		...usedBy.map(({ instruction, how }) =>
			instruction === undefined ? terminal`The base image ${how}.` : terminal`${instructionText(instruction)} ${how}: ${instruction.text}`,
		),
		...needs.flatMap((need) => [
			terminal`${present === 'yes' ? 'It provides' : 'It is where a program looks for'}: ${need.title} ${MARKS[need.state]} (${STATE_WORDS[need.state]})`,
			...needLines(need, colors).slice(1),
		]),
		...(usedBy.length + needs.length > 0
			? []
			: [terminal`${present === 'yes' ? 'Nothing that is known needs it.' : 'Nothing that is known looks for it.'}`]),
	];
	return terminal`${heading}${joined(lines.map((line) => terminal`  ${line}\n`))}`;
}

function presence({ entry, copiedFrom }: WhyPath): TerminalText[] {
	if (entry === undefined) return [terminal`It is reached through a link, or is beyond what is listed.`];
	const { kind, mode, size, from, source, target, program } = entry;
	const facts = [
		kind === 'unknown' ? 'a file or a directory' : kind,
		...(target === undefined ? [] : [`to ${target}`]),
		...(mode === undefined ? [] : [`mode ${mode}`]),
		...(entry.owner === undefined ? [] : [`owner ${ownerText(entry)}`]),
		...(size === undefined ? [] : [sizeText(size)]),
	];
	const by =
		from === undefined ? undefined : from === 'base' ? 'The base image has it.' : `${instructionText(from)} puts it there: ${from.text}`;
	return [
		terminal`${facts.join(', ')}`,
		...(by === undefined ? [] : [terminal`${by}`]),
		...(copiedFrom === undefined ? [] : [terminal`It is copied from ${copiedFrom}.`]),
		// With the workspace as the build context, both are the same.
		...(source === undefined || copiedFrom === `${source} of the build context` ? [] : [terminal`In the workspace it is ${source}.`]),
		...(program === undefined ? [] : [terminal`It is the program ${program.join(', ')}.`]),
	];
}
