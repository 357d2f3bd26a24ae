import type { Instruction } from '../dockerfile/syntax.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { chainOf, copiesOf } from '../image/stage-chain.ts';
import { nearestName } from '../text/nearest.ts';
import { isWithin, join } from '../workspace/paths.ts';
import { pictureInstruction } from './instructions.ts';
import { needsMetBy } from './met-needs.ts';
import type { ImagePicture, PictureAnswer, PictureEntry, PictureInstruction, PictureNeed } from './model.ts';

/** Why a path is in an image, or that it is not. */
export interface WhyPath {
	/** Absolute, as asked for. */
	readonly path: string;
	readonly present: PictureAnswer;
	/** What is there; left out where nothing is known to be. */
	readonly entry?: PictureEntry;
	/** Where it is copied from: `/app of stage build`; left out where it is not copied. */
	readonly copiedFrom?: string;
	/** The needs that it meets, or would. */
	readonly needs: readonly PictureNeed[];
	/** The instructions that use it: the command that starts it, a user that is looked up in it. */
	readonly usedBy: readonly PathUse[];
	/** Why it is not known whether it is there. */
	readonly doubt?: string;
	/** The nearest path that is there. */
	readonly nearest?: string;
}

export interface PathUse {
	readonly instruction?: PictureInstruction;
	/** `starts it`, `looks up its user there`. */
	readonly how: string;
}

/** @param picture that of the target */
export function whyPath(facts: Facts, target: Target, picture: ImagePicture, asked: string): WhyPath {
	const path = join('/', asked);
	const { files } = target.state;
	const present = files.has(path);
	const entry = picture.tree.find((each) => each.path === path);
	const needs = needsMetBy(picture, path);
	const wanted = present === 'yes' ? [] : picture.needs.filter((need) => need.state !== 'met' && wouldMeet(need, path));
	const copiedFrom = originOf(target, path);
	const nearest = present === 'yes' ? undefined : nearestPath(path, picture);
	return {
		path,
		present,
		...(entry !== undefined && { entry }),
		...(copiedFrom !== undefined && { copiedFrom }),
		needs: [...needs, ...wanted],
		usedBy: usesOf(facts, target, path),
		...(present === 'unknown' && { doubt: doubtOf(target) }),
		...(nearest !== undefined && { nearest }),
	};
}

/** The needs that a word names: by their id, their title, or what is needed (`git`). */
export function needsNamed(needs: readonly PictureNeed[], word: string): PictureNeed[] {
	const wanted = word.toLowerCase();
	const names = ({ id, title, code }: PictureNeed) => [
		id,
		title,
		id.slice(id.indexOf(':') + 1),
		id.split(':', 1)[0] ?? id,
		code ?? '',
		...(WORDS[id] ?? []),
	];
	return needs.filter((need) => names(need).some((name) => name.toLowerCase() === wanted));
}

/** What people call the needs besides. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
	'certificate-roots': ['certificates', 'ca', 'ca-certificates', 'roots', 'tls', 'missing-ca-certificates'],
	'zone-data': ['zoneinfo', 'tzdata', 'time zones', 'timezone', 'missing-timezone-data'],
	'temporary-directory': ['tmp', 'temp', 'missing-tmp'],
	'user-database': ['passwd', 'users', 'missing-user-database'],
};

/** Whether a word names one of the needs that there are one of each, be it that the programs do not have it. */
export function isNeedName(word: string): boolean {
	const wanted = word.toLowerCase();
	return Object.keys(WORDS).some((id) => id === wanted || WORDS[id]?.includes(wanted));
}

/** Where those needs are looked for. */
const PLACES: Readonly<Record<string, RegExp>> = {
	'certificate-roots': /^\/etc\/(?:ssl|pki)(?:\/|$)/,
	'zone-data': /^\/usr\/share\/zoneinfo(?:\/|$)/,
	'temporary-directory': /^\/tmp(?:\/|$)/,
	'user-database': /^\/etc\/(?:passwd|group)$/,
};

function wouldMeet({ id }: PictureNeed, path: string): boolean {
	const detail = id.includes(':') ? id.slice(id.indexOf(':') + 1) : undefined;
	if (detail === undefined) return PLACES[id]?.test(path) === true;
	return path === detail || path.endsWith(`/${detail}`);
}

function originOf({ state }: Target, path: string): string | undefined {
	const { instruction } = state.files.get(path) ?? {};
	const copy = copiesOf(state).find(
		(each) => each.instruction === instruction && (each.destination === undefined || isWithin(each.destination, path)),
	);
	if (copy?.source === undefined) return undefined;
	const { from } = copy;
	switch (from.kind) {
		case 'context':
			return `${copy.source} of the build context`;
		case 'stage':
			return `${copy.source} of stage ${from.state.stage.from.alias?.raw ?? from.state.stage.index}`;
		case 'image':
			return `${copy.source} of ${from.reference}`;
		default:
			return copy.source;
	}
}

function usesOf(facts: Facts, { state }: Target, path: string): PathUse[] {
	const uses: PathUse[] = [];
	const use = (instruction: Instruction | undefined, how: string) =>
		uses.push({ ...(instruction !== undefined && { instruction: pictureInstruction(facts.dockerfile, instruction) }), how });
	const started = resolveCommandPath(state);
	if (started !== undefined) {
		const setting = started.from === 'entrypoint' ? state.entrypoint : state.command;
		if (started.path !== undefined && isWithin(path, started.path))
			use(setting?.instruction, started.path === path ? 'starts it' : `starts ${started.path}`);
		if (started.form.form !== 'exec' && isShell(path)) use(setting?.instruction, 'is in shell form, which starts it');
	}
	const { text } = state.user.value;
	const { instruction } = state.user;
	if (path === '/etc/passwd' && instruction !== undefined && text !== undefined && !/^\d/.test(text))
		use(instruction, `looks up user ${text} there`);
	for (const each of chainOf(state)) for (const instruction of each.stage.instructions) usedInStage(each, instruction, path, use);
	return uses;
}

function usedInStage(
	state: StageState,
	instruction: Instruction,
	path: string,
	use: (instruction: Instruction, how: string) => void,
): void {
	const { keyword } = instruction;
	if (keyword === 'RUN' && isShell(path) && instruction.command?.form !== 'exec') use(instruction, 'is run by it');
	if (keyword === 'HEALTHCHECK' && instruction.command !== undefined) {
		if (instruction.command.form !== 'exec' && isShell(path)) use(instruction, 'is in shell form, which starts it');
		if (instruction.command.form === 'exec' && instruction.command.items[0]?.value === path) use(instruction, 'starts it');
	}
	if (keyword === 'WORKDIR' && path !== '/') {
		const at = [...state.directories].find(([each]) => each.range.start > instruction.range.start)?.[1] ?? state.workingDirectory;
		if (at === path) use(instruction, 'makes it the working directory');
	}
	if (keyword === 'VOLUME' && instruction.words.some(({ raw }) => raw === path)) use(instruction, 'makes it a volume');
}

function isShell(path: string): boolean {
	return path === '/bin/sh';
}

function doubtOf({ state }: Target): string {
	const [first] = chainOf(state).flatMap((each) => [...each.unfollowed]);
	if (first !== undefined) return `the command ${first.words[0] ?? 'of a RUN'} is not followed, and may make it`;
	if (state.base === undefined) return 'the files of the base image are not known';
	return `what ${state.base.reference} holds there is not known`;
}

function nearestPath(path: string, { tree }: ImagePicture): string | undefined {
	const name = path.slice(path.lastIndexOf('/') + 1);
	const same = tree.find((entry) => entry.kind !== 'directory' && entry.path.endsWith(`/${name}`));
	return (
		same?.path ??
		nearestName(
			path,
			tree.slice(0, 2_000).map((entry) => entry.path),
		)
	);
}
