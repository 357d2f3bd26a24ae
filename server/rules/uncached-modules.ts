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
		summary: 'The source is copied before modules are downloaded, so every change downloads them again.',
		why: 'The engine caches an instruction until an earlier one changes. If the whole source is copied first, a change of any file makes the next build download all modules. If go.mod and go.sum are copied first, only a change of these files does.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /app',
		notes:
			'Not reported when there is nothing to download, when modules are vendored, when the module cache is in a cache mount, or when it is copied or mounted from another stage. Scripts of the build context are read; the message names the line that downloads. The fix copies go.mod and go.sum of the module and of local modules, and go.work; an existing `RUN go mod download` after the source is moved. Fix-all does not apply it when credentials or proxy settings are in between. There is no fix when a script installs Go.',
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
		message: `The source is copied before modules are downloaded, so any change downloads all modules again. Copy ${sum} first, and run go mod download.`,
		...(late.inScript && { related: [late.inScript] }),
		fixes: () => {
			const change = moveDownload(facts, late);
			if (change === undefined) return [];
			return [{ title: 'Download modules before copying the source', edits: change.edits, preferred: change.certain }];
		},
	};
}
