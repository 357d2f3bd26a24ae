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
		summary: 'cgo is off and the program does not work without its C code.',
		why: 'With CGO_ENABLED=0 files that import "C" are left out. A package that has no others does not build: `build constraints exclude all Go files in …`; nor does what uses their functions: `undefined: sum`. Some build and fail at run time: `Binary was compiled with \'CGO_ENABLED=0\', go-sqlite3 requires cgo to work`.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=1 go build -o /app',
		notes:
			'Speaks of packages outside the standard library that have no file left without cgo, of those whose other files or importers use what only the files left out declare, and of those in a curated list that build without it and then fail. There is no fix: either turn cgo on and take a final image with a C library, or use the pure-Go package that the message names.',
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
	const off = build.cgoEnabled === '0' ? 'CGO_ENABLED=0 leaves out' : 'cgo is off here, which leaves out';
	const then =
		required.withoutCgo === 'stub'
			? 'it builds, and fails when it is used'
			: `the build fails with '${required.failure ?? 'build constraints exclude all Go files'}'`;
	const instead = required.alternative === undefined ? '' : `, or use ${required.alternative}, which is pure Go`;
	return `${off} the C code of ${saidOfCgo(required)}: ${then}. Turn cgo on and end in an image with a C library${instead}.`;
}
