import { KEYWORDS, type Names, type Symbols } from '../evidence/read/names.ts';
import { COMPUTED, type FileScan, KIND, SELECTOR, type Sighting, STRIDE, SYMBOL, USES_END, USES_START } from '../evidence/read/scan.ts';
import type { Head, KeptScans } from './kept-scans.ts';
import { isCount, isFlag, isRecord, isText, listOf, oneOf, optional, orNull, recordOf, type Shape, tupleOf } from './shape.ts';

/** What an archive gives back as scans must be such that nothing that follows its numbers leaves a list or goes round in it for ever. */

/** Whether what stands before the numbers has its shape. */
export function isHead(value: unknown): value is Head {
	return isRecord(value) && isCount(value.symbols) && shapeOfHead(value.symbols as number)(value);
}

/** @param symbols how many there are */
function shapeOfHead(symbols: number): Shape {
	const isSymbol: Shape = (value) => isCount(value) && (value as number) < symbols;
	const isValue = shapeOfValues(isSymbol);
	const path = isText;
	const version = isText;
	const importPath = isText;
	const own = isFlag;
	const importNames = listOf(isText);
	const ownPackage = isCount;
	const length = isCount;
	const sightings = listOf(shapeOfSightings(isValue));
	const constants = listOf(tupleOf(isSymbol, isValue));
	return recordOf<Head>({
		names: listOf(isText),
		nameSlots: length,
		nameHashes: length,
		symbols: isCount,
		symbolRoom: length,
		symbolSlots: length,
		files: listOf(tupleOf(path, version, importPath, own, importNames, ownPackage, length, length, length, sightings, constants)),
	});
}

function shapeOfValues(isSymbol: Shape): Shape {
	const isFields = listOf(tupleOf(isText, (value) => isValue(value)));
	const isValue: Shape = orNull((value) => {
		if (!isRecord(value)) return false;
		switch (value.kind) {
			case 'text':
				return isText(value.text);
			case 'truth':
				return isFlag(value.truth);
			case 'nil':
				return true;
			case 'symbol':
				return isSymbol(value.symbol);
			case 'local':
				return isRecord(value.local) && isFlag(value.local.changed) && isValue(value.local.value);
			case 'sum':
			case 'union':
				return listOf(isValue)(value.parts);
			case 'call':
				return isSymbol(value.symbol) && listOf(isValue)(value.arguments);
			case 'literal':
				return isSymbol(value.symbol) && isFields(value.fields);
			default:
				return false;
		}
	});
	return isValue;
}

function shapeOfSightings(isValue: Shape): Shape {
	return recordOf<Sighting>({
		package: isText,
		name: isText,
		form: oneOf('call', 'method', 'literal', 'type', 'value'),
		line: isCount,
		character: isCount,
		length: isCount,
		declaration: isCount,
		arguments: listOf(isValue),
		fields: optional(listOf(tupleOf(isText, isValue))),
		failure: oneOf('passed on', 'tolerated', 'unknown'),
	});
}

/** Whether every number stands for something that is there. */
export function areWhole({ names, symbols, files }: KeptScans): boolean {
	return areNames(names) && areSymbols(symbols, names) && [...files.values()].every(({ scan }) => isScan(scan, names, symbols));
}

function areNames({ texts, slots, hashes }: Names): boolean {
	return KEYWORDS.every((word, at) => texts[at] === word) && hashes.length >= texts.length && areSlots(slots, texts.length);
}

function areSymbols({ count, packages, names, slots }: Symbols, { texts }: Names): boolean {
	return packages.length >= count && areBelow(packages, texts.length) && areBelow(names, texts.length) && areSlots(slots, count);
}

/** Whether a table of open addressing has a size that its mask supposes, and an end to every search. */
function areSlots(slots: Int32Array, count: number): boolean {
	return slots.length > 0 && (slots.length & (slots.length - 1)) === 0 && slots.includes(0) && areBelow(slots, count + 1);
}

function isScan({ declarations, uses, selectors, sightings, ownPackage }: FileScan, { texts }: Names, { count }: Symbols): boolean {
	if (declarations.length % STRIDE !== 0 || ownPackage >= texts.length) return false;
	for (let at = 0; at < declarations.length; at += STRIDE) {
		const number = (place: number) => declarations[at + place] as number;
		const isOfItself = isWithin(number(KIND), COMPUTED + 1) && isWithin(number(SYMBOL), count) && isWithin(number(SELECTOR), count);
		// The end is -1 while the declaration has not been read.
		if (!isOfItself || !isWithin(number(USES_START), uses.length + 1) || !isWithin(number(USES_END) + 1, uses.length + 2)) return false;
	}
	const length = declarations.length / STRIDE;
	return areBelow(uses, count) && areBelow(selectors, count) && sightings.every(({ declaration }) => declaration < length);
}

function isWithin(number: number, end: number): boolean {
	return number >= 0 && number < end;
}

function areBelow(numbers: ArrayLike<number>, end: number): boolean {
	for (let at = 0; at < numbers.length; at++) if (!isWithin(numbers[at] as number, end)) return false;
	return true;
}
