import { variablesOf } from '../dockerfile/expand.ts';
import type { Assignment, Dockerfile, Stage, Word } from '../dockerfile/syntax.ts';
import { plainWord, type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { BuildContext } from '../image/model.ts';
import { goImageTag } from '../knowledge/base-images.ts';
import type { GoVersion } from '../program/go-version.ts';

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

/** The tag for Go `version` in the variant that `tag` names, and whether that is the same distribution. */
function retagged(tag: string, version: string): { readonly text: Written; readonly same: boolean } | undefined {
	const { variant } = splitGoTag(tag);
	const text = plainWord(goImageTag(version, variant));
	return text && { text, same: /^alpine/.test(variant) || text.endsWith(variant) };
}

/** A change of the tag. */
export interface Retag {
	readonly edits: readonly WrittenEdit[];
	/** The reference or default as it reads afterwards, for the title. */
	readonly written: string;
	/** Whether nothing but the version of Go changes: the same distribution, no digest dropped. */
	readonly certain: boolean;
}

/**
 * The edits that make FROM of `stage` name Go `version` (`1.26`, `1.26.1`) and keep its variant.
 * @param given the arguments that the builds of the Dockerfile set, so that a default of theirs does not count
 * @returns `undefined` where the tag comes from where it cannot be edited
 */
export function retag(
	dockerfile: Dockerfile,
	stage: Stage,
	version: string,
	given: BuildContext['arguments'] | undefined,
): Retag | undefined {
	const image = stage.from.image;
	if (image === undefined) return undefined;
	const at = image.raw.indexOf('@');
	const name = at < 0 ? image.raw : image.raw.slice(0, at);
	const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
	// A slash or colon of an expansion such as ${IMAGE:-golang} would be misread.
	const plainTag = colon >= 0 && /^\w[\w.-]*$/.test(name.slice(colon + 1));
	if (!plainTag && /\$/.test(colon < 0 ? name : name.slice(0, colon))) return viaArgument(dockerfile, image, name, version, given);
	if (colon < 0) {
		const tag = plainWord(version);
		if (at >= 0 || tag === undefined) return undefined;
		return {
			edits: [{ range: { start: image.range.end, end: image.range.end }, newText: written`:${tag}` }],
			written: `${name}:${version}`,
			certain: true,
		};
	}
	const tag = name.slice(colon + 1);
	if (!tag.includes('$')) {
		const changed = retagged(tag, version);
		if (changed === undefined) return undefined;
		const { text, same } = changed;
		const start = image.range.start + colon + 1;
		return {
			edits: [{ range: { start, end: image.range.end }, newText: text }],
			written: `${name.slice(0, colon)}:${text}`,
			certain: same && at < 0,
		};
	}
	if (at >= 0) return undefined;
	return viaArgument(dockerfile, image, tag, version, given);
}

/** Changes the default of the ARG that the version comes from. `text` is the part of the image's name that holds variables. */
function viaArgument(
	dockerfile: Dockerfile,
	image: Word,
	text: string,
	version: string,
	given: BuildContext['arguments'] | undefined,
): Retag | undefined {
	const [first, ...others] = variablesOf(text, dockerfile.escape);
	if (first === undefined) return undefined;
	const variable = /^\$(?:\{(\w+)\}|(\w+))/.exec(text);
	// Only a variable at the start of the tag, or one that is the whole name, is known to hold the version.
	if (variable === null) return undefined;
	const name = variable[1] ?? variable[2];
	const assignment = globalDefault(dockerfile, name ?? '');
	if (assignment?.value === undefined || given?.has(assignment.name) === true) return undefined;
	const literal = /^(["']?)([\w./:-]*)\1$/.exec(assignment.value.raw);
	if (literal === null) return undefined;
	const quote = literal[1] ?? '';
	const value = literal[2] ?? '';
	const behind = text.slice(variable[0].length);
	const edits: WrittenEdit[] = [];
	const colon = value.indexOf(':', value.lastIndexOf('/') + 1);
	const head = image.raw === text ? (colon < 0 ? `${value}:` : value.slice(0, colon + 1)) : '';
	const tag = image.raw === text ? (colon < 0 ? '' : value.slice(colon + 1)) : value;
	if (image.raw === text && behind !== '') return undefined;
	const changed = retagged(tag, version);
	if (changed === undefined) return undefined;
	let certain = changed.same;
	// What stands in front of the tag, the quote included, stays as it is.
	const { start, end } = assignment.value.range;
	const tagStart = start + quote.length + value.length - tag.length;
	const separator = image.raw === text && colon < 0 ? written`:` : written``;
	edits.push({ range: { start: tagStart, end: end - quote.length }, newText: written`${separator}${changed.text}` });
	const suffix = /^-([a-z]+[\d.]*)$/.exec(behind);
	if (suffix?.[1] !== undefined) {
		// The variant stands behind the variable: golang:${GO_VERSION}-alpine3.17.
		const full = retagged(`${version}-${suffix[1]}`, version);
		if (full === undefined) return undefined;
		certain &&= full.same;
		const variant = full.text.slice(version.length);
		const newText = variant === '' ? written`` : written`-${plainWord(variant.slice(1))}`;
		if (newText === undefined) return undefined;
		if (newText !== behind) edits.push({ range: { start: image.range.end - behind.length, end: image.range.end }, newText });
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
