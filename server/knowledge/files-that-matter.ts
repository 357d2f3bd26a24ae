/**
 * The files of a workspace whose text changes an answer, other than the Dockerfiles themselves. What is read, what a client is asked to
 * watch, and which unsaved documents it sends all follow from this one list. Files of which only the presence counts (go.sum, what COPY
 * names, the directories of packages) are not in it: every creation and deletion is watched.
 */

/** The name of the file that carries the settings with a workspace, so that every editor and CI agree. */
export const SETTINGS_FILE = '.go-scratch.json';

/**
 * By what the files are read for: patterns of the protocol, below any directory. `*` stands for any part of a name, and braces hold
 * alternatives without stars, because some clients refuse those.
 */
const PATTERNS = {
	/** What a program needs. */
	source: ['*.go'],
	/** Which packages a program is made of. */
	module: ['go.{mod,work}', 'vendor/modules.txt'],
	/** What is left out of a build context. */
	ignore: ['*.dockerignore'],
	settings: [SETTINGS_FILE],
	/** https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file */
	compose: ['{compose,docker-compose}.{yml,yaml}', '{compose,docker-compose}.*.{yml,yaml}', '{compose,docker-compose}-*.{yml,yaml}'],
	/** https://docs.docker.com/build/bake/reference/#file-format */
	bake: ['docker-bake.{hcl,json}', 'docker-bake.*.{hcl,json}'],
	/** Of the root of the workspace: https://docs.github.com/actions/concepts/workflows-and-actions/workflows */
	workflow: ['.github/workflows/*.{yml,yaml}'],
	make: ['{GNUmakefile,Makefile,makefile}', '*.mk'],
	/** https://skaffold.dev/docs/references/yaml */
	skaffold: ['skaffold.{yml,yaml}'],
	/** In which people write down how a program is built, beside make files and magefile.go. */
	recipe: ['Taskfile.{yml,yaml}', '{Justfile,justfile}', '.goreleaser.{yml,yaml}'],
	/** What a RUN runs, or a container starts. */
	script: ['*.{sh,bash}', '*entrypoint*'],
	/** What may start an image: compose files under other names, and manifests of Kubernetes. */
	deployment: ['*.{yml,yaml}'],
	/** https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file */
	environment: ['.env', '*.env'],
	/** What is made before an image is built. */
	package: ['package.json'],
	gitignore: ['.gitignore'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Purpose = keyof typeof PATTERNS;

/** Every pattern, to be put after `**` and a slash. */
export const FILES_THAT_MATTER: readonly string[] = Object.values(PATTERNS).flat();

const EXPRESSIONS = Object.fromEntries(
	Object.entries(PATTERNS).map(([purpose, patterns]) => [purpose, new RegExp(`(?:^|/)(?:${patterns.map(expressionOf).join('|')})$`)]),
) as Readonly<Record<Purpose, RegExp>>;

/** Whether the file at the path is read for the purpose. */
export function isReadFor(purpose: Purpose, path: string): boolean {
	return EXPRESSIONS[purpose].test(path);
}

/** Whether the file is read for more than that it may be a deployment. */
export function isReadForAnything(path: string): boolean {
	return Object.entries(EXPRESSIONS).some(([purpose, expression]) => purpose !== 'deployment' && expression.test(path));
}

/** The files that may say from which directory a Dockerfile is built, in the order in which they count. */
export const DECLARING = ['compose', 'bake', 'workflow', 'make', 'skaffold'] as const satisfies readonly Purpose[];

export function mayDeclareBuild(path: string): boolean {
	return DECLARING.some((purpose) => isReadFor(purpose, path));
}

/** Whether the file may say with which tags a program is built that no RUN builds. */
export function mayHoldRecipe(path: string): boolean {
	return isReadFor('recipe', path) || isReadFor('make', path) || /(?:^|\/)(?:magefile\.go|build\.sh)$/.test(path);
}

/** Directories with copies of what others wrote, and with test data: what they hold is not part of the project. */
export const NOT_OF_THE_PROJECT = /^(?:\..*|node_modules|vendor|third_party|testdata)$/;

function expressionOf(pattern: string): string {
	return pattern
		.replace(/[.]/g, '\\.')
		.replace(/\*/g, '[^/]*')
		.replace(/\{([^{}]*)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`);
}
