import type { Facts, Target } from '../facts/facts.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { chainOf } from '../image/stage-chain.ts';
import type { Program, Unknown, UnknownKind } from '../program/model.ts';
import { pictureInstruction } from './instructions.ts';
import type { PictureUnknown } from './model.ts';
import { picturePlace } from './places.ts';
import { stagesUsed } from './stages.ts';

/** So many of one kind are listed for a program; of dependencies, what is beyond says no more. */
const MOST_OF_A_KIND = 20;

/** What could not be known of the target: of its files, and of its programs. */
export function unknownsOf(facts: Facts, target: Target): PictureUnknown[] {
	const list: PictureUnknown[] = [];
	for (const state of chainOf(target.state)) {
		for (const command of state.unfollowed) list.push(ofCommand(facts, command, 'so the files that it makes or changes are unknown'));
	}
	const taken = target.binaries.filter(
		({ build, mainPackage, linked }) => build === undefined && mainPackage !== undefined && linked === undefined,
	);
	for (const { path, mainPackage } of taken) {
		list.push({ kind: 'build', text: `How ${path} is built is not followed: it is taken to be ${mainPackage?.importPath}.` });
	}
	if (taken.length > 0) list.push(...commandsBefore(facts, target));
	for (const { path, program } of target.binaries) {
		if (program !== undefined) list.push(...unknownsOfProgram(facts, program));
		else if (facts.go !== undefined) list.push({ kind: 'binary', text: `Which Go program ${path} is, is not known.` });
	}
	if (target.binaries.length === 0 && facts.go !== undefined) {
		list.push({ kind: 'binary', text: 'No Go program of the workspace was found in this image.' }, ...commandsBefore(facts, target));
	}
	return once(list);
}

/** Commands of the stages before that may have built what the target ships. */
function commandsBefore(facts: Facts, target: Target): PictureUnknown[] {
	const own = new Set<StageState>(chainOf(target.state));
	const before = [...stagesUsed(target)].filter((state) => !own.has(state)).sort((a, b) => a.stage.index - b.stage.index);
	const commands = before.flatMap((state) => [...state.unfollowed]);
	return commands.map((command) => ofCommand(facts, command, 'so what it builds is unknown'));
}

function ofCommand(facts: Facts, { instruction, words }: RanCommand, consequence: string): PictureUnknown {
	const name = words[0] ?? 'a program whose name is not known';
	return {
		kind: 'command',
		text: `What the command ${name} does is not followed, ${consequence}.`,
		instruction: pictureInstruction(facts.dockerfile, instruction),
	};
}

/** What could not be known of a program. */
export function unknownsOfProgram(facts: Pick<Facts, 'go'>, program: Program): PictureUnknown[] {
	const modules = program.unread
		.filter((name) => !program.missingPackages.includes(name))
		.map((name) => ({ kind: 'module', text: `${name} is not on disk, so what it needs is unknown. Run go mod download.` }));
	const packages = program.missingPackages.map((name) => ({
		kind: 'package',
		text: `The package ${name} is not there: it may be generated before the build. What it needs is unknown.`,
	}));
	const counts = new Map<string, number>();
	const places = program.unknowns.flatMap((unknown): PictureUnknown[] => {
		const count = (counts.get(unknown.kind) ?? 0) + 1;
		counts.set(unknown.kind, count);
		if (count > MOST_OF_A_KIND) return [];
		return [{ kind: unknown.kind, text: sentence(unknown), place: picturePlace(facts, unknown, program) }];
	});
	return [...modules, ...packages, ...places];
}

/** What is done, before and after the name as far as that is known. */
const SENTENCES: Readonly<Record<UnknownKind, readonly [unnamed: string, named: (name: string) => string]>> = {
	program: ['It starts a program whose name is not in the source', (name) => `It starts ${name}, which the image may have to hold`],
	file: ['It opens a file whose path is not in the source', (name) => `It opens a file whose path is known in part: ${name}`],
	'created-file': ['It writes a file whose path is not in the source', (name) => `It writes a file whose path is known in part: ${name}`],
	'changed-file': ['It changes or removes a file whose path is not in the source', (name) => `It changes or removes ${name}`],
	plugin: ['It loads a plugin, which requires cgo and the same C library', (name) => `It loads the plugin ${name}, which requires cgo`],
	'source-path': ['It looks for files next to its source code', () => 'It looks for files next to its source code'],
	user: ['It looks up a user or group whose name is not in the source', (name) => `It looks up the user or group ${name}`],
	'working-directory': [
		'It changes its working directory, so relative paths are not known',
		(name) => `It changes its working directory to ${name}, so relative paths count from there`,
	],
};

function sentence({ kind, symbol, detail }: Unknown): string {
	const [unnamed, named] = SENTENCES[kind];
	return `${detail === undefined || detail === '' ? unnamed : named(detail)} (${symbol}).`;
}

/** Each of them once: programs that share packages share what is unknown of them. */
function once(list: readonly PictureUnknown[]): PictureUnknown[] {
	return [
		...new Map(list.map((each) => [`${each.text} ${each.place?.path}:${each.place?.line} ${each.instruction?.start}`, each])).values(),
	];
}
