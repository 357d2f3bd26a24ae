import { variablesOf } from '../dockerfile/expand.ts';
import type { Assignment, Dockerfile, Stage, Word } from '../dockerfile/syntax.ts';
import { type GoVersion, parseGoVersion } from '../program/go-version.ts';
import type { Range, TextEdit } from '../text/text.ts';

/** Edits of the tag of an official Go image, wherever it is written: in FROM or as the default of an ARG. */

/** A tag of the official image: `1.22.3-alpine3.19` is version `1.22.3` and variant `alpine3.19`. */
export interface GoTag {
	readonly version: string | undefined;
	/** Empty for the default, Debian. */
	readonly variant: string;
}

export function splitGoTag(tag: string): GoTag {
	const dash = tag.indexOf('-');
	const head = dash < 0 ? tag : tag.slice(0, dash);
	const rest = dash < 0 ? '' : tag.slice(dash + 1);
	if (head === '' || head === 'latest') return { version: undefined, variant: rest };
	return /^\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?$/.test(head) ? { version: head, variant: rest } : { version: undefined, variant: tag };
}

/**
 * The Debian releases that the official image was made for, each with the first and last minor version N of Go 1.N that had a tag
 * for it (docker-library/golang). A release without an end is still made for.
 */
const DEBIAN_SUITES: ReadonlyMap<string, readonly [number, number]> = new Map([
	['stretch', [9, 17]],
	['buster', [12, 20]],
	['bullseye', [15, 24]],
	['bookworm', [20, Number.POSITIVE_INFINITY]],
	['trixie', [24, Number.POSITIVE_INFINITY]],
]);

/** The variant that serves an image of Go 1.`minor`, and whether it is the one that was there. */
function variantFor(variant: string, minor: number): { readonly variant: string; readonly same: boolean } {
	// No version of Alpine outlives a few releases of Go; without a number the tag takes the current one.
	if (/^alpine\d/.test(variant)) return { variant: 'alpine', same: true };
	const suite = DEBIAN_SUITES.get(variant);
	if (suite === undefined || (minor >= suite[0] && minor <= suite[1])) return { variant, same: true };
	return { variant: '', same: false };
}

/** A change of the tag. */
export interface Retag {
	readonly edits: readonly TextEdit[];
	/** The reference or default as it reads afterwards, for the title. */
	readonly written: string;
	/** Whether nothing but the version of Go changes: the same distribution, no digest dropped. */
	readonly certain: boolean;
}

/**
 * The edits that make FROM of `stage` name Go `version` (`1.26`, `1.26.1`) and keep its variant.
 * @returns `undefined` where the tag comes from where it cannot be edited
 */
export function retag(dockerfile: Dockerfile, stage: Stage, version: string): Retag | undefined {
	const image = stage.from.image;
	const minor = parseGoVersion(version)?.minor;
	if (image === undefined || minor === undefined) return undefined;
	const at = image.raw.indexOf('@');
	const name = at < 0 ? image.raw : image.raw.slice(0, at);
	const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
	// A slash or colon of an expansion such as ${IMAGE:-golang} would be misread.
	if (/\$/.test(colon < 0 ? name : name.slice(0, colon))) return viaArgument(dockerfile, image, name, version, minor);
	if (colon < 0) {
		if (at >= 0) return undefined;
		return {
			edits: [{ range: { start: image.range.end, end: image.range.end }, newText: `:${version}` }],
			written: `${name}:${version}`,
			certain: true,
		};
	}
	const tag = name.slice(colon + 1);
	if (!tag.includes('$')) {
		const { text, same } = retagged(tag, version, minor);
		const start = image.range.start + colon + 1;
		return {
			edits: [{ range: { start, end: image.range.end }, newText: text }],
			written: `${name.slice(0, colon)}:${text}`,
			certain: same && at < 0,
		};
	}
	if (at >= 0) return undefined;
	return viaArgument(dockerfile, image, tag, version, minor);
}

function retagged(tag: string, version: string, minor: number): { readonly text: string; readonly same: boolean } {
	const { variant, same } = variantFor(splitGoTag(tag).variant, minor);
	return { text: variant === '' ? version : `${version}-${variant}`, same };
}

/** Changes the default of the ARG that the version comes from. `text` is the part of the image's name that holds variables. */
function viaArgument(dockerfile: Dockerfile, image: Word, text: string, version: string, minor: number): Retag | undefined {
	const [first, ...others] = variablesOf(text, dockerfile.escape);
	if (first === undefined) return undefined;
	const written = /^\$(?:\{(\w+)\}|(\w+))/.exec(text);
	// Only a variable at the start of the tag, or one that is the whole name, is known to hold the version.
	if (written === null) return undefined;
	const name = written[1] ?? written[2];
	const assignment = globalDefault(dockerfile, name ?? '');
	if (assignment?.value === undefined) return undefined;
	const literal = /^(["']?)([\w./:-]*)\1$/.exec(assignment.value.raw);
	if (literal === null) return undefined;
	const quote = literal[1] ?? '';
	const value = literal[2] ?? '';
	const behind = text.slice(written[0].length);
	const edits: TextEdit[] = [];
	const colon = value.indexOf(':', value.lastIndexOf('/') + 1);
	const head = image.raw === text ? (colon < 0 ? `${value}:` : value.slice(0, colon + 1)) : '';
	const tag = image.raw === text ? (colon < 0 ? '' : value.slice(colon + 1)) : value;
	if (image.raw === text && behind !== '') return undefined;
	const changed = retagged(tag, version, minor);
	let certain = changed.same;
	edits.push({ range: assignment.value.range, newText: `${quote}${head}${changed.text}${quote}` });
	const suffix = /^-([a-z]+[\d.]*)$/.exec(behind);
	if (suffix?.[1] !== undefined) {
		// The variant stands behind the variable: golang:${GO_VERSION}-alpine3.17.
		const { variant, same } = variantFor(suffix[1], minor);
		certain &&= same;
		if (variant !== suffix[1]) {
			const range: Range = { start: image.range.end - behind.length, end: image.range.end };
			edits.push({ range, newText: variant === '' ? '' : `-${variant}` });
		}
	} else if (behind !== '') {
		// A variant that another variable names is left, and may not exist for this version.
		if (others.length === 0 && !/^-/.test(behind)) return undefined;
		certain = false;
	}
	return { edits, written: `${assignment.name}=${head}${changed.text}`, certain };
}

/** The ARG in front of the first FROM that gives `name` its default. */
function globalDefault(dockerfile: Dockerfile, name: string): Assignment | undefined {
	return dockerfile.globalArguments.flatMap((instruction) => instruction.assignments).findLast((assignment) => assignment.name === name);
}

/** How a tag for `wanted`, a `go` line, is written: the newest of its line, or to the patch where the old tag was. */
export function tagVersionFor(wanted: GoVersion, oldVersion: string | undefined): string {
	const toThePatch = oldVersion !== undefined && /^1\.\d+\.\d+/.test(oldVersion);
	return `1.${wanted.minor}${toThePatch && wanted.patch !== undefined ? `.${wanted.patch}` : ''}`;
}
