import { evidenceOf, saidOf } from '../facts/evidence.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { unstartedOf } from '../facts/sub-commands.ts';
import type { Fix } from '../findings/finding.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import { NOBODY, temporaryDirectory } from '../needs/needs.ts';
import type { Unknown, UnknownKind } from '../program/model.ts';
import { isWithin, join } from '../workspace/paths.ts';
import { lossesOfNames, lossesOfPorts, lossesOfPrograms, lossesOfRights, withLosses } from './losses.ts';
import { runAsNobody, setUser } from './run-as.ts';

/** The fixes that run a target as nobody, with what another user may not be allowed to do. None if another user cannot start it. */
export function nobodyFixes(facts: Facts, target: Target): Fix[] {
	if (inRootsHome(target.state) !== undefined || onlyRootWritesTemporaryFiles(target)) return [];
	const losses = lossesOf(facts, target);
	const recipe = runAsNobody(facts, target);
	const numbers: Fix = {
		...withLosses(`Set USER ${NOBODY} without an /etc/passwd entry`, losses),
		edits: setUser(facts, target, NOBODY),
		preferred: false,
	};
	if (recipe === undefined) return [numbers];
	// A toolchain image is for developing in, or about to be split; another user fixes neither.
	const preferred = losses.length === 0 && target.state.base?.go === undefined && target.binaries.length > 0;
	return [{ ...withLosses('Run as nobody (USER 65534:65534)', losses), edits: recipe, preferred }, numbers];
}

/** What the program writes in its working directory or under a name that is not known; empty where that has no place in its source. */
export function writtenBy(target: Target): string | undefined {
	for (const binary of target.binaries) {
		const created = binary.program?.unknowns.find((each) => isOwnWrite(each) && unstartedOf(target, binary, each) === undefined);
		if (created !== undefined) return created.detail === undefined ? created.symbol : `${created.detail}, ${created.symbol}`;
	}
	const [directory] = evidenceOf(target, 'writable-directory');
	if (directory !== undefined && directory.evidence.unstarted === undefined) return saidOf(directory.evidence, directory.binary.program);
	const mayWrite = target.binaries.some(({ program }) => program?.keepsFiles === true || program?.unknowns.some(isOwnWrite) === true);
	return directory !== undefined || mayWrite ? '' : undefined;
}

function isOwnWrite({ kind, own }: Unknown): boolean {
	return (kind === 'created-file' || kind === 'changed-file') && own;
}

/** What the program leaves open that another user may not be allowed to do. */
const OPEN_TO_USERS: ReadonlySet<UnknownKind> = new Set(['program', 'file', 'created-file', 'changed-file', 'working-directory']);

/** What the program may not be able to do as another user; empty where another user is certain to be right. */
function lossesOf(facts: Facts, target: Target): string[] {
	const losses = lossesOfPrograms(facts, target.binaries, OPEN_TO_USERS);
	// A script, or a program of somebody else, may need root itself.
	if (!target.binaries.some(({ started }) => started)) losses.push('the image starts something else than a program that was read');
	const [rights] = evidenceOf(target, 'privilege');
	if (rights !== undefined) losses.push(`the program may need root (${rights.evidence.symbol})`);
	const [started] = evidenceOf(target, 'executable');
	if (started?.evidence.detail !== undefined) losses.push(`the program starts ${started.evidence.detail}, which may need root`);
	const files = [...evidenceOf(target, 'runtime-file'), ...evidenceOf(target, 'default-file')];
	const opened = files.flatMap(({ evidence }) => evidence.detail ?? []);
	const { state } = target;
	losses.push(
		...lossesOfRights(
			state,
			opened.map((path) => join(state.workingDirectory ?? '/', path)),
			target.binaries,
		),
	);
	losses.push(...lossesOfPorts(facts, target));
	losses.push(...lossesOfNames(facts, state, (path) => isFileOfAll(state, path)));
	// What root has written so far, and the directory it lies in, belong to root: another user could write neither.
	if (writtenBy(target) !== undefined) losses.push('the program keeps files');
	if (target.state.stage.instructions.some(({ keyword }) => keyword === 'VOLUME')) losses.push('a volume may belong to root');
	return losses;
}

/** Whether the path is a file that was copied, and that every user may read. */
function isFileOfAll({ files }: StageState, path: string): boolean {
	const entry = files.get(path);
	return entry?.kind === 'file' && entry.instruction !== undefined && (entry.mode === undefined || (entry.mode & 0o004) !== 0);
}

/**
 * What of the stage is below root's home: files that it puts there, or the program or its working directory. The distributions close that
 * directory to everybody else, and another user has another home. It reads no file there, and it depends on the engine whether it starts.
 */
export function inRootsHome(state: StageState): 'program' | 'files' | undefined {
	const program = resolveCommandPath(state)?.path;
	const isInHome = [program, state.workingDirectory].some((path) => path !== undefined && isWithin('/root', path));
	// In scratch a COPY makes the directory, open to all; the home of another user is another one all the same.
	if (isInHome && state.base?.empty !== true) return 'program';
	return copiesOf(state).some(({ destination }) => destination !== undefined && isWithin('/root', destination)) ? 'files' : undefined;
}

/** Whether the directory for temporary files, which the program wants, is there and closed to another user. */
function onlyRootWritesTemporaryFiles(target: Target): boolean {
	const { state } = target;
	const [uid, gid] = NOBODY.split(':').map(Number);
	const user = { ...state.user, value: { ...state.user.value, uid, gid } };
	return (
		evidenceOf(target, 'temporary-directory').length > 0 &&
		temporaryDirectory.provided(state) === 'yes' &&
		temporaryDirectory.provided({ ...state, user }) === 'no'
	);
}
