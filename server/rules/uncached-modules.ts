import type { Flag, Instruction } from '../dockerfile/syntax.ts';
import { asItStands, plainWord, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { type LateDownload, lateDownload } from '../facts/late-download.ts';
import { moveDownload } from '../fixes/modules-first.ts';
import { contributingStages } from '../image/stage-chain.ts';
import { join } from '../workspace/paths.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'uncached-modules',
	severity: 'warning',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'The source is copied before modules are downloaded, so every change downloads them again.',
		why: 'The engine caches an instruction until an earlier one changes. If the whole source is copied first, a change of any file makes the next build download all modules. If go.mod and go.sum are copied first, only a change of these files does.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app',
		notes:
			'Not reported when there is nothing to download, when modules are vendored, when the module cache is in a cache mount of every RUN that needs it, when the base image is unknown or a script may have downloaded the modules before, or when they are copied or mounted from another stage. Scripts of the build context are read; the message names the line that downloads. The fix copies go.mod and go.sum of the module and of local modules, and go.work; an existing `RUN go mod download` after the source is moved. Fix-all does not apply it when credentials or proxy settings are in between. There is no fix when a script installs Go.',
	},
	*check(facts) {
		const reported = new Set<Instruction>();
		for (const state of contributingStages(facts.image)) {
			if (state.windows) continue;
			const late = lateDownload(facts, state);
			if (late === undefined || reported.has(late.source.instruction)) continue;
			reported.add(late.source.instruction);
			yield finding(facts, late);
		}
	},
};

function finding(facts: Facts, late: LateDownload): Finding {
	const { earlier, elsewhere, moduleCache } = late.mounts;
	return {
		range: late.source.sourceRange,
		message: messageOf(late),
		...(late.inScript && { related: [late.inScript] }),
		fixes: () => {
			const mount = earlier !== undefined ? addMount(facts, late, earlier) : elsewhere && moveMount(elsewhere, moduleCache);
			const change = moveDownload(facts, late);
			const moved = change && {
				title: 'Download modules before copying the source',
				edits: change.edits,
				preferred: change.certain && mount === undefined,
			};
			// A mount that is elsewhere stays of no use if only the download moves.
			return earlier === undefined && (elsewhere === undefined || mount === undefined) ? [mount, moved] : [mount];
		},
	};
}

function messageOf({ placed, source, mounts }: LateDownload): string {
	const { module, work, imageDirectory } = placed;
	if (mounts.earlier !== undefined)
		return 'go mod download fills a cache mount that the build does not have, so any change downloads all modules again. Mount the cache there too.';
	if (mounts.elsewhere !== undefined && mounts.moduleCache !== undefined)
		return `The module cache is ${mounts.moduleCache}, not where the cache mount is, so any change downloads all modules again. Mount ${mounts.moduleCache}.`;
	const says = 'The source is copied before modules are downloaded, so any change downloads all modules again.';
	const isThere = (name: string) => source.files.has(join(imageDirectory, name)) === 'yes';
	if (work === undefined && isThere('go.mod') && (!module.hasGoSum || isThere('go.sum'))) return `${says} Run go mod download before it.`;
	const files = work !== undefined ? 'go.work and the go.mod and go.sum of its modules' : module.hasGoSum ? 'go.mod and go.sum' : 'go.mod';
	return `${says} Copy ${files} first, and run go mod download.`;
}

/** The RUN with the mount that an earlier one has. */
function addMount({ dockerfile }: Facts, { download }: LateDownload, mount: Flag): Fix | undefined {
	const { keywordRange } = download.instruction;
	// What a variable stands for may be another thing there.
	if (/[$"'\\]/.test(mount.value?.raw ?? '$')) return undefined;
	const newText = written` ${asItStands(dockerfile, mount.range)}`;
	return {
		title: 'Mount the module cache there too',
		edits: [{ range: { start: keywordRange.end, end: keywordRange.end }, newText }],
		preferred: true,
	};
}

/** The mount at the directory that is the module cache. */
function moveMount({ value }: Flag, moduleCache: string | undefined): Fix | undefined {
	const target = /(?<=(?:^|,)(?:target|dst|destination)=)[^,"'$]+(?=,|$)/.exec(value?.raw ?? '');
	const word = moduleCache === undefined ? undefined : plainWord(moduleCache);
	if (value === undefined || target === null || word === undefined) return undefined;
	const start = value.range.start + target.index;
	return { title: `Mount ${moduleCache}`, edits: [{ range: { start, end: start + target[0].length }, newText: word }], preferred: true };
}
