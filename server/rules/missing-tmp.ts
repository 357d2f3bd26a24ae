import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import { differencesOf, mayNeed, saidOfBinary } from '../facts/linked-binaries.ts';
import { temporaryFilesOf } from '../facts/writes.ts';
import { copyFix } from '../fixes/supply.ts';
import { temporaryDirectory } from '../needs/needs.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-tmp',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The program creates temporary files, but /tmp is missing or not writable.',
		why: 'scratch has no /tmp: `open /tmp/x123: no such file or directory`. A /tmp owned by root fails for other users with `permission denied`. Uploads create temporary files too: ParseMultipartForm and FormFile do when a form exceeds the memory limit.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN mkdir -p /rootfs && mkdir -m 1777 /rootfs/tmp\n\nFROM scratch\nCOPY --from=build /rootfs/ /\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'The directory is TMPDIR if the image sets it, otherwise /tmp. The fix copies the parent of a directory with mode 1777: a COPY to /tmp itself, `--chmod=1777`, a WORKDIR before USER and a VOLUME all result in `permission denied`.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const found = temporaryFilesOf(target);
			const [first] = found;
			if (temporaryDirectory.provided(target.state) !== 'no') continue;
			const { state } = target;
			const directory = state.environment.get('TMPDIR')?.value ?? '/tmp';
			const there = state.files.has(directory) === 'yes';
			if (first === undefined) {
				const may = mayNeed(target, 'temporary-directory');
				if (may !== undefined)
					yield {
						range: state.stage.from.range,
						severity: 'information',
						message: `${saidOfBinary(may.binary, facts)} may create temporary files (it holds ${may.said}), but ${there ? `${directory} is not writable by its user: if it does, it fails with 'permission denied'` : `the image has no ${directory}: if it does, it fails with 'no such file or directory'`}.`,
					};
				continue;
			}
			// Code that asks for the directory may use it only at times.
			const isCertain = found.some(({ evidence }) => evidence.symbol !== 'os.TempDir' && evidence.unstarted === undefined);
			yield {
				...(isCertain ? {} : { severity: 'warning' as const }),
				range: state.stage.from.range,
				message: `The program creates temporary files (${saidOf(first.evidence, first.binary.program)}), but ${there ? `${directory} is not writable by its user: it fails with 'permission denied'` : `the final image has no ${directory}: it fails with 'no such file or directory'`}. Add a directory with mode 1777.`,
				related: [...relatedPlaces(found.map(({ evidence }) => evidence)), ...differencesOf(found.map(({ binary }) => binary))],
				fixes: () => (directory === '/tmp' ? [copyFix(facts, target, temporaryDirectory, 'Add a world-writable /tmp', !there)] : []),
			};
		}
	},
};
