import type { CancellationToken, Connection } from 'vscode-languageserver';
import { concernsGo } from '../facts/build-facts.ts';
import type { Analysis } from '../lint/analyse.ts';
import type { ImagePicture } from '../picture/model.ts';
import { pictureOf } from '../picture/picture.ts';
import { withSizes } from '../picture/sizes.ts';
import { signalOf } from './cancellation.ts';
import { inspect } from './inspection.ts';
import { type FileParams, IMAGE, type ImageResult } from './protocol.ts';
import type { WorkspaceState } from './workspace-state.ts';

/** Answers what the images of a Dockerfile hold and need, for a view of them. */
export function serveImages(connection: Connection, state: WorkspaceState): void {
	connection.onRequest(IMAGE, async ({ uri }: FileParams, token: CancellationToken): Promise<ImageResult> => {
		const signal = signalOf(token);
		const inspected = await inspect(state, uri, signal);
		const drawn = inspected === undefined ? [] : picturesOf(inspected.analysis);
		const pictures: ImagePicture[] = [];
		for (const picture of drawn) pictures.push(await withSizes(picture, state.files, signal));
		const uris = Object.fromEntries(pictures.flatMap(pathsIn).map((path) => [path, state.uriOf(path)]));
		return { version: inspected?.document.version ?? 0, pictures, uris };
	});
}

/** The pictures of the targets, in their order; none of a Dockerfile that has nothing to do with Go. */
export function picturesOf({ facts, findings }: Analysis): ImagePicture[] {
	if (facts === undefined || !concernsGo(facts)) return [];
	return facts.targets.map((target) => pictureOf(facts, target, findings));
}

/** The files of the workspace that a picture names. */
function pathsIn({ tree, needs, unknowns }: ImagePicture): string[] {
	const places = [...needs.flatMap((need) => need.places), ...unknowns.map(({ place }) => place)];
	return [...tree.map(({ source }) => source), ...places.map((place) => place?.path)].filter((path) => path !== undefined);
}
