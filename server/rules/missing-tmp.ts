import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import { copyFix } from '../fixes/supply.ts';
import { temporaryDirectory } from '../needs/needs.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-tmp',
	severity: 'error',
	fixAll: true,
	documentation: {
		summary: 'The program makes temporary files and the directory for them is absent, or not writable by the user that it runs as.',
		why: 'scratch has no /tmp: `open /tmp/x123: no such file or directory`. A /tmp that belongs to root fails for everybody else with `permission denied`. Uploads make temporary files too: ParseMultipartForm and FormFile do, once a form exceeds its memory limit.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN mkdir -p /rootfs && mkdir -m 1777 /rootfs/tmp\n\nFROM scratch\nCOPY --from=build /rootfs/ /\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'The directory is that of TMPDIR where the image sets it, else /tmp. The fix copies the parent of a directory with mode 1777: a COPY onto /tmp itself, `--chmod=1777`, a WORKDIR before USER and a VOLUME all end in `permission denied`.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const found = evidenceOf(target, 'temporary-directory');
			const [first] = found;
			if (first === undefined || temporaryDirectory.provided(target.state) !== 'no') continue;
			const { state } = target;
			const directory = state.environment.get('TMPDIR')?.value ?? '/tmp';
			const there = state.files.has(directory) === 'yes';
			yield {
				range: state.stage.from.range,
				message: `The program makes temporary files (${saidOf(first.evidence, first.binary.program)}) and ${there ? `${directory} is not writable by the user that it runs as: it fails with 'permission denied'` : `this image has no ${directory}: it fails with 'no such file or directory'`}. Add a directory with mode 1777.`,
				related: relatedPlaces(found.map(({ evidence }) => evidence)),
				fixes: () =>
					directory === '/tmp' ? [copyFix(facts, target, temporaryDirectory, 'Add a /tmp that everybody may write to', !there)] : [],
			};
		}
	},
};
