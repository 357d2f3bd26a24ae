import { parseMount } from '../dockerfile/mount.ts';
import type { Dockerfile, Instruction, Stage } from '../dockerfile/syntax.ts';
import { nameOf } from './copy-instruction.ts';
import type { BuildContext, StageState } from './model.ts';
import type { BuildRun } from './stage-run.ts';

/** {@link shippingStages}, each without instructions of its own replaced by the stage whose instructions are all there is to judge and mend. */
export function targetsOf(build: BuildRun): StageState[] {
	return [...new Set(shippingStages(build).map(withInstructions))];
}

function withInstructions(state: StageState): StageState {
	let found = state;
	while (found.stage.instructions.length === 0 && found.parent !== undefined) found = found.parent;
	return found;
}

/**
 * The stages that ship: the one that a comment or the file that declares the context names; else the last, and every other that nothing
 * builds on or copies from and that has a command of its own or inherits one and copies a binary in. Stages for tests, lint, vendoring
 * or export are none.
 */
function shippingStages(build: BuildRun): StageState[] {
	const { dockerfile, stages, context } = build;
	const candidates = stages.filter((state) => !state.windows && !isToBuildOn(state));
	const declared = declaredTarget(dockerfile, context);
	const named = candidates.filter((state) => isNamed(state.stage, declared));
	if (named.length > 0) return named;
	const used = usedStages(build);
	return candidates.filter((state) => {
		const last = state.stage.index === stages.length - 1;
		const hasCommand = state.entrypoint?.instruction !== undefined || state.command?.instruction !== undefined;
		if (last) return hasCommand || !isSideStage(state);
		if (used.has(state.stage.index) || isSideStage(state)) return false;
		const own = (setting: StageState['command']) => setting?.instruction?.stage === state.stage.index;
		if (own(state.entrypoint) || own(state.command)) return true;
		return hasCommand && state.copies.some((copy) => copy.from.kind === 'stage' || copy.matches.length === 1);
	});
}

/** Whether a comment, or the file that declares the context, names the stage as the one that ships. */
export function isDeclaredTarget(stage: Stage, dockerfile: Dockerfile, context: BuildContext | undefined): boolean {
	return isNamed(stage, declaredTarget(dockerfile, context));
}

function isNamed(stage: Stage, name: string | undefined): boolean {
	return name !== undefined && (nameOf(stage) === name.toLowerCase() || String(stage.index) === name);
}

/** The name or number by which a comment, or the file that declares the context, says which stage ships. */
export function declaredTarget({ comments }: Dockerfile, context: BuildContext | undefined): string | undefined {
	for (const comment of comments) {
		const match = /^go-scratch\s+target=(\S+)/.exec(comment.text);
		if (match !== null) return match[1];
	}
	return context?.target;
}

/** A stage that others build on: what its ONBUILD instructions make is there only in them. */
function isToBuildOn({ stage }: StageState): boolean {
	return stage.instructions.some(({ keyword }) => keyword === 'ONBUILD');
}

/** A stage whose name says that it is run for its effect, or that its files are taken out of it. */
function isSideStage(state: StageState): boolean {
	const name = nameOf(state.stage) ?? '';
	return name.split(/[-_.]/).some((part) => SIDE.test(part));
}

const SIDE =
	/^(?:debug(?:ger)?|delve|dlv|tests?|unit|integration|e2e|lint(?:er)?|golangci|validate|vet|vendor(?:ed|ing)?|export(?:er|ed)?|artifacts?|output|out|binar(?:y|ies)|bin|dist|docs?|generate[dr]?|gen|proto|cross|release|update|check|coverage|bench|deps|mod(?:ules)?|tools?|cache)$/;

function usedStages(build: BuildRun): Set<number> {
	const used = new Set<number>();
	for (const index of build.perhapsUsed) used.add(index);
	for (const state of build.stages) {
		if (state.parent !== undefined) used.add(state.parent.stage.index);
		for (const copy of state.copies) if (copy.from.kind === 'stage') used.add(copy.from.state.stage.index);
		for (const name of state.stage.instructions.flatMap(namedIn)) {
			const stage = /^\d+$/.test(name) ? build.dockerfile.stages[Number(name)] : build.stagesByName.get(name);
			if (stage !== undefined && stage.index !== state.stage.index) used.add(stage.index);
		}
	}
	return used;
}

/** What the flags of an instruction name as the stage, or the image, that something is taken from. */
function namedIn(instruction: Instruction): string[] {
	if (instruction.keyword !== 'RUN' && instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return NOTHING;
	if (instruction.flags.length === 0) return NOTHING;
	return instruction.flags.flatMap(({ name, value }) => {
		const from = name === 'from' ? value?.raw : name === 'mount' ? parseMount(value?.raw ?? '').from : undefined;
		return from === undefined ? [] : [from.toLowerCase()];
	});
}

const NOTHING: string[] = [];
