import type { Facts } from '../facts/facts.ts';
import { setEnvironment, WITH_CGO } from '../fixes/go-command.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild } from '../image/model.ts';
import { contributingStages } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { mayUseBoringCrypto, usesBoringCrypto } from '../needs/cgo-flags.ts';
import { cgoOn } from '../needs/libc.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'boringcrypto-without-cgo',
	severity: 'error',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'GOEXPERIMENT=boringcrypto has no effect, because cgo is disabled.',
		why: "BoringCrypto is C code. Without cgo the build passes, and the binary has Go's own cryptography instead: `go tool nm app | grep goboringcrypto` prints nothing, and `boring.Enabled()` is false.",
		example:
			'FROM golang:1.26-bookworm AS build\nWORKDIR /src\nCOPY . .\nRUN GOEXPERIMENT=boringcrypto CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26-bookworm AS build\nWORKDIR /src\nCOPY . .\nRUN GOEXPERIMENT=boringcrypto CGO_ENABLED=1 go build -o /app\n\nFROM gcr.io/distroless/base-debian12\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			"Reported if the value of GOEXPERIMENT is known, and cgo is known to be disabled: by CGO_ENABLED=0, by cross-compiling, or because the image has no C compiler. Not reported for a program that imports no crypto package. The fix enables cgo; the final image then needs glibc, which `cgo-without-libc` reports. From Go 1.24 on, GOFIPS140 selects Go's own FIPS 140-3 module, which needs no cgo.",
	},
	*check(facts) {
		const contributing = contributingStages(facts.image);
		for (const state of facts.image.stages) {
			if (state.windows || !contributing.has(state)) continue;
			for (const build of state.builds) {
				if (usesBoringCrypto(build) && cgoOn(build) === 'no' && mayEncrypt(facts, build)) yield finding(facts, build);
			}
		}
	},
};

/** Whether the program uses cryptography, as far as that is known. */
function mayEncrypt(facts: Facts, build: GoBuild): boolean {
	const program = facts.programOf(build);
	return program === undefined || program.unread.length > 0 || mayUseBoringCrypto(program);
}

function finding(facts: Facts, build: GoBuild): Finding {
	const image = stateOf(facts, build)?.base?.reference ?? 'this image';
	const off =
		build.cgoEnabled === '0'
			? 'CGO_ENABLED=0 is set'
			: build.crossCompiles === 'yes'
				? 'cross-compiling disables cgo'
				: `${image} has no C compiler, which disables cgo`;
	const module =
		build.goMinor !== undefined && build.goMinor >= SINCE_GO.fipsModule ? ", or use GOFIPS140, Go's own FIPS 140-3 module" : '';
	return {
		range: build.commandRange,
		message: `GOEXPERIMENT=boringcrypto needs cgo, but ${off}: the build passes without BoringCrypto. Enable cgo and use a final image with glibc${module}.`,
		fixes: () =>
			build.cgoEnabled === '0'
				? [{ title: 'Set CGO_ENABLED=1', edits: setEnvironment(facts.dockerfile, build, [WITH_CGO]), changes: ['cgo'], preferred: false }]
				: [],
	};
}
