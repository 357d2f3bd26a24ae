import type { Build } from './model.ts';
import { argumentsOf, record, text } from './values.ts';

/** https://skaffold.dev/docs/references/yaml */
export function skaffoldBuilds(document: unknown): Build[] {
	const { artifacts } = record(record(document).build);
	if (!Array.isArray(artifacts)) return [];
	return artifacts.flatMap((artifact): Build[] => {
		const { context, docker, image, ko, buildpacks, jib, bazel, custom } = record(artifact);
		if ([ko, buildpacks, jib, bazel, custom].some((other) => other !== undefined)) return [];
		return [
			{
				context: text(context) ?? '.',
				dockerfile: text(record(docker).dockerfile) ?? 'Dockerfile',
				target: text(record(docker).target),
				arguments: argumentsOf(record(docker).buildArgs),
				names: typeof image === 'string' ? [image] : [],
			},
		];
	});
}
