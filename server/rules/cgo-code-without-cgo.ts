import { type CgoNeed, cgoNeededFor, cgoPlaces, saidOfCgo } from '../facts/cgo.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { differencesOf, rangeOfBinary, saidOfBinary, severityOf } from '../facts/linked-binaries.ts';
import type { GoBuild } from '../image/model.ts';
import { cgoOn } from '../needs/libc.ts';
import type { CgoPackage } from '../program/model.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'cgo-code-without-cgo',
	severity: 'error',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'cgo is disabled, but the program requires its C code, or a flag requires cgo.',
		why: 'With CGO_ENABLED=0 the go command excludes files that import "C". A package without other files does not build: `build constraints exclude all Go files in …`. Code that uses their functions does not build either: `undefined: sum`. Some packages build and fail at run time: `Binary was compiled with \'CGO_ENABLED=0\', go-sqlite3 requires cgo to work`. The go command refuses `-race`, `-linkmode=external` and `-buildmode=plugin` without cgo: `-race requires cgo`.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=1 go build -o /app',
		notes:
			'Reports packages outside the standard library that have no Go file left without cgo, packages that use declarations of the excluded files, and packages of a curated list that build without cgo and fail at run time. There is no fix: either enable cgo and use a final image with a C library, or use the pure Go package that the message names. Of a program that was read as it was linked, in the build context or in an image, what its build information says of CGO_ENABLED counts.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const target of facts.targets) {
			for (const binary of target.binaries) {
				const linked = linkedFinding(facts, target, binary);
				if (linked !== undefined) yield linked;
				const { build, program } = binary;
				if (build === undefined || program === undefined || seen.has(build) || cgoOn(build) !== 'no') continue;
				const first = cgoNeededFor(facts, build).find(
					({ cause, certain, failure }) => certain && (cause === 'code' || failure !== undefined),
				);
				if (first === undefined) continue;
				seen.add(build);
				yield finding(build, first);
			}
		}
	},
};

/** What a program that was read was built without; what does not build there was not built. */
function linkedFinding(facts: Facts, target: Target, binary: ShippedBinary): Finding | undefined {
	const { linked, program, build } = binary;
	if (build !== undefined || linked?.kind !== 'program' || linked.build?.settings.get('CGO_ENABLED') !== '0') return undefined;
	const required = program?.cgoPackages.find(({ withoutCgo }) => withoutCgo === 'stub');
	if (required === undefined) return undefined;
	return {
		range: rangeOfBinary(target, binary),
		severity: severityOf(binary),
		message: `${saidOfBinary(binary, facts)} was built with CGO_ENABLED=0, without the C code of ${saidOfCgo(required)}: it fails at run time. Build it with cgo and use an image with a C library${orInstead(required)}.`,
		related: [...cgoPlaces([required]), ...differencesOf([binary])],
	};
}

function orInstead({ alternative }: CgoPackage): string {
	return alternative === undefined ? '' : `, or use ${alternative}, a pure Go package`;
}

function finding(build: GoBuild, need: CgoNeed): Finding {
	if (need.package === undefined) return flagFinding(build, need);
	return need.package.importPath === 'plugin' ? pluginFinding(build, need, need.package) : codeFinding(build, need, need.package);
}

/** A flag that the go command refuses without cgo. */
function flagFinding(build: GoBuild, need: CgoNeed): Finding {
	return {
		range: build.commandRange,
		message: `cgo is disabled, but ${need.said} requires it: the build fails with '${need.failure}'. Enable cgo and use a final image with a C library, or remove ${need.said}.`,
	};
}

/** Package plugin builds without cgo. A program that opens plugins may do so only where it is told to. */
function pluginFinding(build: GoBuild, need: CgoNeed, required: CgoPackage): Finding {
	return {
		range: build.commandRange,
		severity: 'warning',
		message: `cgo is disabled, but package ${need.said} requires it: opening a plugin fails with '${need.failure}'. Enable cgo and use a final image with a C library.`,
		related: cgoPlaces([required]),
	};
}

function codeFinding(build: GoBuild, need: CgoNeed, required: CgoPackage): Finding {
	const off = build.cgoEnabled === '0' ? 'CGO_ENABLED=0 excludes' : 'cgo is disabled here, which excludes';
	const fails = need.failure === undefined ? 'the build fails' : `the build fails with '${need.failure}'`;
	const then = required.withoutCgo === 'stub' ? 'it builds, but fails at run time' : fails;
	return {
		range: build.commandRange,
		message: `${off} the C code of ${need.said}: ${then}. Enable cgo and use a final image with a C library${orInstead(required)}.`,
		related: cgoPlaces([required]),
	};
}
