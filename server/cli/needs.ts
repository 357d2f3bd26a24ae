import { type Candidate, directoryOf, findCandidates } from '../generate/generation.ts';
import { findRoot } from '../lint/root.ts';
import { needsOfProgram, type ProgramNeed, type ProgramNeeds } from '../picture/program-needs.ts';
import { symbolText, whereText } from '../picture/words.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { isWithin, normalize, relativeWithin } from '../workspace/paths.ts';
import { type Colors, colorsFor } from './colors.ts';
import { CLEAN } from './exit-codes.ts';
import { shownPlace, withShownPlaces } from './one-dockerfile.ts';
import { section, unknownLine } from './picture-text.ts';
import { joined, json, type Printable, type TerminalText, terminal } from './printable.ts';
import type { Session } from './session.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';

export interface NeedsRequest {
	/** A directory, or the import path of a main package. */
	readonly of: string | undefined;
	readonly format: 'text' | 'json';
}

/** Says what the programs of a directory need of an image. */
export async function showNeeds({ of, format }: NeedsRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	const programs = (await programsFor(of, session)).map(withShown);
	const colors = colorsFor('stdout');
	print(
		format === 'json'
			? json({ version: 1, programs })
			: joined(
					programs.map((each) => programText(each, colors)),
					'\n',
				),
	);
	return CLEAN;
}

async function programsFor(of: string | undefined, session: Session): Promise<ProgramNeeds[]> {
	const { files, analyser } = session;
	const asPath = pathFromNative(absolutePath(of ?? '.'));
	const isPath = (await files.status(asPath)) !== undefined;
	const directory = await directoryOf(files, isPath ? asPath : pathFromNative(absolutePath('.')));
	const root = await findRoot(files, directory);
	const { workspace, candidates, message } = await findCandidates(analyser.reader, directory, root, new AbortController().signal);
	if (message !== undefined) throw new UsageError(message);
	const meant = isPath ? ownFirst(candidates, directory) : named(candidates, of ?? '', directory);
	return meant.map(({ mainPackage, program }) => needsOfProgram(workspace, mainPackage, program));
}

/** The directory's own main package where it has one; else all below. */
function ownFirst(candidates: readonly Candidate[], directory: string): readonly Candidate[] {
	const own = candidates.filter(({ mainPackage }) => mainPackage.directory === directory);
	return own.length > 0 ? own : candidates.filter(({ mainPackage }) => isWithin(directory, mainPackage.directory));
}

/** @throws UsageError where there is none of that name */
function named(candidates: readonly Candidate[], wanted: string, directory: string): Candidate[] {
	const found = candidates.filter(
		({ mainPackage }) =>
			mainPackage.importPath === wanted ||
			mainPackage.binaryName === wanted ||
			relativeWithin(directory, mainPackage.directory) === normalize(wanted),
	);
	if (found.length > 0) return found;
	const names = candidates.map(({ mainPackage }) => `  ${mainPackage.importPath}`);
	throw new UsageError(`There is no directory and no main package ${wanted}. The main packages are:`, ...names);
}

function withShown(needs: ProgramNeeds): ProgramNeeds {
	return {
		...needs,
		directory: shownPath(needs.directory),
		needs: needs.needs.map(withShownPlaces),
		listens: needs.listens.map((each) => ({ ...each, place: shownPlace(each.place) })),
		unknowns: needs.unknowns.map((each) => (each.place === undefined ? each : { ...each, place: shownPlace(each.place) })),
	};
}

function programText({ program, directory, needs, listens, unknowns }: ProgramNeeds, colors: Colors): TerminalText {
	const none = unknowns.some(({ kind }) => kind === 'module' || kind === 'package') ? 'none that are known' : 'nothing from the image';
	return joined([
		terminal`${colors.bold(program)} (${directory})\n`,
		section('Needs', needs.length === 0 ? [terminal`${none}`] : needs.flatMap((need) => needLines(need, colors)), colors),
		section(
			'Listens on',
			listens.map(({ address, place }) => terminal`${address}  ${colors.gray(whereText(place) ?? place.symbol)}`),
			colors,
		),
		section(
			'Unknown',
			unknowns.map((unknown) => unknownLine(unknown, colors)),
			colors,
		),
	]);
}

/** Every place, with its import chain: that is what is asked for. */
function needLines({ title, embedded, given, supply, places }: ProgramNeed, colors: Colors): TerminalText[] {
	const remark = embedded ? ': in the program itself' : '';
	const lines = places.map((place) => {
		const where = whereText(place);
		return terminal`  ${symbolText(place)}${where === undefined ? '' : terminal` at ${colors.gray(where)}`}`;
	});
	return [
		terminal`${title}${remark}${given ? colors.gray(' (only if it is told to)') : ''}`,
		...lines,
		...(embedded || supply === undefined ? [] : [terminal`  ${colors.gray(`provided by: ${supply}`)}`]),
	];
}
