import type { Dockerfile } from '../dockerfile/syntax.ts';
import { number, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts, Target } from '../facts/facts.ts';
import type { Fix } from '../findings/finding.ts';
import { type Plan, planFor } from '../generate/plan.ts';
import type { StageState } from '../image/model.ts';
import { isStatic } from '../needs/libc.ts';
import { type AccountNumbers, accountFiles, type Need, userDatabase, writableDirectories, zoneData } from '../needs/needs.ts';
import { addTag, onePerCommand, TIME_ZONES } from './go-command.ts';
import { inExecForm, insertAfter, lastBuildingInstruction, lastInstruction, removeWithComments, stageReference } from './instructions.ts';
import { withLosses } from './losses.ts';
import { directoriesMadeByRun, lossesOfMove, startsPrograms } from './move-losses.ts';
import { preparingStage } from './supply.ts';
import { isFreed } from './two-stages.ts';

/**
 * Moves a final stage with a distribution to an image without one. What the program needs of the old image is copied from the stage that
 * builds; the RUN instructions go, and what is lost with them and with the old image is said, each with the line that would miss it.
 */

/** An image to move to. */
interface Destination {
	readonly image: Written;
	readonly name: string;
	/** Whether it has CA certificates, zone data, /tmp and users of its own. */
	readonly furnished: boolean;
}

const SCRATCH: Destination = { image: written`scratch`, name: 'scratch', furnished: false };

/** Nobody's uid there is 65534, as everywhere; its `nonroot` is 65532. */
const DISTROLESS: Destination = { image: written`gcr.io/distroless/static-debian12`, name: 'distroless/static', furnished: true };

const DESTINATIONS = { scratch: SCRATCH, distroless: DISTROLESS };

/** The image to move to, as a person names it. */
export type MoveDestination = keyof typeof DESTINATIONS;

/** The moves that are possible for the target. */
export function moves(facts: Facts, target: Target): Fix[] {
	const possible: readonly MoveDestination[] = ['scratch', 'distroless'];
	return possible.map((name) => moveTo(facts, target, name)).filter((move) => typeof move === 'object');
}

/** The move of the target, or the reason why it is not possible, which goes on after `cannot be moved: `. */
export function moveTo(facts: Facts, target: Target, name: MoveDestination): Fix | string {
	const { base, shell } = target.state;
	if (base === undefined) return 'its base image is not known';
	if (base.empty || (name === 'distroless' && shell === 'no')) return 'its base image has no distribution already';
	if (base.go !== undefined) return 'it is an image of the Go toolchain; toolchain-in-image splits it in two stages';
	const destination = DESTINATIONS[name];
	if (target.binaries.some(({ build, program }) => isStatic(build, program) === 'no'))
		return 'its program is linked dynamically, so it requires a C library';
	return (
		moveOf(facts, target, destination) ?? 'no stage builds its program and has all that is to be copied, or another stage builds on it'
	);
}

/** @returns `undefined` if a stage stands in the way, or if a name cannot be written */
function moveOf(facts: Facts, target: Target, destination: Destination): Fix | undefined {
	const { dockerfile, image } = facts;
	const { state, binaries } = target;
	const { stage } = state;
	const from = preparingStage(facts, target);
	if (stage.from.image === undefined || state.parent !== undefined || from === undefined) return undefined;
	if (image.stages.some((each) => each.parent === state) || binaries.length === 0) return undefined;
	const plan = planOfMove(target, destination);
	const supplied = destination.furnished ? [] : plan.needs.map(({ need }) => need);
	const account = accountOf(state, from, destination);
	const directories = directoriesMadeByRun(state);
	const kept = copiesOfDirectories(state, directories, from);
	const needed = supplied.map((need) => copyOf(need, from));
	if (account === undefined || kept === undefined || needed.includes(undefined)) return undefined;

	const { prepare, copies } = combine([...needed.filter((each) => each !== undefined), account, kept]);
	const edits: WrittenEdit[] = [{ range: stage.from.image.range, newText: destination.image }];
	if (prepare.length > 0)
		edits.push(
			insertAfter(
				dockerfile,
				lastInstruction(from.stage),
				prepare.map((command) => written`RUN ${command}`),
			),
		);
	if (copies.length > 0) edits.push(insertAfter(dockerfile, stage.from, copies));
	const removed = stage.instructions.filter(({ keyword }) => keyword === 'RUN' || keyword === 'SHELL');
	const staying = stage.instructions.filter((each) => !removed.includes(each));
	const freed = staying.filter((each) => each.keyword === 'ARG' && isFreed(each, staying, dockerfile));
	edits.push(...[...removed, ...freed].map((instruction) => removeWithComments(dockerfile, instruction)));
	for (const instruction of staying) {
		const edit = startsPrograms(instruction) ? inExecForm(instruction.command) : undefined;
		if (edit !== undefined) edits.push(edit);
	}
	edits.push(...userEdits(dockerfile, state, destination));
	const zones = tagEdits(facts, target, destination, supplied);
	if (zones === undefined) return undefined;
	edits.push(...zones);
	const losses = lossesOfMove(facts, target, { plan, directories, removed, destination: destination.name });
	return {
		...withLosses(`Move this image to ${destination.name}`, losses),
		edits,
		preferred: losses.length === 0,
	};
}

/** What the program needs; of a user's entry only what it looks up, because the move changes no user. */
function planOfMove({ state, binaries }: Target, { furnished }: Destination): Plan {
	const plan = planFor(binaries.map(({ program }) => program));
	const needs = plan.needs.filter(({ need, because }) => need !== userDatabase || because !== undefined);
	// TZ names a zone that the program looks up when it starts.
	const setsZone = state.environment.get('TZ') !== undefined && !furnished;
	const withZones = setsZone && !needs.some(({ need }) => need === zoneData) && !embedsZones(binaries);
	return { ...plan, needs: withZones ? [...needs, { need: zoneData, because: 'TZ' }] : needs };
}

function embedsZones(binaries: Target['binaries']): boolean {
	return binaries.every(({ program }) => program?.embedded.has('zone-data') === true);
}

/** Commands for the stage that builds, and instructions below FROM. */
interface Supplied {
	readonly prepare: readonly Written[];
	readonly copies: readonly Written[];
}

/** `undefined` if the stage that builds does not have what is to be copied. */
function copyOf(need: Need, from: StageState): Supplied | undefined {
	const { supply, provided } = need;
	if (supply.copy === undefined) return { prepare: [], copies: [] };
	if (supply.prepare === undefined && provided(from) !== 'yes') return undefined;
	const there = supply.prepared !== undefined && from.files.has(supply.prepared) === 'yes';
	return {
		prepare: supply.prepare === undefined || there ? [] : [supply.prepare],
		copies: [supply.copy(stageReference(from.stage))],
	};
}

/** The numbers of the user that runs the program: those of nobody where only its name is known. */
function numbersOf({ user: { value, instruction } }: StageState): AccountNumbers {
	const { uid = instruction === undefined ? 0 : 65534, gid = uid } = value;
	return { uid, gid };
}

/** The passwd entry of a user that has a name, with the numbers that it has now. */
function accountOf(state: StageState, from: StageState, { furnished }: Destination): Supplied | undefined {
	const { user, group } = state.user.value;
	const names = [user, group].filter((name) => name !== undefined && !/^\d+$/.test(name) && name !== 'root');
	if (furnished || names.length === 0 || user === undefined) return { prepare: [], copies: [] };
	// The group of that name is written too: COPY --chown may name it.
	const files = accountFiles(
		user,
		group !== undefined && names.includes(group) ? group : user,
		stageReference(from.stage),
		numbersOf(state),
	);
	return files && { prepare: [files.prepare], copies: files.copies };
}

/** The directories that RUN made for the program, with their owner. `undefined` if their names cannot be written. */
function copiesOfDirectories(state: StageState, directories: readonly string[], from: StageState): Supplied | undefined {
	if (directories.length === 0) return { prepare: [], copies: [] };
	const { uid, gid } = numbersOf(state);
	const recipe = writableDirectories(directories, stageReference(from.stage), written`${number(uid)}:${number(gid)}`);
	return recipe && { prepare: [recipe.prepared], copies: [recipe.copy] };
}

function combine(all: readonly Supplied[]): Supplied {
	return { prepare: [...new Set(all.flatMap(({ prepare }) => prepare))], copies: [...new Set(all.flatMap(({ copies }) => copies))] };
}

/** Whom the old image runs as by itself, the new one is told; distroless does not have a user that RUN made. */
function userEdits(dockerfile: Dockerfile, state: StageState, { furnished }: Destination): WrittenEdit[] {
	const { value, instruction } = state.user;
	const { uid, gid = uid } = value;
	if (uid === undefined || gid === undefined || uid === 0) return [];
	const numbers = written`${number(uid)}:${number(gid)}`;
	if (instruction === undefined) return [insertAfter(dockerfile, lastBuildingInstruction(state.stage), [written`USER ${numbers}`])];
	if (!furnished || instruction.keyword !== 'USER') return [];
	const edits: WrittenEdit[] = [];
	for (const each of state.stage.instructions) {
		if (each.keyword === 'USER' && each.words[0] !== undefined && !/^\d/.test(each.words[0].raw))
			edits.push({ range: each.words[0].range, newText: numbers });
		if (each.keyword !== 'COPY' && each.keyword !== 'ADD') continue;
		const owner = each.flags.find(({ name }) => name === 'chown')?.value;
		if (owner !== undefined && !/^\d/.test(owner.raw)) edits.push({ range: owner.range, newText: numbers });
	}
	return edits;
}

/** `undefined` if a build that needs the tag cannot be edited. */
function tagEdits(facts: Facts, { binaries }: Target, { furnished }: Destination, needs: readonly Need[]): WrittenEdit[] | undefined {
	if (furnished || !needs.includes(zoneData)) return [];
	const edits: WrittenEdit[] = [];
	for (const build of onePerCommand(binaries.flatMap((each) => each.build ?? []))) {
		const added = addTag(facts.dockerfile, build, TIME_ZONES);
		if (added === undefined) return undefined;
		edits.push(...added);
	}
	return edits;
}
