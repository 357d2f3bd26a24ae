import { plainWord, sourceWord, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { contextPaths } from '../facts/placed-module.ts';
import { endOfWord } from '../fixes/copy-destination.ts';
import { stageReference } from '../fixes/instructions.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { CopiedSource, StageState } from '../image/model.ts';
import { nearestName } from '../text/nearest.ts';
import { ancestors, basename, dirname, join } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'copy-of-missing-file',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'COPY names a file that the stage or the build context does not have, or a stage that does not exist.',
		why: 'The build stops with `failed to calculate checksum of ref …: "/myapp": not found`: a source path of `COPY --from` is relative to the root of that stage, and `go build` writes to the working directory unless `-o` is set. A name that is not a stage is treated as an image, which the engine tries to pull.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o app\n\nFROM scratch\nCOPY --from=build /app /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o app\n\nFROM scratch\nCOPY --from=build /src/app /app',
		notes:
			'Reported only when all files of the stage at that path are known. A stage that ran `make`, a script or an unknown program may contain any file. A stage that copies the whole build context may contain files that are generated before the build, such as certificates or a frontend: there, only missing programs are reported. Wildcards may match nothing. A source that the build context does not have is reported unless Git ignores it, a build file, script or workflow names it, or it has the name of a program or of a directory that a build usually creates. It is a warning if no file declares the build context. The fix uses the path that the build writes, if there is only one candidate.',
	},
	*check(facts) {
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const copy of state.copies) {
				if (copy.from.kind === 'missing-stage') yield missingStage(facts, state, copy, copy.from.name);
				else if (copy.from.kind === 'image' && copy.from.base === undefined && STAGE_NAME.test(copy.from.reference)) {
					// It may be a named build context, unless a stage is called nearly so or has built that very file.
					const found = missingStage(facts, state, copy, copy.from.reference);
					if (found.fixes !== undefined) yield found;
				} else if (copy.from.kind === 'context') {
					const found = nowhere(facts, copy);
					if (found !== undefined) yield found;
				} else if (copy.present !== 'no' || copy.source === undefined || /[*?[]/.test(copy.source)) continue;
				else if (copy.from.kind === 'stage') {
					if (!mayBeMadeBefore(state, copy, copy.source, copy.from.state)) yield missingFile(facts, copy, copy.source, copy.from.state);
				} else if (copy.from.kind === 'image' && copy.from.base !== undefined)
					yield {
						range: copy.sourceRange,
						message: `${copy.from.base.reference} does not contain ${join('/', copy.source)}: the build fails with '"${join('/', copy.source)}": not found'. Copy it from an image or a stage that has it.`,
					};
			}
		}
	},
};

/**
 * A source that the build context does not have: not a go.sum, of which `missing-go-sum` says more, nor what is made before the image is
 * built, such as a binary.
 */
function nowhere({ context, go, isMadeBefore }: Facts, copy: CopiedSource): Finding | undefined {
	if (context === undefined || copy.source === undefined || /[*?[\\]/.test(copy.source)) return undefined;
	const [path] = contextPaths(context, copy);
	if (path === undefined || /(?:^|\/)go(?:\.work)?\.sum$/.test(path)) return undefined;
	const isGuessed = context.missing.includes(path);
	if (!isGuessed && (copy.present !== 'no' || context.kind(path) !== 'absent')) return undefined;
	if (path.split('/').some((name) => MADE.test(name)) || isMadeBefore(path)) return undefined;
	// A name without an ending may be that of a program, unless the source is written as a directory.
	if (
		!basename(path).includes('.') &&
		!copy.source.endsWith('/') &&
		(copy.instruction.stage > 0 || go?.mainPackages?.some(({ binaryName }) => binaryName === basename(path)) !== false)
	)
		return undefined;
	return {
		range: copy.sourceRange,
		severity: isGuessed ? 'warning' : 'error',
		message: `The build context does not contain ${path}: the build fails with '"/${path}": not found'. Correct the path, or add the file.`,
	};
}

/** Names of what is made before an image is built, or kept out of the repository. */
const MADE =
	/^(?:dist|build|out|_?output|bin|release|target|public|static|assets|certs?|secrets?|node_modules|vendor|\..+|.*\.(?:pem|crt|key|tgz|gz|tar|zip|exe|jar|so(?:\.\d+)*|a))$/;

/** Names that authors give to stages, and under which Docker Hub has no official image. */
const STAGE_NAME =
	/^(?:(?:[a-z]+[-_])?(?:build|builder|base|deps|stage|compile|modules|certs|final|runtime)(?:[-_]?(?:stage|env|base|\d+))?)$/i;

function missingStage(facts: Facts, state: StageState, copy: CopiedSource, name: string): Finding {
	const flag = copy.flags.find((each) => each.name === 'from');
	const range = flag?.value?.range ?? copy.sourceRange;
	const earlier = facts.image.stages.slice(Math.max(0, state.stage.index - MOST_STAGES), state.stage.index);
	const names = earlier.flatMap((each) => each.stage.from.alias?.raw ?? []);
	const meant = nearestName(name, names);
	// A stage that certainly has the file is surely the one that was meant.
	const source = copy.source;
	const holders = source === undefined ? [] : earlier.filter((each) => each.files.get(join('/', source))?.build !== undefined);
	const certain = holders.length === 1 ? holders[0] : undefined;
	const candidate = certain === undefined ? plainWord(meant ?? '') : stageReference(certain.stage);
	const known =
		names.length === 0
			? 'The stages before it are unnamed'
			: names.length === 1
				? `The stage before it is ${names[0]}`
				: `The stages before it are ${names.join(', ')}`;
	return {
		range,
		message: whyMissing(facts, state, name, known),
		// Two stages may have the name.
		...(candidate !== undefined &&
			candidate !== name && {
				fixes: () => [
					{
						title: `Copy from ${candidate}`,
						edits: [{ range, newText: candidate }],
						preferred: certain !== undefined || /^\d+$/.test(name) === false,
					},
				],
			}),
	};
}

function whyMissing({ dockerfile }: Facts, state: StageState, name: string, known: string): string {
	const there = dockerfile.stages.find(({ index, from }) => String(index) === name || from.alias?.raw.toLowerCase() === name.toLowerCase());
	if (there?.index === state.stage.index) {
		return `Stage ${name} is this stage itself: the build fails with 'circular dependency detected on stage'. Copy from an earlier stage.`;
	}
	if (there !== undefined) {
		return `Stage ${name} is defined later: the build fails with 'cannot copy from stage "${name}", it needs to be defined before current stage'.`;
	}
	return /^\d+$/.test(name)
		? `There is no stage ${name}: the build fails with 'invalid stage index ${name}'. Stage indexes start at 0.`
		: `No earlier stage is named ${name}, so the engine treats it as an image and tries to pull it. ${known}.`;
}

/** Stages further away are not looked through for the one that was meant. */
const MOST_STAGES = 50;

/**
 * Whether the file would lie in a copy of the build context, where a certificate or the pages of a frontend may have been made before
 * the image is built. A program is another matter: what the stage builds under that name, or what is started, is meant to come from it.
 */
function mayBeMadeBefore(state: StageState, { destination }: CopiedSource, source: string, from: StageState): boolean {
	const path = join('/', source);
	if (from.files.builds().some((build) => basename(build.path) === basename(path))) return false;
	const started = resolveCommandPath(state)?.path;
	if (started !== undefined && (started === destination || started === join(destination ?? '/', basename(path)))) return false;
	const nearest = [...ancestors(dirname(path))].find((directory) => directory === '/' || from.files.get(directory)?.kind === 'directory');
	return from.files.get(nearest ?? '/')?.source !== undefined;
}

function missingFile(facts: Facts, copy: CopiedSource, source: string, from: StageState): Finding {
	const path = join('/', source);
	const name = stageReference(from.stage);
	const written = [...new Set(from.files.builds().map((each) => each.path))];
	const where = written.length === 0 ? '' : ` go build writes ${written.slice(0, 3).join(', ')} there.`;
	return {
		range: copy.sourceRange,
		message: `Stage ${name} does not contain ${path}: the build fails with '"${path}": not found'.${where}`,
		fixes: () => [otherPath(facts, copy, path, from) ?? otherStage(facts, copy, path, from)],
	};
}

/** The path that a build of the stage writes, where only one can be meant. */
function otherPath(facts: Facts, copy: CopiedSource, path: string, from: StageState): Fix | undefined {
	const outputs = [...new Set(from.files.builds().map((each) => each.path))];
	// A file such as a certificate is not what a build writes.
	if (/\.[a-z]{2,5}$/.test(path) || /^\/(?:etc|usr\/share|tmp)\//.test(path)) return undefined;
	const sameName = outputs.filter((each) => basename(each) === basename(path));
	const copied = pathsCopiedFrom(facts, from);
	const unused = outputs.filter((each) => !copied.has(each));
	const candidates = sameName.length > 0 ? sameName : unused;
	const [candidate] = candidates;
	if (candidate === undefined || candidates.length > 1) return undefined;
	const source = sourceWord(candidate, copy.instruction, facts.dockerfile);
	if (source === undefined) return undefined;
	const edits: WrittenEdit[] = [{ range: copy.sourceRange, newText: source }];
	if (basename(candidate) !== basename(path)) {
		// Into a directory the file would go under its other name, which nobody starts.
		const destination = copy.instruction.destination;
		if (destination === undefined || copy.instruction.sources.length > 1) return undefined;
		if (/(?:^|\/)\.{0,2}["']?$/.test(destination.raw)) {
			const name = plainWord(basename(path));
			if (name === undefined) return undefined;
			const slash = /\/["']?$/.test(destination.raw) ? written`` : written`/`;
			edits.push({ range: endOfWord(facts.dockerfile, destination), newText: written`${slash}${name}` });
		}
	}
	return { title: `Copy ${candidate}`, edits, preferred: true };
}

/** The paths that any stage copies from the stage. */
function pathsCopiedFrom({ image }: Facts, from: StageState): ReadonlySet<string> {
	let byStage = copiedPaths.get(image);
	if (byStage === undefined) {
		byStage = new Map();
		copiedPaths.set(image, byStage);
		for (const { from: origin, source } of image.stages.flatMap((each) => each.copies)) {
			if (origin.kind !== 'stage' || source === undefined) continue;
			const paths = byStage.get(origin.state);
			if (paths === undefined) byStage.set(origin.state, new Set([join('/', source)]));
			else paths.add(join('/', source));
		}
	}
	return byStage.get(from) ?? new Set();
}

/** Gathered once for all findings of a Dockerfile. */
const copiedPaths = new WeakMap<Facts['image'], Map<StageState, Set<string>>>();

/** Another stage that has the file, where only one has. */
function otherStage(facts: Facts, copy: CopiedSource, path: string, from: StageState): Fix | undefined {
	const flag = copy.flags.find((each) => each.name === 'from')?.value;
	if (flag === undefined || copy.instruction.sources.length > 1) return undefined;
	const earlier = facts.image.stages.slice(Math.max(0, copy.instruction.stage - MOST_STAGES), copy.instruction.stage);
	const others = earlier.filter((each) => each !== from && !each.windows && each.files.has(path) === 'yes');
	const [other] = others;
	if (other === undefined || others.length > 1) return undefined;
	const reference = stageReference(other.stage);
	const built = other.files.get(path)?.build !== undefined;
	return { title: `Copy from ${reference}`, edits: [{ range: flag.range, newText: reference }], preferred: built };
}
