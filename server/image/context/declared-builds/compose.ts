import { isAbsolute } from '../../../workspace/paths.ts';
import type { StartedElsewhere } from '../../model.ts';
import type { Build } from './model.ts';
import { expandNames } from './names.ts';
import { argumentsOf, NO_ARGUMENTS, record, text } from './values.ts';

const NO_VARIABLES = new Map<string, readonly string[]>();

/**
 * https://github.com/compose-spec/compose-spec/blob/main/build.md. The reader of deployments is not asked, because it follows other files
 * (extends, include, .env), and a build that is remembered by its text alone would not see these change.
 */
export function composeBuilds(document: unknown): Build[] {
	return Object.values(record(record(document).services)).flatMap((service) => {
		const { build, image } = record(service);
		const starts = startsOf(record(service));
		const mounts = mountsOf(record(service));
		const names = typeof image === 'string' ? expandNames([image], NO_VARIABLES) : [];
		if (typeof build === 'string')
			return [
				{ context: text(build) as string, dockerfile: 'Dockerfile', target: undefined, arguments: NO_ARGUMENTS, starts, mounts, names },
			];
		const { context, dockerfile, target, args, dockerfile_inline: inline } = record(build);
		if (build === undefined || build === null || inline !== undefined) return [];
		return [
			{
				context: text(context) ?? '.',
				dockerfile: text(dockerfile) ?? 'Dockerfile',
				target: text(target),
				arguments: argumentsOf(args),
				starts,
				mounts,
				names,
			},
		];
	});
}

/** https://github.com/compose-spec/compose-spec/blob/main/05-services.md#volumes: `SOURCE:TARGET[:MODE]`, or a map. */
function mountsOf({ volumes }: Readonly<Record<string, unknown>>): string[] {
	if (!Array.isArray(volumes)) return [];
	return volumes.flatMap((volume): string[] => {
		const target =
			typeof volume === 'string'
				? volume.split(':').find((part, index, { length }) => (length === 1 || index > 0) && isAbsolute(part))
				: text(record(volume).target);
		return target === undefined || target.includes('$') ? [] : [target];
	});
}

/** https://github.com/compose-spec/compose-spec/blob/main/spec.md: a command is a string, or a list of words. */
function startsOf({ command, entrypoint, healthcheck }: Readonly<Record<string, unknown>>): StartedElsewhere[] {
	const found: StartedElsewhere[] = [];
	const add = (key: StartedElsewhere['key'], value: unknown) => {
		const words = Array.isArray(value) ? value : typeof value === 'string' ? value.trim().split(/\s+/) : [];
		const [program] = words;
		if (typeof program === 'string' && program !== '') found.push({ key, program });
	};
	add('entrypoint', entrypoint);
	add('command', command);
	const { test } = record(healthcheck);
	// `["CMD", …]`, `["CMD-SHELL", "…"]`, or text for the shell.
	if (Array.isArray(test) ? test[0] === 'CMD' : false) add('healthcheck', (test as unknown[]).slice(1));
	else if (Array.isArray(test) ? test[0] === 'CMD-SHELL' : typeof test === 'string') found.push({ key: 'healthcheck', program: '/bin/sh' });
	return found;
}
