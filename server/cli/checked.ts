import type { ImagePlace } from '../built-image/image-text.ts';
import { concernsGo } from '../facts/build-facts.ts';
import type { Facts } from '../facts/facts.ts';
import type { RelatedPlace, Severity } from '../findings/finding.ts';
import type { Analysis, ReportedFinding } from '../lint/analyse.ts';
import { gitLineStarts, type Position, positionAt, type Range } from '../text/text.ts';
import { countOf, type Failure } from './failures.ts';
import { gitPosition } from './git-lines.ts';

/** What is said of one Dockerfile or deployment, without all that led to it. */
export interface CheckedFile {
	readonly path: string;
	readonly text: string;
	/** Whether it is a compose file or a manifest. */
	readonly deployment?: boolean;
	/** Of the lines that Git counts. */
	readonly lineStarts: readonly number[];
	/** In the order of the text; what the baseline holds is not among them. */
	readonly findings: readonly ReportedFinding[];
	/** What the baseline holds already. */
	readonly known: readonly ReportedFinding[];
	/** What comments in the Dockerfile silence. */
	readonly suppressed: readonly ReportedFinding[];
	/** Of the findings, those that `fix` would fix. */
	readonly fixable: ReadonlySet<ReportedFinding>;
	/** Whether it builds or ships a Go program. */
	readonly ofGo: boolean;
	/** Modules that the programs need and that are not on disk; what they need of an image is not known. */
	readonly unread: readonly string[];
	/** The built image that it is, in place of a Dockerfile. */
	readonly image?: ImageOfFile;
}

/**
 * Keeps of an analysis what is reported.
 *
 * @param fixable The findings that `fix` would fix.
 */
export function checkedFile(
	{ path, text, facts, deployment = false, findings, suppressed }: Analysis,
	fixable: ReadonlySet<ReportedFinding> = new Set(),
): CheckedFile {
	const unread = new Set<string>();
	for (const { binaries } of facts?.targets ?? []) {
		for (const { program } of binaries) for (const module of program?.unread ?? []) unread.add(module);
	}
	return {
		path,
		text,
		...(deployment && { deployment }),
		lineStarts: gitLineStarts(text),
		findings,
		fixable,
		known: [],
		suppressed,
		unread: [...unread],
		ofGo: facts !== undefined && concernsGo(facts),
	};
}

/** Whether the file could be analysed; the session tells where it could not. */
export function isAnalysed({ facts, deployment }: Pick<Analysis, 'facts' | 'deployment'>): boolean {
	return facts !== undefined || deployment === true;
}

/** What an image is called, and what of it stands where a Dockerfile has a line. */
export interface ImageOfFile {
	/** Tells it from the others of its file; `undefined` if there is no other. */
	readonly title: string | undefined;
	/** The reference that it was saved under. */
	readonly name: string | undefined;
	readonly platform: string | undefined;
	placeOf(range: Range): ImagePlace;
}

/** What is reported of a built image: each message says first of what in the image it is. */
export function checkedImage(
	facts: Facts,
	findings: readonly ReportedFinding[],
	{ path, ...image }: ImageOfFile & { readonly path: string },
	textOf: (place: ImagePlace) => string,
): CheckedFile {
	const { text } = facts.dockerfile;
	const located = findings.map((finding) => {
		const place = textOf(image.placeOf(finding.range));
		return place === '' ? finding : { ...finding, message: `${place}: ${finding.message}` };
	});
	return { ...checkedFile({ path, text, facts, findings: located, suppressed: [], complete: true }), ofGo: true, image };
}

/** What the files are called that were looked at. */
export function nounOf(files: readonly CheckedFile[]): 'image' | 'Dockerfile' {
	return files.some(({ image }) => image !== undefined) ? 'image' : 'Dockerfile';
}

export interface Summary {
	/** How many Dockerfiles were looked at, and how many of them build or ship a Go program. */
	readonly files: number;
	readonly filesOfGo: number;
	/** How many compose files and manifests were looked at. */
	readonly deployments: number;
	readonly findings: number;
	readonly error: number;
	readonly warning: number;
	readonly information: number;
	readonly hint: number;
	/** How many of the findings `fix` would fix. */
	readonly fixable: number;
	/** How many more findings the baseline holds. */
	readonly known: number;
	/** Modules that the programs need and that are not on disk; what they need of an image is not known. */
	readonly unreadModules: readonly string[];
	/** How many Dockerfiles and directories could not be read, analysed or written. */
	readonly failures: number;
}

export function summarize(files: readonly CheckedFile[], failures: readonly Failure[]): Summary {
	const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
	const unread = new Set<string>();
	let known = 0;
	let fixable = 0;
	for (const file of files) {
		for (const finding of file.findings) {
			counts[finding.severity]++;
			if (file.fixable.has(finding)) fixable++;
		}
		for (const module of file.unread) unread.add(module);
		known += file.known.length;
	}
	const findings = counts.error + counts.warning + counts.information + counts.hint;
	const deployments = files.filter(({ deployment }) => deployment).length;
	return {
		files: files.length - deployments,
		deployments,
		filesOfGo: files.filter(({ ofGo }) => ofGo).length,
		findings,
		...counts,
		fixable,
		known,
		unreadModules: [...unread].sort(),
		failures: countOf(failures),
	};
}

/** Where an offset of the Dockerfile stands, lines and characters from 0, lines as Git counts them. */
export function placeOf(file: CheckedFile, offset: number): Position {
	// An image has no lines.
	if (file.image !== undefined) return { line: 0, character: 0 };
	return positionAt(file.lineStarts, offset);
}

/** A place that is the reason for a finding, lines as Git counts them; in Go they are counted so already. */
export function relatedPlace(file: CheckedFile, place: RelatedPlace): Position {
	return place.path === file.path ? gitPosition(file.text, place) : place;
}
