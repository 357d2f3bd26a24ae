import { isYamlPath } from '../deployments/deployments.ts';
import { isDockerfilePath } from '../knowledge/dockerfile-names.ts';
import { createLinkedReader } from '../linked/linked-files.ts';
import { type Analyser, type AnalysisRequest, createAnalyser } from '../lint/analyse.ts';
import { findRoot } from '../lint/root.ts';
import {
	findSettingsFile,
	mergeSettings,
	readEditorSettings,
	readSettingsWithExtended,
	type Settings,
	type SettingsProblem,
} from '../lint/settings.ts';
import { type Files, MAX_TEXT_BYTES } from '../workspace/files.ts';
import { createNodeArchive } from '../workspace/node-archive.ts';
import { createNodeFiles, pathFromNative } from '../workspace/node-files.ts';
import { findGoInstallation } from '../workspace/node-go-installation.ts';
import { readStandardInput } from '../workspace/node-read.ts';
import { dirname } from '../workspace/paths.ts';
import { colorsFor } from './colors.ts';
import { findDeployments } from './deployment-files.ts';
import { findDockerfiles } from './dockerfiles.ts';
import { type Failure, withoutStack } from './failures.ts';
import { gitPosition } from './git-lines.ts';
import { write } from './output.ts';
import { linesOf, terminal } from './printable.ts';
import { createProgress, type Progress } from './progress.ts';
import { shownPath } from './shown-path.ts';
import { reasonOf, whyUnreadable } from './system-errors.ts';
import { createTiming, type Timing } from './timing.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';

/** What is looked at: paths to search, or a text that comes through the standard input under a name. */
export type Input = { readonly paths: readonly string[] } | { readonly stdinFilename: string };

/** What every command works with. */
export interface Session {
	readonly files: Files;
	readonly analyser: Analyser;
	readonly progress: Progress;
	/** Set if it is to be printed how long each reader and rule took. */
	readonly timing: Timing | undefined;
	/** What was warned of so far. */
	readonly warnings: readonly string[];
	/** What could not be done so far; where there is something, the exit code says so. */
	readonly failures: readonly Failure[];
	/** What is not part of the result goes where it does not mix with it. */
	warn(message: string): void;
	/** Says what is wrong in a settings file, where the rest of it counts. */
	warnOfSettings(message: string, problem: Pick<SettingsProblem, 'ofPolicy'>): void;
	/** Says what could not be done, where the rest goes on. */
	fail(failure: Failure): void;
	/** Says what must not happen, a defect of ours, and of which file findings may be missing because of it. */
	log(described: string, path: string): void;
}

export interface SessionOptions {
	/** Whether to measure how long each reader and rule takes. */
	readonly timing?: boolean;
	/** Whether to print where in go-scratch a defect is. */
	readonly verbose?: boolean;
	/** Whether deployments are read, which is so unless it is `false`. */
	readonly deployments?: boolean;
}

export function createSession({ timing: timed = false, verbose = false, deployments = true }: SessionOptions = {}): Session {
	const timing = timed ? createTiming() : undefined;
	const files = createNodeFiles();
	const progress = createProgress();
	const warnings: string[] = [];
	const warn = (message: string) => {
		// The same is wrong with every Dockerfile that the same settings hold for.
		if (warnings.includes(message)) return;
		warnings.push(message);
		progress.clear();
		write('stderr', terminal`${colorsFor('stderr').yellow('warning:')} ${message}\n`);
	};
	const failures: Failure[] = [];
	const fail = (failure: Failure, shown = terminal`${failure.message}`) => {
		const alike = failures.filter(({ message }) => message === failure.message);
		if (alike.some(({ of }) => of.path === failure.of.path)) {
			return;
		}
		failures.push(failure);
		// The same settings hold for several Dockerfiles: their line is shown once.
		if (alike.length > 0) {
			return;
		}
		progress.clear();
		write('stderr', terminal`${shown}\n`);
	};
	const log = (described: string, path: string) => {
		const message = verbose ? described : withoutStack(described);
		fail({ message, of: { path, what: 'Dockerfile' }, not: 'analysed' }, linesOf(message));
	};
	const archive = createNodeArchive(process.env, process.argv[1] ?? '', warn);
	const analyser = createAnalyser({
		files,
		installation: findGoInstallation(process.env),
		archive,
		readLinked: createLinkedReader(files),
		log,
		meter: timing,
		deployments,
	});
	return { files, analyser, progress, timing, warnings, failures, warn, warnOfSettings: warn, fail: (failure) => fail(failure), log };
}

/**
 * What is to be analysed, one after the other.
 *
 * @param rules Severities from the command line, which win.
 * @throws UsageError where the one path that was named cannot be looked at.
 */
export async function* requestsFor(
	input: Input,
	rules: Readonly<Record<string, string>>,
	session: Session,
): AsyncGenerator<AnalysisRequest> {
	const { files, analyser, progress, warn, fail } = session;
	const own = settingsOfCommandLine(rules, session);
	if ('stdinFilename' in input) {
		const path = pathFromNative(absolutePath(input.stdinFilename));
		const root = await findRoot(files, dirname(path));
		yield { path, text: textOfStandardInput(), root, settings: await settingsFor(path, root, own, session) };
		return;
	}
	progress.tell(terminal`Searching for Dockerfiles …`);
	/** Of several that were named the others are looked at; there is nothing to go on with where it is the only one. */
	const failNamed = (failure: Failure) => {
		if (input.paths.length === 1) throw new UsageError(failure.message);
		fail(failure);
	};
	const found = await findDockerfiles(input.paths, files, ({ failure, named }) => (named ? failNamed(failure) : fail(failure)));
	for (const [index, { path, root, named }] of found.entries()) {
		const text = await files.readText(path);
		const isDeployment = named && isYamlPath(path) && (await analyser.deploymentsIn(root)).includes(path);
		if (named && text !== undefined && !isDeployment && !isDockerfilePath(path) && !/^[ \t]*FROM\s/im.test(text)) {
			failNamed({ message: `${shownPath(path)} is not a Dockerfile: it has no FROM.`, of: { path, what: 'path' }, not: 'analysed' });
			continue;
		}
		if (text !== undefined) {
			progress.tell(terminal`${index + 1} of ${found.length}: ${shownPath(path)}`);
			const settings = await settingsOrFailure(path, root, own, session);
			if (settings !== undefined) {
				yield { path, text, root, settings };
			}
			continue;
		}
		const reason = whyUnreadable(path);
		const message = reason === undefined ? `${shownPath(path)} cannot be read as text.` : `${shownPath(path)} cannot be read: ${reason}.`;
		const failure: Failure = { message, of: { path, what: 'Dockerfile' }, not: 'read' };
		if (named) failNamed(failure);
		// A file that is no text may be no Dockerfile; one that is closed was to be looked at, and was not.
		else if (reason === undefined) warn(message);
		else fail(failure);
	}
	progress.tell(terminal`Searching for deployments …`);
	const deployments = await findDeployments(input.paths, found, analyser, files);
	if (found.length === 0 && deployments.length === 0 && session.failures.length === 0) {
		const names = input.paths.map((path) => (path === '.' ? 'the current directory' : path));
		warn(`No Dockerfile found in ${names.join(', ')}.`);
	}
	for (const { path, root } of deployments) {
		const text = await files.readText(path);
		const settings = text === undefined ? undefined : await settingsOrFailure(path, root, own, session);
		if (text !== undefined && settings !== undefined) yield { path, text, root, settings };
	}
}

function textOfStandardInput(): string {
	try {
		return readStandardInput(MAX_TEXT_BYTES).toString();
	} catch (error) {
		throw new UsageError(`Standard input cannot be read: ${reasonOf(error)}.`);
	}
}

export function settingsOfCommandLine(rules: Readonly<Record<string, string>>, { analyser }: Session): Settings {
	const codes = analyser.rules.map((rule) => rule.code);
	const { settings, problems } = readEditorSettings({ rules }, codes);
	if (problems.length > 0) throw new UsageError(...problems.map(({ message }) => `--rule: ${message}`));
	return settings;
}

/** The settings for a Dockerfile, or `undefined` after a failure: without what they turn off, more would be reported, and fixed. */
async function settingsOrFailure(path: string, root: string, own: Settings, session: Session): Promise<Settings | undefined> {
	try {
		return await settingsFor(path, root, own, session);
	} catch (error) {
		if (!(error instanceof UsageError)) {
			throw error;
		}
		session.fail({ message: error.message, of: { path, what: 'Dockerfile' }, not: 'analysed' });
		return undefined;
	}
}

/** @throws UsageError where nothing of the settings file can be taken. */
export async function settingsFor(
	path: string,
	root: string,
	own: Settings,
	{ files, analyser, warnOfSettings }: Session,
): Promise<Settings> {
	const file = await findSettingsFile(files, path, root);
	if (file === undefined) return own;
	const codes = analyser.rules.map((rule) => rule.code);
	const { settings, problems } = await readSettingsWithExtended(files, file, root, codes);
	for (const problem of problems) {
		const { message, fatal, path: inFile, text: fileText } = problem;
		const { line, character } = gitPosition(fileText, problem);
		const text = `${shownPath(inFile)}:${line + 1}:${character + 1}: ${message}`;
		if (fatal) throw new UsageError(text);
		warnOfSettings(text, problem);
	}
	return mergeSettings(settings, own);
}
