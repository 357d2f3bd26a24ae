import { type Names, nameOf } from './names.ts';
import type { Scan } from './scan.ts';
import type { Local, Value } from './values.ts';

/** Predeclared names that hardly anyone declares anew; leaving them out keeps the lists of uses short. */
const PREDECLARED = [
	...['_', 'bool', 'byte', 'rune', 'string', 'error', 'any', 'nil', 'true', 'false', 'iota', 'len', 'cap', 'append', 'make', 'panic'],
	...['int', 'int8', 'int16', 'int32', 'int64', 'uint', 'uint8', 'uint16', 'uint32', 'uint64', 'uintptr', 'float32', 'float64'],
];

export function openScope(scan: Scan): number {
	return scan.localNames.length;
}

export function closeScopes(scan: Scan, mark: number): void {
	const { localNames, localPrevious, localValues, names } = scan;
	while (localNames.length > mark) {
		names.locals[localNames.pop() as number] = localPrevious.pop() as number;
		localValues.pop();
	}
}

export function declare(scan: Scan, name: number, value: Value | undefined): void {
	const { names } = scan;
	scan.localNames.push(name);
	scan.localPrevious.push(names.locals[name] as number);
	scan.localValues.push(value === undefined ? undefined : { value, changed: false, exposed: false, replaced: false, others: [] });
	names.locals[name] = scan.localNames.length;
}

/** Notes that a local name is assigned, or else that its address is taken. */
export function markChanged(scan: Scan, name: number, isAssigned: boolean): void {
	const local = scan.names.locals[name] as number;
	if (local === 0) return;
	const value = scan.localValues[local - 1];
	if (value === undefined) return;
	value.changed = true;
	if (!isAssigned) value.exposed = true;
	if (isAssigned && (scan.condition === 'always' || scan.condition === 'default')) value.replaced = true;
}

/** Declares a name without a value, of which what is assigned to it later is known, where values are followed. */
export function declareOpen(scan: Scan, name: number): void {
	declare(scan, name, undefined);
	if (scan.flows)
		scan.localValues[scan.localValues.length - 1] = {
			value: undefined,
			changed: true,
			exposed: false,
			replaced: true,
			others: [],
		};
}

/** Notes what is assigned to a local variable after its declaration. */
export function noteAssigned({ others }: Local, value: Value | undefined): void {
	if (others.length < MAX_ASSIGNED) others.push(others.length < MAX_ASSIGNED - 1 ? value : undefined);
}

/** Where there are more assignments, the rest counts as one that is not known. */
const MAX_ASSIGNED = 20;

const predeclaredOf = new WeakMap<Names, Uint8Array>();

export function skipped(scan: Scan, name: number): boolean {
	let marks = predeclaredOf.get(scan.names);
	if (marks === undefined) {
		const numbers = PREDECLARED.map((text) => nameOf(scan.names, text));
		marks = new Uint8Array(Math.max(...numbers) + 1);
		for (const number of numbers) marks[number] = 1;
		predeclaredOf.set(scan.names, marks);
	}
	return marks[name] === 1;
}
