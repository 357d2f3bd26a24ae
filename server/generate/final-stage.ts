import { NOBODY, writableDirectories } from '../needs/needs.ts';
import { join } from '../workspace/paths.ts';
import type { Plan } from './plan.ts';

/** What a plan writes: commands for the stage that builds, and instructions for the one that ships. */
export interface FinalStage {
	/** One RUN each, at the end of the building stage. */
	readonly prepare: readonly Line[];
	/** Behind FROM scratch, in front of the program. */
	readonly copies: readonly Line[];
	/** Behind the program. */
	readonly user: readonly Line[];
	/** Build tags that supply a need. */
	readonly tags: readonly string[];
}

/** An instruction and the comment that explains it. */
export interface Line {
	readonly comment: string;
	readonly text: string;
}

/** How the files of the repository lie in the building stage. */
export interface SourceLayout {
	/** How `--from` names the building stage. */
	readonly from: string;
	/** The directory there that relative names are meant from. */
	readonly directory: string;
	/** The working directory of the final stage, where it needs one. */
	readonly workingDirectory: string;
}

/**
 * The lines that give a stage what the plan says. The generator and the rewrite to two stages both write these.
 *
 * @param runtimeFiles Those of the plan's runtime files that are there to copy, and where each lies, relative to `layout.directory`.
 */
export function finalStage(plan: Plan, layout: SourceLayout, runtimeFiles: ReadonlyMap<string, string>): FinalStage {
	const prepare: Line[] = [];
	const copies: Line[] = [];
	const tags: string[] = [];
	for (const { need, because } of plan.needs) {
		const { supply } = need;
		const comment = because === undefined ? supply.explanation : `${supply.explanation} Needed by ${because}.`;
		if (supply.tag !== undefined) tags.push(supply.tag);
		if (supply.prepare !== undefined) prepare.push({ comment, text: `RUN ${supply.prepare}` });
		if (supply.copy !== undefined) copies.push({ comment: supply.prepare === undefined ? comment : '', text: supply.copy(layout.from) });
	}
	const directories = plan.directories.flatMap(({ detail }) => detail ?? []);
	if (directories.length > 0 && plan.privilege === undefined) {
		const { prepared, copy } = writableDirectories(directories, layout.from, NOBODY);
		prepare.push({ comment: 'Directories that the program writes to.', text: `RUN ${prepared}` });
		copies.push({ comment: '', text: copy });
	}
	if (runtimeFiles.size > 0 && layout.workingDirectory !== '/') {
		copies.push({ comment: 'The program opens these by relative names.', text: `WORKDIR ${layout.workingDirectory}` });
	}
	for (const [path, source] of runtimeFiles) {
		copies.push({
			comment: layout.workingDirectory === '/' ? `The program opens ${path}.` : '',
			text: `COPY --from=${layout.from} ${join(layout.directory, source)} ${join(layout.workingDirectory, path)}`,
		});
	}
	const user: Line[] =
		plan.privilege === undefined
			? [{ comment: "Nobody's numbers: Kubernetes' runAsNonRoot cannot judge a name.", text: `USER ${NOBODY}` }]
			: [];
	return { prepare, copies, user, tags };
}
