import type { Closure, GoPackage } from '../../package.ts';
import type { CommandSection } from '../read/command-sections.ts';
import { wordsOf } from '../read/commands.ts';
import { METHODS, type Names, nameOf, symbolOf } from '../read/names.ts';
import { KIND, METHOD, SELECTOR, type Sighting, STRIDE, SYMBOL, USES_END, USES_START } from '../read/scan.ts';
import type { ValueScope } from '../read/values.ts';
import type { DeclarationIndex, IndexedFile } from './index.ts';

/**
 * Which of the reached code runs for sub-commands only: what is left of it where the functions of commands that are added to others, and the
 * cases of a switch over the first argument, are not followed. A method of the workspace counts as called wherever one of its name is, and
 * of a dependency all counts that a package may import, so that more is taken to run without a sub-command than does.
 */

export interface CommandsInput {
	readonly closure: Closure;
	/** The files of the workspace's own packages. */
	readonly files: readonly IndexedFile[];
	readonly names: Names;
	readonly index: DeclarationIndex;
	readonly question: number;
	readonly scope: ValueScope;
	/** Whether code outside the workspace may call methods of that selector. */
	mayCall(selector: number, owner: GoPackage): boolean;
}

export interface SubCommands {
	/** The words of the sub-commands without one of which a place of the workspace's own code does not run; `undefined` where it may. */
	ofPlace(sighting: Sighting): readonly string[] | undefined;
	/** The same for what a package of a dependency does. */
	ofPackage(importPath: string): readonly string[] | undefined;
}

/** What runs without a sub-command; the other bits are one for each list of words. */
const ALWAYS = 1 << 30;

const MAX_LISTS = 30;

/** `undefined` where the program has no sub-commands, or it is not known which word runs what. */
export function subCommandsOf(input: CommandsInput): SubCommands | undefined {
	const { closure, files, names, index, question, mayCall } = input;
	const { symbols } = index;
	if (files.some(({ scan }) => scan.commands.borrowed)) return undefined;
	const { bits, lists } = bitsOf(input);
	if (lists.length === 0) return undefined;
	const sections = new Map<number, CommandSection[]>();
	for (const { scan, first } of files) {
		for (const section of scan.commands.sections) {
			if (!bits.has(section)) continue;
			const declaration = first + section.declaration;
			sections.set(declaration, [...(sections.get(declaration) ?? []), section]);
		}
	}
	const ownPath = symbolOf(symbols, nameOf(names, 'os'), nameOf(names, 'Executable'));
	let startsItself = false;
	const labels = new Map<number, number>();
	const packages = new Map<string, number>();
	const waiting: number[] = [];

	function reach(declaration: number, label: number): void {
		if (index.reached[declaration] !== question || index.own[declaration] === 0) return;
		const before = labels.get(declaration) ?? 0;
		if ((before | label) === before) return;
		labels.set(declaration, before | label);
		waiting.push(declaration);
	}

	function follow(symbol: number, label: number): void {
		if (symbol === ownPath) startsItself = true;
		if (symbols.packages[symbol] === METHODS) {
			for (let each = index.methodsNamed[symbol] ?? 0; each !== 0; each = index.nextNamed[each - 1] as number) reach(each - 1, label);
			return;
		}
		const path = names.texts[symbols.packages[symbol] as number] as string;
		if (closure.packages.get(path)?.own === false) packages.set(path, (packages.get(path) ?? 0) | label);
		for (let each = index.declared[symbol] ?? 0; each !== 0; each = index.nextDeclared[each - 1] as number) reach(each - 1, label);
		for (let each = index.methodsOf[symbol] ?? 0; each !== 0; each = index.nextDeclared[each - 1] as number) {
			const { scan, package: owner } = index.files[each - 1] as IndexedFile;
			if (mayCall(scan.declarations[(index.places[each - 1] as number) + SELECTOR] as number, owner)) reach(each - 1, label);
		}
	}

	for (const path of closure.roots) follow(symbolOf(symbols, nameOf(names, path), nameOf(names, 'main')), ALWAYS);
	for (const { first, starts, package: owner } of files) {
		for (const start of starts) reach(first + start, ALWAYS);
		for (const { header } of owner.files)
			for (const { path, name } of header.imports) if (name === '_' || name === '.') packages.set(path, ALWAYS);
	}
	for (let declaration = waiting.pop(); declaration !== undefined; declaration = waiting.pop()) {
		const label = labels.get(declaration) as number;
		const { scan } = index.files[declaration] as IndexedFile;
		const place = index.places[declaration] as number;
		const end = scan.declarations[place + USES_END] as number;
		let at = scan.declarations[place + USES_START] as number;
		for (const section of sections.get(declaration) ?? []) {
			for (; at < section.start; at++) follow(scan.uses[at] as number, label);
			for (; at < section.end; at++) follow(scan.uses[at] as number, bits.get(section) as number);
		}
		for (; at < end; at++) follow(scan.uses[at] as number, label);
	}
	// Whoever asks for its own path and starts programs may start itself, with any of the words.
	if (startsItself && closure.standard.has('os/exec')) return undefined;
	spread(packages, closure);
	const declarations = new Map<Sighting, number>();
	for (const { scan, first } of files) for (const sighting of scan.sightings) declarations.set(sighting, first + sighting.declaration);
	const wordsFor = (label: number | undefined) =>
		label === undefined || label === 0 || (label & ALWAYS) !== 0 ? undefined : lists.filter((_, at) => (label & (1 << at)) !== 0).flat();
	return {
		ofPlace(sighting) {
			const bit = sighting.section === undefined ? undefined : bits.get(sighting.section);
			return wordsFor(bit ?? labels.get(declarations.get(sighting) ?? -1));
		},
		ofPackage: (importPath) => wordsFor(packages.get(importPath)),
	};
}

/** The bit of each section that runs for sub-commands only, and the words for each bit. */
function bitsOf({ files, scope }: CommandsInput): {
	readonly bits: ReadonlyMap<CommandSection, number>;
	readonly lists: readonly (readonly string[])[];
} {
	const added = new Set<number>();
	const methods = new Map<number, number>();
	const literals = new Set<unknown>();
	for (const { scan } of files) {
		for (const symbol of scan.commands.added) added.add(symbol);
		for (const literal of scan.commands.literals) literals.add(literal);
		for (let at = 0; at < scan.declarations.length; at += STRIDE) {
			const selector = scan.declarations[at + SELECTOR] as number;
			if (scan.declarations[at + KIND] === METHOD) methods.set(selector, (methods.get(selector) ?? 0) + 1);
		}
	}
	// Of methods with the same name it is not known which of them is called.
	for (const [selector, count] of methods) if (count > 1) added.delete(selector);
	const bits = new Map<CommandSection, number>();
	const lists: (readonly string[])[] = [];
	for (const { scan } of files) {
		for (const section of scan.commands.sections) {
			const at = section.declaration * STRIDE;
			const symbol = scan.declarations[at + (scan.declarations[at + KIND] === METHOD ? SELECTOR : SYMBOL)] as number;
			const isAdded = section.added || literals.has(section.literal) || added.has(symbol);
			const words = isAdded ? wordsOf(section, scope) : [];
			if (words.length === 0) continue;
			const key = words.join(' ');
			const known = lists.findIndex((list) => list.join(' ') === key);
			if (known < 0 && lists.length === MAX_LISTS) continue;
			bits.set(section, 1 << (known < 0 ? lists.push(words) - 1 : known));
		}
	}
	return { bits, lists };
}

/** What a package does, those that it imports may do. */
function spread(packages: Map<string, number>, closure: Closure): void {
	const waiting = [...packages.keys()];
	for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
		const label = packages.get(path) as number;
		for (const imported of closure.packages.get(path)?.imports ?? []) {
			const before = packages.get(imported) ?? 0;
			if (closure.packages.get(imported)?.own !== false || (before | label) === before) continue;
			packages.set(imported, before | label);
			waiting.push(imported);
		}
	}
}
