import type { CommandForm, Instruction, Stage } from '../dockerfile/syntax.ts';
import type { Facts, ShippedBinary } from '../facts/facts.ts';
import { confirmed, differences, linkedRequest, mainPackageOf, mainPackageOfFiles } from '../facts/linked-programs.ts';
import type { StartedFile } from '../facts/started-file.ts';
import { userNamed } from '../image/accounts.ts';
import { findExecutable, resolveCommandPath } from '../image/command-path.ts';
import { readSnapshot } from '../image/context/context-snapshot.ts';
import type { BuildContext, FileTree, Setting, StageState } from '../image/model.ts';
import { environmentOf } from '../image/variables.ts';
import { lookupBaseImage } from '../knowledge/base-images.ts';
import type { GoWorkspace, Program, ProgramRequest } from '../program/model.ts';
import { COMMAND_LINE_ARGUMENTS } from '../program/root-packages.ts';
import type { DirectoryEntry } from '../workspace/files.ts';
import { type ImageText, imageText } from './image-text.ts';
import type { BuiltImage } from './model.ts';
import { programsOf } from './programs.ts';
import { fileTreeOf } from './tree.ts';

/** The source of the programs in an image, where somebody says where it is. */
export interface ImageSource {
	readonly go: GoWorkspace;
	/** What a directory holds, as `Files` lists it. */
	list(directory: string): Promise<readonly DirectoryEntry[] | undefined>;
	readProgram(request: ProgramRequest): Promise<Program>;
}

export interface ImageFacts {
	readonly facts: Facts;
	readonly text: ImageText;
	/** In what a program is not what the source makes, or which has no source there. */
	readonly differences: readonly string[];
}

/**
 * What is known of a built image, as the rules ask for it: one stage that is the image, with every file known.
 *
 * @param path of the archive or directory
 */
export async function factsOfImage(image: BuiltImage, path: string, source: ImageSource | undefined): Promise<ImageFacts> {
	const text = imageText(image);
	const [stage] = text.dockerfile.stages;
	if (stage === undefined) throw new Error('the text of an image begins with FROM');
	const files = fileTreeOf(image.tree, (layer) => text.layer(layer));
	const state = stateOf(image, text, stage, files);
	const started = resolveCommandPath(state)?.path;
	const found: string[] = [];
	const binaries: ShippedBinary[] = [];
	for (const binary of programsOf(image.tree, files, started)) {
		binaries.push(source === undefined ? binary : await withSource(binary, source, found));
	}
	return {
		text,
		differences: found,
		facts: {
			dockerfile: text.dockerfile,
			path,
			image: { dockerfile: text.dockerfile, stages: [state], targets: [state] },
			context: source && (await contextOf(source)),
			go: source?.go,
			programOf: () => undefined,
			scriptOf: () => undefined,
			makefileOf: () => undefined,
			isMadeBefore: () => false,
			isIgnoredByGit: () => false,
			targets: [{ state, binaries, startedFile: startedFileOf(files, started) }],
			deployed: [],
		},
	};
}

/** The files of the source, which a program may open where it runs. */
async function contextOf({ go, list }: ImageSource): Promise<BuildContext> {
	const { kind, children } = await readSnapshot(list, go.root);
	const undeclared = {
		declaredBy: undefined,
		target: undefined,
		arguments: new Map(),
		starts: [],
		mounts: [],
		missing: [],
		ignoreFile: undefined,
	};
	return { directory: go.root, ...undeclared, kind, children, ignored: () => false };
}

async function withSource(binary: ShippedBinary, { go, readProgram }: ImageSource, found: string[]): Promise<ShippedBinary> {
	const { linked } = binary;
	if (linked?.kind !== 'program') return binary;
	const isOfFiles = linked.build?.mainPackage === COMMAND_LINE_ARGUMENTS;
	const mainPackage = isOfFiles ? mainPackageOfFiles(linked, go) : mainPackageOf(binary, go);
	if (mainPackage === undefined) {
		const built = linked.build?.mainPackage;
		if (binary.started && built !== undefined) {
			found.push(
				isOfFiles
					? `Which program of the sources ${binary.path} was built from is not known: its files were named one by one.`
					: `${binary.path} was built from ${built}, which is not among the sources.`,
			);
		}
		return binary;
	}
	found.push(...differences(binary, mainPackage, go));
	const program = await readProgram(linkedRequest(linked, mainPackage));
	return { ...binary, mainPackage, program: confirmed(program, linked) };
}

/** What an engine sets where the image does not. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function stateOf(image: BuiltImage, text: ImageText, stage: Stage, files: FileTree): StageState {
	const { configuration } = image;
	const variables = new Map<string, Setting<string | undefined>>([['PATH', { value: DEFAULT_PATH, instruction: undefined }]]);
	for (const { name, value } of configuration?.environment ?? []) variables.set(name, { value, instruction: text.setting('ENV', name) });
	const environment = environmentOf(variables, configuration !== undefined);
	const workingDirectory = configuration === undefined ? undefined : configuration.workingDirectory || '/';
	const places = { files, environment, workingDirectory };
	return {
		stage,
		base: toolchainIn(files),
		imageReference: undefined,
		parent: undefined,
		platform: configuration?.platform,
		windows: false,
		environment,
		workingDirectory,
		directories: new Map(stage.instructions.map((instruction) => [instruction, workingDirectory])),
		user: userOf(image, text, files),
		shell: findExecutable(places, configuration?.shell?.[0] ?? '/bin/sh'),
		files,
		entrypoint: commandOf(text.setting('ENTRYPOINT')),
		command: commandOf(text.setting('CMD')),
		commandKnown: configuration !== undefined,
		ran: [],
		unfollowed: new Set(),
		builds: [],
		copies: [],
	};
}

function commandOf(instruction: Instruction | undefined): Setting<CommandForm | undefined> | undefined {
	if (instruction?.keyword !== 'ENTRYPOINT' && instruction?.keyword !== 'CMD') return undefined;
	return { value: instruction.command, instruction };
}

function userOf({ configuration }: BuiltImage, text: ImageText, files: FileTree): StageState['user'] {
	if (configuration === undefined) return { value: userNamed(files, undefined), instruction: undefined };
	if (configuration.user !== '') return { value: userNamed(files, configuration.user), instruction: text.setting('USER') };
	return { value: { text: 'root', user: 'root', group: undefined, uid: 0, gid: 0 }, instruction: undefined };
}

/** What is known of an image with a Go toolchain in it. */
function toolchainIn(files: FileTree): StageState['base'] {
	if (files.has('/usr/local/go/bin/go') !== 'yes') return undefined;
	const version = /^go(1\.\d+(?:\.\d+)?)\b/.exec(files.get('/usr/local/go/VERSION')?.content ?? '')?.[1];
	return lookupBaseImage(version === undefined ? 'golang' : `golang:${version}`);
}

function startedFileOf(files: FileTree, started: string | undefined): StartedFile | undefined {
	const entry = started === undefined ? undefined : files.get(started);
	if (started === undefined || entry?.kind !== 'file') return undefined;
	return {
		path: started,
		source: undefined,
		text: entry.content,
		executable: entry.mode === undefined ? undefined : (entry.mode & 0o111) !== 0,
	};
}
