import type { GoWorkspace, MainPackage } from '../program/model.ts';
import type { Files } from '../workspace/files.ts';
import { basename, dirname, isWithin, join, relativeWithin } from '../workspace/paths.ts';
import type { GeneratedFile, GeneratedFiles } from './generation.ts';
import { moduleLayout } from './module-layout.ts';

/** Directories in which people keep the Dockerfiles of several services, by name. */
const TOGETHER = ['docker', 'build/docker', 'build/package', 'deploy/docker'];

/**
 * Where the Dockerfile of a main package goes: into the build context, or beside the program where several programs share the context.
 * If the Dockerfiles of others are together in a directory, it goes there.
 */
export async function placeFor(files: Files, workspace: GoWorkspace, mainPackage: MainPackage): Promise<string> {
	const context = contextOf(workspace, mainPackage);
	const shared = (workspace.mainPackages ?? []).filter((each) => each.rank === 'shipped' && contextOf(workspace, each) === context);
	if (mainPackage.directory === context || shared.length < 2) return join(context, 'Dockerfile');
	for (const name of TOGETHER) {
		const entries = (await files.list(join(context, name))) ?? [];
		if (entries.some((entry) => entry.name.endsWith('.Dockerfile'))) return join(context, name, `${mainPackage.binaryName}.Dockerfile`);
	}
	return join(mainPackage.directory, 'Dockerfile');
}

function contextOf(workspace: GoWorkspace, { module, directory }: MainPackage): string {
	return module === undefined ? directory : moduleLayout(workspace, module, undefined).context;
}

/** The same files with the Dockerfile at `path`. An ignore file that bears the Dockerfile's name goes with it. */
export async function placedAt(files: Files, { files: generated, ...rest }: GeneratedFiles, path: string): Promise<GeneratedFiles> {
	const [dockerfile, ...others] = generated as [GeneratedFile, ...GeneratedFile[]];
	if (dockerfile.path === path) return { files: generated, ...rest };
	const own = `${dockerfile.path}.dockerignore`;
	const moved = [{ ...dockerfile, path }, ...others.map((file) => (file.path === own ? { ...file, path: `${path}.dockerignore` } : file))];
	const placed: GeneratedFile[] = [];
	for (const file of moved) placed.push({ ...file, exists: (await files.status(file.path)) !== undefined });
	return { files: placed, ...rest };
}

/**
 * The command that builds the image, run in the root of the workspace.
 *
 * @param context the directory of the build context
 */
export function buildCommand(root: string, context: string, dockerfile: string, { binaryName }: MainPackage): string {
	const shown = (path: string) => quoted(relativeWithin(root, path) ?? path);
	const tag =
		binaryName
			.toLowerCase()
			.replace(/[^a-z0-9._-]+/g, '-')
			.replace(/^[._-]+|(?<![._-])[._-]+$/g, '') || 'app';
	const usual = dirname(dockerfile) === context && basename(dockerfile) === 'Dockerfile';
	const file = usual || !isWithin(root, dockerfile) ? '' : ` -f ${shown(dockerfile)}`;
	return `docker build -t ${tag}${file} ${shown(context)}`;
}

/** A word of a POSIX shell. */
function quoted(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
