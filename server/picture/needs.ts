import { number, plainWord, type Written, written } from '../dockerfile/write.ts';
import { evidenceOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { alongPath, findExecutable } from '../image/command-path.ts';
import { fixedPart } from '../image/context/glob.ts';
import type { StageState } from '../image/model.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import { LOADERS, ROOT_DIRECTORIES, ROOT_FILES, ZONE_DIRECTORIES } from '../knowledge/runtime-paths.ts';
import { sharedLibrary } from '../knowledge/shared-libraries.ts';
import { dynamicBecause, hasLibcOf, olderGlibc } from '../needs/libc.ts';
import { certificateRoots, type Need, temporaryDirectory, userDatabase, writable, zoneData } from '../needs/needs.ts';
import { lacksLibrary } from '../needs/shared-libraries.ts';
import type { CgoPackage, Evidence } from '../program/model.ts';
import type { Answer } from '../text/answer.ts';
import type { Range } from '../text/text.ts';
import { ancestors, dirname, isAbsolute, isWithin, join, normalize } from '../workspace/paths.ts';
import type { PictureNeed } from './model.ts';
import { picturePlaces } from './places.ts';

/** What a picture takes of a finding. */
export interface PictureFinding {
	readonly code: string;
	readonly range: Range;
	readonly message: string;
	readonly related?: readonly { readonly path: string; readonly line: number }[];
}

/** Which rule reports a need that is not met. */
const CODES: Readonly<Record<string, readonly string[]>> = {
	'certificate-roots': ['missing-ca-certificates'],
	'zone-data': ['missing-timezone-data'],
	'temporary-directory': ['missing-tmp'],
	'user-database': ['missing-user-database'],
	executable: ['missing-executable'],
	'runtime-file': ['missing-runtime-file'],
	'named-file': ['missing-runtime-file'],
	'writable-directory': ['unwritable-directory'],
	'c-library': ['dynamic-binary', 'cgo-without-libc'],
	'shared-library': ['missing-shared-library'],
};

/** What decides a need, before the findings are looked at. */
interface Judged {
	readonly need: keyof typeof CODES & string;
	readonly detail: string | undefined;
	readonly title: string;
	readonly state: Answer;
	readonly providedBy: readonly string[];
	readonly embedded?: boolean;
	readonly supply: string | undefined;
	readonly found: readonly Found[];
	/** The program, where no place shows the need. */
	readonly binary?: ShippedBinary;
}

interface Found {
	readonly binary: ShippedBinary;
	readonly evidence: Omit<Evidence, 'need' | 'detail' | 'character' | 'length'> & { readonly character?: number };
}

/**
 * All that the programs of the target are known to need, each need once.
 *
 * @param findings those of the Dockerfile: a need that one of them reports is not met
 */
export function needsOf(
	facts: Pick<Facts, 'go'> & Partial<Pick<Facts, 'image'>>,
	target: Target,
	findings: readonly PictureFinding[],
): PictureNeed[] {
	const judged = [
		...TABLE.flatMap((each) => tabled(target, each, builderName(facts, target))),
		...named(target, 'executable', executable),
		...onePerFile([...named(target, 'runtime-file', file), ...named(target, 'named-file', file)]),
		...named(target, 'writable-directory', directory),
		...libraries(facts, target),
	];
	const needs = judged.flatMap((each) => {
		const finding = findings.find((finding) => reports(finding, each, target));
		// A name that a library is given need not be that of a file.
		if (each.need === 'named-file' && finding === undefined && each.state !== 'yes') return [];
		return [pictureNeed(facts, each, finding)];
	});
	return needs.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

const ORDER: readonly PictureNeed['state'][] = ['unmet', 'unknown', 'met'];
const STATES = { yes: 'met', no: 'unmet', unknown: 'unknown' } as const;

function pictureNeed(facts: Pick<Facts, 'go'>, judged: Judged, finding: PictureFinding | undefined): PictureNeed {
	const { need, detail, title, providedBy, embedded, supply, found, binary } = judged;
	const state = finding === undefined ? STATES[judged.state] : 'unmet';
	const given = found.length > 0 && found.every(({ evidence }) => evidence.given);
	return {
		id: detail === undefined ? need : `${need}:${detail}`,
		title,
		state,
		...(given && { given }),
		providedBy: state === 'met' ? providedBy : [],
		...(embedded && { embedded }),
		...(state !== 'met' && supply !== undefined && { supply }),
		programs: [...new Set([...(binary === undefined ? [] : [binary]), ...found.map((each) => each.binary)].map(({ path }) => path))].sort(),
		places: picturePlaces(
			facts,
			found.map(({ evidence, binary }) => ({ place: evidence, program: binary.program })),
		),
		...(finding !== undefined && { code: finding.code }),
	};
}

/** Whether the finding is of this need: of the same place in Go, or of the target where there is one need of the kind only. */
function reports({ code, range, related = [] }: PictureFinding, { need, detail, found, binary }: Judged, { state }: Target): boolean {
	if (CODES[need]?.includes(code) !== true) return false;
	const same = related.some(({ path, line }) => found.some(({ evidence }) => evidence.path === path && evidence.line === line));
	const within = (stage: StageState): boolean => {
		const { range: whole } = stage.stage;
		return (whole.start <= range.start && range.end <= whole.end) || (stage.parent !== undefined && within(stage.parent));
	};
	if (need === 'c-library') return binary?.build !== undefined && overlaps(binary.build.range, range);
	return within(state) && (same || (detail === undefined && related.length === 0));
}

function overlaps(one: Range, other: Range): boolean {
	return one.start <= other.end && other.start <= one.end;
}

interface Tabled {
	readonly id: NeedId;
	readonly need: Need;
	/** The paths of the image that provide it, where it does. */
	providers(state: StageState): readonly string[];
}

/** The needs of which there is one each. */
const TABLE: readonly Tabled[] = [
	{
		id: 'certificate-roots',
		need: certificateRoots,
		providers: (state) => present(state, [...ROOT_FILES, ...ROOT_DIRECTORIES]).slice(0, 1),
	},
	{ id: 'zone-data', need: zoneData, providers: (state) => present(state, ZONE_DIRECTORIES) },
	{
		id: 'temporary-directory',
		need: temporaryDirectory,
		providers: ({ environment }) => [join('/', environment.get('TMPDIR')?.value ?? '/tmp')],
	},
	{ id: 'user-database', need: userDatabase, providers: (state) => present(state, ['/etc/passwd']) },
];

function present({ files }: StageState, paths: readonly string[]): string[] {
	return paths.filter((path) => files.has(path) === 'yes');
}

/** @param builder the stage that what provides a need is copied from */
function tabled(target: Target, { id, need, providers }: Tabled, builder: Written): Judged[] {
	const found = evidenceOf(target, id);
	if (found.length === 0) return [];
	const mayEmbed = id === 'certificate-roots' || id === 'zone-data';
	const open = mayEmbed ? found.filter(({ binary }) => binary.program?.embedded.has(id) !== true) : found;
	const common = { need: id, detail: undefined, title: need.title, supply: supplyOf(need, builder) };
	if (open.length === 0) return [{ ...common, state: 'yes', providedBy: [], embedded: true, found }];
	// A dependency that loads zones by name may never be given one.
	const isCertain = id !== 'zone-data' || open.some(({ evidence }) => evidence.detail !== undefined || evidence.own);
	const provided = need.provided(target.state);
	return [
		{
			...common,
			state: provided === 'no' && !isCertain ? 'unknown' : provided,
			providedBy: provided === 'yes' ? providers(target.state) : [],
			found: open,
		},
	];
}

/** How to supply the need, in the words of a Dockerfile. */
function supplyOf({ supply }: Need, builder: Written): string {
	if (supply.tag !== undefined) return `go build -tags ${supply.tag}`;
	const copy = supply.copy?.(builder);
	if (copy === undefined) return supply.explanation;
	return supply.prepare === undefined ? copy : `RUN ${supply.prepare} in the build stage, and ${copy}`;
}

/** The name of the stage that builds the target's program, or its number; `build` where there is none. */
function builderName({ image }: Partial<Pick<Facts, 'image'>>, { binaries }: Target): Written {
	const index = binaries.find(({ build }) => build !== undefined)?.build?.stage.index;
	if (index === undefined) return written`build`;
	return plainWord(image?.stages[index]?.stage.from.alias?.raw ?? '') ?? number(index);
}

type Evident = ReturnType<typeof evidenceOf>[number];

/** One need for each name. */
function named(
	target: Target,
	id: NeedId,
	judge: (target: Target, name: string, found: readonly Evident[]) => Judged | undefined,
): Judged[] {
	const byName = new Map<string, Evident[]>();
	for (const each of evidenceOf(target, id)) {
		const { detail } = each.evidence;
		if (detail !== undefined) byName.set(detail, [...(byName.get(detail) ?? []), each]);
	}
	return [...byName].flatMap(([name, found]) => judge(target, name, found) ?? []);
}

function executable({ state }: Target, name: string, found: readonly Evident[]): Judged {
	const answer = findExecutable(state, name);
	const path = name.includes('/') ? name : alongPath(state.files, state.environment, name).path;
	// How a binary was built whose build is not to be seen decides what of it is ever started.
	const isCertain = found.some(({ binary }) => binary.build !== undefined);
	return {
		need: 'executable',
		detail: name,
		title: `executable ${name}`,
		state: answer === 'no' && !isCertain ? 'unknown' : answer,
		providedBy: answer === 'yes' && path !== undefined ? [path] : [],
		supply: `Install ${name} in the final image`,
		found,
	};
}

/** A file that a library is given by name may be known to be opened too, or be written in two ways: that is one need. */
function onePerFile(needs: readonly Judged[]): Judged[] {
	const byPath = new Map<string, Judged>();
	for (const each of needs) {
		const path = normalize(each.detail ?? '');
		const known = byPath.get(path);
		byPath.set(path, known === undefined ? each : { ...known, found: onePerPlace([...known.found, ...each.found]) });
	}
	return [...byPath.values()];
}

function onePerPlace(found: readonly Found[]): Found[] {
	const isSame = (one: Found, other: Found) =>
		one.binary === other.binary && one.evidence.path === other.evidence.path && one.evidence.line === other.evidence.line;
	return found.filter((each, index) => found.findIndex((other) => isSame(each, other)) === index);
}

/** A file that is opened by its name. That it is absent is for the rule to say, which knows whether somebody mounts it. */
function file({ state }: Target, name: string, found: readonly Evident[]): Judged | undefined {
	const part = fixedPart(name);
	const place = isAbsolute(part) ? part : state.workingDirectory && join(state.workingDirectory, part);
	const changesDirectory = found.some(({ binary }) => binary.program?.unknowns.some(({ kind }) => kind === 'working-directory'));
	const answer = place === undefined || (changesDirectory && !isAbsolute(part)) ? 'unknown' : state.files.has(place);
	const embedded = answer !== 'yes' && found.every(({ binary }) => isEmbedded(binary, part));
	return {
		need: found[0]?.evidence.need ?? 'runtime-file',
		detail: name,
		title: `file ${name}`,
		state: embedded || answer === 'yes' ? 'yes' : 'unknown',
		providedBy: answer === 'yes' && place !== undefined ? [place] : [],
		embedded,
		supply: place === undefined ? undefined : `Copy it to ${place}, or embed it with //go:embed`,
		found,
	};
}

/** Whether a //go:embed of the program takes the file, or the directory that it lies in. */
function isEmbedded({ program, mainPackage }: ShippedBinary, path: string): boolean {
	const starts = [program?.module?.directory, mainPackage?.directory, ...(program?.roots ?? []).map((root) => root.directory)];
	const embedded = (program?.embeds ?? []).map((embed) => join(dirname(embed.path), fixedPart(embed.pattern.replace(/^all:/, ''))));
	return starts.some((start) => start !== undefined && embedded.some((each) => isWithin(each, join(start, path))));
}

function directory({ state }: Target, name: string, found: readonly Evident[]): Judged | undefined {
	const path = isAbsolute(name) ? name : state.workingDirectory && join(state.workingDirectory, name);
	let answer: Answer = 'unknown';
	for (const above of path === undefined ? [] : ancestors(path)) {
		const there = above === '/' ? 'yes' : state.files.has(above);
		if (there === 'no') continue;
		answer = there === 'yes' && writable(state, above) === 'yes' ? 'yes' : 'unknown';
		break;
	}
	const isThere = path !== undefined && state.files.has(path) === 'yes';
	return {
		need: 'writable-directory',
		detail: name,
		title: `writable directory ${name}`,
		state: answer,
		providedBy: answer === 'yes' && isThere ? [path] : [],
		supply: path === undefined ? undefined : `A directory ${path} that belongs to the user`,
		found,
	};
}

/** The C library, and the shared libraries, of dynamic binaries. */
function libraries({ image }: Partial<Pick<Facts, 'image'>>, target: Target): Judged[] {
	const result: Judged[] = [];
	for (const binary of target.binaries) {
		const { build, program } = binary;
		const builder = build && image?.stages[build.stage.index];
		if (build === undefined || program === undefined || builder === undefined) continue;
		const because = dynamicBecause(build, program);
		if (because === undefined) continue;
		const packages = because.cause === 'cgo' ? because.packages : program.cgoPackages.slice(0, because.cause === 'standard-cgo' ? 0 : 3);
		const libc = builder.base?.libc;
		const known = libc === 'glibc' || libc === 'musl';
		const has = olderGlibc(builder, target.state, build, program) === undefined ? hasLibcOf(builder, target.state) : 'no';
		result.push({
			need: 'c-library',
			detail: binary.path,
			title: `C library${known ? ` (${libc})` : ''} of ${binary.path}`,
			state: has,
			providedBy: has === 'yes' && known ? present(target.state, LOADERS[libc]) : [],
			supply: 'Build with CGO_ENABLED=0, or use a base image with that library',
			binary,
			found: packages.map((each) => ({ binary, evidence: ofPackage(each, 'import "C"', each.path, each.line) })),
		});
		for (const each of program.cgoPackages) {
			for (const { name, path, line } of each.libraries) {
				const library = sharedLibrary(name);
				if (library === undefined) continue;
				const lacks = builder !== target.state && hasLibcOf(builder, target.state) === 'yes' && lacksLibrary(target.state, library);
				result.push({
					need: 'shared-library',
					detail: library.file,
					title: `shared library ${library.file}`,
					state: lacks ? 'no' : builder === target.state ? 'yes' : 'unknown',
					providedBy: [],
					supply: 'Install the package that holds it',
					found: [{ binary, evidence: ofPackage(each, `links ${name}`, path, line) }],
				});
			}
		}
	}
	return [...new Map(result.map((each) => [`${each.need} ${each.detail}`, each])).values()];
}

function ofPackage({ importPath, own, chain }: CgoPackage, symbol: string, path: string | undefined, line: number): Found['evidence'] {
	return { path, line, symbol, given: false, package: importPath, own, chain };
}
