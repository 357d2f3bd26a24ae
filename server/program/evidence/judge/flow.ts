import { CALLED_BY_STANDARD } from '../../../knowledge/go-evidence.ts';
import type { GoPackage } from '../../package.ts';
import type { Sighting } from '../read/scan.ts';
import { followed, type Value, type ValueScope } from '../read/values.ts';

/** Where in the workspace's own code a sighting stands. */
export interface Place {
	readonly package: GoPackage;
	readonly path: string;
}

/** What flows where in the reached code of the workspace: who calls a function with what, and what is assigned to variables and fields. */
export interface Flow extends ValueScope {
	/** Whether a package of the workspace imports that one. */
	imports(importPath: string): boolean;
	/** Whether a function of that import path and name is called. */
	isCalled(name: string): boolean;
	/** The calls of a function or, by its selector, of a method. */
	callsOf(symbol: number): readonly Sighting[];
	/** Whether a function or method is used otherwise than by being called, or more methods than one have the name. */
	isAmbiguous(symbol: number): boolean;
	/** What a function returns. */
	returnsOf(symbol: number): readonly Sighting[];
	/** What is assigned to a package's variable, its initial value included. */
	assignedTo(symbol: number): readonly Sighting[];
	/** What is assigned to a field of that name, in literals and by assignments. */
	fieldsNamed(name: string): readonly { readonly value: Value | undefined; readonly at: Sighting }[];
	/** The names of fields to which something is assigned. */
	readonly fieldNames: Iterable<string>;
	/** The function, as `path.Name`, that a package's variable which is called holds: the same whatever is assigned to it. */
	functionHeldBy(call: Sighting): string | undefined;
	/** The name of the program that a call asks for, by a function that only says whether it is there. */
	askedBy(call: Sighting): Value | undefined;
	placeOf(sighting: Sighting): Place | undefined;
	/** Whether a package's variable can be set through its address. */
	isExposed(symbol: number): boolean;
	/** Whether a field of the name can be set in a way that is not seen; of a structure that is known, through its own address alone. */
	isFieldExposed(name: string, isKnown: boolean): boolean;
	/** Whether a method may be called by code that is not followed. */
	isCalledElsewhere(symbol: number): boolean;
	/** The import paths of the workspace's packages, and the names of their methods. */
	readonly ownPackages: ReadonlySet<string>;
	readonly ownMethods: ReadonlySet<string>;
}

export interface FlowInput extends ValueScope {
	/** The reached sightings of the workspace's own code. */
	readonly sightings: ReadonlyMap<Sighting, Place>;
	/** What the workspace's packages import. */
	readonly ownImports: ReadonlySet<string>;
	/** Whether the function or method is named in the workspace's own code without being called. */
	isHandedOn(symbol: number): boolean;
	/** How many own methods have the selector. */
	methodsNamed(symbol: number): number;
	readonly ownPackages: ReadonlySet<string>;
	readonly ownMethods: ReadonlySet<string>;
	/** As in a file's scan, over all files of the workspace. */
	readonly exposed: ReadonlySet<number>;
	/** Whether the program has dependencies, which may call methods through interfaces. */
	readonly hasDependencies: boolean;
	/** The selector of the symbol as text where it is one of a method; else `undefined`. */
	selectorName(symbol: number): string | undefined;
}

export function flowOf(input: FlowInput): Flow {
	const { sightings, isHandedOn, methodsNamed, selectorName, constant, nameOf, ownPackages, ownMethods } = input;
	const calls = new Map<string, Sighting[]>();
	const returns = new Map<string, Sighting[]>();
	const assigned = new Map<string, Sighting[]>();
	const fields = new Map<string, { value: Value | undefined; at: Sighting }[]>();
	const add = <T>(map: Map<string, T[]>, key: string, value: T) => {
		const list = map.get(key);
		if (list === undefined) map.set(key, [value]);
		else list.push(value);
	};
	for (const sighting of sightings.keys()) {
		const { package: path, name, form } = sighting;
		const key = `${path}.${name}`;
		if (form === 'call') add(calls, key, sighting);
		else if (form === 'method') add(calls, `method ${name}`, sighting);
		else if (form === 'return') add(returns, key, sighting);
		else if (form === 'assignment' && path !== '') add(assigned, key, sighting);
		else if (form === 'assignment') add(fields, name, { value: sighting.arguments[0], at: sighting });
		for (const [field, value] of (form === 'literal' ? sighting.fields : undefined) ?? []) add(fields, field, { value, at: sighting });
	}
	const keyOf = (symbol: number) => {
		const selector = selectorName(symbol);
		return selector === undefined ? nameOf(symbol) : `method ${selector}`;
	};
	/** The functions, and which of their arguments is the name. */
	const asking = new Map<string, number>();
	for (const { package: path, name, failure, arguments: values } of sightings.keys()) {
		const program = followed(values[0], input);
		if (path === 'os/exec' && name === 'LookPath' && failure === 'tolerated' && program?.kind === 'parameter' && !program.rest)
			asking.set(keyOf(program.symbol), program.index);
	}
	const exposedFields = new Set([...input.exposed].flatMap((symbol) => (symbol < 0 ? [] : (selectorName(symbol) ?? []))));
	const exposesVariables = [...input.exposed].some((symbol) => symbol < 0 || selectorName(symbol) === undefined);
	return {
		constant,
		nameOf,
		imports: (importPath) => input.ownImports.has(importPath),
		isCalled: (name) => calls.has(name),
		callsOf: (symbol) => calls.get(keyOf(symbol)) ?? [],
		isAmbiguous: (symbol) => isHandedOn(symbol) || (selectorName(symbol) !== undefined && methodsNamed(symbol) > 1),
		returnsOf: (symbol) => returns.get(keyOf(symbol)) ?? [],
		assignedTo: (symbol) => assigned.get(nameOf(symbol)) ?? [],
		fieldsNamed: (name) => fields.get(name) ?? [],
		fieldNames: [...fields.keys()],
		functionHeldBy({ package: path, name }) {
			const [first, ...others] = (assigned.get(`${path}.${name}`) ?? []).map((sighting) => {
				const [value] = sighting.arguments;
				return value?.kind === 'symbol' ? nameOf(value.symbol) : undefined;
			});
			return others.every((other) => other === first) ? first : undefined;
		},
		isExposed: (symbol) => input.exposed.has(symbol),
		isFieldExposed: (name, isKnown) => exposedFields.has(name) || (!isKnown && exposesVariables),
		isCalledElsewhere(symbol) {
			const name = selectorName(symbol);
			return name !== undefined && /^\p{Lu}/u.test(name) && (input.hasDependencies || CALLED_BY_STANDARD.has(name));
		},
		ownPackages,
		ownMethods,
		askedBy({ package: path, name, form, arguments: values }) {
			const index = asking.get(form === 'method' ? `method ${name}` : `${path}.${name}`);
			return index === undefined ? undefined : values[index];
		},
		placeOf: (sighting) => sightings.get(sighting),
	};
}
