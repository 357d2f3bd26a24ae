import { inCode, markdown, wentOf } from './markdown.ts';
import { judgementOf, type ReadBack } from './read-back.ts';
import type { Attempt, RepositoryResult, Verdict } from './result.ts';

/** An image that was built, started and read back. */
interface Row {
	readonly repository: string;
	/** Of what it is the image. */
	readonly image: string;
	readonly verdict: Verdict;
	readonly readBack: ReadBack;
	readonly judgement: string;
}

const NOT_WRONG: ReadonlySet<string> = new Set(['right', 'not reached', 'not judged']);

/** What was said of the images that were built, in lines for docs/programs.md: the figures, what is not so, and every image. */
export function readBackSection(results: readonly RepositoryResult[]): string[] {
	const rows = rowsOf(results);
	if (rows.length === 0) return [];
	const deviating = rows.filter((row) => deviationsOf(row).length > 0);
	return [
		'## What is said of the images that were built',
		'Each image was saved with `docker save` and read by `go-scratch image`, with the source and without; its files were compared with those of `docker export`, and so was what `go-scratch show` says of its Dockerfile. *Right* means: of a program that failed what it lacked is reported, and of one that ran, or ended in its own words, no error. *Not reached*: an error is about what the program does with a network, a request or a setting, which it did not have here. *Not judged*: what it lacked is nothing that a rule is about. *Alone* is the program of the plain `go build` in an image that holds nothing else.',
		readBackFigures(results),
		'### What is not so',
		deviating.length === 0
			? 'Nothing.'
			: markdown(
					['repository', 'image', 'the engine', 'what is not so'],
					deviating.map((row) => [row.repository, row.image, wentOf(row.verdict), deviationsOf(row).map(inCode).join(', ')]),
				),
		'### Every image',
		markdown(
			['repository', 'image', 'the engine', 'with the source', 'without', 'verdict', 'files', 'paths of `show`'],
			rows.map(({ repository, image, verdict, readBack, judgement }) => [
				repository,
				image,
				verdict.lacks === undefined ? wentOf(verdict) : `${wentOf(verdict)}: lacks ${verdict.lacks}`,
				said(readBack.reported.withSource),
				said(readBack.reported.alone),
				judgement,
				sameness(readBack.files, readBack.fileDifferences),
				`${sameness(readBack.pictured, readBack.pictureDifferences)}${readBack.complete ? ', which are all' : ''}`,
			]),
		),
	];
}

/** The figures in one sentence each; empty where no image was read back. */
export function readBackFigures(results: readonly RepositoryResult[]): string {
	const rows = rowsOf(results);
	if (rows.length === 0) return '';
	const count = (holds: (row: Row) => boolean) => rows.filter(holds).length;
	const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0).toLocaleString('en');
	const programs = results.flatMap((result) => result.programs).filter(({ generated }) => generated?.readBack !== undefined);
	const judged = (judgement: string) => count((row) => row.judgement === judgement);
	const wrong = count(({ judgement }) => !NOT_WRONG.has(judgement));
	return [
		`${rows.length} images of ${programs.length} programs and their Dockerfiles were read back, of which ${count(({ verdict }) => verdict.outcome === 'fails')} failed.`,
		`The verdict is what the engine did: right: ${judged('right')}, not reached: ${judged('not reached')}, not judged: ${judged('not judged')}, wrong: ${wrong}.`,
		`Of ${sum(({ readBack }) => readBack.files)} files that are read, ${sum(({ readBack }) => readBack.fileDifferences.length)} are not as \`docker export\` has them; of ${sum(({ readBack }) => readBack.pictured)} paths of \`show\`, ${sum(({ readBack }) => readBack.pictureDifferences.length)} are not. Of ${count(({ readBack }) => readBack.complete)} images \`show\` has every file.`,
	].join('\n');
}

function rowsOf(results: readonly RepositoryResult[]): Row[] {
	return results.flatMap(({ repository, programs, dockerfiles }) => [
		...programs.flatMap((program) => [
			...rowOf(repository, `generated for ${inCode(program.package)}`, program.generated),
			...rowOf(repository, `${inCode(program.package)} alone`, program.alone),
			...rowOf(repository, `${inCode(program.package)} alone, without cgo`, program.statically),
		]),
		...dockerfiles.flatMap(({ path, fixes, fixed, original }) => [
			...rowOf(repository, inCode(path), fixed),
			...(fixes === 0 ? [] : rowOf(repository, `${inCode(path)} before fix-all`, original)),
		]),
	]);
}

function rowOf(repository: string, image: string, attempt: Attempt | undefined): Row[] {
	const { verdict, readBack } = attempt ?? {};
	if (verdict === undefined || readBack === undefined) return [];
	return [{ repository, image, verdict, readBack, judgement: judgementOf(readBack.reported, verdict) }];
}

/** A sentence for each thing that was said and is not so. */
function deviationsOf({ judgement, readBack }: Row): string[] {
	return [
		...(NOT_WRONG.has(judgement) ? [] : [judgement]),
		...readBack.fileDifferences.map((each) => `image: ${each}`),
		...readBack.pictureDifferences.map((each) => `show: ${each}`),
	];
}

function said(reported: ReadBack['reported']['alone']): string {
	return [...new Set(reported.map(({ severity, code }) => `${severity} \`${code}\``))].join(', ');
}

function sameness(count: number, differences: readonly string[]): string {
	return differences.length === 0 ? String(count) : `${count}, of which ${differences.length} differ`;
}
