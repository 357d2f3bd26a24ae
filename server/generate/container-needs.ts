import type { Written } from '../dockerfile/write.ts';
import { temporaryDirectory } from '../needs/needs.ts';
import { isLoopback } from '../program/listeners.ts';
import type { Program } from '../program/model.ts';
import { join } from '../workspace/paths.ts';
import { programPath } from './binary-name.ts';
import type { FinalBase } from './final-base.ts';
import type { FinalStage } from './final-stage.ts';
import type { Plan } from './plan.ts';

/** What a container of a generated image needs. */
export interface ContainerNeeds {
	/** The program's name. */
	readonly name: Written;
	/** Where it is in the image. */
	readonly path: Written;
	/** The ports that the program serves on, as far as they are known. */
	readonly ports: readonly number[];
	/** Whether it serves on ports that are not known. */
	readonly hasUnknownPort: boolean;
	/** Whether it may write temporary files. */
	readonly temporary: boolean;
	/** The directories that it writes to. */
	readonly directories: readonly string[];
	/** The files of the repository that the image holds. */
	readonly files: readonly string[];
	/** What shows that the program requires root; `undefined` where it runs as nobody. */
	readonly root: string | undefined;
	/** The arguments with which the program checks itself: the result of `healthArguments`. */
	readonly health: readonly string[] | undefined;
}

export function containerNeeds(
	name: Written,
	plan: Plan,
	base: FinalBase,
	final: FinalStage,
	program: Program | undefined,
	health: readonly string[] | undefined,
): ContainerNeeds {
	const ports = portsOf(program);
	// Root makes the directories that the program writes to, so that the image does not have them.
	const directories = plan.privilege === undefined ? final.directories : plan.directories.map(({ detail }) => join('/', detail ?? '/'));
	return {
		name,
		path: programPath(name, final),
		ports,
		hasUnknownPort:
			ports.length === 0 && (program?.listeners ?? []).some(({ purpose, address }) => purpose === 'service' && !isLoopback(address ?? '')),
		temporary: base.complete || plan.needs.some(({ need }) => need === temporaryDirectory),
		directories: [...new Set(directories)].filter((directory) => directory !== '/'),
		files: final.files,
		root: plan.privilege?.symbol,
		health,
	};
}

/** The ports that the program serves on, where they are constant and can be reached from elsewhere. */
function portsOf(program: Program | undefined): readonly number[] {
	const ports = (program?.listeners ?? [])
		.filter(({ own, purpose, address }) => own && purpose === 'service' && address !== undefined && !isLoopback(address))
		.map(({ address }) => Number(/:(\d{1,5})$/.exec(address as string)?.[1] ?? 0))
		.filter((port) => port > 0 && port < 65_536);
	return [...new Set(ports)].sort((left, right) => left - right);
}
