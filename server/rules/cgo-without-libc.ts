import { plainWord, type Written, written } from '../dockerfile/write.ts';
import { type CgoNeed, cgoNeededFor, cgoPlaces, saidOfOlderGlibc } from '../facts/cgo.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { addLinkerFlags, dropFlag } from '../fixes/go-command.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { sharedLibrary } from '../knowledge/shared-libraries.ts';
import { cgoOn, dynamicBecause, hasLibcOf, type OlderGlibc, olderGlibc } from '../needs/libc.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'cgo-without-libc',
	severity: 'error',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'The program needs cgo and is dynamically linked, but the final image lacks its C library.',
		why: 'A binary with C code needs the C library that it was linked against, and its loader. Without them the container fails with `exec /app: no such file or directory`. Disabling cgo does not help when the program requires its C code, or when a flag requires cgo: `-race`, `-linkmode=external`, `GOEXPERIMENT=boringcrypto`.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26-bookworm AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM gcr.io/distroless/base-debian12\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Two fixes, neither applied by fix-all: use a base image with that C library, or link statically. C code outside the standard library forces external linking, so `-extldflags "-static"` is enough; glibc then warns about functions such as getaddrinfo. A final image with a glibc older than 2.34 is reported if the build image has 2.34 or newer. Smaller differences are not reported, because it is unknown which version the program requires.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const target of facts.targets) {
			for (const { build, program } of target.binaries) {
				if (build === undefined || program === undefined || seen.has(build) || cgoOn(build) !== 'yes') continue;
				const builder = stateOf(facts, build);
				const first = cgoNeededFor(facts, build).findLast(({ certain }) => certain);
				if (first === undefined || builder === undefined || dynamicBecause(build, program) === undefined) continue;
				const older = olderGlibc(builder, target.state, build, program);
				if (older === undefined && hasLibcOf(builder, target.state) !== 'no') continue;
				seen.add(build);
				yield finding(facts, target, build, builder, first, older);
			}
		}
	},
};

function finding(facts: Facts, target: Target, build: GoBuild, builder: StageState, need: CgoNeed, older: OlderGlibc | undefined): Finding {
	const wanted = builder.base?.libc ?? 'the C library';
	const why = {
		code: `The program has C code (${need.said}) linked against ${wanted}`,
		flag: `${need.said} links the program against ${wanted}`,
		experiment: `${need.said} needs cgo, which links the program against ${wanted}`,
		plugin: `Package ${need.said}, links the program against ${wanted}`,
	}[opensPlugins(need) ? 'plugin' : need.cause];
	const instrumented = isInstrumentation(need);
	const linksStatically = !instrumented && !opensPlugins(need) && need.said !== '-linkshared';
	const instead = instrumented ? `, or remove ${need.said}` : linksStatically ? ', or link statically' : '';
	const image = target.state.base?.reference ?? 'this image';
	const linked = (facts.programOf(build)?.cgoPackages ?? []).flatMap((each) => each.libraries.map(({ name }) => sharedLibrary(name)?.file));
	const libraries = [...new Set(linked)].filter((file) => file !== undefined).slice(0, 3);
	// An image with the C library alone would lack them.
	const isAlone = (facts.programOf(build)?.cgoPackages ?? []).every((each) =>
		each.libraries.every(({ name }) => sharedLibrary(name)?.heldBy.includes('distroless-cc') !== false),
	);
	const fails =
		older === undefined
			? `${why}, which ${image} lacks: the container fails with 'no such file or directory' although the file exists. Use a base image with ${[wanted, ...libraries].join(' and ')}`
			: `${why}; ${saidOfOlderGlibc(image, older)} Use a base image as new as that of the build`;
	const from = target.state.stage.from;
	return {
		range: (instrumented ? need.flag?.flag?.range : undefined) ?? from.image?.range ?? from.range,
		message: `${fails}${instead}.`,
		related: cgoPlaces(need.package === undefined ? [] : [need.package]),
		fixes: () => [
			...(instrumented ? flagFix(facts, build, need) : []),
			...(older !== undefined || isAlone ? baseFix(target, builder, older) : []),
			...(linksStatically ? staticFix(facts, build) : []),
		],
	};
}

/** Whether it is the import of package plugin, which opens nothing in a static binary. */
function opensPlugins(need: CgoNeed): boolean {
	return need.package?.importPath === 'plugin';
}

/** Whether it is a flag such as -race, whose code cannot be linked statically. */
function isInstrumentation({ flag }: CgoNeed): boolean {
	return flag !== undefined && /^-(?:race|msan|asan)$/.test(flag.text);
}

function flagFix(facts: Facts, build: GoBuild, { said }: CgoNeed): Fix[] {
	const edits = dropFlag(facts.dockerfile, build, said.slice(1));
	return edits.length === 0 ? [] : [{ title: `Remove ${said}`, edits, preferred: false }];
}

/** The release of Debian, and of the distroless images made of it, by the N of its glibc 2.N. */
const DEBIAN_OF_GLIBC = new Map([
	[36, { suite: written`bookworm`, release: written`12` }],
	[41, { suite: written`trixie`, release: written`13` }],
]);

/** A base image with the builder's C library; where only its release is wrong, the same image of that release. */
function baseFix(target: Target, builder: StageState, older: OlderGlibc | undefined): Fix[] {
	const image = target.state.stage.from.image;
	const debian = DEBIAN_OF_GLIBC.get(builder.base?.glibc ?? 0);
	if (image === undefined || debian === undefined) return [];
	const base = older === undefined ? written`gcr.io/distroless/cc-debian${debian.release}` : newerRelease(target, debian);
	if (base === undefined) return [];
	return [{ title: `Use ${base} as the base image`, edits: [{ range: image.range, newText: base }], preferred: false }];
}

function newerRelease(target: Target, { suite, release }: { readonly suite: Written; readonly release: Written }): Written | undefined {
	const reference = target.state.stage.from.image?.raw ?? '';
	const debian = /^debian:[a-z0-9.]+(-slim)?$/.exec(reference);
	if (debian !== null) return written`debian:${suite}${debian[1] === undefined ? written`` : written`-slim`}`;
	const distroless = /^gcr\.io\/distroless\/(base|base-nossl|cc)-debian\d+(?::([\w.-]+))?$/.exec(reference);
	const kind = plainWord(distroless?.[1] ?? '');
	const tag = plainWord(distroless?.[2] ?? 'latest');
	return distroless === null || kind === undefined || tag === undefined
		? undefined
		: written`gcr.io/distroless/${kind}-debian${release}${distroless[2] === undefined ? written`` : written`:${tag}`}`;
}

function staticFix(facts: Facts, build: GoBuild): Fix[] {
	const words = build.linking.externalMode ? written`-extldflags '-static'` : written`-linkmode external -extldflags '-static'`;
	const edits = addLinkerFlags(facts.dockerfile, build, words);
	return edits === undefined ? [] : [{ title: 'Link statically', edits, preferred: false }];
}
