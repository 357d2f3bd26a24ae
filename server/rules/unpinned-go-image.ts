import { parseImageReference } from '../dockerfile/image-reference.ts';
import type { Facts } from '../facts/facts.ts';
import { moduleOfCommand, type PlacedModule } from '../facts/placed-module.ts';
import { retag, splitGoTag } from '../fixes/go-tag.ts';
import { goVersionFor } from '../generate/go-image.ts';
import type { StageState } from '../image/model.ts';
import { contributingStages, rootOf } from '../image/stage-chain.ts';
import { isWithin } from '../workspace/paths.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unpinned-go-image',
	severity: 'information',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'The golang image has no version tag, so the Go version can change between builds.',
		why: '`golang`, `golang:latest` and `golang:alpine` move to the next Go release. Which version a build gets depends on the day and on the local image cache.',
		example: 'FROM golang:alpine AS build',
		instead: 'FROM golang:1.26-alpine AS build',
		notes:
			'Reports the official image in stages that a target depends on and that run one of its programs. The fix uses the newest of the `go` line, the `toolchain` line and the oldest supported Go, and keeps the variant. A tag with one part, `golang:1`, is considered intended.',
	},
	*check(facts) {
		const contributing = contributingStages(facts.image);
		/** The stages that run something of an image, by the one whose FROM names it. */
		const users = new Map<StageState, StageState[]>();
		for (const state of contributing) {
			const root = rootOf(state);
			if (!usesGo(facts, state)) continue;
			const known = users.get(root);
			if (known === undefined) users.set(root, [state]);
			else known.push(state);
		}
		for (const state of facts.image.stages) {
			const image = state.stage.from.image;
			const states = users.get(state);
			if (image === undefined || states === undefined || state.windows || !isUnpinned(state)) continue;
			const modules = moduleFilesOf(facts, states);
			const version = goVersionFor(modules);
			yield {
				range: image.range,
				message: `${state.imageReference ?? image.raw} has no version tag, so the Go version changes between builds. Pin it.`,
				fixes: () => {
					// The tag of an old distribution stays at the Go that it had, and a newer one requires a go.mod.
					if (modules.length === 0 && isOfDistribution(state)) return [];
					const change = retag(facts.dockerfile, state.stage, version, facts.context?.arguments);
					if (change === undefined) return [];
					// A release that Go no longer publishes for stays at an old Go, which the newer one may not build like.
					const keeps = !isOfDistribution(state) || change.written.endsWith(`-${variantOf(state)}`);
					return [{ title: `Use ${change.written}`, edits: change.edits, preferred: change.certain && keeps }];
				},
			};
		}
	},
};

function isUnpinned({ base, imageReference }: StageState): boolean {
	if (base?.go?.hasGolangTags !== true || base.go.version !== undefined || imageReference === undefined) return false;
	const reference = parseImageReference(imageReference);
	if (reference === undefined || reference.digest !== undefined || !/(?:^|\/)golang$/.test(reference.repository)) return false;
	const { version, variant } = splitGoTag(reference.tag ?? '');
	return version === undefined && !/^(?:tip|rc)\b/.test(variant);
}

/** Whether the tag names the release of a distribution: `alpine3.11`, `buster`. */
function isOfDistribution(state: StageState): boolean {
	return !/^(?:alpine)?$/.test(variantOf(state));
}

function variantOf({ imageReference }: StageState): string {
	return splitGoTag(parseImageReference(imageReference ?? '')?.tag ?? '').variant;
}

/** Whether anything is run in the stage or the image is what ships: an image of which a file alone is taken is no toolchain. */
function usesGo(facts: Facts, state: StageState): boolean {
	return state.stage.instructions.some((instruction) => instruction.keyword === 'RUN') || facts.image.targets.includes(state);
}

/** The go.mod and go.work files that the image has to serve: those of the modules built, or else all that the context holds. */
function moduleFilesOf(
	facts: Facts,
	states: readonly StageState[],
): (PlacedModule['module']['file'] | NonNullable<PlacedModule['work']>['work']['file'])[] {
	const placed = states.flatMap((state) => state.ran.flatMap((command) => moduleOfCommand(facts, state, command) ?? []));
	if (placed.length > 0) return placed.flatMap(({ module, work }) => (work === undefined ? [module.file] : [module.file, work.work.file]));
	const directory = facts.context?.directory ?? facts.go?.root;
	if (directory === undefined) return [];
	const within = (each: { readonly directory: string }) => isWithin(directory, each.directory);
	return [...(facts.go?.modules.filter(within) ?? []), ...(facts.go?.works.filter(within) ?? [])].map((each) => each.file);
}
