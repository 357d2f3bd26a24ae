import { parseDockerfile } from '../dockerfile/parse.ts';
import type { ShippedBinary, Target } from '../facts/facts.ts';
import { runBuild } from '../image/run.ts';
import { requiredCgo } from '../needs/libc.ts';
import type { GoWorkspace, MainPackage, Program } from '../program/model.ts';
import type { PictureNeed, PicturePlace, PictureUnknown } from './model.ts';
import { needsOf } from './needs.ts';
import { picturePlace, picturePlaces } from './places.ts';
import { unknownsOfProgram } from './unknowns.ts';

/** What a program needs of any image, without one. A plain value, as `ImagePicture` is. */
export interface ProgramNeeds {
	/** The import path of the main package. */
	readonly program: string;
	/** Its directory. */
	readonly directory: string;
	/** Without a state: whether a need is met depends on the image. What the program brings itself is `embedded`. */
	readonly needs: readonly ProgramNeed[];
	/** Where the workspace's own code listens: as far as the address is constant. */
	readonly listens: readonly { readonly address: string; readonly place: PicturePlace }[];
	readonly unknowns: readonly PictureUnknown[];
}

export type ProgramNeed = Omit<PictureNeed, 'state' | 'providedBy' | 'programs' | 'code'>;

/** The needs of a main package's program. */
export function needsOfProgram(go: GoWorkspace, mainPackage: MainPackage, program: Program): ProgramNeeds {
	const facts = { go };
	const binary: ShippedBinary = { path: `/${mainPackage.binaryName}`, build: undefined, mainPackage, program, started: true };
	const needs = needsOf(facts, emptyTarget(binary), []).map(({ state: _, providedBy: __, programs: ___, ...need }): ProgramNeed => need);
	return {
		program: mainPackage.importPath,
		directory: mainPackage.directory,
		needs: [...needs, ...cgoNeeds(facts, program)],
		listens: program.listeners.flatMap(({ address, own, ...place }) =>
			own && address !== undefined ? [{ address, place: picturePlace(facts, { ...place, own }, program) }] : [],
		),
		unknowns: unknownsOfProgram(facts, program),
	};
}

/** A final stage on scratch that holds nothing but the program. */
function emptyTarget(binary: ShippedBinary): Target {
	const { stages } = runBuild(parseDockerfile('FROM scratch'), { context: undefined, go: undefined });
	const [state] = stages;
	if (state === undefined) throw new Error('a Dockerfile with FROM has a stage');
	return { state, binaries: [binary], startedFile: undefined };
}

function cgoNeeds(facts: { readonly go: GoWorkspace }, program: Program): ProgramNeed[] {
	const packages = requiredCgo(program);
	if (packages.length === 0) return [];
	return [
		{
			id: 'c-library',
			title: 'C library, or a static link',
			supply: 'A base image with the C library of the build image, or -ldflags "-linkmode external -extldflags -static"',
			places: picturePlaces(
				facts,
				packages.map(({ importPath, path, line, own, chain }) => ({
					place: { path, line, own, chain, symbol: 'import "C"', package: importPath },
					program,
				})),
			),
		},
	];
}
