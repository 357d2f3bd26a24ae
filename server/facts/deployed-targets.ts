import { deployedState } from '../deployments/deployed.ts';
import type { Running } from '../deployments/deployments.ts';
import type { Service } from '../deployments/model.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import type { DeployedTarget, Facts, Target } from './facts.ts';

/** The targets of a Dockerfile as services start them. A service of a stage that is not known, or of Windows, is left out. */
export function deployedTargets(facts: Pick<Facts, 'image' | 'targets' | 'programOf'>, running: readonly Running[]): DeployedTarget[] {
	return running.flatMap(({ service, runs, textOf }) => {
		const state = stageNamed(facts.image.stages, runs.target);
		if (state === undefined || state.windows) return [];
		const image = facts.targets.find((target) => target.state === state) ?? targetOf(state, facts);
		return [{ service, runs, image, target: deployedTarget(image, service), textOf }];
	});
}

function stageNamed(stages: readonly StageState[], name: string | undefined): StageState | undefined {
	if (name === undefined) return stages.at(-1);
	const alias = name.toLowerCase();
	return stages.findLast(({ stage }) => stage.from.alias?.raw.toLowerCase() === alias || String(stage.index) === name);
}

/** A stage that does not ship by itself. */
function targetOf(state: StageState, { programOf }: Pick<Facts, 'programOf'>): Target {
	const started = resolveCommandPath(state)?.path;
	const binaries = state.files.builds().map(({ path, build }) => ({
		path,
		build,
		mainPackage: undefined,
		program: programOf(build),
		started: path === started,
	}));
	return { state, binaries, startedFile: undefined };
}

function deployedTarget(image: Target, service: Service): Target {
	const state = deployedState(image.state, service);
	const before = resolveCommandPath(image.state)?.path;
	const started = resolveCommandPath(state)?.path;
	if (before === started) return { ...image, state };
	const binaries = image.binaries.map((binary) => ({ ...binary, started: binary.path === started }));
	return { state, binaries, startedFile: undefined };
}

/**
 * The target with what a service is known to supply. What is not known of the service (a variable of a file that is not there, a mount
 * of a template) supplies nothing, so that a fault of the image is not taken to be supplied because of it.
 */
export function suppliedTarget({ image, service }: DeployedTarget): Target {
	const { user, mounts, environment } = service;
	const isKnown = user.user?.value !== undefined || user.group?.value !== undefined;
	return deployedTarget(image, {
		...service,
		complete: true,
		user: isKnown ? user : { ...user, user: undefined, group: undefined },
		mounts: { all: mounts.all.filter(({ path, kind }) => path !== undefined && kind !== 'unknown'), complete: true },
		environment: { ...environment, complete: true },
	});
}
