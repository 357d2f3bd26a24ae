import { explanations } from './explanations.ts';
import { inCode, markdown, megabytes, wentOf } from './markdown.ts';
import { readBackFigures, readBackSection } from './read-back-report.ts';
import type { Attempt, ProgramResult, RepositoryResult } from './result.ts';
import { started } from './result.ts';

/** What the whole run comes to. */
interface Figures {
	readonly repositories: number;
	readonly programs: number;
	/** Main packages that a plain `go build` builds, and whose image can be tried here. */
	readonly outside: number;
	/** Those whose image cannot be tried here. */
	readonly notTried: number;
	/** Of those, what Generate's image was built for, and whose program started. */
	readonly built: number;
	readonly started: number;
	/** Of those, which went on in the image exactly if they did outside. */
	readonly alike: number;
	/** Dockerfiles of the repositories that were tried, without those that neither work as they are. */
	readonly dockerfiles: number;
	readonly dockerfilesStarted: number;
	readonly dockerfilesBroken: number;
}

function figuresOf(results: readonly RepositoryResult[]): Figures {
	const programs = results.flatMap((result) => result.programs);
	const built = programs.filter((program) => program.outside === undefined);
	const outside = built.filter(({ generated }) => generated?.notTried === undefined);
	const tried = results.flatMap(({ dockerfiles }) => dockerfiles).filter(({ notTried }) => notTried === undefined);
	const broken = tried.filter(({ fixed, original }) => !started(fixed) && original !== undefined && !started(original));
	return {
		repositories: results.filter((result) => result.programs.length > 0).length,
		programs: programs.length,
		outside: outside.length,
		notTried: built.length - outside.length,
		built: outside.filter(({ generated }) => generated?.built).length,
		started: outside.filter(({ generated }) => started(generated)).length,
		alike: outside.filter(alike).length,
		dockerfiles: tried.length - broken.length,
		dockerfilesStarted: tried.filter(({ fixed }) => started(fixed)).length,
		dockerfilesBroken: broken.length,
	};
}

/** Whether the program goes on in the image exactly if it does outside. */
function alike({ reference, generated }: ProgramResult): boolean {
	return started(generated) && (reference?.outcome === 'runs') === (generated?.verdict?.outcome === 'runs');
}

function summaryOf(figures: Figures): string {
	return [
		`${figures.repositories} repositories, ${figures.programs} main packages, of which a plain go build builds ${figures.outside + figures.notTried}${figures.notTried === 0 ? '' : `; the image of ${figures.notTried} of them cannot be tried here`}.`,
		`Of these, the generated image was built for ${share(figures.built, figures.outside)} and started for ${share(figures.started, figures.outside)};`,
		`${share(figures.alike, figures.outside)} run on in the image exactly if they do outside, in their directory of the repository.`,
		`Of the repositories' own Dockerfiles that could be tried, ${share(figures.dockerfilesStarted, figures.dockerfiles)} were built and started after fix-all; ${figures.dockerfilesBroken} more fail with and without it.`,
	].join('\n');
}

function share(part: number, whole: number): string {
	return `${part} of ${whole} (${whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`})`;
}

/** The results for a terminal. */
export function table(results: readonly RepositoryResult[]): string {
	const rows: string[][] = [['repository', 'program or Dockerfile', 'go build', 'image', 'size', 'went', 'words']];
	for (const { repository, programs, dockerfiles, left, note } of results) {
		if (note !== undefined) rows.push([repository, '', '', '', '', '', note]);
		for (const { package: name, outside, generated } of programs) {
			rows.push([repository, name, outside === undefined ? 'yes' : 'no', ...cells(generated), outside ?? wordsOf(generated)]);
		}
		for (const { path, notTried, fixed } of dockerfiles) {
			rows.push([repository, path, '', ...cells(fixed), notTried === undefined ? wordsOf(fixed) : `not tried: ${notTried}`]);
		}
		if (left > 0) rows.push([repository, `… and ${left} more`, '', '', '', '', '']);
	}
	const widths = rows[0]?.map((_, column) => Math.min(60, Math.max(...rows.map((row) => row[column]?.length ?? 0)))) ?? [];
	const lines = rows.map((row) => row.map((cell, column) => (column === 6 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '));
	return `${lines.join('\n')}\n\n${summaryOf(figuresOf(results))}\n${readBackFigures(results)}`;
}

function cells(attempt: Attempt | undefined): [string, string, string] {
	const image = attempt?.notTried === undefined ? (attempt?.built ? 'built' : 'not built') : `not tried: ${attempt.notTried}`;
	return [attempt === undefined ? '' : image, megabytes(attempt?.size), wentOf(attempt?.verdict)];
}

function wordsOf(attempt: Attempt | undefined): string {
	if (attempt === undefined) return '';
	if (attempt.why !== undefined) return attempt.why;
	const { lacks, says } = attempt.verdict ?? {};
	return `${lacks === undefined ? '' : `lacks ${lacks}: `}${says ?? ''}`;
}

/** The results as docs/programs.md. */
export function page(results: readonly RepositoryResult[], engine: string): string {
	const figures = figuresOf(results);
	const programs = results.flatMap((result) => result.programs.map((program) => ({ result, program })));
	const outside = programs.filter(({ program }) => program.outside === undefined);
	const failures = outside.filter(({ program: { generated } }) => generated?.notTried === undefined && !started(generated));
	const differing = outside.filter(({ program }) => started(program.generated) && !alike(program));
	const own = results.flatMap((result) => result.dockerfiles.map((dockerfile) => ({ result, dockerfile })));
	const explained = (result: RepositoryResult, name: string) => explanations.get(`${result.repository} ${name}`) ?? '';
	return `${[
		'# Real programs',
		`What a Docker engine did with the Dockerfile that Generate writes for each main package of real repositories, and with the Dockerfiles that they have, after fix-all. Written by \`npm run prove:programs -- --page DIRECTORY…\` with Docker ${engine} (BuildKit).`,
		summaryOf(figures).replaceAll('\n', ' '),
		"A program has started if it still runs after some seconds, or ended in its own words: its usage, a missing setting, a database that does not answer. It has not started if the engine or the loader refused it, or if it ends saying that certificates, zones, a directory for temporary files, users, a home, C code, an executable, the right to write, or a file of the repository is missing. Containers have no network. 'Outside' is the program of the plain `go build`, started in its module's directory in an image that has everything.",
		'## Programs that were not built or did not start',
		failures.length === 0
			? 'Nothing.'
			: markdown(
					['repository', 'main package', 'words', 'why'],
					failures.map(({ result, program }) => [
						result.repository,
						inCode(program.package),
						inCode(wordsOf(program.generated)),
						explained(result, program.package),
					]),
				),
		'## Programs that run outside and exit in the image, or the reverse',
		differing.length === 0
			? 'Nothing.'
			: markdown(
					['repository', 'main package', 'outside', 'in the image', 'why'],
					differing.map(({ result, program }) => [
						result.repository,
						inCode(program.package),
						`${wentOf(program.reference)}: ${inCode(program.reference?.says ?? '')}`,
						`${wentOf(program.generated?.verdict)}: ${inCode(wordsOf(program.generated))}`,
						explained(result, program.package),
					]),
				),
		'## Every main package',
		markdown(
			['repository', 'main package', 'particulars', 'go build', 'image', 'size', 'outside', 'in the image', 'first words'],
			programs.map(({ result, program }) => [
				nameOf(result),
				inCode(program.package),
				program.traits.join(', '),
				program.outside === undefined ? 'yes' : 'no',
				cells(program.generated)[0],
				megabytes(program.generated?.size),
				wentOf(program.reference),
				wentOf(program.generated?.verdict),
				inCode(program.outside ?? wordsOf(program.generated)),
			]),
		),
		'## Their own Dockerfiles, after fix-all',
		markdown(
			['repository', 'Dockerfile', 'fixes', 'image', 'size', 'in the image', 'words', 'why'],
			own.map(({ result, dockerfile: { path, fixes, notTried, fixed, original } }) => [
				nameOf(result),
				inCode(path),
				String(fixes),
				notTried !== undefined ? `not tried: ${notTried}` : fixed?.built ? 'built' : 'not built',
				megabytes(fixed?.size),
				wentOf(fixed?.verdict),
				inCode(wordsOf(fixed)),
				[explained(result, path), original === undefined ? '' : `before: ${original.built ? wentOf(original.verdict) : 'not built'}`]
					.filter(Boolean)
					.join('; '),
			]),
		),
		...readBackSection(results),
		'## Repositories without a program to try',
		results.some(({ note }) => note !== undefined)
			? markdown(
					['repository', 'why'],
					results.filter(({ note }) => note !== undefined).map((result) => [nameOf(result), result.note ?? '']),
				)
			: 'None.',
	].join('\n\n')}\n`;
}

function nameOf({ repository, revision }: RepositoryResult): string {
	return revision === undefined ? repository : `${repository} ${revision.slice(0, 10)}`;
}
