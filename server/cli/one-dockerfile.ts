import { isYamlPath } from '../deployments/deployments.ts';
import type { Facts, Target } from '../facts/facts.ts';
import type { Analysis } from '../lint/analyse.ts';
import type { ImagePicture } from '../picture/model.ts';
import { pictureOf } from '../picture/picture.ts';
import { withSizes } from '../picture/sizes.ts';
import { stageNames, targetNamed } from '../picture/target.ts';
import { nearestName } from '../text/nearest.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { dirname, join } from '../workspace/paths.ts';
import { requestsFor, type Session } from './session.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';

/** The Dockerfile that a command is about, with its target. */
export interface OneDockerfile {
	readonly analysis: Analysis;
	readonly facts: Facts;
	readonly target: Target;
	/** Paths in it are absolute. */
	readonly picture: ImagePicture;
}

/**
 * Analyses one Dockerfile and draws one target of it.
 *
 * @param path a Dockerfile, or a directory with one; the current directory where it is not given
 * @param stage the name or number of the target
 * @throws UsageError where it is not plain which one is meant, or it cannot be read
 */
export async function oneDockerfile(path: string | undefined, stage: string | undefined, session: Session): Promise<OneDockerfile> {
	const analyses = await analysesOf(path ?? '.', session);
	const analysis = chosen(analyses, path ?? '.');
	const { facts } = analysis;
	if (facts === undefined) throw new UsageError(`${shownPath(analysis.path)} could not be analysed.`);
	const target = targetNamed(facts, stage);
	if (target === undefined) throw new UsageError(...noStage(analysis.path, facts, stage));
	const picture = await withSizes(pictureOf(facts, target, analysis.findings), session.files);
	return { analysis, facts, target, picture };
}

/** The Dockerfiles at the path; of a directory that has one of its own that is `Dockerfile`, this one only. */
export async function analysesOf(path: string, session: Session): Promise<Analysis[]> {
	const directory = pathFromNative(absolutePath(path));
	const own = join(directory, 'Dockerfile');
	const hasOwn = (await session.files.status(directory))?.kind === 'directory' && (await session.files.status(own))?.kind === 'file';
	const analyses: Analysis[] = [];
	for await (const request of requestsFor({ paths: [hasOwn ? join(path, 'Dockerfile') : path] }, {}, session)) {
		if (!isYamlPath(request.path)) analyses.push(await session.analyser.analyse(request));
	}
	session.progress.clear();
	return analyses;
}

/** So many are named where a person has to choose. */
const MOST_NAMED = 10;

function chosen(analyses: readonly Analysis[], path: string): Analysis {
	const [first, ...others] = analyses;
	if (first === undefined) throw new UsageError(`There is no Dockerfile in ${path === '.' ? 'the current directory' : path}.`);
	if (others.length === 0) return first;
	const directory = pathFromNative(absolutePath(path));
	const here = analyses.filter((each) => dirname(each.path) === directory);
	if (here.length === 1) return here[0] as Analysis;
	const names = analyses.slice(0, MOST_NAMED).map((each) => `  ${shownPath(each.path)}`);
	const more = analyses.length - names.length;
	throw new UsageError('There are several Dockerfiles; name one of them:', ...names, ...(more > 0 ? [`  and ${more} more`] : []));
}

function noStage(path: string, facts: Facts, stage: string | undefined): string[] {
	const names = stageNames(facts);
	if (stage === undefined || names.length === 0) return [`${shownPath(path)} has no stage.`];
	const nearest = nearestName(stage, names);
	return [
		`${shownPath(path)} has no stage ${stage}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}. Its stages are ${names.join(', ')}.`,
	];
}

/** The picture with paths of the workspace as a person at the command line would write them. */
export function withShownPaths(picture: ImagePicture): ImagePicture {
	const { title, tree, needs, unknowns } = picture;
	return {
		...picture,
		title: { ...title, of: shownPath(title.of) },
		tree: tree.map((entry) => (entry.source === undefined ? entry : { ...entry, source: shownPath(entry.source) })),
		needs: needs.map(withShownPlaces),
		unknowns: unknowns.map((unknown) => (unknown.place === undefined ? unknown : { ...unknown, place: shownPlace(unknown.place) })),
	};
}

export function withShownPlaces<Need extends Pick<ImagePicture['needs'][number], 'places'>>(need: Need): Need {
	return { ...need, places: need.places.map(shownPlace) };
}

export function shownPlace<Place extends { readonly path?: string }>(place: Place): Place {
	return place.path === undefined ? place : { ...place, path: shownPath(place.path) };
}
