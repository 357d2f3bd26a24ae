import type { Listener, Program } from './model.ts';

/**
 * The places where the program serves, if all are on the loopback interface; none where another may be, or may be meant.
 *
 * @param told Whether something may tell the program where to listen.
 */
export function loopbackServices(program: Program, told: boolean): readonly Listener[] {
	if (program.mayListenElsewhere) return [];
	// The profiler and the answer to a log-in are for whoever is inside.
	const services = program.listeners.filter(({ purpose }) => purpose === 'service');
	const areAll = services.every(({ address, given }) => address !== undefined && isLoopback(address) && !(given && told));
	return areAll && services.some(({ own }) => own) ? services.filter(({ own }) => own) : [];
}

/** Whether an address can be reached only from the same network namespace. */
export function isLoopback(address: string): boolean {
	return /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):./.test(address);
}
