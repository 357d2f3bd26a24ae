import { relative } from 'node:path';
import type { createColors } from 'picocolors';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { fixForAll } from '../lint/fix-all.ts';
import type { Severity } from '../rules/rule.ts';
import { type Position, positionAt } from '../text/text.ts';

/** The shape of `--format json`. A change that breaks its readers raises `version`. Lines and columns count from 1. */
export interface JsonReport {
	readonly version: 1;
	readonly findings: readonly JsonFinding[];
	readonly summary: Summary;
}

export interface JsonFinding {
	readonly file: string;
	readonly line: number;
	/** In UTF-16 code units. */
	readonly column: number;
	readonly endLine: number;
	readonly endColumn: number;
	readonly severity: Severity;
	readonly code: string;
	readonly message: string;
	readonly url: string;
	/** The places in Go source that are the reason. */
	readonly related: readonly { readonly file: string; readonly line: number; readonly column: number; readonly message: string }[];
	/** `byFix` tells the fix that `go-scratch fix` takes by itself. */
	readonly fixes: readonly { readonly title: string; readonly preferred: boolean; readonly byFix: boolean }[];
}

export interface Summary {
	/** How many Dockerfiles were looked at. */
	readonly files: number;
	readonly findings: number;
	readonly error: number;
	readonly warning: number;
	readonly information: number;
	readonly hint: number;
	/** Modules that the programs need and that are not on disk; what they need of an image is not known. */
	readonly unreadModules: readonly string[];
}

/** A path as a person at the command line would write it. */
export function shownPath(path: string): string {
	const shown = relative(process.cwd(), path);
	return (shown === '' || shown.startsWith('..') ? path : shown).replaceAll('\\', '/');
}

export function summarize(analyses: readonly Analysis[]): Summary {
	const findings = analyses.flatMap((analysis) => analysis.findings);
	const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
	return {
		files: analyses.length,
		findings: findings.length,
		error: count('error'),
		warning: count('warning'),
		information: count('information'),
		hint: count('hint'),
		unreadModules: unreadModules(analyses),
	};
}

function unreadModules(analyses: readonly Analysis[]): string[] {
	const modules = new Set<string>();
	for (const { facts } of analyses) {
		for (const { binaries } of facts?.targets ?? []) {
			for (const { program } of binaries) for (const module of program?.unread ?? []) modules.add(module);
		}
	}
	return [...modules].sort();
}

export function jsonReport(analyses: readonly Analysis[], urlOf: (code: string) => string): JsonReport {
	return {
		version: 1,
		findings: analyses.flatMap((analysis) => analysis.findings.map((finding) => jsonFinding(analysis, finding, urlOf))),
		summary: summarize(analyses),
	};
}

function jsonFinding(analysis: Analysis, finding: ReportedFinding, urlOf: (code: string) => string): JsonFinding {
	const start = place(analysis, finding.range.start);
	const end = place(analysis, finding.range.end);
	return {
		file: shownPath(analysis.path),
		line: start.line + 1,
		column: start.character + 1,
		endLine: end.line + 1,
		endColumn: end.character + 1,
		severity: finding.severity,
		code: finding.code,
		message: finding.message,
		url: urlOf(finding.code),
		related: (finding.related ?? []).map(({ path, line, character, message }) => ({
			file: shownPath(path),
			line: line + 1,
			column: character + 1,
			message,
		})),
		fixes: (finding.fixes ?? []).map((fix) => ({ title: fix.title, preferred: fix.preferred, byFix: fixForAll(finding) === fix })),
	};
}

type Colors = ReturnType<typeof createColors>;

/** One line for each finding: `file:line:col severity code message`. */
export function textReport(analyses: readonly Analysis[], colors: Colors): string {
	const paint: Readonly<Record<Severity, (text: string) => string>> = {
		error: colors.red,
		warning: colors.yellow,
		information: colors.blue,
		hint: colors.gray,
	};
	let text = '';
	for (const analysis of analyses) {
		for (const finding of analysis.findings) {
			const { line, character } = place(analysis, finding.range.start);
			const where = `${shownPath(analysis.path)}:${line + 1}:${character + 1}`;
			text += `${colors.bold(where)} ${paint[finding.severity](finding.severity)} ${colors.cyan(finding.code)} ${oneLine(finding.message)}\n`;
		}
	}
	return text;
}

/** The last lines: how much was found, and what could not be read. */
export function summaryText(summary: Summary): string {
	const counts = (['error', 'warning', 'information', 'hint'] as const)
		.filter((severity) => summary[severity] > 0)
		.map((severity) => (severity === 'information' ? `${summary[severity]} information` : plural(summary[severity], severity)));
	const found = summary.findings === 0 ? 'Nothing found' : `${plural(summary.findings, 'finding')} (${counts.join(', ')})`;
	return `${found} in ${plural(summary.files, 'Dockerfile')}.\n${unreadText(summary.unreadModules)}`;
}

function unreadText(modules: readonly string[]): string {
	if (modules.length === 0) return '';
	const names = modules.slice(0, 3).join(', ') + (modules.length > 3 ? ', …' : '');
	return `${plural(modules.length, 'module')} could not be read (${names}), so what ${modules.length === 1 ? 'it needs' : 'they need'} is not known; 'go mod download' or 'go mod vendor' would let go-scratch read ${modules.length === 1 ? 'it' : 'them'}.\n`;
}

function plural(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function oneLine(message: string): string {
	return message.replace(/\s*\n\s*/g, ' ');
}

function place(analysis: Analysis, offset: number): Position {
	return positionAt(analysis.facts?.dockerfile.lineStarts ?? [0], offset);
}
