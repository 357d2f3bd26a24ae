import type { Archive } from '../../workspace/archive.ts';
import type {
	CgoLibrary,
	CgoPackage,
	EmbedPattern,
	Evidence,
	HandledSignal,
	Listener,
	OwnPackage,
	Program,
	ProgramPackage,
	ProgramRequest,
	Unknown,
} from '../model.ts';
import { readModule } from '../modules.ts';
import type { SourceCache, SourceDirectory, SourceInputs } from '../source-cache.ts';
import { isCount, isFlag, isText, listOf, oneOf, optional, orNull, partOf, recordOf, type Shape, tupleOf } from './shape.ts';

/** A program with what was asked for, as text. */
export type KeyedProgram = readonly [key: string, program: Program];

/** Programs as an archive keeps them: JSON has no sets, and a module is one object for all who speak of it. */
interface KeptPrograms {
	readonly inputs: SourceInputs;
	readonly programs: readonly (readonly [key: string, program: KeptProgram])[];
}

type KeptProgram = Omit<Program, 'module' | 'standardPackages' | 'embedded'> & {
	readonly module: string | undefined;
	readonly standardPackages: readonly string[];
	readonly embedded: readonly ('certificate-roots' | 'zone-data')[];
};

const isDirectory = partOf<SourceDirectory>({
	goFiles: listOf(isText),
	hasGoFiles: isFlag,
	hasGoMod: isFlag,
	hasGoSum: isFlag,
	hasGoWork: isFlag,
	hasGoWorkSum: isFlag,
	directories: listOf(isText),
	size: isCount,
});

const isRequest = recordOf<ProgramRequest>({
	directory: isText,
	packages: listOf(isText),
	goos: isText,
	goarch: optional(isText),
	tags: listOf(isText),
	cgo: optional(isFlag),
	goMinor: optional(isCount),
	mod: optional(isText),
	withoutWork: optional(isFlag),
});

/** The fields of a place in Go source. */
const ofPlace = {
	path: optional(isText),
	line: isCount,
	character: isCount,
	length: isCount,
	symbol: isText,
	given: isFlag,
	commands: optional(listOf(isText)),
	package: isText,
	own: isFlag,
	chain: listOf(isText),
};

const isEvidence = recordOf<Evidence>({
	...ofPlace,
	need: isText,
	detail: optional(isText),
	flag: optional(isText),
	changeable: optional(isFlag),
	ignored: optional(isFlag),
});

const isListener = recordOf<Listener>({ ...ofPlace, address: optional(isText), purpose: oneOf('service', 'profiler', 'log-in') });

const isHandledSignal = recordOf<HandledSignal>({ ...ofPlace, signal: isText });

const isCgoPackage = recordOf<CgoPackage>({
	importPath: isText,
	chain: listOf(isText),
	path: optional(isText),
	line: isCount,
	own: isFlag,
	everywhere: isFlag,
	withoutCgo: oneOf('no', 'stub', 'yes', 'unknown'),
	failure: optional(isText),
	libraries: listOf(recordOf<CgoLibrary>({ name: isText, path: isText, line: isCount })),
	alternative: optional(isText),
});

const isUnknown = recordOf<Unknown>({
	kind: oneOf('program', 'file', 'created-file', 'changed-file', 'plugin', 'source-path', 'user', 'working-directory'),
	path: isText,
	line: isCount,
	character: isCount,
	length: isCount,
	symbol: isText,
	detail: optional(isText),
	commands: optional(listOf(isText)),
	package: isText,
	own: isFlag,
	chain: listOf(isText),
});

const isProgram = recordOf<KeptProgram>({
	request: isRequest,
	module: optional(isText),
	roots: listOf(recordOf<ProgramPackage>({ importPath: isText, directory: isText, name: isText, binaryName: isText })),
	missing: listOf(isText),
	packageCount: isCount,
	standardPackages: listOf(isText),
	needsModules: oneOf('yes', 'no', 'unknown'),
	evidence: listOf(isEvidence),
	embedded: listOf(oneOf('certificate-roots', 'zone-data')),
	cgoPackages: listOf(isCgoPackage),
	standardCgo: listOf(isText),
	embeds: listOf(recordOf<EmbedPattern>({ pattern: isText, path: isText, line: isCount })),
	missingPackages: listOf(isText),
	ownPackages: listOf(
		recordOf<OwnPackage>({
			importPath: isText,
			directory: isText,
			files: listOf(isText),
			importedIn: optional(recordOf<NonNullable<OwnPackage['importedIn']>>({ path: isText, line: isCount })),
		}),
	),
	unread: listOf(isText),
	namedFiles: listOf(isEvidence),
	listeners: listOf(isListener),
	mayListenElsewhere: isFlag,
	handledSignals: listOf(isHandledSignal),
	mayHandleOtherSignals: isFlag,
	unknowns: listOf(isUnknown),
	keepsFiles: isFlag,
});

const isVersions: Shape = listOf(tupleOf(isText, orNull(isText)));

const isKept = recordOf<KeptPrograms>({
	inputs: recordOf<SourceInputs>({
		modules: isVersions,
		directories: listOf(tupleOf(isText, orNull(isDirectory))),
		files: isVersions,
	}),
	programs: listOf(tupleOf(isText, isProgram)),
});

/** Keeps what was read of programs under a name, with all that was looked at for it. */
export function keepPrograms(archive: Archive, name: string, programs: readonly KeyedProgram[], inputs: SourceInputs): void {
	const kept: KeptPrograms = { inputs, programs: programs.map(([key, program]) => [key, withoutObjects(program)]) };
	archive.write(name, new TextEncoder().encode(JSON.stringify(kept)));
}

/** The programs that an earlier process kept, where everything that was looked at for them is as it was; else none. */
export async function restorePrograms(
	cache: SourceCache,
	archive: Archive,
	name: string,
): Promise<{ readonly programs: readonly KeyedProgram[]; readonly inputs: SourceInputs } | undefined> {
	const content = archive.read(name);
	if (content === undefined) return undefined;
	const kept = decodePrograms(content);
	if (kept === undefined) {
		archive.forget(name);
		return undefined;
	}
	const { inputs, programs } = kept;
	if (!(await cache.isAsBefore(inputs))) return undefined;
	const restored: KeyedProgram[] = [];
	for (const [key, program] of programs) {
		restored.push([
			key,
			{
				...program,
				module: program.module === undefined ? undefined : await readModule(cache, program.module),
				standardPackages: new Set(program.standardPackages),
				embedded: new Set(program.embedded),
			},
		]);
	}
	return { programs: restored, inputs };
}

/** What {@link keepPrograms} wrote; `undefined` where it is something else. */
function decodePrograms(content: Uint8Array): KeptPrograms | undefined {
	try {
		const kept: unknown = JSON.parse(new TextDecoder().decode(content));
		return isKept(kept) ? (kept as KeptPrograms) : undefined;
	} catch {
		return undefined;
	}
}

function withoutObjects(program: Program): KeptProgram {
	return {
		...program,
		module: program.module?.directory,
		standardPackages: [...program.standardPackages],
		embedded: [...program.embedded],
	};
}
