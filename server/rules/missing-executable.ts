import { startedByCheck } from '../facts/checked-program.ts';
import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { ShippedBinary, Target } from '../facts/facts.ts';
import { differencesOf } from '../facts/linked-binaries.ts';
import { findExecutable } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { isAbsolute } from '../workspace/paths.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-executable',
	severity: 'warning',
	fixAll: false,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The program, or a HEALTHCHECK, starts another program that is not in the image.',
		why: '`exec.Command("git")` fails with `exec: "git": executable file not found in $PATH`. A HEALTHCHECK whose program is missing keeps the container unhealthy.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nHEALTHCHECK CMD ["curl", "-f", "http://localhost:8080/"]\nENTRYPOINT ["/app"]',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nHEALTHCHECK CMD ["/app", "-healthcheck"]\nENTRYPOINT ["/app"]',
		notes:
			'Reports literal program names in Go source reachable from main, in images whose programs are known. Not reported for a program that the source looks for first (`exec.LookPath`, `os.Stat`, or a function of its own that only says whether it is there) and does without, for `sudo` as root where the source asks who runs it, and for binaries of several platforms that the image does not start. There is no fix: install the program in the final image (in alpine or debian, its package), or do the work in Go.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const absent = new Map<string, ReturnType<typeof evidenceOf>>();
			const all = evidenceOf(target, 'executable');
			const unused = neededByOthers(target, all);
			for (const found of all) {
				const name = found.evidence.detail;
				if (isHandedOut(target, found.binary) || (name !== undefined && unused.has(name))) continue;
				// How a binary was built whose build is not to be seen decides what of it is ever started.
				const { build, linked } = found.binary;
				if (name === undefined || (build === undefined && linked === undefined) || findExecutable(target.state, name) !== 'no') continue;
				absent.set(name, [...(absent.get(name) ?? []), found]);
			}
			for (const [name, found] of absent) {
				const [first] = found;
				if (first === undefined) continue;
				yield {
					range: target.state.stage.from.range,
					message: `The program starts ${name} (${saidOf(first.evidence, first.binary.program)}), which is not in the image: it fails with '${failureOf(name, first.evidence.symbol)}'. Install it in the final image, or do the work in Go.`,
					related: [...relatedPlaces(found.map(({ evidence }) => evidence)), ...differencesOf(found.map(({ binary }) => binary))],
				};
			}
			yield* healthcheck(target.state);
		}
	},
};

/** Whether the image only holds the binary for others: it does not start it, and has it for another platform too. */
function isHandedOut({ binaries }: Target, { build, started }: ShippedBinary): boolean {
	if (build === undefined || started) return false;
	return binaries.some(
		(other) =>
			other.build !== undefined &&
			!other.started &&
			other.build.directory === build.directory &&
			other.build.packages.join(' ') === build.packages.join(' ') &&
			(other.build.goos !== build.goos || other.build.goarch !== build.goarch),
	);
}

/** What root does not start: the program asks whether it is root, and does without what would make it that. */
function neededByOthers({ state }: Target, found: ReturnType<typeof evidenceOf>): ReadonlySet<string> {
	if (state.user.value.uid !== 0) return new Set();
	return new Set(found.flatMap(({ evidence: { given, detail } }) => (given && detail !== undefined ? [detail] : [])));
}

/** What os/exec says: only a name without a slash is looked for on PATH. */
function failureOf(name: string, symbol: string): string {
	if (!name.includes('/')) return `exec: "${name}": executable file not found in $PATH`;
	const missing = `${name}: no such file or directory`;
	return /\bLookPath\b/.test(symbol) ? `exec: "${name}": stat ${missing}` : `fork/exec ${missing}`;
}

function* healthcheck(state: StageState): Iterable<Finding> {
	for (const instruction of state.stage.instructions) {
		if (instruction.keyword !== 'HEALTHCHECK' || instruction.command === undefined) continue;
		const program = startedByCheck(state, instruction.command);
		if (program === undefined) continue;
		const present = findExecutable(state, program);
		const isDirectory = present === 'yes' && isAbsolute(program) && state.files.get(program)?.kind === 'directory';
		if (isDirectory) {
			yield {
				range: instruction.command.range,
				message: `The health check starts ${program}, which is a directory in this image: the container stays unhealthy. Start the program in it.`,
			};
		}
		if (present !== 'no') continue;
		yield {
			range: instruction.command.range,
			message: `The health check starts ${program}, which is not in the image: the container stays unhealthy. Let the program check itself, for example with a -healthcheck flag.`,
		};
	}
}
