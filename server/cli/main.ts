#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import colors from 'picocolors';
import { version } from '../../package.json';
import { type Analyser, type Analysis, createAnalyser } from '../lint/analyse.ts';
import { documentationOf } from '../lint/documentation.ts';
import { fixAll } from '../lint/fix-all.ts';
import { findSettingsFile, readSettingsFile, type Settings } from '../lint/settings.ts';
import type { Files } from '../workspace/files.ts';
import { createNodeFiles } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { type Command, HELP, parseCommandLine, UsageError } from './arguments.ts';
import { type DockerfileToCheck, findDockerfiles } from './dockerfiles.ts';
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

async function run(words: readonly string[]): Promise<number> {
	const command = parseCommandLine(words);
	if (command.name === 'help') return print(`${HELP}\n`);
	if (command.name === 'version') return print(`${version}\n`);
	const files = createNodeFiles();
	const warn = (message: string) => void process.stderr.write(`${colors.yellow('warning:')} ${message}\n`);
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
	for (const dockerfile of await dockerfilesIn(paths, session)) {
		const request = await requestFor(dockerfile, session);
		analyses.push(await session.analyser.analyse(request));
	}
	if (format === 'json') print(`${JSON.stringify(jsonReport(analyses, documentationOf), undefined, 2)}\n`);
	else print(textReport(analyses, colors) + summaryText(summarize(analyses)));
	return analyses.some((analysis) => analysis.findings.length > 0) ? FINDINGS : CLEAN;
}

async function fix({ paths, diff }: Command & { name: 'fix' }, session: Session): Promise<number> {
	const analyses: Analysis[] = [];
	let changed = 0;
	for (const dockerfile of await dockerfilesIn(paths, session)) {
		const request = await requestFor(dockerfile, session);
		const fixed = await fixAll(session.analyser, request);
		analyses.push({ path: dockerfile.path, text: fixed.text, facts: fixed.facts, findings: fixed.remaining, complete: true });
		if (fixed.text === request.text) continue;
		changed++;
		const path = shownPath(dockerfile.path);
		if (diff) print(unifiedDiff(path, request.text, fixed.text));
		else {
			await writeFile(dockerfile.path, fixed.text);
			print(`${path}: ${fixed.applied} ${fixed.applied === 1 ? 'fix' : 'fixes'} applied\n`);
		}
	}
	if (diff) return changed > 0 ? FINDINGS : CLEAN;
	print(textReport(analyses, colors) + summaryText(summarize(analyses)));
	return analyses.some((analysis) => analysis.findings.length > 0) ? FINDINGS : CLEAN;
}

async function dockerfilesIn(paths: readonly string[], { files, warn }: Session): Promise<DockerfileToCheck[]> {
	const found = await findDockerfiles(paths, files);
	if (found.length === 0) warn(`There is no Dockerfile in ${paths.join(', ')}.`);
	return found;
}

async function requestFor({ path, root }: DockerfileToCheck, session: Session) {
	const text = await session.files.readText(path);
	if (text === undefined) throw new UsageError(`${shownPath(path)} cannot be read as text.`);
	return { path, text, root, settings: await settingsFor(path, root, session) };
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

try {
	// Not process.exit: what was written to a pipe may still be on its way.
	process.exitCode = await run(process.argv.slice(2));
} catch (error) {
	const known = error instanceof UsageError;
	process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
	process.exitCode = FAILURE;
}
