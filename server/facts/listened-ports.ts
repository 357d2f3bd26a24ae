import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { isLoopback } from '../program/listeners.ts';
import type { Listener, Program } from '../program/model.ts';
import type { DeployedTarget } from './facts.ts';

/** The ports on which the program of a container listens, all of which are known. */
export interface ListenedPorts {
	readonly program: Program;
	/** In the order of {@link Program.listeners}; by port, since one may be used twice. */
	readonly listeners: readonly (Listener & { readonly port: number; readonly loopback: boolean })[];
}

/**
 * The ports of the program that the service starts; `undefined` where one of them is not known, or where code that was not followed,
 * another program or another container may listen too.
 */
export function listenedPorts({ service, target }: DeployedTarget): ListenedPorts | undefined {
	const [started, ...others] = target.binaries.filter((binary) => binary.started);
	const program = started?.program;
	if (program === undefined || others.length > 0 || service.foreignNetwork !== undefined || !service.complete) return undefined;
	if (
		program.mayListenElsewhere ||
		program.unknowns.some(({ kind }) => kind === 'program') ||
		program.evidence.some(({ need }) => need === 'executable')
	)
		return undefined;
	const told =
		isTold(target.state) ||
		!service.environment.complete ||
		[...service.environment.variables.keys()].some((name) => OF_ADDRESSES.test(name));
	const listeners = program.listeners.map((listener) => {
		const port = listener.given && told ? undefined : portOf(listener.address);
		return port === undefined ? undefined : { ...listener, port, loopback: isLoopback(listener.address ?? '') };
	});
	return listeners.length > 0 && listeners.every((listener) => listener !== undefined) ? { program, listeners } : undefined;
}

/** The port of an address; `undefined` for one that is not known, or that the system chooses. */
export function portOf(address: string | undefined): number | undefined {
	const port = /:(\d{1,5}|http|https)$/.exec(address ?? '')?.[1];
	if (port === 'http') return 80;
	if (port === 'https') return 443;
	// The system chooses a port for 0.
	return port === undefined || Number(port) === 0 ? undefined : Number(port);
}

/** Whether the image may tell the program where to listen: by an argument, or by the environment. */
export function isTold(state: StageState): boolean {
	const told = resolveCommandPath(state);
	if (told === undefined || told.arguments.length > 0) return true;
	for (let each: StageState | undefined = state; each !== undefined; each = each.parent) {
		for (const instruction of each.stage.instructions)
			if (instruction.keyword === 'ENV' && instruction.assignments.some(({ name }) => OF_ADDRESSES.test(name))) return true;
	}
	return false;
}

/** Names of variables that a program may take an address from. */
const OF_ADDRESSES = /ADDR|BIND|HOST|LISTEN|PORT|URL/i;
