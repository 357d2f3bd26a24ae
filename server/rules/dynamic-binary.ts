import { cgoNeededFor, saidOfOlderGlibc } from '../facts/cgo.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { differencesOf, rangeOfBinary, saidOfBinary, severityOf } from '../facts/linked-binaries.ts';
import { dropFlag, setEnvironment, WITHOUT_CGO } from '../fixes/go-command.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { type Dynamic, dynamicBecause, hasLibcOf, type OlderGlibc, olderGlibc } from '../needs/libc.ts';
import type { Program } from '../program/model.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'dynamic-binary',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'The binary is dynamically linked but the image has no loader; disabling cgo fixes it.',
		why: 'With cgo enabled, packages such as net and os/user are linked against the C library of the build image. In an image without it the container fails with `exec /app: no such file or directory`, although the file exists: the loader that the binary names is missing. `-buildmode=pie` requires a loader even without C code.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only if three things hold. cgo is enabled: the command, ENV, ARG or cross-compiling do not disable it, and the build image has a C compiler or Go 1.19 or older. The program imports a standard package with C code, without the tag that replaces it (netgo, osusergo). The final image lacks that C library, or has a glibc older than 2.34 while the build image has a newer one. `cgo-without-libc` reports programs with C code outside the standard library. `-extldflags=-static` with `-linkmode external` links statically and is not reported. If the binary lies in the build context, go-scratch reads its loader and the glibc version that it requires from the file. If it is unknown whether C code of the workspace can be excluded, or whether a flag or GOEXPERIMENT needs cgo, the fix is offered but not preferred.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const target of facts.targets) {
			for (const { build, program } of target.binaries) {
				if (build === undefined || program === undefined || seen.has(build)) continue;
				const builder = stateOf(facts, build);
				const because = dynamicBecause(build, program);
				if (builder === undefined || because === undefined) continue;
				if (cgoNeededFor(facts, build).some(({ certain }) => certain)) continue;
				const older = olderGlibc(builder, target.state, build, program);
				if (older === undefined && hasLibcOf(builder, target.state) !== 'no') continue;
				seen.add(build);
				yield finding(facts, target, build, program, because, older);
			}
			for (const binary of target.binaries) {
				const found = linkedFinding(facts, target, binary);
				if (found !== undefined) yield found;
			}
		}
	},
};

/** What a binary that was read lacks in an image whose files are all known. */
function linkedFinding(facts: Facts, target: Target, binary: ShippedBinary): Finding | undefined {
	const { path, lacks } = binary;
	const name = saidOfBinary(binary, facts);
	const place = { range: rangeOfBinary(target, binary), severity: severityOf(binary), related: differencesOf([binary]) };
	if (lacks?.kind === 'loader') {
		return {
			...place,
			message: `${name} is dynamically linked and needs the loader ${lacks.path}, which the image does not have: it fails with 'exec ${path}: no such file or directory'. Build it with CGO_ENABLED=0, or use a base image with that C library.`,
		};
	}
	if (lacks?.kind !== 'glibc') return undefined;
	return {
		...place,
		message: `${name} requires glibc 2.${lacks.required}, and the image has 2.${lacks.there}: it fails with 'version \`GLIBC_2.${lacks.required}' not found'. Build it with CGO_ENABLED=0, or use a base image as new as that of the build.`,
	};
}

function finding(facts: Facts, target: Target, build: GoBuild, program: Program, because: Dynamic, older: OlderGlibc | undefined): Finding {
	const image = target.state.base?.reference ?? 'the final image';
	const path = target.binaries.find((binary) => binary.build === build)?.path ?? '/app';
	const fails = `${image} has no loader for it, and the container fails with 'exec ${path}: no such file or directory'.`;
	if (because.cause === 'pie' && older === undefined) {
		return {
			range: lastFlag(build.flags, 'buildmode')?.range ?? build.commandRange,
			message: `-buildmode=pie produces a binary that needs a loader; ${fails} Remove the flag.`,
			fixes: () => withoutPie(facts, build, program),
		};
	}
	const [uncertain] = cgoNeededFor(facts, build);
	const instead =
		uncertain === undefined
			? 'Build with CGO_ENABLED=0.'
			: uncertain.cause === 'code'
				? `Build with CGO_ENABLED=0 if ${uncertain.package?.importPath} works without its C code, or use a base image with that library.`
				: `Build with CGO_ENABLED=0 if ${uncertain.said} ${uncertain.cause === 'flag' ? 'allow' : 'allows'} it, or use a base image with that library.`;
	return {
		range: build.commandRange,
		message: `${linked(because)}; ${older === undefined ? fails : saidOfOlderGlibc(image, older)} ${instead}`,
		fixes: () => [
			{
				title: 'Set CGO_ENABLED=0',
				edits: setEnvironment(facts.dockerfile, build, [WITHOUT_CGO]),
				changes: ['cgo'],
				preferred: uncertain === undefined,
			},
		],
	};
}

/** What links the C library. */
function linked(because: Dynamic): string {
	if (because.cause === 'pie') return 'cgo is enabled, so the program links the C library';
	if (because.cause === 'flag') return `cgo is enabled, and ${because.flag.text} links the C library`;
	const packages = because.cause === 'cgo' ? because.packages.map((each) => each.importPath) : because.packages;
	return `cgo is enabled, so ${packages.slice(0, 3).join(' and ')} ${packages.length === 1 ? 'links' : 'link'} the C library`;
}

function withoutPie(facts: Facts, build: GoBuild, program: Program): Fix[] {
	const edits = dropFlag(facts.dockerfile, build, 'buildmode');
	if (edits.length === 0) return [];
	const flags = build.flags.filter(({ name }) => name !== 'buildmode');
	const without = { ...build, flags, linking: { ...build.linking, pie: false } };
	const linksC = dynamicBecause(without, program) !== undefined;
	// Without C code that may be missed the program might not build.
	const preferred = !linksC || cgoNeededFor(facts, build).every(({ flag }) => flag?.flag === lastFlag(build.flags, 'buildmode'));
	if (linksC) edits.push(...setEnvironment(facts.dockerfile, build, [WITHOUT_CGO]));
	return [{ title: `Remove -buildmode=pie${linksC ? ' and set CGO_ENABLED=0' : ''}`, edits, changes: ['cgo', 'linking'], preferred }];
}
