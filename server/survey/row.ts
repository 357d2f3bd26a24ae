import { concernsGo } from '../facts/build-facts.ts';
import type { Facts, Target } from '../facts/facts.ts';
import type { Severity } from '../findings/finding.ts';
import type { GoBuild } from '../image/model.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import { cgoOn, isStatic } from '../needs/libc.ts';
import type { ImagePicture } from '../picture/model.ts';
import { pictureOf } from '../picture/picture.ts';
import { isOlder, parseGoVersion } from '../program/go-version.ts';
import type { Program } from '../program/model.ts';
import type { Answer } from '../text/answer.ts';

/** One image of a survey: what a Dockerfile makes of one target. What is not known is left out, or `unknown`. */
export interface SurveyRow {
	/** As a person would write it at the command line. */
	readonly repository: string;
	/** From the repository. */
	readonly dockerfile: string;
	/** The stage, by name or number. */
	readonly target: string;
	readonly base?: string;
	/** As written; `root` where there is no USER. */
	readonly user?: string;
	/** The Go of the image that builds, and that of go.mod. */
	readonly goOfImage?: string;
	readonly goOfModule?: string;
	/** Whether the Go of the image is too old for go.mod. */
	readonly outdated: Answer;
	readonly cgo: Answer;
	readonly static: Answer;
	readonly needs: { readonly met: number; readonly unmet: readonly string[]; readonly unknown: number };
	readonly findings: Readonly<Record<Severity, number>>;
	/** How many of the findings `fix` would fix. */
	readonly fixable: number;
	/** How many things could not be known: modules that are not on disk, commands that are not known. */
	readonly unknown: number;
	/** What the policy forbids; absent if there is no policy. */
	readonly policy?: readonly string[];
}

/** Whose row it is, and what is known of its findings. */
export interface RowRequest {
	readonly repository: string;
	readonly dockerfile: string;
	readonly findings: readonly ReportedFinding[];
	readonly fixable: ReadonlySet<ReportedFinding>;
}

/** The rows of a Dockerfile of a Go program, none of another: its targets that ship a Go program, or its last one if it is not known which do. */
export function rowsOf(facts: Facts, request: RowRequest): SurveyRow[] {
	if (!concernsGo(facts)) return [];
	const shipping = facts.targets.filter(({ binaries }) => binaries.length > 0);
	const targets = shipping.length > 0 ? shipping : facts.targets.slice(-1);
	return targets.map((target) => rowOf(facts, target, request));
}

function rowOf(facts: Facts, target: Target, { repository, dockerfile, findings, fixable }: RowRequest): SurveyRow {
	const picture = pictureOf(facts, target, findings);
	const { title, needs, unknowns } = picture;
	const own = findings.filter(({ range }) => isOfTarget(picture, range.start));
	const counts = { error: 0, warning: 0, information: 0, hint: 0 };
	for (const { severity } of own) counts[severity]++;
	const builds = target.binaries.flatMap(({ build, program }) => (build === undefined ? [] : [{ build, program }]));
	const go = goOf(builds);
	const { text, uid } = title.user;
	const user = text ?? (uid === undefined ? undefined : uid === 0 ? 'root' : String(uid));
	return {
		repository,
		dockerfile,
		target: title.stage ?? '',
		...(title.base !== undefined && { base: title.base }),
		...(user !== undefined && { user }),
		...go,
		cgo: same(builds.map(({ build }) => cgoOn(build))),
		static: same(target.binaries.map(({ build, program }) => isStatic(build, program))),
		needs: {
			met: title.needs.met,
			unmet: needs.filter(({ state }) => state === 'unmet').map((need) => need.title),
			unknown: title.needs.unknown,
		},
		findings: counts,
		fixable: own.filter((finding) => fixable.has(finding)).length,
		unknown: unknowns.length,
	};
}

/** Whether what stands at the offset has a part in the image. */
function isOfTarget({ stages }: ImagePicture, offset: number): boolean {
	const stage = stages.findLast(({ from }) => from.start <= offset);
	return stage === undefined || stage.used;
}

interface Built {
	readonly build: GoBuild;
	readonly program: Program | undefined;
}

/** The oldest Go that builds, and the newest that a module requires. */
function goOf(builds: readonly Built[]): Pick<SurveyRow, 'goOfImage' | 'goOfModule' | 'outdated'> {
	const versions = (words: readonly (string | undefined)[]) =>
		words
			.flatMap((text) => {
				const version = text === undefined ? undefined : parseGoVersion(text);
				return text === undefined || version === undefined ? [] : [{ text, version }];
			})
			.sort((a, b) => (isOlder(a.version, b.version) ? -1 : 1));
	const image = versions(builds.map(({ build }) => build.goVersion ?? (build.goMinor === undefined ? undefined : `1.${build.goMinor}`)))[0];
	const module = versions(builds.map(({ program }) => program?.module?.file.go?.value)).at(-1);
	return {
		...(image && { goOfImage: image.text }),
		...(module && { goOfModule: module.text }),
		outdated: image === undefined || module === undefined ? 'unknown' : isOlder(image.version, module.version) ? 'yes' : 'no',
	};
}

/** The answer that all have in common. */
function same(answers: readonly Answer[]): Answer {
	const [first, ...others] = answers;
	return first !== undefined && others.every((answer) => answer === first) ? first : 'unknown';
}
