import { number, written } from '../dockerfile/write.ts';
import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { writesOf } from '../facts/writes.ts';
import { insertAfter, lastInstruction, stageReference } from '../fixes/instructions.ts';
import { preparingStage } from '../fixes/supply.ts';
import { writableDirectories } from '../needs/needs.ts';
import { mayWriteIn, whereItLies } from '../needs/writing.ts';
import { dirname, join } from '../workspace/paths.ts';
import type { Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unwritable-directory',
	severity: 'warning',
	fixAll: false,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The program writes to a directory that is missing or owned by root, and does not run as root.',
		why: '`open /data/db: permission denied`, or `no such file or directory`. A volume mounted there gets the ownership of the directory in the image, so it belongs to root too.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nWORKDIR /data\nUSER 65534:65534\nENTRYPOINT ["/app"]',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nUSER 65534:65534\nWORKDIR /data\nENTRYPOINT ["/app"]',
		notes:
			'Reports literal paths in Go source reachable from main, relative ones below the working directory of the image. Not reported for what only a sub-command does that the image does not start. The fix copies an empty directory with the right owner; a WORKDIR after USER creates it with that owner too.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const { uid } = target.state.user.value;
			if (uid === undefined || uid === 0) continue;
			const seen = new Set<string>();
			for (const { binary, evidence } of writesOf(target)) {
				const directory = whereItLies(target.state, evidence.detail);
				if (directory === undefined || seen.has(directory)) continue;
				seen.add(directory);
				if (mayWriteIn(target.state, directory) !== 'no' || writesFilesOfTheImage(target, binary, directory)) continue;
				yield {
					range: target.state.stage.from.range,
					message: `The program writes to ${directory} (${saidOf(evidence, binary.program)}), but its user ${target.state.user.value.text ?? uid} cannot: it fails with 'permission denied' or 'no such file or directory'. Add a directory owned by that user.`,
					related: relatedPlaces([evidence]),
					fixes: () => fixes(facts, target, directory),
				};
			}
		}
	},
};

/** Whether all that the program is known to write in the directory are files that the image has: those belong to whom they belong to. */
function writesFilesOfTheImage({ state }: Target, { program }: ShippedBinary, directory: string): boolean {
	const files = (program?.unknowns ?? [])
		.filter(({ kind, detail }) => kind === 'created-file' && detail !== undefined)
		.map(({ detail }) => join(state.workingDirectory ?? '/', detail as string))
		.filter((path) => path === directory || dirname(path) === directory);
	return files.length > 0 && files.every((path) => state.files.get(path)?.kind === 'file');
}

function fixes(facts: Facts, target: Target, directory: string): Fix[] {
	const from = preparingStage(facts, target);
	const { uid, gid } = target.state.user.value;
	if (from === undefined || uid === undefined) return [];
	// What the base image holds keeps its owner whatever is copied onto it; what WORKDIR makes is made later than the copy.
	const made = target.state.files.get(directory);
	if (made !== undefined && made.instruction?.keyword !== 'WORKDIR') return [];
	const owner = written`${number(uid)}:${number(gid ?? uid)}`;
	const recipe = writableDirectories([directory], stageReference(from.stage), owner);
	if (recipe === undefined) return [];
	return [
		{
			title: `Create ${directory} owned by ${owner}`,
			edits: [
				insertAfter(facts.dockerfile, lastInstruction(from.stage), [written`RUN ${recipe.prepared}`]),
				insertAfter(facts.dockerfile, target.state.stage.from, [recipe.copy]),
			],
			preferred: false,
		},
	];
}
