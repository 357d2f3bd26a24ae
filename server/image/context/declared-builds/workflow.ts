import { join } from '../../../workspace/paths.ts';
import { commandBuilds } from './docker-commands.ts';
import type { Build } from './model.ts';
import { expandExpressions, makeVariables, workflowNames } from './names.ts';
import { argumentsOf, record, text } from './values.ts';

/** https://github.com/docker/build-push-action: paths are those of the checked-out repository. */
export function workflowBuilds(document: unknown): Build[] {
	return Object.values(record(record(document).jobs)).flatMap((job) => {
		const { steps, defaults } = record(job);
		if (!Array.isArray(steps)) return [];
		const common = text(record(record(defaults).run)['working-directory']) ?? '.';
		/** The names that steps make for later ones, by their id. */
		const made = new Map<string, readonly string[]>();
		return steps.flatMap((step): Build[] => {
			const { uses, with: inputs, run, id, env, 'working-directory': directory } = record(step);
			const environment = new Map([record(document).env, record(job).env, env].flatMap((each) => [...environmentOf(each)]));
			const names = (value: unknown) =>
				typeof value === 'string' ? workflowNames(value, environment, (earlier) => made.get(earlier) ?? []) : [];
			if (typeof uses === 'string' && uses.startsWith('docker/metadata-action@') && typeof id === 'string')
				made.set(id, names(record(inputs).images));
			if (typeof uses === 'string' && uses.startsWith('docker/build-push-action@')) {
				const context = text(record(inputs).context)?.trim() ?? '.';
				const file = text(record(inputs).file)?.trim() ?? join(context, 'Dockerfile');
				return [
					{
						context: context.replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, './'),
						dockerfile: file,
						target: text(record(inputs).target) || undefined,
						arguments: argumentsOf((text(record(inputs)['build-args']) ?? '').split('\n').filter((line) => line.trim() !== '')),
						names: names(record(inputs).tags),
					},
				];
			}
			if (typeof run !== 'string') return [];
			const below = text(directory) ?? common;
			return commandBuilds(run, (tags) => expandExpressions(tags, new Map([...environment, ...makeVariables(run)]))).map((build) => ({
				...build,
				context: join(below, build.context),
				dockerfile: join(below, build.dockerfile),
			}));
		});
	});
}

function environmentOf(value: unknown): [string, readonly string[]][] {
	return Object.entries(record(value)).map(([name, each]) => [name, [String(each)]]);
}
