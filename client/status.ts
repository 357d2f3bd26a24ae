import {
	commands,
	type Disposable,
	type LanguageStatusItem,
	LanguageStatusSeverity,
	languages,
	Position,
	Range,
	Uri,
	window,
	workspace,
} from 'vscode';
import type { DockerfileStatus } from '../server/lsp/protocol.ts';
import { isDockerfile } from './current-dockerfile.ts';
import { tellInformation, withoutIcons } from './messages.ts';
import { onTwoLines, pickLine } from './pick.ts';
import type { Server } from './server.ts';

const SELECTOR = [{ language: 'dockerfile' }, { pattern: '**/*{ockerfile,ontainerfile}*' }];

/** What the Go side of the active Dockerfile is known to be: the items next to the language's name in the status bar. */
export function showStatus(server: Server): Disposable[] {
	/** By URI. */
	const known = new Map<string, DockerfileStatus>();
	const created: LanguageStatusItem[] = [];
	const create = (id: string) => {
		const item = languages.createLanguageStatusItem(`go-scratch.${id}`, []);
		item.name = 'go-scratch';
		created.push(item);
		return item;
	};
	const program = create('program');
	const context = create('context');
	const target = create('target');
	const settings = create('settings');

	function show(): void {
		const document = window.activeTextEditor?.document;
		const status = document === undefined ? undefined : known.get(document.uri.toString());
		// Items without a selector are not shown.
		for (const item of created) item.selector = [];
		if (document === undefined || !isDockerfile(document) || status === undefined) return;
		showProgram(program, status);
		if (status.settingsProblems.length > 0) showSettings(settings, status);
		if (status.state !== 'known') return;
		showContext(context, status);
		showTarget(target, status);
	}

	return [
		...created,
		server.onStatus((status) => {
			// While the Go files are read again, what was known of them is shown with a sign that it is being read.
			const before = status.state === 'reading' ? known.get(status.uri) : undefined;
			known.set(status.uri, before === undefined ? status : { ...before, state: 'reading' });
			show();
		}),
		server.onStop(() => {
			known.clear();
			show();
		}),
		window.onDidChangeActiveTextEditor(show),
		workspace.onDidCloseTextDocument(({ uri }) => void known.delete(uri.toString())),
		commands.registerCommand('go-scratch.downloadModules', downloadModules),
		commands.registerCommand('go-scratch.showSettingsProblems', showSettingsProblems),
	];
}

function showProgram(item: LanguageStatusItem, { state, missingModules, moduleDirectory }: DockerfileStatus): void {
	const { length } = missingModules;
	item.selector = SELECTOR;
	item.busy = state === 'reading';
	item.severity = LanguageStatusSeverity.Information;
	item.detail = '';
	item.command = { title: 'Show output', command: 'go-scratch.showOutput' };
	if (state === 'failed') {
		item.text = 'This Dockerfile could not be analyzed';
		item.severity = LanguageStatusSeverity.Error;
	} else if (state === 'other') item.text = 'Not a Dockerfile of a Go program';
	else if (state === 'reading') item.text = 'Reading Go…';
	else if (length > 0) {
		// VS Code cuts the line on its right, where the command is.
		item.text = `${length} ${length === 1 ? 'module' : 'modules'} not downloaded`;
		item.detail = `what ${length === 1 ? 'it needs' : 'they need'} is unknown`;
		item.severity = LanguageStatusSeverity.Warning;
		item.command = { title: 'Download modules', command: 'go-scratch.downloadModules', arguments: [moduleDirectory] };
	} else {
		item.text = 'Go program read';
		item.command = { title: 'Show image', command: 'go-scratch.showImage' };
	}
}

function showContext(item: LanguageStatusItem, { context }: DockerfileStatus): void {
	item.selector = SELECTOR;
	const path = context?.path === '.' ? 'the workspace folder' : context?.path;
	item.text = withoutIcons(`Build context: ${path ?? 'unknown'}`);
	item.detail = context?.declaredBy === undefined ? '' : withoutIcons(`set in ${context.declaredBy}`);
}

function showTarget(item: LanguageStatusItem, { targets, targetDeclared }: DockerfileStatus): void {
	item.selector = SELECTOR;
	// A stage without a name has a number, which nobody knows.
	const shown = targets.map(({ name, line }) => (/^\d+$/.test(name) ? `FROM in line ${line + 1}` : name));
	item.text = withoutIcons(`${targets.length > 1 ? 'Targets' : 'Target'}: ${shown.join(', ') || 'none'}`);
	item.detail = targetDeclared ? 'named by a comment or the build file' : '';
}

function showSettings(item: LanguageStatusItem, { settingsProblems }: DockerfileStatus): void {
	item.selector = SELECTOR;
	item.text = settingsProblems.length === 1 ? '1 problem in the settings' : `${settingsProblems.length} problems in the settings`;
	item.severity = LanguageStatusSeverity.Warning;
	item.command = { title: 'Show', command: 'go-scratch.showSettingsProblems', arguments: [settingsProblems] };
}

/** Shows what is wrong, and leads to the line of the settings file, or to the editor's settings. */
async function showSettingsProblems(problems: readonly string[]): Promise<void> {
	const lines = problems.map((problem) => ({ ...onTwoLines(withoutIcons(problem)), value: problem }));
	const picked = await pickLine(lines, { title: 'Problems in the settings', placeholder: 'Select one to go to it' });
	if (picked === undefined) return;
	const [, path, line] = /^(.*\.go-scratch\.json):(\d+): /.exec(picked) ?? [];
	const [uri] = path === undefined ? [] : await workspace.findFiles(`{${path},**/${path}}`, undefined, 1);
	if (uri === undefined) {
		await commands.executeCommand('workbench.action.openSettings', 'go-scratch');
		return;
	}
	const position = new Position(Number(line) - 1, 0);
	await window.showTextDocument(uri, { selection: new Range(position, position) });
}

/** Types the command into a terminal. A person runs it: it uses the network. */
function downloadModules(directory: string | undefined): void {
	const text = 'go mod download';
	try {
		const cwd = directory === undefined ? undefined : Uri.parse(directory);
		const terminal = window.createTerminal({ name: text, ...(cwd !== undefined && { cwd }) });
		terminal.show();
		terminal.sendText(text, false);
	} catch {
		// A browser has no terminal.
		tellInformation(`Run '${text}' in the directory of go.mod.`);
	}
}
