import type { ArgInstruction, FromInstruction, Instruction } from '../dockerfile/syntax.ts';
import { joined, plainWord, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { goWords } from '../facts/go-words.ts';
import { rangeOfBinary, saidOfBinary } from '../facts/linked-binaries.ts';
import { canEdit, setEnvironment, TARGET_ARGUMENTS, TARGET_PLATFORM } from '../fixes/go-command.ts';
import { insertOnto } from '../fixes/insert-above.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild, StageState } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { chainOf, rootOf } from '../image/stage-chain.ts';
import type { Range } from '../text/text.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'wrong-platform',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'The binary is, or may be, built for a different platform than the image.',
		why: 'A binary for another architecture fails with `exec /myapp: exec format error`. `FROM --platform=$BUILDPLATFORM` runs the compiler on the build platform, so the command must set GOOS and GOARCH. TARGETARCH is empty in a stage that does not declare it with ARG, and a default, such as `ARG TARGETARCH=arm64`, overrides the target platform. In the final stage `FROM --platform=$BUILDPLATFORM` makes an image that says it is for the build platform.',
		example:
			'FROM --platform=$BUILDPLATFORM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM --platform=$BUILDPLATFORM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nARG TARGETOS TARGETARCH\nRUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reports the binary that a target starts, not release binaries. If the binary lies in the build context, go-scratch reads its architecture and operating system from the file. An error when both platforms are known and differ, a warning when that depends on the build machine. The fix is for `go build`: a cross-compiling `go install` writes to another directory.',
	},
	*check(facts) {
		const seen = new Set<number>();
		for (const target of facts.targets) {
			for (const binary of target.binaries) {
				const { build, started } = binary;
				const found = started ? linkedForAnother(facts, target, binary) : undefined;
				if (found !== undefined) yield found;
				if (build === undefined || !started) continue;
				for (const found of findings(facts, target, build)) {
					if (seen.has(found.range.start)) continue;
					seen.add(found.range.start);
					yield found;
				}
			}
		}
	},
};

function* findings(facts: Facts, target: Target, build: GoBuild): Iterable<Finding> {
	const builder = stateOf(facts, build);
	if (builder === undefined || goWords(build.command) === undefined) return;
	const differing = platformsDiffer(target, build);
	if (differing !== undefined) {
		yield {
			range: build.commandRange,
			message: differing.message,
			severity: 'error',
			fixes: () => [otherPlatform(facts, build, differing)],
		};
		return;
	}
	const use = useOfTargetArchitecture(build);
	if (use !== undefined) {
		const declared = chainOf(builder).flatMap((state) => argumentsOf(state, use));
		const declaration = declared.findLast((each) => each.name === 'TARGETARCH');
		if (declaration === undefined) {
			if (!isSet(builder, 'TARGETARCH')) yield undeclared(facts, builder, build, use);
		} else if (declaration.value !== undefined && /^["']?\w/.test(declaration.value.raw)) {
			yield {
				range: declaration.range,
				severity: 'warning',
				message: `The default of ${declaration.name} overrides the target platform: every image gets a binary for ${declaration.value.raw}. Declare it without a default.`,
				fixes: () => [
					{
						title: `Declare ${declaration.name} without a default`,
						edits: [{ range: { start: declaration.nameRange.end, end: declaration.range.end }, newText: written`` }],
						changes: ['platform', 'cgo'],
						preferred: true,
					},
				],
			};
		} else {
			const image = imageOfBuildPlatform(facts, target, builder);
			if (image !== undefined) yield image;
		}
		return;
	}
	if (isNative(facts, target, builder, build)) yield native(facts, build);
}

/** A binary that was read, and that the kernel of the image's platform does not start. */
function linkedForAnother(facts: Facts, target: Target, binary: ShippedBinary): Finding | undefined {
	const { linked } = binary;
	const name = saidOfBinary(binary, facts);
	const range = rangeOfBinary(target, binary);
	if (linked?.kind === 'unknown') {
		if (linked.why !== 'foreign') return undefined;
		const message = `${name} is a program in the format ${linked.format}, but the image is for Linux: the container fails with 'exec format error'. Build it with GOOS=linux.`;
		return { range, message };
	}
	const architecture = target.state.platform?.split('/')[1];
	const goarch = linked?.goarch;
	if (goarch === undefined || architecture === undefined || goarch === architecture || ALSO_STARTS.get(architecture) === goarch)
		return undefined;
	return {
		range,
		message: `${name} is for ${goarch}, but the image is for ${architecture}: the container fails with 'exec format error'. Build it with GOARCH=${architecture}.`,
	};
}

/** The 32-bit architecture whose programs the kernel of a 64-bit one may start. */
const ALSO_STARTS: ReadonlyMap<string, string> = new Map([
	['amd64', '386'],
	['arm64', 'arm'],
]);

/** A variable of the build, and what it has to be. */
interface Difference {
	readonly message: string;
	readonly name: Written;
	readonly value: string;
}

/** What differs where the platforms of binary and image are both known, with what it should be. */
function platformsDiffer(target: Target, { goos, goarch }: GoBuild): Difference | undefined {
	const [os = 'linux', architecture] = target.state.platform?.split('/') ?? [];
	const differ = (name: Written, is: string, value: string) => ({
		message: `The binary is for ${is}, but the image is for ${value}: the container fails with 'exec format error'. Build it with ${name}=${value}.`,
		name,
		value,
	});
	if (goos !== undefined && goos !== '' && goos !== os) return differ(written`GOOS`, goos, os);
	if (goarch === undefined || goarch === '' || architecture === undefined || goarch === architecture) return undefined;
	return differ(written`GOARCH`, goarch, architecture);
}

function otherPlatform(facts: Facts, build: GoBuild, { name, value }: Difference): Fix | undefined {
	const word = plainWord(value);
	if (word === undefined || build.subcommand !== 'build' || !canEdit(build)) return undefined;
	return {
		title: `Set ${name}=${word}`,
		edits: setEnvironment(facts.dockerfile, build, [{ name, value: word }]),
		changes: ['platform', 'cgo'],
		preferred: true,
	};
}

const TARGET_ARCHITECTURE = /\$(?:\{TARGETARCH\b|TARGETARCH\b)/;

/** The instruction that makes the command's GOARCH of TARGETARCH: the RUN itself, or an ENV, which sees only what ARG has declared before it. */
function useOfTargetArchitecture(build: GoBuild): Instruction | undefined {
	const { node, wordNodes, environment } = build.command;
	const own =
		node.assignments.findLast(({ name }) => name === 'GOARCH')?.value ?? wordNodes.findLast((each) => each.raw.startsWith('GOARCH='));
	if (own !== undefined) return TARGET_ARCHITECTURE.test(own.raw) ? build.instruction : undefined;
	const setting = environment.get('GOARCH')?.instruction;
	if (setting?.keyword !== 'ENV') return undefined;
	const uses = setting.assignments.some(({ name, value }) => name === 'GOARCH' && TARGET_ARCHITECTURE.test(value?.raw ?? ''));
	return uses ? setting : undefined;
}

function argumentsOf(state: StageState, before: Instruction): ArgInstruction['assignments'][number][] {
	return state.stage.instructions.flatMap((instruction) =>
		instruction.keyword === 'ARG' && instruction.range.start < before.range.start ? instruction.assignments : [],
	);
}

/** Whether ENV or the base image may set the variable. */
function isSet(state: StageState, name: string): boolean {
	return !state.environment.complete || state.environment.get(name) !== undefined;
}

function undeclared(facts: Facts, builder: StageState, build: GoBuild, at: Instruction): Finding {
	const names = TARGET_ARGUMENTS.filter((name) => {
		const { start, end } = at === build.instruction ? build.range : at.range;
		const text = facts.dockerfile.text.slice(start, end);
		return name === 'TARGETARCH' || text.includes(name);
	});
	// A stage without --platform is of the target's, for which Go builds if it is told nothing.
	const isOfTarget = rootOf(builder).stage.from.platform === undefined;
	const effect = isOfTarget
		? 'Go builds for the platform of the stage'
		: "the binary is for the build platform, and fails elsewhere with 'exec format error'";
	return {
		range: rangeOfVariable(facts, at, 'TARGETARCH') ?? build.commandRange,
		severity: isOfTarget ? 'information' : 'warning',
		message: `TARGETARCH is empty because ${at === build.instruction ? 'the stage does not declare it' : 'no ARG declares it before this ENV'}: ${effect}. Add ARG ${names.join(' ')}.`,
		fixes: () => [
			{
				title: `Add ARG ${names.join(' ')}`,
				edits: [insertOnto(facts.dockerfile, at, [written`ARG ${joined(names)}`])],
				changes: ['platform', 'cgo'],
				preferred: true,
			},
		],
	};
}

function rangeOfVariable(facts: Facts, instruction: Instruction, name: string): Range | undefined {
	const { start, end } = instruction.range;
	const match = new RegExp(`\\$(?:\\{${name}[^}]*\\}|${name}\\b)`).exec(facts.dockerfile.text.slice(start, end));
	return match === null ? undefined : { start: start + match.index, end: start + match.index + match[0].length };
}

/** A variable that stands for the platform of the machine that builds, with or without a default. */
const BUILD_PLATFORM = /^["']?\$(?:\{BUILDPLATFORM(?::?-[^}]*)?\}|BUILDPLATFORM)["']?$/;

/** The FROM of an image that is for the machine that builds, while its binary is for the target. */
function imageOfBuildPlatform(facts: Facts, target: Target, builder: StageState): Finding | undefined {
	const chain = chainOf(target.state);
	const { from } = rootOf(target.state).stage;
	const { platform } = from;
	if (platform === undefined || !BUILD_PLATFORM.test(platform.raw) || chain.includes(builder)) return undefined;
	// A default of its own may be the target's.
	if (facts.dockerfile.globalArguments.some((each) => each.assignments.some(({ name }) => name === 'BUILDPLATFORM'))) return undefined;
	const runs = chain.some(({ stage }) => stage.instructions.some(({ keyword }) => keyword === 'RUN'));
	return {
		range: platform.range,
		severity: 'warning',
		message: `--platform=${platform.raw} makes this image one for the build platform, but the binary is for the target platform. Remove --platform here; the build stage keeps it.`,
		fixes: () => [removePlatform(facts, from, !runs)],
	};
}

function removePlatform({ dockerfile }: Facts, { range, image }: FromInstruction, preferred: boolean): Fix | undefined {
	const flag = /--platform=\S+\s+/.exec(dockerfile.text.slice(range.start, image?.range.start));
	if (flag === null) return undefined;
	const start = range.start + flag.index;
	return {
		title: 'Remove --platform',
		edits: [{ range: { start, end: start + flag[0].length }, newText: written`` }],
		changes: ['platform'],
		preferred,
	};
}

/** Whether the compiler runs on, and builds for, the machine that builds while the image may be for another. */
function isNative(facts: Facts, target: Target, builder: StageState, build: GoBuild): boolean {
	const from = rootOf(builder).stage.from.platform?.raw ?? '';
	if (!BUILD_PLATFORM.test(from)) return false;
	if (rootOf(target.state).stage.from.platform !== undefined && !/TARGETPLATFORM/.test(rootOf(target.state).stage.from.platform?.raw ?? ''))
		return false;
	if (chainOf(target.state).includes(builder)) return false;
	const { environment, goEnvironment } = build.command;
	if (environment.get('GOARCH') !== undefined || goEnvironment.get('GOARCH') !== undefined || !environment.complete) return false;
	// What a file of variables sets is not known.
	if (builder.ran.some(({ instruction, words }) => instruction === build.instruction && /^(?:\.|source|eval)$/.test(words[0] ?? '')))
		return false;
	// Nor is what a wrapper sets.
	return !chainOf(builder).some((state) =>
		state.stage.instructions.some(
			(each) => each.keyword === 'RUN' && /\bxx-/.test(facts.dockerfile.text.slice(each.range.start, each.range.end)),
		),
	);
}

function native(facts: Facts, build: GoBuild): Finding {
	const { start, end } = build.instruction.range;
	const assigned = /(?<![\w$])GOARCH=/.test(facts.dockerfile.text.slice(start, end));
	return {
		range: build.commandRange,
		severity: 'warning',
		message: `--platform=$BUILDPLATFORM makes this build for the build platform; in an image for another platform the binary fails with 'exec format error'. ${assigned ? 'GOARCH is not exported, so go build does not see it: set it on the command itself.' : 'Set GOOS=$TARGETOS GOARCH=$TARGETARCH.'}`,
		fixes: () => [crossCompileFix(facts, build)],
	};
}

function crossCompileFix(facts: Facts, build: GoBuild): Fix | undefined {
	if (build.subcommand !== 'build' || !canEdit(build) || lastFlag(build.flags, 'race') !== undefined) return undefined;
	const { dockerfile } = facts;
	const builder = stateOf(facts, build);
	const declared =
		builder === undefined
			? []
			: chainOf(builder)
					.flatMap((state) => argumentsOf(state, build.instruction))
					.map((each) => each.name);
	const missing = TARGET_ARGUMENTS.filter((name) => !declared.includes(name));
	const edits: WrittenEdit[] = missing.length === 0 ? [] : [insertOnto(dockerfile, build.instruction, [written`ARG ${joined(missing)}`])];
	edits.push(...setEnvironment(dockerfile, build, TARGET_PLATFORM));
	// Cross-compiling turns cgo off unless it is asked for.
	return { title: 'Build for the target platform', edits, changes: ['platform', 'cgo'], preferred: build.cgoEnabled !== '1' };
}
