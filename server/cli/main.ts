#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { createColors } from 'picocolors';
import { version } from '../../package.json';
import { type Analyser, type Analysis, type AnalysisRequest, createAnalyser } from '../lint/analyse.ts';
import { isDockerfilePath } from '../lint/dockerfile-names.ts';
import { documentationOf } from '../lint/documentation.ts';
import { fixAll } from '../lint/fix-all.ts';
import { findSettingsFile, readSettingsFile, type Settings } from '../lint/settings.ts';
import type { Files } from '../workspace/files.ts';
import { createNodeFiles } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { type Command, HELP, parseCommandLine, UsageError } from './arguments.ts';
import { findDockerfiles } from './dockerfiles.ts';
import { generateCommand } from './generate.ts';
import { jsonReport, shownPath, summarize, summaryText, textReport } from './report.ts';
import { unifiedDiff } from './unified-diff.ts';

const CLEAN = 0;
const FINDINGS = 1;
const FAILURE = 2;

/** What every command works with. */
interface Session {
	readonly files: Files;
	readonly analyser: Analyser;
	/** What is not part of the result goes where it does not mix with it. */
	warn(message: string): void;
}

/**
 * Colours for what is written to `stream`: on a terminal, or where FORCE_COLOR asks for them; never where NO_COLOR is set. That CI is
 * set says nothing of who reads.
 */
function colorsFor(stream: NodeJS.WriteStream): ReturnType<typeof createColors> {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	return createColors(!NO_COLOR && (FORCE_COLOR !== undefined ? FORCE_COLOR !== '0' : stream.isTTY === true && TERM !== 'dumb'));
}

async function run(words: readonly string[]): Promise<number> {
	const command = parseCommandLine(words);
	if (command.name === 'help') return print(`${HELP}\n`);
	if (command.name === 'version') return print(`${version}\n`);
	const files = createNodeFiles();
	const warn = (message: string) => void process.stderr.write(`${colorsFor(process.stderr).yellow('warning:')} ${message}\n`);
	const installation = findGoInstallation(process.env);
	const session: Session = { files, warn, analyser: createAnalyser({ files, installation, log: warn }) };
	if (command.name === 'check') return check(command, session);
	if (command.name === 'fix') return fix(command, session);
	const told = await generateCommand(command, session.analyser, files, print);
	process.stderr.write(`${told}\n`);
	return CLEAN;
}

async function check({ paths, format }: Command & { name: 'check' }, session: Session): Promise<number> {
	const analyses: Analysis[] = [];
	for await (const request of requestsFor(paths, session)) analyses.push(await session.analyser.analyse(request));
	if (format === 'json') print(`${JSON.stringify(jsonReport(analyses, documentationOf), undefined, 2)}\n`);
	else print(textReport(analyses, colorsFor(process.stdout)) + summaryText(summarize(analyses)));
	return analyses.some((analysis) => analysis.findings.length > 0) ? FINDINGS : CLEAN;
}

async function fix({ paths, diff }: Command & { name: 'fix' }, session: Session): Promise<number> {
	const analyses: Analysis[] = [];
	let changed = 0;
	for await (const request of requestsFor(paths, session)) {
		const fixed = await fixAll(session.analyser, request);
		analyses.push({ path: request.path, text: fixed.text, facts: fixed.facts, findings: fixed.remaining, complete: true });
		if (fixed.text === request.text) continue;
		const path = shownPath(request.path);
		// Bytes that are no UTF-8 were lost in reading; writing must not lose them too.
		if (!Buffer.from(request.text).equals(await readFile(request.path))) {
			session.warn(`${path} is not UTF-8 throughout, so it is left as it is.`);
			continue;
		}
		changed++;
		if (diff) print(unifiedDiff(path, request.text, fixed.text));
		else {
			await writeFile(request.path, fixed.text);
			print(`${path}: ${fixed.applied} ${fixed.applied === 1 ? 'fix' : 'fixes'} applied\n`);
		}
	}
	if (diff) {
		const left = analyses.reduce((sum, { findings }) => sum + findings.length, 0);
		process.stderr.write(
			`${changed === 0 ? 'Nothing would be changed' : `${changed} would be changed`}; findings left for a person: ${left}.\n`,
		);
		return changed > 0 ? FINDINGS : CLEAN;
	}
	print(textReport(analyses, colorsFor(process.stdout)) + summaryText(summarize(analyses)));
	return analyses.some((analysis) => analysis.findings.length > 0) ? FINDINGS : CLEAN;
}

async function* requestsFor(paths: readonly string[], session: Session): AsyncGenerator<AnalysisRequest> {
	const { files, warn } = session;
	const found = await findDockerfiles(paths, files);
	if (found.length === 0) {
		const names = paths.map((path) => (path === '.' ? 'the current directory' : path));
		warn(`There is no Dockerfile in ${names.join(', ')}.`);
	}
	for (const { path, root, named } of found) {
		const text = await files.readText(path);
		if (named && text !== undefined && !isDockerfilePath(path) && !/^\s*FROM\s/im.test(text)) {
			throw new UsageError(`${shownPath(path)} is no Dockerfile: it has no FROM.`);
		}
		if (text !== undefined) {
			yield { path, text, root, settings: await settingsFor(path, root, session) };
			continue;
		}
		const message = `${shownPath(path)} cannot be read as text.`;
		if (named) throw new UsageError(message);
		warn(message);
	}
}

const warned = new Set<string>();

async function settingsFor(path: string, root: string, { files, analyser, warn }: Session): Promise<Settings | undefined> {
	const file = await findSettingsFile(files, path, root);
	if (file === undefined) return undefined;
	const codes = analyser.rules.map((rule) => rule.code);
	const { settings, problems } = readSettingsFile(file.text, codes);
	for (const { line, character, message, fatal } of problems) {
		const text = `${shownPath(file.path)}:${line + 1}:${character + 1}: ${message}`;
		if (fatal) throw new UsageError(text);
		if (!warned.has(text)) warn(text);
		warned.add(text);
	}
	return settings;
}

function print(text: string): number {
	process.stdout.write(text);
	return CLEAN;
}

// Whoever reads the output may have seen enough: `go-scratch check | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
});

try {
	// Not process.exit: what was written to a pipe may still be on its way.
	process.exitCode = await run(process.argv.slice(2));
} catch (error) {
	const known = error instanceof UsageError;
	process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
	process.exitCode = FAILURE;
}
