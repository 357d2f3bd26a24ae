import { cgoPlaces, saidOfCgo } from '../facts/cgo.ts';
import type { GoBuild } from '../image/model.ts';
import { cgoOn, requiredCgo } from '../needs/libc.ts';
import type { CgoPackage } from '../program/model.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'cgo-code-without-cgo',
	severity: 'error',
	fixAll: false,
	documentation: {
		summary: 'cgo is disabled, but the program requires its C code.',
		why: 'With CGO_ENABLED=0 the go command excludes files that import "C". A package without other files does not build: `build constraints exclude all Go files in …`. Code that uses their functions does not build either: `undefined: sum`. Some packages build and fail at run time: `Binary was compiled with \'CGO_ENABLED=0\', go-sqlite3 requires cgo to work`.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=1 go build -o /app',
		notes:
			'Reports packages outside the standard library that have no Go file left without cgo, packages that use declarations of the excluded files, and packages of a curated list that build without cgo and fail at run time. There is no fix: either enable cgo and use a final image with a C library, or use the pure Go package that the message names.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const { binaries } of facts.targets) {
			for (const { build, program } of binaries) {
				if (build === undefined || program === undefined || seen.has(build) || cgoOn(build) !== 'no') continue;
				const [first] = requiredCgo(program);
				if (first === undefined) continue;
				seen.add(build);
				yield { range: build.commandRange, message: message(build, first), related: cgoPlaces([first]) };
			}
		}
	},
};

function message(build: GoBuild, required: CgoPackage): string {
	const off = build.cgoEnabled === '0' ? 'CGO_ENABLED=0 excludes' : 'cgo is disabled here, which excludes';
	const then =
		required.withoutCgo === 'stub'
			? 'it builds, but fails at run time'
			: `the build fails with '${required.failure ?? 'build constraints exclude all Go files'}'`;
	const instead = required.alternative === undefined ? '' : `, or use ${required.alternative}, a pure Go package`;
	return `${off} the C code of ${saidOfCgo(required)}: ${then}. Enable cgo and use a final image with a C library${instead}.`;
}
