import type { Facts } from '../facts/facts.ts';
import { copyOf, failureOf, isLeftOut, neededSource, relatedPlaceOf } from '../facts/needed-source.ts';
import { contextPaths, imagePathOf } from '../facts/placed-module.ts';
import { takeBack } from '../fixes/ignore-file.ts';
import type { BuildContext, GoBuild, StageState } from '../image/model.ts';
import { basename, join, relativeWithin } from '../workspace/paths.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'file-ignored',
	severity: 'error',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: '.dockerignore excludes a file that COPY names, go.mod, or a package or file that the program needs.',
		why: 'Files that .dockerignore excludes are not sent to the build. COPY of such a file fails with `failed to calculate checksum of ref …: "/config.yaml": not found`, although the file exists; without go.mod the go command fails with `go: go.mod file not found in current directory or any parent directory`; a missing package of the module fails with `no required module provides package …`; and `//go:embed` fails with `pattern web/dist: no matching files found`.',
		example: '# .dockerignore: *.yaml\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY config.yaml ./',
		instead: '# .dockerignore: *.yaml, !config.yaml\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY config.yaml ./',
		notes:
			'Reads .dockerignore as the engine does: the last pattern that matches wins. Packages, vendored modules and embedded files are checked only when a COPY of their directory would include them and no RUN generates them. The fix adds an exception (`!path`) at the end of the ignore file; fix-all does not change that file.',
	},
	*check(facts) {
		const { context } = facts;
		if (context?.ignoreFile === undefined) return;
		const said = new Set<string>();
		const fresh = (path: string) => !said.has(path) && said.add(path) !== undefined;
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const copy of state.copies) {
				if (copy.from.kind !== 'context' || copy.present !== 'no' || /[*?[\\]/.test(copy.source ?? '')) continue;
				const [path] = contextPaths(context, copy);
				if (path === undefined || path === '.' || !isLeftOut(context, path) || !fresh(path)) continue;
				yield {
					range: copy.sourceRange,
					message: `${nameOf(context)} excludes ${path}: the build fails with '"/${path}": not found'. Re-include it there with !${path}.`,
					fixes: () => takeBack(context, path),
				};
			}
			for (const build of state.builds) yield* ofBuild(facts, context, state, build, fresh);
		}
	},
};

function nameOf(context: BuildContext): string {
	return basename(context.ignoreFile?.path ?? '.dockerignore');
}

function* ofBuild(
	facts: Facts,
	context: BuildContext,
	state: StageState,
	build: GoBuild,
	fresh: (path: string) => boolean,
): Iterable<Finding> {
	const program = facts.programOf(build);
	const goMod = program?.module && join(program.module.directory, 'go.mod');
	const module = goMod === undefined ? undefined : relativeWithin(context.directory, goMod);
	const place = goMod === undefined ? undefined : imagePathOf(build, goMod);
	if (
		module !== undefined &&
		place !== undefined &&
		isLeftOut(context, module) &&
		build.command.files.has(place) === 'no' &&
		fresh(module)
	) {
		yield {
			range: copyOf(context, state, build, module)?.copy.sourceRange ?? build.commandRange,
			message: `${nameOf(context)} excludes ${module}: the build fails with 'go: go.mod file not found in current directory or any parent directory'. Re-include it there with !${module}.`,
			fixes: () => takeBack(context, module),
		};
	}
	for (const needed of neededSource(facts, state, build)) {
		const { path, ignored, copy, need } = needed;
		// What no copy would bring is not missing because of the ignore file alone.
		if (!ignored || copy === undefined || !fresh(path)) continue;
		const reason =
			need.kind === 'embed'
				? `which ${basename(need.embed.path)} embeds`
				: need.kind === 'package'
					? 'which the program needs'
					: 'which -mod=vendor requires';
		yield {
			range: copy.copy.sourceRange,
			message: `${nameOf(context)} excludes ${path}, ${reason}: go build fails with '${failureOf(needed, build)}'. Re-include it there with !${path}.`,
			related: relatedPlaceOf(needed),
			// One file of several would leave the package incomplete.
			fixes: () => (need.kind === 'package' && path.endsWith('.go') && need.package.files.length > 1 ? [] : takeBack(context, path)),
		};
	}
}
