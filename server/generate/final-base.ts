import { joined, plainWord, type Written, written } from '../dockerfile/write.ts';
import { ALPINE_PROGRAMS, DEBIAN_PROGRAMS } from '../knowledge/base-programs.ts';
import { packageOfProgram } from '../knowledge/packages.ts';
import { basename } from '../workspace/paths.ts';
import { CGO_DEBIAN } from './go-image.ts';
import type { Plan } from './plan.ts';

/** The image that the final stage starts from. */
export interface FinalBase {
	readonly image: Written;
	/** Why it is not scratch; empty if it is. */
	readonly because: string;
	/** The RUN that installs what the program starts. */
	readonly install: Written | undefined;
	/** Programs that are neither in the image nor in a package that is known. */
	readonly lacking: readonly string[];
	/** Whether it has CA certificates, users and a directory for temporary files of its own. */
	readonly complete: boolean;
}

const ALPINE = written`alpine:3.22`;

/** scratch for a program alone, a C library where there is C code, and a distribution with packages where the program starts others. */
export function finalBase(plan: Plan): FinalBase {
	const [cgo] = plan.cgo;
	const started = [...new Set(plan.executables.flatMap(({ detail }) => detail ?? []))];
	if (started.length === 0) {
		if (cgo === undefined) return { image: written`scratch`, because: '', install: undefined, lacking: [], complete: false };
		const because = `${cgo.importPath} has C code`;
		return { image: CGO_DEBIAN.distroless, because, install: undefined, lacking: [], complete: true };
	}
	const manager = cgo === undefined ? 'apk' : 'apt';
	const there = manager === 'apk' ? ALPINE_PROGRAMS : DEBIAN_PROGRAMS;
	const packages: Written[] = [written`ca-certificates`];
	const lacking: string[] = [];
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
		because: `the program starts ${started.join(', ')}`,
		install: installing(manager, packages),
		lacking,
		complete: true,
	};
}

function installing(manager: 'apk' | 'apt', packages: readonly Written[]): Written {
	const names = joined(packages, written` `);
	if (manager === 'apk') return written`RUN apk add --no-cache ${names}`;
	return written`RUN apt-get update && apt-get install -y --no-install-recommends ${names} && rm -rf /var/lib/apt/lists/*`;
}
