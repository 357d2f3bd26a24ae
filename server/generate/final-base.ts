import { joined, plainWord, type Written, written } from '../dockerfile/write.ts';
import { ALPINE_PROGRAMS, DEBIAN_PROGRAMS } from '../knowledge/base-programs.ts';
import { packageOfProgram } from '../knowledge/packages.ts';
import { sharedLibrary } from '../knowledge/shared-libraries.ts';
import { basename } from '../workspace/paths.ts';
import { CGO_DEBIAN } from './go-image.ts';
import type { Plan } from './plan.ts';

/** The image that the final stage starts from. */
export interface FinalBase {
	readonly image: Written;
	/** Why it is not scratch; empty if it is. */
	readonly because: string;
	/** The RUN that installs what the program starts and is linked against. */
	readonly install: Written | undefined;
	/** The RUN of the build stage that installs the libraries it links. */
	readonly installToBuild: Written | undefined;
	/** What the program starts or is linked against, and no package is known to have. */
	readonly lacking: readonly string[];
	/** Whether it has CA certificates, users and a directory for temporary files of its own. */
	readonly complete: boolean;
}

const ALPINE = written`alpine:3.22`;

/** scratch for a program alone, a C library where there is C code, and a distribution with packages where the program starts others. */
export function finalBase(plan: Plan): FinalBase {
	const [cgo] = plan.cgo;
	const { runtime, toBuild, unknown } = librariesOf(plan);
	const started = [...new Set(plan.executables.flatMap(({ detail }) => detail ?? []))];
	const installToBuild = toBuild.length === 0 ? undefined : installing('apt', toBuild);
	if (started.length === 0 && runtime.length === 0) {
		if (cgo === undefined)
			return { image: written`scratch`, because: '', install: undefined, installToBuild, lacking: [], complete: false };
		const because = `${cgo.importPath} has C code`;
		return { image: CGO_DEBIAN.distroless, because, install: undefined, installToBuild, lacking: unknown, complete: true };
	}
	const manager = cgo === undefined ? 'apk' : 'apt';
	const there = manager === 'apk' ? ALPINE_PROGRAMS : DEBIAN_PROGRAMS;
	const packages: Written[] = [written`ca-certificates`];
	packages.push(...runtime);
	const lacking: string[] = [...unknown];
	for (const path of started) {
		const name = basename(path);
		if (there.has(name)) continue;
		const found = packageOfProgram(name, manager);
		const word = found === undefined ? undefined : plainWord(found);
		if (word === undefined) lacking.push(path);
		else if (!packages.includes(word)) packages.push(word);
	}
	return {
		image: cgo === undefined ? ALPINE : written`debian:${plainWord(CGO_DEBIAN.suite) ?? written``}-slim`,
		because: started.length > 0 ? `the program starts ${started.join(', ')}` : `${cgo?.importPath} links shared libraries`,
		install: installing(manager, packages),
		installToBuild,
		lacking,
		complete: true,
	};
}

function installing(manager: 'apk' | 'apt', packages: readonly Written[]): Written {
	const names = joined(packages, written` `);
	if (manager === 'apk') return written`RUN apk add --no-cache ${names}`;
	return written`RUN apt-get update && apt-get install -y --no-install-recommends ${names} && rm -rf /var/lib/apt/lists/*`;
}

/** Libraries of C that the C library brings, or the compiler's own that distroless/cc has too. */
const WITH_THE_COMPILER = new Set(['c', 'm', 'dl', 'rt', 'pthread', 'resolv', 'util', 'gcc', 'gcc_s', 'stdc++', 'atomic']);

/** The packages that hold what the C code is linked against, for the final image and for the build. */
function librariesOf({ cgo }: Plan): {
	readonly runtime: readonly Written[];
	readonly toBuild: readonly Written[];
	readonly unknown: readonly string[];
} {
	const runtime: Written[] = [];
	const toBuild: Written[] = [];
	const unknown = new Set<string>();
	for (const { name } of cgo.flatMap(({ libraries }) => libraries)) {
		if (WITH_THE_COMPILER.has(name)) continue;
		const library = sharedLibrary(name);
		const held = plainWord(library?.debian[CGO_DEBIAN.suite] ?? '');
		const built = plainWord(library?.debianToBuild ?? '');
		if (held === undefined || held === '') unknown.add(`the library ${name}`);
		else if (!runtime.includes(held)) runtime.push(held);
		if (built !== undefined && built !== '' && !toBuild.includes(built)) toBuild.push(built);
	}
	return { runtime, toBuild, unknown: [...unknown] };
}
