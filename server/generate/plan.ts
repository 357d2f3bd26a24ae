import { saidOf } from '../facts/evidence.ts';
import { fixedPart } from '../image/context/glob.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import { possiblyRequiredCgo } from '../needs/libc.ts';
import { certificateRoots, type Need, temporaryDirectory, userDatabase, userDatabaseOf, wantsRoot, zoneData } from '../needs/needs.ts';
import { isInHome } from '../program/home-directory.ts';
import type { CgoPackage, Evidence, Program, Unknown } from '../program/model.ts';
import { isWithin } from '../workspace/paths.ts';

/** What a final stage has to provide for a program, and why. */
export interface Plan {
	/** The needs to supply, in the order that they are written. */
	readonly needs: readonly PlannedNeed[];
	/** C code that the program requires, or may require if it is the workspace's own: it needs a base image with a C library. */
	readonly cgo: readonly CgoPackage[];
	/** Files of the repository that are opened by relative path. */
	readonly runtimeFiles: readonly Evidence[];
	/** Relative paths of files that are the default of a setting, or that a library is given. */
	readonly defaultFiles: readonly Evidence[];
	/** Directories that are written to; relative ones lie below the working directory. */
	readonly directories: readonly Evidence[];
	/** The details of those whose content is meant to outlive the container. */
	readonly lasting: ReadonlySet<string | undefined>;
	/** Whether a program makes files under names that are not known, and so perhaps in its working directory. */
	readonly writesAnywhere: boolean;
	/** Whether its home directory is written to. */
	readonly writesHome: boolean;
	/** Programs that are started. */
	readonly executables: readonly Evidence[];
	/** What shows that the program requires root. */
	readonly privilege: Evidence | undefined;
	/** Modules that could not be read: what they need is unknown. */
	readonly unread: readonly string[];
	/** What the source leaves open and the plan does not supply: more may be needed. */
	readonly open: readonly Unknown[];
}

export interface PlannedNeed {
	readonly need: Need;
	/** What in the program shows it; `undefined` if it is supplied because it could not be ruled out. */
	readonly because: string | undefined;
}

/** The needs that a plan supplies. The cheap ones are also supplied if modules could not be read. */
const SUPPLIED: readonly {
	readonly id: NeedId;
	readonly need: Need;
	readonly cheap: boolean;
	readonly embeddable?: 'certificate-roots' | 'zone-data';
}[] = [
	{ id: 'certificate-roots', need: certificateRoots, cheap: true, embeddable: 'certificate-roots' },
	{ id: 'zone-data', need: zoneData, cheap: true, embeddable: 'zone-data' },
	{ id: 'temporary-directory', need: temporaryDirectory, cheap: true },
];

/**
 * Plans the final stage for its programs.
 *
 * @param programs `undefined` is a program that could not be read.
 */
export function planFor(programs: readonly (Program | undefined)[]): Plan {
	const read = programs.filter((program) => program !== undefined);
	const unread = [...new Set(read.flatMap(({ unread: all, missingPackages }) => all.filter((each) => !missingPackages.includes(each))))];
	const certain = read.length === programs.length && unread.length === 0;
	const needs: PlannedNeed[] = [];
	for (const { id, need, cheap, embeddable } of SUPPLIED) {
		const lacking = read.filter((program) => embeddable === undefined || !program.embedded.has(embeddable));
		const shown = lacking.flatMap((program) => evidenceIn(program, id).map((evidence) => saidOf(evidence, program)));
		const [because] = shown;
		if (because !== undefined) needs.push({ need, because });
		else if (!certain && cheap && (lacking.length > 0 || read.length < programs.length)) needs.push({ need, because: undefined });
	}
	const all = (id: NeedId) => read.flatMap((program) => evidenceIn(program, id));
	const privilege = all('privilege').find(wantsRoot);
	// A user other than root gets an /etc/passwd entry; root gets one where the program asks who it is.
	if (privilege === undefined || all('user-database').length > 0) {
		const [shown] = read.flatMap((program) => evidenceIn(program, 'user-database').map((evidence) => saidOf(evidence, program)));
		needs.push({ need: privilege === undefined ? userDatabase : userDatabaseOf({ uid: 0, gid: 0 }), because: shown });
	}
	return {
		needs,
		cgo: read.flatMap(possiblyRequiredCgo),
		runtimeFiles: distinct(all('runtime-file')),
		defaultFiles: distinct([...all('default-file'), ...read.flatMap((program) => program.namedFiles)]),
		directories: distinct(all('writable-directory')),
		lasting: new Set(all('database-directory').map(({ detail }) => detail)),
		writesAnywhere: read.some(({ unknowns }) => unknowns.some(writesAnywhere)),
		writesHome: read.some(({ unknowns }) => unknowns.some(writesHome)),
		executables: distinct(all('executable')),
		privilege,
		unread,
		open: distinctBy(
			read.flatMap((program) => program.unknowns.filter((unknown) => !isSupplied(unknown, program))),
			({ kind, detail = '' }) => `${kind} ${detail}`,
		),
	};
}

function evidenceIn(program: Program, id: NeedId): Evidence[] {
	const found = program.evidence.filter((evidence) => evidence.need === id);
	// A zone that is not constant counts only in the main module: the program may not use that function of a library.
	return id === 'zone-data' ? found.filter((evidence) => evidence.own || evidence.detail !== undefined) : found;
}

/** What is copied for files that are opened by relative path: the file, or the directory of a pattern. */
export function runtimePaths({ runtimeFiles }: Plan): string[] {
	return fixedParts(runtimeFiles);
}

/** What is also copied if it exists: the files that are the default of a setting. */
export function defaultPaths({ defaultFiles }: Plan): string[] {
	return fixedParts(defaultFiles);
}

function fixedParts(evidence: readonly Evidence[]): string[] {
	const paths = evidence.flatMap(({ detail }) => (detail === undefined ? [] : [fixedPart(detail)]));
	return [...new Set(paths)].filter((path) => path !== '.');
}

/** Whether the evidence names a directory below the working directory. */
function isRelative({ detail }: Evidence): boolean {
	return detail !== undefined && !detail.startsWith('/');
}

/** Whether the program makes something under a name that is not known, and so perhaps in its working directory. */
function writesAnywhere({ kind, detail, own }: Unknown): boolean {
	return kind === 'created-file' && own && detail === undefined;
}

/** Whether a program writes, or may write, to its working directory. */
export function writesRelative({ directories, writesAnywhere }: Plan): boolean {
	return directories.some(isRelative) || writesAnywhere;
}

/** Whether the program makes something in its home directory. */
export function writesHome({ kind, detail = '', own }: Unknown): boolean {
	return kind === 'created-file' && own && isInHome(detail);
}

/** Whether the plan supplies what the unknown is about, or it says nothing of the image. */
function isSupplied({ kind, detail, own }: Unknown, { evidence }: Program): boolean {
	if ((kind !== 'created-file' && kind !== 'changed-file') || detail === undefined || !own) return false;
	return evidence.some(
		({ need, detail: directory }) => need === 'writable-directory' && directory !== undefined && isBelow(directory, detail),
	);
}

function isBelow(directory: string, path: string): boolean {
	return directory === '.' ? !path.startsWith('/') : isWithin(directory, path.replace(/^\.\//, ''));
}

/** The first of each key; those without one are left out. */
function distinctBy<T>(all: readonly T[], keyOf: (each: T) => string | undefined): T[] {
	const byKey = new Map<string, T>();
	for (const each of all) {
		const key = keyOf(each);
		if (key !== undefined && !byKey.has(key)) byKey.set(key, each);
	}
	return [...byKey.values()];
}

/** One piece of evidence for each detail. */
function distinct(evidence: readonly Evidence[]): Evidence[] {
	return distinctBy(evidence, ({ detail }) => detail);
}
