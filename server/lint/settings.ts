import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Severity } from '../findings/finding.ts';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import { nearestName } from '../text/nearest.ts';
import { tooDeepInJson } from '../text/nesting.ts';
import { lineStarts, positionAt } from '../text/text.ts';
import type { Files } from '../workspace/files.ts';
import { ancestors, basename, dirname, isAbsolute, isWithin, join } from '../workspace/paths.ts';
import { type Policy, readPolicy } from './policy.ts';

/** In characters: every rule, many times over. */
const MAX_LENGTH = 256 * 1024;

/** What a setting may give to a rule, from nothing to the worst. */
export const SEVERITIES: readonly (Severity | 'off')[] = ['off', 'hint', 'information', 'warning', 'error'];

export interface Settings {
	/** By code; a rule that is not in it keeps its own severity. */
	readonly severities: ReadonlyMap<string, Severity | 'off'>;
	/** What the images are compared with by `go-scratch survey`. */
	readonly policy?: Policy;
}

export const DEFAULT_SETTINGS: Settings = { severities: new Map() };

/** A mistake in the settings. */
export interface SettingsProblem {
	/** The place, from 0; line 0 for the editor's settings, which have no lines. */
	readonly line: number;
	readonly character: number;
	/** What is wrong, with the name that was probably meant. */
	readonly message: string;
	/** Whether nothing in the file could be used. */
	readonly fatal: boolean;
	/** Whether a policy, or a part of one, may be missing because of it. */
	readonly ofPolicy?: true;
}

export interface ReadSettings {
	readonly settings: Settings;
	readonly problems: readonly SettingsProblem[];
	/** The settings file that it builds on, as written, and where that stands. */
	readonly extended?: { readonly path: string; readonly line: number; readonly character: number };
}

/** `offset` is that of the JSON node; `undefined` for a value from an editor. */
type Report = (message: string, offset: number | undefined, fatal?: boolean) => void;

/**
 * Settings from an editor: `{ "rules": { "CODE": "SEVERITY" } }`; anything else is ignored.
 *
 * @param codes All codes there are.
 */
export function readEditorSettings(value: unknown, codes: readonly string[]): ReadSettings {
	const problems: SettingsProblem[] = [];
	const severities = new Map<string, Severity | 'off'>();
	const rules = isRecord(value) ? value.rules : undefined;
	if (isRecord(rules)) {
		for (const [code, severity] of Object.entries(rules)) {
			// An editor hands over every known setting, unset ones as null.
			if (severity === null || severity === undefined) continue;
			readSeverity(code, severity, undefined, undefined, codes, severities, (message) =>
				problems.push({ line: 0, character: 0, message, fatal: false }),
			);
		}
	}
	return { settings: { severities }, problems };
}

/**
 * Settings of a `.go-scratch.json`: JSON with comments, `{ "rules": { "CODE": "SEVERITY" } }`. What is wrong is reported and
 * ignored; the rest counts.
 *
 * @param codes All codes there are.
 */
export function readSettingsFile(text: string, codes: readonly string[]): ReadSettings {
	const problems: SettingsProblem[] = [];
	const severities = new Map<string, Severity | 'off'>();
	const starts = lineStarts(text);
	const report: Report = (message, offset, fatal = false) => problems.push({ ...positionAt(starts, offset ?? 0), message, fatal });
	const reportOfPolicy: Report = (message, offset) =>
		problems.push({ ...positionAt(starts, offset ?? 0), message, fatal: false, ofPolicy: true });
	const done = { settings: { severities }, problems };
	let policy: Policy | undefined;
	let extended: ReadSettings['extended'];

	if (text.length > MAX_LENGTH) {
		report(`The file is longer than ${MAX_LENGTH} characters, so it is not read.`, 0, true);
		return done;
	}
	const tooDeep = tooDeepInJson(text);
	if (tooDeep !== undefined) {
		report('The JSON is nested too deeply.', tooDeep, true);
		return done;
	}
	const errors: ParseError[] = [];
	const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
	const [error] = errors;
	if (error !== undefined) {
		report(`Invalid JSON: ${describeParseError(error)}.`, error.offset, true);
		return done;
	}
	if (root === undefined || root.type !== 'object') {
		report('Expected an object such as { "rules": { "root-user": "off" } }.', root?.offset, true);
		return done;
	}
	for (const property of root.children ?? []) {
		const [key, value] = property.children ?? [];
		if (key === undefined || value === undefined || key.value === '$schema') continue;
		if (key.value === 'policy') {
			policy = readPolicy(value, codes, reportOfPolicy, didYouMean);
			continue;
		}
		if (key.value === 'extends') {
			if (typeof value.value === 'string') extended = { path: value.value, ...positionAt(starts, value.offset) };
			else reportOfPolicy(`"extends" must be the relative path of another ${SETTINGS_FILE}.`, value.offset);
			continue;
		}
		if (key.value !== 'rules') {
			report(`Unknown setting ${quote(key.value)}${didYouMean(String(key.value), ['extends', 'rules', 'policy', '$schema'])}.`, key.offset);
			continue;
		}
		if (value.type !== 'object') {
			report('"rules" must be an object with a severity for each code, such as { "root-user": "off" }.', value.offset);
			continue;
		}
		for (const rule of value.children ?? []) {
			const [code, severity] = rule.children ?? [];
			if (code === undefined || severity === undefined) continue;
			readSeverity(String(code.value), severity.value, code.offset, severity.offset, codes, severities, report);
		}
	}
	return { settings: { severities, ...(policy && { policy }) }, problems, ...(extended && { extended }) };
}

/** Files that build on each other are so many at most. */
const MOST_EXTENDED = 5;

interface SettingsText {
	readonly path: string;
	readonly text: string;
}

/** A mistake in one of the files that settings are made of. */
export interface SettingsFileProblem extends SettingsProblem {
	readonly path: string;
	/** The text of that file. */
	readonly text: string;
}

/**
 * The settings of a file and of those that it builds on, of which it overrides each rule, and the policy as a whole. `extends` names
 * another settings file by its relative path, within `root`; nothing is fetched.
 */
export async function readSettingsWithExtended(
	files: Files,
	file: SettingsText,
	root: string,
	codes: readonly string[],
): Promise<{ settings: Settings; problems: readonly SettingsFileProblem[] }> {
	const problems: SettingsFileProblem[] = [];
	const seen = new Set<string>();
	let settings: Settings = DEFAULT_SETTINGS;
	let next: SettingsText | undefined = file;
	while (next !== undefined) {
		const { path, text }: SettingsText = next;
		seen.add(path);
		const read = readSettingsFile(text, codes);
		problems.push(...read.problems.map((problem) => ({ ...problem, path, text })));
		settings = mergeSettings(read.settings, settings);
		next = undefined;
		if (read.extended === undefined) break;
		const { path: written, ...place } = read.extended;
		const wanted: string = isAbsolute(written) ? written : join(dirname(path), written);
		const problem = problemOfExtended(wanted, written, root, seen);
		const found = problem === undefined ? await files.readText(wanted) : undefined;
		if (found !== undefined) next = { path: wanted, text: found };
		else {
			const message = `"extends": ${problem ?? `${quote(written)} cannot be read`}.`;
			problems.push({ ...place, message, fatal: false, ofPolicy: true, path, text });
		}
	}
	return { settings, problems };
}

function problemOfExtended(wanted: string, written: string, root: string, seen: ReadonlySet<string>): string | undefined {
	if (isAbsolute(written) || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(written)) return `${quote(written)} is not a relative path`;
	if (basename(wanted) !== SETTINGS_FILE) return `${quote(written)} is not a ${SETTINGS_FILE}`;
	if (!isWithin(root, wanted)) return `${quote(written)} is outside the workspace`;
	if (seen.has(wanted)) return `${quote(written)} extends itself`;
	return seen.size >= MOST_EXTENDED ? `more than ${MOST_EXTENDED} files build on each other` : undefined;
}

function readSeverity(
	code: string,
	severity: unknown,
	codeOffset: number | undefined,
	severityOffset: number | undefined,
	codes: readonly string[],
	severities: Map<string, Severity | 'off'>,
	report: Report,
): void {
	const known = SEVERITIES.find((name) => name === severity);
	if (!codes.includes(code)) report(`Unknown rule ${quote(code)}${didYouMean(code, codes)}.`, codeOffset);
	else if (known !== undefined) severities.set(code, known);
	else {
		const hint = typeof severity === 'string' ? didYouMean(severity, SEVERITIES) : '';
		report(`The severity of ${code} must be one of ${SEVERITIES.join(', ')}, not ${quote(severity)}${hint}.`, severityOffset);
	}
}

/** Both merged; the workspace's file overrides the editor. */
export function mergeSettings(editor: Settings, file: Settings): Settings {
	const policy = file.policy ?? editor.policy;
	return { severities: new Map([...editor.severities, ...file.severities]), ...(policy && { policy }) };
}

/**
 * The settings file in force for `path`: the nearest one from its directory up to `root`.
 *
 * @returns Its path and text, or `undefined` where there is none.
 */
export async function findSettingsFile(files: Files, path: string, root: string): Promise<{ path: string; text: string } | undefined> {
	for (const directory of ancestors(dirname(path))) {
		const candidate = join(directory, SETTINGS_FILE);
		const text = await files.readText(candidate);
		if (text !== undefined) return { path: candidate, text };
		if (directory === root || !isWithin(root, directory)) return undefined;
	}
	return undefined;
}

function didYouMean(written: string, names: readonly string[]): string {
	const nearest = nearestName(written, names);
	return nearest === undefined ? '' : ` (did you mean ${quote(nearest)}?)`;
}

function quote(value: unknown): string {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `ValueExpected` in words: `value expected`. */
function describeParseError(error: ParseError): string {
	return printParseErrorCode(error.error)
		.replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter}`)
		.toLowerCase();
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
