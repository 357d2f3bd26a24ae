import { written } from '../dockerfile/write.ts';
import { cgoPlaces, saidOfCgo } from '../facts/cgo.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { addLinkerFlags } from '../fixes/go-command.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { cgoOn, dynamicBecause, hasLibcOf, requiredCgo } from '../needs/libc.ts';
import type { CgoPackage } from '../program/model.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'cgo-without-libc',
	severity: 'error',
	fixAll: false,
	documentation: {
		summary: 'The program has C code and is dynamically linked, but the final image lacks its C library.',
		why: 'A binary with C code needs the C library that it was linked against, and its loader. Without them the container fails with `exec /app: no such file or directory`. Disabling cgo does not help when the program requires its C code.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26-bookworm AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM gcr.io/distroless/base-debian12\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Two fixes, neither applied by fix-all: use a base image with that C library, or link statically. C code outside the standard library forces external linking, so `-extldflags "-static"` is enough; glibc then warns about functions such as getaddrinfo.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const target of facts.targets) {
			for (const { build, program } of target.binaries) {
				if (build === undefined || program === undefined || seen.has(build)) continue;
				const required = requiredCgo(program);
				const builder = stateOf(facts, build);
				const [first] = required;
				if (first === undefined || builder === undefined || cgoOn(build) !== 'yes' || dynamicBecause(build, program)?.cause !== 'cgo')
					continue;
				if (hasLibcOf(builder, target.state) !== 'no') continue;
				seen.add(build);
				yield finding(facts, target, build, builder, first);
			}
		}
	},
};

function finding(facts: Facts, target: Target, build: GoBuild, builder: StageState, required: CgoPackage): Finding {
	const wanted = builder.base?.libc ?? 'the C library';
	return {
		range: target.state.stage.from.image?.range ?? target.state.stage.from.range,
		message: `The program has C code (${saidOfCgo(required)}) linked against ${wanted}, which ${target.state.base?.reference ?? 'this image'} lacks: the container fails with 'no such file or directory' although the file exists. Use a base image with ${wanted}, or link statically.`,
		related: cgoPlaces([required]),
		fixes: () => [...baseFix(target, builder), ...staticFix(facts, build)],
	};
}

/** A base image with the builder's C library. Which Debian the builder is decides the distroless release. */
function baseFix(target: Target, builder: StageState): Fix[] {
	const image = target.state.stage.from.image;
	const reference = builder.imageReference ?? '';
	if (image === undefined) return [];
	const release = /bookworm/.test(reference) ? written`12` : /trixie/.test(reference) ? written`13` : undefined;
	if (builder.base?.libc !== 'glibc' || release === undefined) return [];
	const base = written`gcr.io/distroless/cc-debian${release}`;
	return [{ title: `Use ${base} as the base image`, edits: [{ range: image.range, newText: base }], preferred: false }];
}

function staticFix(facts: Facts, build: GoBuild): Fix[] {
	const edits = addLinkerFlags(facts.dockerfile, build, written`-linkmode external -extldflags '-static'`);
	return edits === undefined ? [] : [{ title: 'Link statically', edits, preferred: false }];
}
