import type { Connection } from 'vscode-languageserver';
import { concernsGo } from '../facts/build-facts.ts';
import type { Facts } from '../facts/facts.ts';
import { declaredTarget } from '../image/targets.ts';
import type { Analysis } from '../lint/analyse.ts';
import { titleText } from '../picture/title.ts';
import type { GoWorkspace, Program } from '../program/model.ts';
import { isWithin, relativeWithin } from '../workspace/paths.ts';
import type { OpenDocument } from './documents.ts';
import { picturesOf } from './image-requests.ts';
import { send } from './messages.ts';
import { type DockerfileStatus, STATUS } from './protocol.ts';
import { FILES_DELAY, PATIENCE, type Runtime, type Timer } from './runtime.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** In milliseconds: findings come first, and while a person types, the image is not drawn for each keystroke. */
const SETTLE_DELAY = 100;

/** Tells our own client what is known of each open Dockerfile: that it is being read, and then what was found out. */
export function serveStatus(connection: Connection, state: WorkspaceState, runtime: Runtime): void {
	/** By URI: the analysis that is waited for; a later one replaces it. */
	const waiting = new Map<string, { aborted: boolean; readonly timers: Timer[] }>();

	function stop(uri: string): void {
		const known = waiting.get(uri);
		if (known === undefined) return;
		known.aborted = true;
		for (const timer of known.timers) timer.cancel();
		waiting.delete(uri);
	}

	function follow(uri: string, delay: number): void {
		if (!state.features.ownEditor) return;
		stop(uri);
		const own: { aborted: boolean; readonly timers: Timer[] } = { aborted: false, timers: [] };
		waiting.set(uri, own);
		const start = () => void tellWhenKnown(uri, own).catch((error) => state.log(`The status of ${uri} could not be sent: ${error}`));
		if (delay === 0) start();
		else own.timers.push(runtime.after(delay, start));
	}

	async function tellWhenKnown(uri: string, own: { readonly aborted: boolean; readonly timers: Timer[] }): Promise<void> {
		own.timers.push(runtime.after(PATIENCE, () => tell(uri, (document) => ({ ...NOTHING, ...of(document), state: 'reading' }))));
		let analysis: Analysis | undefined;
		try {
			analysis = await state.analyses.complete(uri, own);
		} finally {
			for (const timer of own.timers) timer.cancel();
		}
		if (own.aborted || analysis === undefined) return;
		const { text } = analysis;
		own.timers.push(
			runtime.after(SETTLE_DELAY, () => {
				try {
					tell(uri, (document) => (document.text === text ? statusOf(document, analysis, state) : undefined));
				} catch (error) {
					state.log(`The status of ${uri} could not be made: ${error}`);
				}
			}),
		);
	}

	function tell(uri: string, status: (document: OpenDocument) => DockerfileStatus | undefined): void {
		const document = state.documentOf(uri);
		const value = document === undefined ? undefined : status(document);
		if (value !== undefined) send(connection.sendNotification(STATUS, value));
	}

	state.observe({
		changed: (uri) => follow(uri, 0),
		closed: stop,
		filesChanged(uris) {
			for (const uri of uris) follow(uri, FILES_DELAY);
		},
	});
}

const NOTHING: Omit<DockerfileStatus, 'uri' | 'version' | 'state'> = {
	missingModules: [],
	targets: [],
	targetDeclared: false,
	settingsProblems: [],
};

const of = ({ uri, version }: OpenDocument) => ({ uri, version });

function statusOf(document: OpenDocument, analysis: Analysis, { settings, uriOf }: WorkspaceState): DockerfileStatus {
	const { facts } = analysis;
	const common = { ...NOTHING, ...of(document), settingsProblems: settings.problems };
	if (analysis.deployment) return { ...common, state: 'other' };
	if (facts === undefined) return { ...common, state: 'failed' };
	if (!concernsGo(facts)) return { ...common, state: 'other' };
	const unread = programsOf(facts).filter((program) => program.unread.length > 0);
	const module = unread[0] === undefined ? undefined : moduleDirectory(facts.go, unread[0].request.directory);
	const context = contextOf(facts);
	return {
		...common,
		state: 'known',
		missingModules: [...new Set(unread.flatMap((program) => program.unread))].sort(),
		...(module !== undefined && { moduleDirectory: uriOf(module) }),
		...(context !== undefined && { context }),
		targets: picturesOf(analysis).map(({ title, stages, unknowns }) => ({
			name: title.stage ?? '',
			line: (stages.find(({ target }) => target)?.from.line ?? 1) - 1,
			summary: titleText(title) + unreadText(unknowns.filter(({ kind }) => kind === 'module').length),
		})),
		targetDeclared: declaredTarget(facts.dockerfile, facts.context) !== undefined,
	};
}

/** What the needs in the line are without: those of modules that are not on disk. */
function unreadText(modules: number): string {
	return modules === 0 ? '' : ` · ${modules} ${modules === 1 ? 'module' : 'modules'} unread`;
}

function programsOf({ image, targets, programOf }: Facts): Program[] {
	const built = image.stages.flatMap((stage) => stage.builds.map(programOf));
	const shipped = targets.flatMap(({ binaries }) => binaries.map(({ program }) => program));
	return [...new Set([...built, ...shipped])].filter((program) => program !== undefined);
}

/** The directory of the innermost module that contains `directory`. */
function moduleDirectory(go: GoWorkspace | undefined, directory: string): string | undefined {
	return go?.modules
		.map((module) => module.directory)
		.filter((module) => isWithin(module, directory))
		.sort((a, b) => b.length - a.length)[0];
}

function contextOf({ context, go }: Facts): DockerfileStatus['context'] {
	if (context === undefined) return undefined;
	const shown = (path: string) => (go === undefined ? undefined : relativeWithin(go.root, path)) ?? path;
	const path = shown(context.directory);
	return context.declaredBy === undefined ? { path } : { path, declaredBy: shown(context.declaredBy) };
}
