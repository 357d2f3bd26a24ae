import { parseMount } from '../dockerfile/mount.ts';
import type { Flag } from '../dockerfile/syntax.ts';
import { plainWord } from '../dockerfile/write.ts';
import { goCommands, goWords } from '../facts/go-words.ts';
import { lateDownload } from '../facts/late-download.ts';
import type { RanCommand, StageState } from '../image/model.ts';
import { contributingStages, isBefore } from '../image/stage-chain.ts';
import { isAbsolute, isWithin, normalize } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'ineffective-cache-mount',
	severity: 'warning',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'A cache mount has no effect, because the go command keeps its cache in another directory.',
		why: 'The module cache is GOMODCACHE, by default `$GOPATH/pkg/mod`: `/go/pkg/mod` in the golang images. The build cache is GOCACHE, by default `$HOME/.cache/go-build`. A cache mount at another directory stays empty, and every build downloads or compiles everything again.',
		example:
			'FROM golang:1.26 AS build\nENV GOCACHE=/cache\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /app',
		instead: 'FROM golang:1.26 AS build\nENV GOCACHE=/cache\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/cache go build -o /app',
		notes:
			'Reported for a RUN that runs the go command, if all of its cache directories are known and none of its mounts covers the intended one. `uncached-modules` reports modules that are downloaded after the source is copied. The fix mounts the directory that the go command uses.',
	},
	*check(facts) {
		for (const state of contributingStages(facts.image)) {
			if (state.windows) continue;
			const said = new Set<Flag | undefined>([lateDownload(facts, state)?.mounts.elsewhere]);
			for (const { command } of goCommands(state)) {
				for (const kind of CACHES) {
					const found = finding(state, command, kind);
					if (found === undefined || said.has(found.mount)) continue;
					said.add(found.mount);
					yield found.finding;
				}
			}
		}
	},
};

interface Cache {
	readonly name: string;
	/** The directories that are meant to be it. */
	readonly meant: RegExp;
	/** The directory in force. */
	directory(command: RanCommand): string | undefined;
}

const CACHES: readonly Cache[] = [
	{ name: 'module cache', meant: /\/pkg\/mod\/?$/, directory: ({ goEnvironment }) => goEnvironment.moduleCache() },
	{ name: 'build cache', meant: /\/(?:\.cache\/)?go-build\/?$/, directory: ({ goEnvironment }) => goEnvironment.buildCache() },
];

function finding(state: StageState, command: RanCommand, { name, meant, directory }: Cache): { mount: Flag; finding: Finding } | undefined {
	const inForce = directory(command);
	if (inForce === undefined || !isAbsolute(inForce)) return undefined;
	const mounts = command.instruction.flags.filter((flag) => flag.name === 'mount' && flag.value !== undefined);
	const targets = mounts.map(({ value }) => parseMount(value?.raw ?? ''));
	const at = targets.findIndex(({ type, target }) => type === 'cache' && meant.test(target ?? ''));
	const mount = mounts[at];
	const target = targets[at]?.target;
	if (mount === undefined || target === undefined || hasMountAt(command, inForce)) return undefined;
	return {
		mount,
		finding: {
			range: mount.range,
			message: `The go command does not use ${target}: its ${name} is ${inForce}. Mount ${inForce}.`,
			// What a download leaves in a mount is not there for a build without it.
			fixes: () => (isReadWithout(state, command, inForce) ? [] : [moveTo(mount, inForce)]),
		},
	};
}

/** Whether a mount of the RUN reaches the directory, or may: one whose target is not known may be the right one. */
function hasMountAt({ instruction }: RanCommand, directory: string): boolean {
	return instruction.flags.some(({ name, value }) => {
		if (name !== 'mount' || value === undefined) return false;
		const { target } = parseMount(value.raw);
		if (target === undefined || !isAbsolute(target) || /[$~]/.test(target)) return true;
		return isWithin(normalize(target), directory) || isWithin(directory, normalize(target));
	});
}

/** Whether modules that a `go mod` command downloads are sought by a later RUN that does not have the mount. */
function isReadWithout(state: StageState, command: RanCommand, directory: string): boolean {
	return (
		goWords(command)?.subcommand === 'mod' &&
		goCommands(state).some(
			(each) =>
				each.go.subcommand !== 'mod' && isBefore(command.instruction, each.command.instruction) && !hasMountAt(each.command, directory),
		)
	);
}

function moveTo({ value }: Flag, directory: string): Fix | undefined {
	const target = /(?<=(?:^|,)(?:target|dst|destination)=)[^,"'$]+(?=,|$)/.exec(value?.raw ?? '');
	const word = plainWord(directory);
	if (value === undefined || target === null || word === undefined) return undefined;
	const start = value.range.start + target.index;
	return { title: `Mount ${directory}`, edits: [{ range: { start, end: start + target[0].length }, newText: word }], preferred: true };
}
