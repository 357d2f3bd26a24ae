import type { BuildReader } from '../image/context/declared-builds/build-reader.ts';
import { type Declaration, placeOf } from '../image/context/declared-builds/declarations.ts';
import type { Build } from '../image/context/declared-builds/model.ts';
import { expandNames, makeVariables, UNKNOWN_PART, type Variables } from '../image/context/declared-builds/names.ts';
import { DECLARING, isReadFor } from '../knowledge/files-that-matter.ts';
import { basename, dirname, isWithin, join } from '../workspace/paths.ts';
import type { NamedBuild, Naming } from './image-names.ts';
import type { Place } from './model.ts';
import { readYaml } from './yaml-tree.ts';

/** Finds the names that the builds of a workspace give their images. */

/** Whether a file may say so, manifests and kustomizations left out. */
export function mayNameImages(path: string, root: string): boolean {
	if (isReadFor('workflow', path)) return isWithin(join(root, '.github/workflows'), path);
	return DECLARING.some((kind) => isReadFor(kind, path)) || isGoreleaser(path) || isReadFor('script', path);
}

function isGoreleaser(path: string): boolean {
	return /(?:^|\/)\.?goreleaser[\w.-]*\.ya?ml$/.test(path);
}

/** In characters. */
const MAX_LENGTH = 256 * 1024;
/** Of one kind. */
const MAX_FILES = 300;

export interface Source {
	readonly root: string;
	/** The files for which {@link mayNameImages} holds. */
	readonly paths: readonly string[];
	readText(path: string): Promise<string | undefined>;
	/** Whether a file is there. */
	exists(path: string): Promise<boolean>;
	readonly buildsOf: BuildReader;
}

/** What the builds of a workspace say of its images. */
export interface NamedBuilds extends Pick<Naming, 'builds' | 'aliases'> {
	/** Whether something builds images without a Dockerfile. */
	readonly buildsOtherwise: boolean;
}

/** The names of the builds of Dockerfiles that are there, and other names for them. */
export async function readNamedBuilds({ root, paths, readText, exists, buildsOf }: Source): Promise<NamedBuilds> {
	let buildsOtherwise = false;
	const builds: NamedBuild[] = [];
	const aliases: (readonly [string, string])[] = [];
	for (const path of paths.slice(0, MAX_FILES)) {
		const text = await readText(path);
		if (text === undefined || text.length > MAX_LENGTH) continue;
		const kind = DECLARING.find((each) => isReadFor(each, path)) ?? (isReadFor('script', path) ? 'make' : undefined);
		const found = isGoreleaser(path)
			? await goreleaserBuilds(path, text)
			: kind === undefined
				? []
				: (await buildsOf(path, kind, text)).map((build) => ({ ...build, dockerfiles: dockerfilesOf(build, kind, path, root) }));
		for (const { dockerfiles, target, names } of found) {
			const dockerfile = names.length === 0 ? undefined : await firstOf(dockerfiles, exists);
			if (dockerfile === undefined) continue;
			for (const name of names.filter(isName)) builds.push({ name, runs: { dockerfile, target, at: placeIn(path, text, name) } });
		}
		aliases.push(...aliasesIn(text));
		buildsOtherwise ||= WITHOUT_DOCKERFILE.test(text);
	}
	return { builds, aliases, buildsOtherwise };
}

/** Where the Dockerfile of a build may be: a script runs in its own directory or in the root of the repository. */
function dockerfilesOf(build: Build, kind: Declaration['kind'], path: string, root: string): string[] {
	const isScript = isReadFor('script', path);
	const places = [placeOf(build, kind, path, root), isScript ? placeOf(build, kind, join(root, basename(path)), root) : undefined];
	return places.flatMap((place) => (place === undefined ? [] : [place.dockerfile]));
}

async function firstOf(paths: readonly string[], exists: Source['exists']): Promise<string | undefined> {
	for (const path of paths) if (await exists(path)) return path;
	return undefined;
}

/** ko, buildpacks and the like: https://ko.build */
const WITHOUT_DOCKERFILE =
	/\bko\s+(?:build|publish|apply|resolve|create)\b|^[ \t]*(?:kos|ko|buildpacks|jib|bazel)[ \t]*:|\bsetup-ko@|\bpack\s+build\b/m;

/** Whether nothing of shell text or make is left in it. */
function isName(text: string): boolean {
	return /^[^\s$]+$/.test(text);
}

/** Where the name stands, as far as it does. */
function placeIn(path: string, text: string, name: string): Place {
	const [last = ''] = name.split('/').reverse();
	const bare = last.split(':')[0] ?? '';
	const start = bare === '' ? -1 : text.indexOf(bare);
	return { path, range: start < 0 ? { start: 0, end: 0 } : { start, end: start + bare.length } };
}

/** `kustomize edit set image controller=${IMG}` of a makefile or script. */
function aliasesIn(text: string): (readonly [string, string])[] {
	const found: (readonly [string, string])[] = [];
	const variables: Variables | undefined = text.includes('set image') ? makeVariables(text) : undefined;
	for (const [, name = '', value = ''] of text.matchAll(/\bedit\s+set\s+image\s+["']?([\w./-]+)=([^\s;&|]+)/g)) {
		if (found.length >= 100) break;
		for (const other of expandNames([value.replace(/["']/g, '')], variables ?? new Map())) {
			// The tag of a name whose variable is not known tells nothing.
			if (!other.startsWith(UNKNOWN_PART) && isName(other)) found.push([name, other]);
		}
	}
	return found;
}

/** https://goreleaser.com/customization/docker */
async function goreleaserBuilds(
	path: string,
	text: string,
): Promise<{ readonly dockerfiles: readonly string[]; readonly target: undefined; readonly names: readonly string[] }[]> {
	const [document] = await readYaml(path, text);
	const project = document?.get('project_name')?.text;
	return ['dockers', 'dockers_v2'].flatMap((key) =>
		(document?.get(key)?.items ?? []).map((entry) => ({
			// Paths are those of the directory in which it is run.
			dockerfiles: [join(dirname(path), entry.get('dockerfile')?.text ?? 'Dockerfile')],
			target: undefined,
			names: [...(entry.get('image_templates')?.items ?? []), ...(entry.get('images')?.items ?? [])].map((name) =>
				(name.text ?? UNKNOWN_PART)
					.replace(/\{\{\s*\.ProjectName\s*\}\}/g, project ?? UNKNOWN_PART)
					.replace(/\{\{[^{}]*\}\}/g, UNKNOWN_PART),
			),
		})),
	);
}
