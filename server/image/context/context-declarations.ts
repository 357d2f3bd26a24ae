// Long because it has a reader for each kind of file that declares a build: compose, bake, workflows, scripts.

import { parse as parseJsonc } from 'jsonc-parser';
import { DECLARING, isReadFor, NOT_OF_THE_PROJECT } from '../../knowledge/files-that-matter.ts';
import { upTo } from '../../text/ends.ts';
import { nestsDeeplyInYaml, tooDeepInJson } from '../../text/nesting.ts';
import type { DirectoryEntry, Files } from '../../workspace/files.ts';
import { ancestors, dirname, isAbsolute, isWithin, join } from '../../workspace/paths.ts';
import type { StartedElsewhere } from '../model.ts';
import { expandExpressions, expandNames, makeVariables, type Variables, workflowNames } from './build-names.ts';

/** A place that says from which directory a Dockerfile is built. */
export interface Declaration {
	readonly kind: (typeof DECLARING)[number];
	/** The Dockerfile that is built: the one that was asked about, or another one beside it. */
	readonly dockerfile: string;
	readonly directory: string;
	/** The stage that is built, where the place names one. */
	readonly target: string | undefined;
	/** The file that says so. */
	readonly declaredBy: string | undefined;
	readonly arguments: Arguments;
	/** What the place starts in the image by itself, instead of its command. */
	readonly starts: readonly StartedElsewhere[];
	/** The paths in the container at which the place mounts something. */
	readonly mounts: readonly string[];
}

/** Values of ARG by name; `undefined` for one that is set to something not known. */
export type Arguments = ReadonlyMap<string, string | undefined>;

/** A larger file is generated, and no build is declared in it. */
const MAX_LENGTH = 256 * 1024;
const MAX_FILES = 60;
/** Targets of bake inherit from one another so many times over at most. */
const MAX_INHERITED = 200;
/** Of all files together. */
const MAX_TOTAL_LENGTH = 1024 * 1024;

/** What one file says, before paths are resolved: which Dockerfile is built from which directory. */
export interface Build {
	readonly context: string;
	readonly dockerfile: string;
	readonly target: string | undefined;
	readonly arguments: Arguments;
	readonly starts?: readonly StartedElsewhere[];
	readonly mounts?: readonly string[];
	/** The names that it gives the image, tags included; see `build-names.ts` for what is not known of them. */
	readonly names: readonly string[];
}

/**
 * All that the files around a Dockerfile say of its build, and of those beside it, those that count most first. Read are the files in the Dockerfile's directory
 * and those above it up to `root`, the workflows of `root`, and then files in the other directories, as far as the bounds allow: a
 * compose file often has a directory of its own. What cannot be parsed says nothing.
 */
export async function declarationsFor(
	files: Files,
	list: (directory: string) => Promise<readonly DirectoryEntry[] | undefined>,
	dockerfilePath: string,
	root: string,
	buildsOf: BuildReader,
): Promise<Declaration[]> {
	const candidates: { path: string; kind: Declaration['kind'] }[] = [];
	const collect = async (directory: string) => {
		for (const entry of (await list(directory)) ?? []) {
			const path = join(directory, entry.name);
			const kind = entry.kind === 'file' ? DECLARING.find((each) => isReadFor(each, path)) : undefined;
			if (kind !== undefined && candidates.length < MAX_FILES) candidates.push({ path, kind });
		}
	};
	for (const directory of ancestors(dirname(dockerfilePath))) {
		if (!isWithin(root, directory)) break;
		await collect(directory);
	}
	await collect(join(root, '.github/workflows'));
	await eachDirectory(list, root, async (directory) => {
		if (!isWithin(directory, dirname(dockerfilePath))) await collect(directory);
	});
	const found: Declaration[] = [];
	let length = 0;
	for (const { path, kind } of candidates) {
		const text = await files.readText(path);
		if (text === undefined || text.length > MAX_LENGTH) continue;
		length += text.length;
		if (length > MAX_TOTAL_LENGTH) break;
		for (const build of await buildsOf(path, kind, text)) {
			const place = placeOf(build, kind, path, root);
			if (place !== undefined && dirname(place.dockerfile) === dirname(dockerfilePath))
				found.push({
					kind,
					...place,
					target: build.target,
					declaredBy: path,
					arguments: build.arguments,
					starts: build.starts ?? [],
					mounts: build.mounts ?? [],
				});
		}
	}
	return found.sort((a, b) => DECLARING.indexOf(a.kind) - DECLARING.indexOf(b.kind));
}

/** The paths of a build that the file at `path` declares; `undefined` where they hold variables, or lie on another machine. */
export function placeOf(
	build: Build,
	kind: Declaration['kind'],
	path: string,
	root: string,
): { readonly dockerfile: string; readonly directory: string } | undefined {
	if (/[$]|:\/\/|^git@/.test(build.context) || build.dockerfile.includes('$')) return undefined;
	// Workflows run in the repository's root.
	const from = kind === 'workflow' ? root : dirname(path);
	const directory = join(from, build.context);
	// docker build takes -f from where it runs; the files that describe builds take it from the context.
	const fromContext = kind === 'compose' || kind === 'bake' || kind === 'skaffold';
	return {
		directory,
		dockerfile: isAbsolute(build.dockerfile) ? build.dockerfile : join(fromContext ? directory : from, build.dockerfile),
	};
}

/** How far below the root, and in how many directories, files that declare builds are looked for. */
const MAX_DEPTH = 4;
const MAX_DIRECTORIES = 300;

/** Calls `visit` for directories below `root`, level by level. */
async function eachDirectory(
	list: (directory: string) => Promise<readonly DirectoryEntry[] | undefined>,
	root: string,
	visit: (directory: string) => Promise<void>,
): Promise<void> {
	let level = [root];
	let left = MAX_DIRECTORIES;
	for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
		const next: string[] = [];
		for (const directory of level) {
			for (const entry of (await list(directory)) ?? []) {
				if (entry.kind !== 'directory' || entry.link || NOT_OF_THE_PROJECT.test(entry.name) || --left < 0) continue;
				const below = join(directory, entry.name);
				await visit(below);
				next.push(below);
			}
		}
		level = next;
	}
}

/** Gives what a file declares. */
export type BuildReader = (path: string, kind: Declaration['kind'], text: string) => Promise<readonly Build[]>;

/** So many files are remembered. */
const MAX_REMEMBERED = 500;

/** Remembers what each file declares as long as its text stays: all Dockerfiles of a repository have the same files around them. */
export function createBuildReader(): BuildReader {
	const known = new Map<string, { readonly text: string; readonly builds: Promise<readonly Build[]> }>();
	return (path, kind, text) => {
		const found = known.get(path);
		if (found?.text === text) {
			return found.builds;
		}
		if (known.size >= MAX_REMEMBERED) {
			known.clear();
		}
		const builds = buildsIn(kind, text);
		known.set(path, { text, builds });
		return builds;
	};
}

async function buildsIn(kind: Declaration['kind'], text: string): Promise<Build[]> {
	try {
		switch (kind) {
			case 'compose':
				return (await yamlDocuments(text)).flatMap(composeBuilds);
			case 'bake':
				return bakeBuilds(text);
			case 'workflow':
				return /docker|podman|buildah/.test(text) ? (await yamlDocuments(text)).flatMap(workflowBuilds) : [];
			case 'make':
				return commandBuilds(text, (names) => expandNames(names, makeVariables(text)));
			case 'skaffold':
				return (await yamlDocuments(text)).flatMap(skaffoldBuilds);
		}
	} catch {
		// The YAML library throws for documents that abuse aliases or nest too deeply.
		return [];
	}
}

async function yamlDocuments(text: string): Promise<unknown[]> {
	if (nestsDeeplyInYaml(text)) return [];
	// Most Dockerfiles have no such file beside them, and the library takes a while to start.
	const { parseAllDocuments } = await import('../../text/yaml.ts');
	return parseAllDocuments(text, { logLevel: 'silent', merge: true, uniqueKeys: false }).map((document): unknown =>
		document.toJS({ maxAliasCount: 100 }),
	);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
	// A variable with a default is the default; any other leaves its dollar sign behind, and the declaration is not used.
	return typeof value === 'string' ? value.replace(/\$\{\w+:?-([^{}]*)\}/g, '$1') : undefined;
}

/** The value of an argument; one that holds a variable is not known, and so is one that comes from the environment. */
function argument(value: unknown): string | undefined {
	const known = typeof value === 'number' || typeof value === 'boolean' ? String(value) : text(value);
	return known?.includes('$') ? undefined : known;
}

/** Arguments as a map has them, or as lines `NAME=value`. */
function argumentsOf(value: unknown): Arguments {
	if (!Array.isArray(value)) return new Map(Object.entries(record(value)).map(([name, each]) => [name, argument(each)]));
	return new Map(
		value
			.filter((line) => typeof line === 'string')
			.map((line): [string, string | undefined] => {
				const equals = line.indexOf('=');
				return equals < 0 ? [line.trim(), undefined] : [line.slice(0, equals).trim(), argument(line.slice(equals + 1))];
			}),
	);
}

const NO_ARGUMENTS: Arguments = new Map();
const NO_VARIABLES = new Map<string, readonly string[]>();

/**
 * https://github.com/compose-spec/compose-spec/blob/main/build.md. The reader of deployments is not asked, because it follows other files
 * (extends, include, .env), and a build that is remembered by its text alone would not see these change.
 */
function composeBuilds(document: unknown): Build[] {
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

/** https://docs.docker.com/build/bake/reference */
function bakeBuilds(source: string): Build[] {
	const targets = source.trimStart().startsWith('{') ? jsonTargets(source) : hclTargets(source);
	/** Each target is followed once: many may inherit the same one, and one may inherit itself. */
	const resolved = new Map<string, Resolved>();
	const resolve = (name: string, depth: number): Resolved => {
		const known = resolved.get(name);
		const own = targets.get(name);
		if (known !== undefined || own === undefined || depth > MAX_INHERITED) return known ?? { values: {}, arguments: NO_ARGUMENTS };
		resolved.set(name, { values: {}, arguments: NO_ARGUMENTS });
		const parents = own.inherits.map((parent) => resolve(parent, depth + 1));
		const values = Object.assign({}, ...parents.map((parent) => parent.values), own.values) as BakeTarget['values'];
		const found = { values, arguments: new Map([...parents, own].flatMap((each) => [...each.arguments])) };
		resolved.set(name, found);
		return found;
	};
	// What others inherit is there for them, and is seldom built by itself.
	const inherited = new Set([...targets.values()].flatMap(({ inherits }) => inherits));
	const variables = bakeVariables(source);
	const built = [...targets.keys()].filter((name) => !inherited.has(name));
	return built.map((name) => {
		const { values, arguments: its } = resolve(name, 0);
		const { context = '.', dockerfile = 'Dockerfile', target } = values;
		return { context, dockerfile, target, arguments: its, names: expandNames(targets.get(name)?.tags ?? [], variables) };
	});
}

interface BakeTarget {
	readonly values: Readonly<Partial<Record<'context' | 'dockerfile' | 'target', string>>>;
	readonly inherits: readonly string[];
	readonly arguments: Arguments;
	readonly tags: readonly string[];
}

/** A target of bake with all that it inherits. */
type Resolved = Pick<BakeTarget, 'values' | 'arguments'>;

function jsonTargets(source: string): Map<string, BakeTarget> {
	const result = new Map<string, BakeTarget>();
	if (tooDeepInJson(source) !== undefined) return result;
	for (const [name, target] of Object.entries(record(record(parseJsonc(source)).target))) {
		const values: Record<string, string> = {};
		for (const key of ['context', 'dockerfile', 'target']) {
			const value = text(record(target)[key]);
			if (value !== undefined) values[key] = value;
		}
		const { inherits, args, tags } = record(target);
		result.set(name, {
			values,
			arguments: argumentsOf(args),
			inherits: Array.isArray(inherits) ? inherits.filter((parent) => typeof parent === 'string').slice(0, 8) : [],
			tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
		});
	}
	return result;
}

/** The defaults of variables. */
function bakeVariables(source: string): Variables {
	return new Map(
		[...source.matchAll(/"?variable"?[:\s{]*"(\w+)"[:\s]*\{[^{}]*?"?default"?\s*[:=]\s*"([^"]*)"/g)].map((match) => [
			match[1] ?? '',
			[match[2] ?? ''],
		]),
	);
}

/** Reads `target "name" { key = "value" }` blocks; whatever else HCL allows in them is passed over. */
function hclTargets(source: string): Map<string, BakeTarget> {
	const result = new Map<string, BakeTarget>();
	let current:
		| (BakeTarget & {
				name: string;
				values: Record<string, string>;
				inherits: string[];
				arguments: Map<string, string | undefined>;
				tags: string[];
		  })
		| undefined;
	let depth = 0;
	let inArguments = false;
	let inTags = false;
	for (const line of source.split('\n')) {
		const opening = /^\s*target\s+"([^"]+)"\s*\{/.exec(line);
		if (opening !== null && depth === 0) current = { name: opening[1] as string, values: {}, inherits: [], arguments: new Map(), tags: [] };
		const assignment = depth === 1 ? /^\s*(context|dockerfile|target)\s*=(.*)$/.exec(line) : null;
		if (current !== undefined && assignment !== null) {
			const literal = /^\s*"([^"]*)"\s*(?:#.*|\/\/.*)?$/.exec(assignment[2] as string);
			// An expression is no path that could be used: the dollar sign says so further on.
			current.values[assignment[1] as string] = literal?.[1] ?? '$';
		}
		if (depth === 1) inArguments = /^\s*args\s*=\s*\{/.test(line);
		if (current !== undefined && inArguments) {
			// In lines of their own, or `args = { NAME = "value" }` in one.
			const entries = depth === 1 ? line.slice(line.indexOf('{') + 1) : line;
			for (const [, name = '', value = ''] of entries.matchAll(/"?([A-Za-z_]\w*)"?\s*[=:]\s*("[^"]*"|[^,}]+)/g)) {
				current.arguments.set(
					name,
					value.startsWith('"') ? argument(value.slice(1, -1)) : /^\d+\s*$/.test(value) ? value.trim() : undefined,
				);
			}
		}
		if (depth === 1) inTags = /^\s*tags\s*=\s*\[/.test(line) || (inTags && !/=/.test(line));
		if (current !== undefined && inTags) current.tags.push(...[...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] as string));
		const inherits = depth === 1 ? /^\s*inherits\s*=\s*\[([^\]]*)\]/.exec(line) : null;
		if (current !== undefined && inherits !== null)
			current.inherits.push(...[...(inherits[1] as string).matchAll(/"([^"]+)"/g)].map((match) => match[1] as string).slice(0, 8));
		for (const character of upTo(line.replace(/"[^"]*"/g, ''), '#')) {
			if (character === '{') depth++;
			else if (character === '}') depth--;
		}
		if (depth <= 0 && current !== undefined) {
			result.set(current.name, current);
			current = undefined;
		}
		depth = Math.max(depth, 0);
	}
	return result;
}

/** https://github.com/docker/build-push-action: paths are those of the checked-out repository. */
function workflowBuilds(document: unknown): Build[] {
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

/** https://skaffold.dev/docs/references/yaml */
function skaffoldBuilds(document: unknown): Build[] {
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

/** Options of `docker build` and `docker buildx build` that stand without a value; all others take the next word. */
const SWITCHES =
	/^(?:--(?:push|load|pull|no-cache|quiet|rm|force-rm|squash|compress|check|debug|disable-content-trust|stream|provenance|sbom)|-q|-D)$/;

/**
 * The `docker build` commands in shell text or a Makefile's recipes.
 * @param expand replaces the variables in names
 */
function commandBuilds(source: string, expand: (names: readonly string[]) => string[]): Build[] {
	const builds: Build[] = [];
	for (const line of source.replace(/\\\r?\n/g, ' ').split('\n')) {
		const match = /(?:^|[\s;&|@(])(?:docker|podman|nerdctl|buildah|\$[({]?\w+[)}]?)\s+(?:buildx\s+build|image\s+build|build|bud)\s/.exec(
			line,
		);
		if (match === null || /^\s*#/.test(line)) continue;
		const build = commandBuild(line.slice(match.index + match[0].length), expand);
		const directory = /(?:^|[\s;&|@(])cd\s+([^\s;&|]+)\s*(?:&&|;)/.exec(line.slice(0, match.index + 1))?.[1];
		if (build === undefined) continue;
		builds.push(
			directory === undefined
				? build
				: { ...build, context: join(directory, build.context), dockerfile: join(directory, build.dockerfile) },
		);
	}
	return builds;
}

/** What closes what a quote or a substitution opens. */
const CLOSING: readonly (readonly [opening: string, closing: string])[] = [
	['"', '"'],
	["'", "'"],
	['$(', ')'],
	['${', '}'],
];

/** The words of a command as far as the first `;`, `&` or `|`, with their quotes and substitutions, which may hold blanks. */
function wordsOf(line: string): string[] {
	const words: string[] = [];
	// Where each kind of closing is found for the last time: what opens after that does not close.
	const last = CLOSING.map(([, closing]) => line.lastIndexOf(closing));
	let word = '';
	for (let at = 0; at < line.length; ) {
		const character = line[at] as string;
		if (/[;&|]/.test(character)) break;
		const kind = CLOSING.findIndex(([opening], index) => line.startsWith(opening, at) && at + opening.length <= (last[index] as number));
		const [opening, closing] = CLOSING[kind] ?? ['', ''];
		const end = kind < 0 ? at + 1 : line.indexOf(closing, at + opening.length) + 1;
		if (kind < 0 && /\s/.test(character)) {
			if (word !== '') words.push(word);
			word = '';
		} else word += line.slice(at, end);
		at = end;
	}
	if (word !== '') words.push(word);
	return words;
}

function commandBuild(line: string, expand: (names: readonly string[]) => string[]): Build | undefined {
	const words = wordsOf(line);
	let file: string | undefined;
	let target: string | undefined;
	let context: string | undefined;
	const settings: string[] = [];
	const names: string[] = [];
	for (let at = 0; at < words.length; at++) {
		const word = words[at] as string;
		const [, name, inline] = /^(--?[\w-]+)(?:=(.*))?$/.exec(word) ?? [];
		if (name === undefined) {
			// A variable among the options may stand for more options: it is the context only where nothing else is.
			if (!word.startsWith('$') || context === undefined) context = word;
			continue;
		}
		const value = inline ?? (SWITCHES.test(name) ? undefined : words[++at]);
		if (name === '-f' || name === '--file') file = value;
		else if (name === '--target') target = value;
		else if ((name === '-t' || name === '--tag') && value !== undefined) names.push(value.replace(/["']/g, ''));
		else if (name === '--build-arg' && value !== undefined) settings.push(value.replace(/["']/g, ''));
	}
	const plain = (word: string | undefined) =>
		word
			?.replace(/^["']|["']$/g, '')
			.replace(/^(?:\$\(?(?:CURDIR|PWD)\)?|\$\{(?:CURDIR|PWD)\}|\$\(shell pwd\)|\$\$?\(pwd\)|\$\$PWD|`pwd`)(?=\/|$)/, '.');
	const directory = plain(context);
	if (directory === undefined || directory === '-' || directory.includes('$') || /^[<>]/.test(directory)) return undefined;
	const stage = plain(target);
	return {
		context: directory,
		dockerfile: plain(file) ?? join(directory, 'Dockerfile'),
		target: stage?.includes('$') ? undefined : stage,
		arguments: argumentsOf(settings.map((setting) => setting.replaceAll('`', '$'))),
		names: expand(names),
	};
}
