import type { Place } from '../deployments/model.ts';
import type { RelatedPlace } from '../findings/finding.ts';
import { lineStarts, positionAt, type Range } from '../text/text.ts';
import type { DeployedTarget, Facts } from './facts.ts';

/** Where something stands in the Dockerfile of an image that a service starts; nothing for one that stands in the deployment itself. */
export function placesInDockerfile(
	{ runs, facts }: DeployedTarget & { readonly facts: Facts },
	range: Range,
	message: string,
): RelatedPlace[] {
	if (runs.inline !== undefined) return [];
	const { path, dockerfile } = facts;
	const { line, character } = positionAt(dockerfile.lineStarts, range.start);
	return [{ path, line, character, length: range.end - range.start, message }];
}

/** Where the stage of the image begins. */
export function placesOfImage(deployed: DeployedTarget & { readonly facts: Facts }): RelatedPlace[] {
	const { from } = deployed.image.state.stage;
	return placesInDockerfile(deployed, from.range, 'the image');
}

/** Where something stands in the deployment; nothing for a place that is not known. */
export function placesInDeployment({ textOf }: Pick<DeployedTarget, 'textOf'>, place: Place | undefined, message: string): RelatedPlace[] {
	const text = place === undefined ? undefined : textOf(place.path);
	if (place === undefined || text === undefined) return [];
	const { path, range } = place;
	const { line, character } = positionAt(lineStarts(text), range.start);
	return [{ path, line, character, length: range.end - range.start, message }];
}
