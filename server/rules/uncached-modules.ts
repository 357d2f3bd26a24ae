import type { Instruction } from '../dockerfile/syntax.ts';
import type { Facts } from '../facts/facts.ts';
import { type LateDownload, lateDownload } from '../facts/late-download.ts';
import { moveDownload } from '../fixes/modules-first.ts';
import { contributingStages } from '../image/stage-chain.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'uncached-modules',
	severity: 'warning',
	fixAll: true,
	documentation: {
		summary: 'The source is copied before the modules are downloaded, so that every change downloads them again.',
		why: 'The engine keeps the result of an instruction until something in front of it changes. Where the whole source is copied first, any change of any file makes the next build download all modules; with go.mod and go.sum copied first, only a change of these two does.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app',
		notes:
			'Silent where there is nothing to download, where modules are vendored, where a cache mount holds the module cache, and where it is copied or mounted from a stage of its own. A script of the build context that a RUN runs is read, and its line that downloads is named. The fix copies the go.mod and go.sum of the module, those of local modules and go.work too; a `RUN go mod download` of its own that stands too late is moved. It is not taken by fix-all where credentials or proxy settings stand in between, and there is none where a script installs Go.',
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
	const { module, work } = late.placed;
	const sum = work !== undefined ? 'go.work and the go.mod and go.sum of its modules' : module.hasGoSum ? 'go.mod and go.sum' : 'go.mod';
	return {
		range: late.source.sourceRange,
		message: `The source is copied before the modules are downloaded, so that a change of any file downloads them all again. Copy ${sum} first, and run go mod download.`,
		...(late.inScript && { related: [late.inScript] }),
		fixes: () => {
			const change = moveDownload(facts, late);
			if (change === undefined) return [];
			return [{ title: 'Download modules before copying the source', edits: change.edits, preferred: change.certain }];
		},
	};
}
