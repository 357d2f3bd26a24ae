import { argumentWord, copyWords, type Dialect, type Written, written } from '../dockerfile/write.ts';
import { isLocalSettings, isSecretByName } from '../knowledge/secrets.ts';
import { NOBODY, writableDirectories } from '../needs/needs.ts';
import { isWithin, join } from '../workspace/paths.ts';
import { type Plan, writesRelative } from './plan.ts';

/** The home directory of a program that writes to one. */
const HOME_DIRECTORY = written`/home/nobody`;

/** What a plan writes: commands for the build stage, and instructions for the final stage. */
export interface FinalStage {
	/** One RUN each, at the end of the build stage. */
	readonly prepare: readonly Line[];
	/** After FROM scratch, before the program. */
	readonly copies: readonly Line[];
	/** After the program. */
	readonly user: readonly Line[];
	/** Build tags that supply a need. */
	readonly tags: readonly Written[];
	/** Files and directories that the program needs but that are not supplied because their names cannot be written. */
	readonly leftOut: readonly string[];
	/** The directories that the user may write to. */
	readonly directories: readonly string[];
	/** Those of them whose content is meant to outlive the container, and that hold nothing else. */
	readonly volumes: readonly string[];
	/** The directories that the program writes to and that no COPY can give to the user: the root directory. */
	readonly rootOnly: readonly string[];
	/** The absolute paths of the files of the repository that the image holds. */
	readonly files: readonly string[];
	/** Those of them that are secrets by their names. */
	readonly secrets: readonly string[];
}

/** An instruction and the comment that explains it. */
export interface Line {
	readonly comment: string;
	readonly text: Written;
}

/** Where the files of the repository are in the build stage. */
export interface SourceLayout {
	/** The build stage, as `--from` names it. */
	readonly from: Written;
	/** The directory there that relative names are relative to. */
	readonly directory: string;
	/** The working directory of the final stage; `/` if it needs none. */
	readonly workingDirectory: string;
	readonly dialect: Dialect;
}

/**
 * The lines that supply a stage with the plan. The generator and the split into two stages both write these.
 *
 * @param runtimeFiles The plan's runtime files that exist, each with its path relative to `layout.directory`.
 */
export function finalStage(plan: Plan, layout: SourceLayout, runtimeFiles: ReadonlyMap<string, string>): FinalStage {
	const prepare: Line[] = [];
	const copies: Line[] = [];
	const tags: Written[] = [];
	const leftOut: string[] = [];
	const made: string[] = [];
	const rootOnly: string[] = [];
	const files: string[] = [];
	const secrets: string[] = [];
	for (const { need, because } of plan.needs) {
		const { supply } = need;
		const comment = because === undefined ? `${supply.explanation}.` : `${supply.explanation} (needed by ${because}).`;
		if (supply.tag !== undefined) tags.push(supply.tag);
		if (supply.prepare !== undefined) prepare.push({ comment, text: written`RUN ${supply.prepare}` });
		if (supply.copy !== undefined) copies.push({ comment: supply.prepare === undefined ? comment : '', text: supply.copy(layout.from) });
	}
	const relative = writesRelative(plan);
	const directories = [
		...new Set([
			...plan.directories.flatMap(({ detail }) => (detail === undefined ? [] : [join(layout.workingDirectory, detail)])),
			...(plan.writesAnywhere && layout.workingDirectory !== '/' ? [layout.workingDirectory] : []),
			...(plan.writesHome ? [HOME_DIRECTORY] : []),
		]),
	];
	if (directories.length > 0 && plan.privilege === undefined) {
		rootOnly.push(...directories.filter((directory) => directory === '/'));
		const below = directories.filter((directory) => directory !== '/');
		const writable = below.filter((directory) => writableDirectories([directory], layout.from, NOBODY) !== undefined);
		leftOut.push(...below.filter((directory) => !writable.includes(directory)));
		const recipe = writable.length === 0 ? undefined : writableDirectories(writable, layout.from, NOBODY);
		if (recipe !== undefined) {
			made.push(...writable);
			const names =
				writable.length === 1
					? `A directory that the program writes to: ${writable[0]}.`
					: `Directories that the program writes to: ${writable.join(', ')}.`;
			prepare.push({ comment: names, text: written`RUN ${recipe.prepared}` });
			copies.push({ comment: '', text: recipe.copy });
		}
	}
	if (plan.writesHome && plan.privilege === undefined) {
		// Without it the engine takes the home of the passwd line, which is the root directory.
		copies.push({ comment: 'The home directory of the program.', text: written`ENV HOME=${HOME_DIRECTORY}` });
	}
	if ((runtimeFiles.size > 0 || relative) && layout.workingDirectory !== '/') {
		const text = written`WORKDIR ${argumentWord(layout.workingDirectory, layout.dialect)}`;
		if (text === undefined) leftOut.push(layout.workingDirectory);
		else copies.push({ comment: 'Relative paths of the program start here.', text });
	}
	for (const [path, source] of runtimeFiles) {
		const destination = join(layout.workingDirectory, path);
		const words = copyWords([join(layout.directory, source)], destination, layout.dialect);
		const isSecret = isSecretByName(path) || isLocalSettings(path);
		// A file of the context keeps its mode: what only its owner may read has to belong to the user.
		const owner = isSecret && plan.privilege === undefined ? written` --chown=${NOBODY}` : written``;
		const text = written`COPY --from=${layout.from}${owner} ${words}`;
		if (text === undefined) leftOut.push(path);
		else {
			files.push(destination);
			if (isSecret) secrets.push(destination);
			copies.push({ comment: layout.workingDirectory === '/' ? `The program opens ${path}.` : '', text });
		}
	}
	const lasting = [...plan.lasting].map((detail) => join(layout.workingDirectory, detail ?? ''));
	// A volume keeps what it had in it when the image has another version of a file.
	const volumes = made.filter(
		(directory) => lasting.includes(directory) && !files.some((path) => isWithin(directory, path) || isWithin(path, directory)),
	);
	const user: Line[] =
		plan.privilege === undefined
			? [{ comment: '65534 is nobody. Numeric, so Kubernetes can verify runAsNonRoot.', text: written`USER ${NOBODY}` }]
			: [];
	return { prepare, copies, user, tags, leftOut, directories: made, volumes, rootOnly, files, secrets };
}
