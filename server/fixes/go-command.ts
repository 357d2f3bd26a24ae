import type { Dockerfile } from '../dockerfile/syntax.ts';
import { asItStands, joined, shellWord, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { GoBuild, RanCommand } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { NEWEST_GO_MINOR, SINCE_GO } from '../knowledge/go-releases.ts';
import { insertOnto } from './insert-above.ts';

/** Edits of a `go build` in a RUN. Go flags repeat and the last one wins, so an edit goes to the flag in force. */

/** Whether the command is shell text, into which words can be written as they are; inside somebody's quotes or in JSON they cannot. */
export function isShellText({ instruction, quoted }: RanCommand): boolean {
	return instruction.command?.form === 'shell' && !quoted;
}

/** A variable of Go's and what it is set to: a plain word or a variable, which are the same to a shell and to ENV. */
export interface Setting {
	readonly name: Written;
	readonly value: Written;
}

export const WITH_CGO: Setting = { name: written`CGO_ENABLED`, value: written`1` };

export const WITHOUT_CGO: Setting = { name: written`CGO_ENABLED`, value: written`0` };

/** What the engine tells a stage that declares it of the platform that is asked for. */
export const TARGET_ARGUMENTS = [written`TARGETOS`, written`TARGETARCH`];

/** The platform that is asked for. */
export const TARGET_PLATFORM: readonly Setting[] = [
	{ name: written`GOOS`, value: written`$TARGETOS` },
	{ name: written`GOARCH`, value: written`$TARGETARCH` },
];

/** Sets environment variables for the command alone; one that the command already sets is changed in place. */
export function setEnvironment(dockerfile: Dockerfile, build: GoBuild, settings: readonly Setting[]): WrittenEdit[] {
	const assigned = settings.map(({ name, value }) => ({ name, text: written`${name}=${value}` }));
	if (!isShellText(build.command))
		return [insertOnto(dockerfile, build.instruction, [written`ENV ${joined(assigned.map(({ text }) => text))}`])];
	const edits: WrittenEdit[] = [];
	const added: Written[] = [];
	for (const { name, text } of assigned) {
		const assignment = assignmentOf(dockerfile, build, name);
		if (assignment === undefined) added.push(written`${text} `);
		else if (asItStands(dockerfile, assignment) !== text) edits.push({ range: assignment, newText: text });
	}
	const at = build.commandRange.start;
	if (added.length > 0) edits.push({ range: { start: at, end: at }, newText: joined(added, written``) });
	return edits;
}

/** The range of `NAME=value` in front of the command, `env` and its arguments included. */
function assignmentOf(dockerfile: Dockerfile, build: GoBuild, name: string): { start: number; end: number } | undefined {
	const shell = build.command.node.assignments.findLast((assignment) => assignment.name === name);
	if (shell !== undefined) return shell.range;
	return build.command.wordNodes.find(
		(word) => word.range.end <= build.commandRange.start && dockerfile.text.slice(word.range.start, word.range.end).startsWith(`${name}=`),
	)?.range;
}

/** Inserts `words` behind `go build`. */
export function addWords(build: GoBuild, words: Written): WrittenEdit {
	const at = build.commandRange.end;
	return { range: { start: at, end: at }, newText: written` ${words}` };
}

/** Takes the flag in force of that name away, with the white space in front; no edit where it cannot be. */
export function dropFlag({ text }: Dockerfile, build: GoBuild, name: string): WrittenEdit[] {
	const range = lastFlag(build.flags, name)?.range;
	if (range === undefined || !canEdit(build)) return [];
	let { start } = range;
	while (/[ \t]/.test(text[start - 1] ?? '')) start--;
	return [{ range: { start, end: range.end }, newText: written`` }];
}

/** The build tag that puts the time zone data into the binary. */
export const TIME_ZONES = written`timetzdata`;

/** Whether the Go that builds knows what came with a release; the newest is taken for one that is not known. */
export function knows({ goMinor = NEWEST_GO_MINOR }: GoBuild, feature: keyof typeof SINCE_GO): boolean {
	return goMinor >= SINCE_GO[feature];
}

/** One of the builds for each command: a loop runs the same text several times, and it is edited once. */
export function onePerCommand(builds: readonly GoBuild[]): GoBuild[] {
	return [...new Map(builds.map((build) => [build.commandRange.start, build])).values()];
}

/** Whether words can be added to the command. */
export function canEdit(build: GoBuild): boolean {
	return isShellText(build.command);
}

/**
 * Adds `tag` to the tags of the command.
 * @returns `undefined` where the tags in force are not known or stand where they cannot be edited, and where Go does not know the tag.
 */
export function addTag(dockerfile: Dockerfile, build: GoBuild, tag: Written): WrittenEdit[] | undefined {
	if (!canEdit(build) || (tag === TIME_ZONES && !knows(build, 'embeddedZones'))) return undefined;
	const flag = lastFlag(build.flags, 'tags');
	if (flag === undefined) return [addWords(build, written`-tags ${tag}`)];
	if (flag.valueRange === undefined) {
		// GOFLAGS brings the tags; a flag on the command replaces them all, so it repeats them.
		if (build.tags === undefined) return undefined;
		const tags = shellWord([...build.tags, tag].join(','));
		return tags && [addWords(build, written`-tags ${tags}`)];
	}
	const value = asItStands(dockerfile, flag.valueRange);
	const separator = /^(["']?)[^,"' ]* [^,"']*\1$/.test(value) ? written` ` : written`,`;
	return [insertIntoValue(flag.valueRange, value, flag.value === '' ? tag : written`${separator}${tag}`, 'end')];
}

/**
 * Adds `words` (such as `-s -w`) to `-ldflags`.
 * @returns `undefined` where the flags in force stand where they cannot be edited.
 */
export function addLinkerFlags(dockerfile: Dockerfile, build: GoBuild, words: Written): WrittenEdit[] | undefined {
	if (!canEdit(build)) return undefined;
	const flag = lastFlag(build.flags, 'ldflags');
	if (flag === undefined) return [addWords(build, written`-ldflags="${words}"`)];
	if (flag.valueRange === undefined) return undefined;
	const value = asItStands(dockerfile, flag.valueRange);
	return [insertIntoValue(flag.valueRange, value, flag.value === '' ? words : written`${words} `, 'start')];
}

/** Inserts text at the start or end of a value, inside its quotes; quotes are added where a space needs them. */
function insertIntoValue(range: { start: number; end: number }, value: Written, text: Written, where: 'start' | 'end'): WrittenEdit {
	const quote = /^(["']).*\1$/s.exec(value)?.[1];
	if (quote !== undefined) {
		const at = where === 'start' ? range.start + 1 : range.end - 1;
		return { range: { start: at, end: at }, newText: text };
	}
	const around = (inserted: Written) => (where === 'start' ? written`${inserted}${value}` : written`${value}${inserted}`);
	if (!/\s/.test(text)) return { range, newText: around(text) };
	// What is quoted or escaped in part stays outside the new quotes.
	return { range, newText: /["'\\]/.test(value) ? around(written`"${text}"`) : written`"${around(text)}"` };
}
