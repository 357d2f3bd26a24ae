import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import { createContextReader } from '../../server/image/context/context.ts';
import type { ImageBuild, StageState } from '../../server/image/model.ts';
import { runBuild } from '../../server/image/run.ts';
import type { GoWorkspace } from '../../server/program/model.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** Runs a Dockerfile that lies at /w/Dockerfile beside `files` (by path below /w). Without files, the context is not known. */
export async function build(text: string, files?: Readonly<Record<string, string>>, go?: GoWorkspace): Promise<ImageBuild> {
	const dockerfile = parseDockerfile(text);
	if (files === undefined) return runBuild(dockerfile, { context: undefined, go });
	const memory = createMemoryFiles(
		Object.fromEntries(Object.entries({ Dockerfile: text, ...files }).map(([path, content]) => [`/w/${path}`, content])),
	);
	const context = await createContextReader(memory).find('/w/Dockerfile', '/w', dockerfile);
	return runBuild(dockerfile, { context, go });
}

/** The last stage of {@link build}. */
export async function lastStage(text: string, files?: Readonly<Record<string, string>>, go?: GoWorkspace): Promise<StageState> {
	return (await build(text, files, go)).stages.at(-1) as StageState;
}

/** A workspace of one module at /w with main packages in these directories below it. */
export function workspace(modulePath: string, ...mains: string[]): GoWorkspace {
	const module = {
		directory: '/w',
		file: { path: modulePath, go: undefined, toolchain: undefined, require: [], exclude: [], replace: [], tool: [], complete: true },
		hasGoSum: true,
		vendored: false,
	};
	return {
		root: '/w',
		modules: [module],
		works: [],
		mainPackages: mains.map((directory) => ({
			directory: directory === '.' ? '/w' : `/w/${directory}`,
			module,
			importPath: directory === '.' ? modulePath : `${modulePath}/${directory}`,
			binaryName: (directory === '.' ? modulePath : directory).split('/').at(-1) as string,
			rank: 'shipped',
		})),
		complete: true,
	};
}
