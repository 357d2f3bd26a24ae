import { plainWord, type Written, written } from '../dockerfile/write.ts';
import { saidOfCgo } from '../facts/cgo.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { differencesOf, rangeOfBinary, saidOfBinary, severityOf } from '../facts/linked-binaries.ts';
import { insertAfter } from '../fixes/instructions.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { type SharedLibrary, sharedLibrary } from '../knowledge/shared-libraries.ts';
import { cgoOn, dynamicBecause, hasLibcOf } from '../needs/libc.ts';
import { lacksLibrary } from '../needs/shared-libraries.ts';
import type { CgoLibrary, CgoPackage, Program } from '../program/model.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-shared-library',
	severity: 'error',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'The program is linked against a shared library that the final image lacks.',
		why: '`#cgo LDFLAGS: -lz` and `#cgo pkg-config: zlib` link a library of the build image. Without it in the final image the container fails with `error while loading shared libraries: libz.so.1: cannot open shared object file`.',
		example:
			'FROM golang:1.26-bookworm AS build\nRUN apt-get update && apt-get install -y libpcap-dev\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM debian:bookworm-slim\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26-bookworm AS build\nRUN apt-get update && apt-get install -y libpcap-dev\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\n\nFROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpcap0.8\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported for well-known libraries, in base images that are known to lack them, unless something that is copied or installed may provide them. Not reported if the flags of the package link an archive or name a library directory, if CGO_LDFLAGS is set, or for static binaries. If the binary lies in the build context, go-scratch reads the libraries that it requires from the file, and in a built image those that its libraries require. The fix installs the package that holds the library.',
	},
	*check(facts) {
		const seen = new Set<string>();
		for (const target of facts.targets) {
			for (const { build, program } of target.binaries) {
				if (build === undefined || program === undefined || !linksDynamically(build, program)) continue;
				const builder = stateOf(facts, build);
				if (builder === undefined || builder === target.state || hasLibcOf(builder, target.state) !== 'yes') continue;
				for (const { each, linked, library } of librariesOf(program)) {
					const key = `${target.state.stage.index} ${library.file}`;
					if (seen.has(key) || !lacksLibrary(target.state, library)) continue;
					seen.add(key);
					yield finding(facts, target, builder, each, linked, library);
				}
			}
			for (const binary of target.binaries) {
				if (binary.lacks?.kind !== 'library') continue;
				const { name, requiredBy, isMusl } = binary.lacks;
				const linked = requiredBy === undefined ? `${name}, which` : `${requiredBy}, which needs ${name}, and that`;
				yield {
					range: rangeOfBinary(target, binary),
					severity: severityOf(binary),
					related: differencesOf([binary]),
					message: `${saidOfBinary(binary, facts)} is linked against ${linked} the image does not have: it fails with '${failureOf(name, isMusl)}'. Install the package that holds it.`,
				};
			}
		}
	},
};

function linksDynamically(build: GoBuild, program: Program): boolean {
	if (build.command.goEnvironment.get('CGO_LDFLAGS') !== undefined) return false;
	return cgoOn(build) === 'yes' && build.linking.known && dynamicBecause(build, program) !== undefined;
}

interface Linked {
	readonly each: CgoPackage;
	readonly linked: CgoLibrary;
	readonly library: SharedLibrary;
}

function librariesOf({ cgoPackages }: Program): Linked[] {
	return cgoPackages.flatMap((each) =>
		each.libraries.flatMap((linked) => {
			const library = sharedLibrary(linked.name);
			return library === undefined ? [] : [{ each, linked, library }];
		}),
	);
}

function finding(facts: Facts, target: Target, builder: StageState, each: CgoPackage, linked: CgoLibrary, library: SharedLibrary): Finding {
	const { state } = target;
	const image = state.base?.reference ?? 'the final image';
	const name = packageOf(state, library);
	// Some of Alpine have another version in their name.
	const file = builder.base?.libc === 'musl' ? library.file.replace(/\.so\..*$/, '.so') : library.file;
	const fails = failureOf(file, builder.base?.libc === 'musl');
	const instead =
		name !== undefined
			? `Install ${name}.`
			: state.shell === 'no'
				? 'Use a base image with a package manager, and install the package that holds it.'
				: 'Install the package that holds it.';
	return {
		range: state.stage.from.image?.range ?? state.stage.from.range,
		message: `The program is linked against ${file} (${saidOfCgo(each)}), which ${image} lacks: the container fails with '${fails}'. ${instead}`,
		related: [{ path: linked.path, line: linked.line, character: 0, length: 0, message: `links ${linked.name}` }],
		fixes: () => [name === undefined ? undefined : install(facts, state, name)],
	};
}

/** What the loader says. */
function failureOf(file: string, isMusl: boolean): string {
	return isMusl
		? `Error loading shared library ${file}: No such file or directory`
		: `error while loading shared libraries: ${file}: cannot open shared object file`;
}

/** The package of the stage's distribution that holds the library, where its name is known. */
function packageOf(state: StageState, library: SharedLibrary): string | undefined {
	if (state.base?.distribution === 'alpine') return library.alpine;
	if (state.base?.distribution !== 'debian') return undefined;
	return { 36: library.debian.bookworm, 41: library.debian.trixie }[state.base.glibc ?? 0];
}

function install(facts: Facts, state: StageState, name: string): Fix | undefined {
	const word = plainWord(name);
	if (word === undefined || state.parent !== undefined || (state.base?.user ?? 'root') !== 'root') return undefined;
	const command: Written =
		state.base?.distribution === 'alpine'
			? written`RUN apk add --no-cache ${word}`
			: written`RUN apt-get update && apt-get install -y --no-install-recommends ${word} && rm -rf /var/lib/apt/lists/*`;
	return { title: `Install ${name}`, edits: [insertAfter(facts.dockerfile, state.stage.from, [command])], preferred: true };
}
