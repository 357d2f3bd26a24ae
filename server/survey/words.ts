import type { Severity } from '../findings/finding.ts';
import type { SurveyRow } from './row.ts';

/** The columns of the forms, and what a row says in each. */
export interface Column {
	readonly title: string;
	/** What the form shows. */
	text(row: SurveyRow): string;
	/** What sorts the rows, if it is a number. */
	number?(row: SurveyRow): number;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

export const COLUMNS: readonly Column[] = [
	{ title: 'repository', text: ({ repository }) => repository },
	{ title: 'Dockerfile', text: ({ dockerfile }) => dockerfile },
	{ title: 'target', text: ({ target }) => target },
	{ title: 'base', text: ({ base = '?' }) => base },
	{ title: 'user', text: ({ user = '?' }) => user },
	{ title: 'Go', text: goText },
	{
		title: 'static',
		text: (row) => (row.static === 'unknown' ? '?' : row.static === 'yes' ? 'yes' : row.cgo === 'yes' ? 'no (cgo)' : 'no'),
	},
	{ title: 'needs unmet', text: ({ needs }) => needs.unmet.join(', '), number: ({ needs }) => needs.unmet.length },
	{ title: 'findings', text: ({ findings }) => findingsText(findings), number: weight },
	{ title: 'fixable', text: ({ fixable }) => numberText(fixable), number: ({ fixable }) => fixable },
	{
		title: 'unknown',
		text: ({ unknown, needs }) => numberText(unknown + needs.unknown),
		number: ({ unknown, needs }) => unknown + needs.unknown,
	},
	{
		title: 'policy',
		text: ({ policy }) => (policy === undefined ? '' : policy.length === 0 ? 'kept' : policy.join('; ')),
		number: ({ policy = [] }) => policy.length,
	},
];

/** `1.22 < 1.25` if the image is too old for go.mod, else the Go of the image. */
function goText({ goOfImage = '?', goOfModule, outdated }: SurveyRow): string {
	return outdated === 'yes' ? `${goOfImage} < ${goOfModule}` : goOfImage;
}

/** `1 error, 2 hints`. */
function findingsText(findings: SurveyRow['findings']): string {
	return SEVERITIES.filter((severity) => findings[severity] > 0)
		.map((severity) => `${findings[severity]} ${severity}${severity === 'information' || findings[severity] === 1 ? '' : 's'}`)
		.join(', ');
}

/** Sorts worse findings before any number of lesser ones. */
function weight({ findings }: SurveyRow): number {
	return SEVERITIES.reduce((sum, severity) => sum * 1000 + Math.min(999, findings[severity]), 0);
}

function numberText(number: number): string {
	return number === 0 ? '' : String(number);
}

export interface SurveySummary {
	readonly repositories: number;
	readonly images: number;
	readonly withErrors: number;
	readonly onScratch: number;
	readonly asRoot: number;
	readonly againstPolicy: number;
	/** How many repositories, directories and Dockerfiles could not be read or analysed. */
	readonly failures: number;
}

export function summaryOf(rows: readonly SurveyRow[], repositories: number, failures: number): SurveySummary {
	const count = (test: (row: SurveyRow) => boolean) => rows.filter(test).length;
	return {
		repositories,
		images: rows.length,
		withErrors: count(({ findings }) => findings.error > 0),
		onScratch: count(({ base }) => base === 'scratch'),
		asRoot: count(({ user }) => user !== undefined && /^(?:root|0)(?::|$)/.test(user)),
		againstPolicy: count(({ policy = [] }) => policy.length > 0),
		failures,
	};
}

/** `12 images in 9 repositories: 3 with errors, 5 on scratch, 4 as root.` */
export function summaryText({ repositories, images, withErrors, onScratch, asRoot, againstPolicy, failures }: SurveySummary): string {
	const parts = [`${withErrors} with errors`, `${onScratch} on scratch`, `${asRoot} as root`];
	if (againstPolicy > 0) parts.push(`${againstPolicy} against the policy`);
	const failed = failures === 0 ? '' : ` ${failures} could not be read or analysed.`;
	return `${images} ${images === 1 ? 'image' : 'images'} in ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}: ${parts.join(', ')}.${failed}`;
}
