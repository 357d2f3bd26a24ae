import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findCommand } from '../../scripts/chromium.ts';
import { run } from '../../scripts/processes.ts';
import { inProject } from '../../scripts/project.ts';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';

/** How long one run of an editor may take before it is ended, in milliseconds. */
const LONGEST_RUN = 100_000;

/** A program that makes TLS connections, and one that does nothing. */
export const HTTPS_PROGRAM = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.Get("https://example.com")\n}\n';
export const QUIET_PROGRAM = 'package main\n\nfunc main() {}\n';

export const GO_MOD = 'module example.com/app\n\ngo 1.26\n';

/** Has a command in shell form, and a tag that is none. */
export const DOCKERFILE = `FROM golang AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app

FROM scratch
COPY --from=build /app /app
USER 65534:65534
CMD /app
`;

/** The blocks of code in one section of docs/editors.md, so that what stands there is what is tested. */
export function documentedCode(section: string, language: string): string[] {
	const [, text = ''] = readFileSync(inProject('docs', 'editors.md'), 'utf8').split(`\n## ${section}\n`);
	const blocks = [...(text.split('\n## ')[0] as string).matchAll(/^```(\S+)\n([\s\S]*?)^```$/gm)];
	return blocks.filter((block) => block[1] === language).map((block) => block[2] as string);
}

/** Where an editor runs: a home without settings, a workspace, and the package of this project on PATH. */
export interface Place {
	/** Writes files of the workspace. */
	write(files: Readonly<Record<string, string>>): void;
	/** The text of a file of the workspace; `undefined` where there is none. */
	read(name: string): string | undefined;
	/** The path of a file beside the workspace. */
	beside(name: string): string;
	/**
	 * Runs an editor in the workspace.
	 *
	 * @returns What it wrote, as JSON, to the file that the variable RESULT of its environment names. Fails with what it printed
	 * where it wrote nothing, or `{ "error": … }`.
	 */
	run(command: string, ...parameters: string[]): Promise<unknown>;
}

let installing: Promise<InstalledPackage> | undefined;

/** The package, which all suites share until the process ends. */
async function installed(): Promise<InstalledPackage> {
	installing ??= installPackage().then((made) => {
		process.once('exit', () => made.remove());
		return made;
	});
	return installing;
}

/** Declares a place for the tests of a suite, new for each of them. */
export function usePlace(): Place {
	let directory: string;
	let commands: string;
	const inWorkspace = (name: string) => path.join(directory, 'workspace', name);

	before(async function () {
		this.timeout(120_000);
		commands = (await installed()).commands;
	});

	beforeEach(() => {
		directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-editor-'));
		mkdirSync(inWorkspace('.'));
		// Editors take the root of a repository for the root of a project, and ask Git for its files.
		execFileSync('git', ['init', '--quiet'], { cwd: inWorkspace('.') });
	});

	afterEach(() => rmSync(directory, { recursive: true, force: true }));

	return {
		write(files) {
			for (const [name, text] of Object.entries(files)) {
				mkdirSync(path.dirname(inWorkspace(name)), { recursive: true });
				writeFileSync(inWorkspace(name), text);
			}
		},
		read: (name) => (existsSync(inWorkspace(name)) ? readFileSync(inWorkspace(name), 'utf8') : undefined),
		beside: (name) => path.join(directory, name),
		async run(command, ...parameters) {
			const result = path.join(directory, 'result.json');
			rmSync(result, { force: true });
			const home = path.join(directory, 'home');
			mkdirSync(home, { recursive: true });
			const { output } = await run(command, parameters, {
				cwd: inWorkspace('.'),
				timeout: LONGEST_RUN,
				killSignal: 'SIGKILL',
				env: {
					...process.env,
					...{ HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_STATE_HOME: home, XDG_CACHE_HOME: home },
					PATH: `${commands}${path.delimiter}${process.env.PATH}`,
					RESULT: result,
				},
			});
			assert(existsSync(result), `${command} ended without a result:\n${output}`);
			const { result: value, error } = JSON.parse(readFileSync(result, 'utf8'));
			assert.equal(error, undefined, `${error}\n${output}`);
			return value;
		},
	};
}

/** Declares a suite for an editor, which is skipped where the editor is not there, with how to get it in its name. */
export function describeEditor(name: string, command: string, debianPackages: string, suite: (command: string) => void): void {
	const found = findCommand(command);
	if (found === undefined) {
		describe.skip(`${name}, for want of it (on Debian or Ubuntu: sudo apt-get install ${debianPackages})`, () => suite(command));
	} else {
		describe(name, () => suite(found));
	}
}
