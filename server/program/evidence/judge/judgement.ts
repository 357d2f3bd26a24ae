import type { NeedId } from '../../../knowledge/need-ids.ts';
import type { ListenerPurpose, UnknownKind } from '../../model.ts';
import type { Sighting } from '../read/scan.ts';
import type { Standing } from './possible-names.ts';

/** A sighting that shows a need. */
export interface Judged {
	readonly sighting: Sighting;
	readonly need: NeedId;
	readonly symbol: string;
	readonly detail: string | undefined;
	/** Whether it needs that only where a flag, an argument or the environment says so. */
	readonly given: boolean;
	/** As in `Evidence`. */
	readonly flag?: string | undefined;
	readonly changeable?: boolean | undefined;
	readonly ignored?: boolean | undefined;
	/** What uses it, where that is another sighting. */
	readonly used?: Sighting | undefined;
}

/** What a use shows, and where that stands if not where it is used. */
export interface Shown {
	readonly detail: string | undefined;
	readonly at?: Standing | undefined;
	/** Whether it is needed only where a flag, an argument or the environment says so. */
	readonly given?: boolean;
	/** The need, where it is another than that of the use. */
	readonly need?: NeedId | undefined;
	/** As in `Evidence`. */
	readonly flag?: string | undefined;
	readonly changeable?: boolean | undefined;
}

/** The sightings in the reached declarations of one package. */
export interface PackageSightings {
	readonly importPath: string;
	readonly own: boolean;
	/** By file, and within it by declaration in the order of the text. */
	readonly files: readonly (readonly Sighting[])[];
	/** What the program embeds, as cleaned patterns; only of its own packages. */
	readonly embedded: readonly string[];
	/**
	 * Whether a TLS configuration of which nothing is known may leave the roots to the system: the program makes one that does. `connections`:
	 * it makes none, so that one it connects with is made by a library, which leaves them unless told otherwise.
	 */
	readonly trustsUnknown: boolean | 'connections';
}

/** A constant URL that is handed to a module. */
export interface HandedUrl {
	/** `path.Name`. */
	readonly into: string;
	/** Whether it does without TLS. */
	readonly plain: boolean;
}

/** A place where a package listens; the detail is the address, as far as it is known. */
export interface JudgedListener extends Judged {
	readonly purpose: ListenerPurpose;
}

/** A sighting of which the source does not say with what it is done, or of which no need says it. */
export interface OpenQuestion {
	readonly sighting: Sighting;
	readonly kind: UnknownKind;
	readonly symbol: string;
	readonly detail: string | undefined;
}

/** What one package shows. */
export interface PackageJudgement {
	readonly judged: readonly Judged[];
	/** Clients of net/http that dependencies make; they count where something reached sends a request. */
	readonly clients: readonly Judged[];
	/** Whether it sends requests. */
	readonly sends: boolean;
	/** What a dependency does over TLS only where a field says so; it counts where the workspace's own code sets that. */
	readonly switched: readonly Judged[];
	/** Texts that a driver would connect by over TLS, or load a zone by; they count where the program has one. */
	readonly addresses: readonly (Judged & { readonly paths: readonly string[] })[];
	readonly zones: readonly Judged[];
	/** The URLs that stand among the arguments or fields of other modules, by what they are handed to. */
	readonly handed: readonly HandedUrl[];
	readonly listeners: readonly JudgedListener[];
	/** Names of programs that the workspace asks for, and can do without. */
	readonly asked: readonly string[];
	/** What the source does not say. */
	readonly questions: readonly OpenQuestion[];
}

/** The import path before the name; empty for a method. */
export function packageOf(into: string): string {
	return into.slice(0, into.lastIndexOf('.'));
}

export function nameIn({ package: path, name, form }: Sighting): string {
	// A socket's file is named as one says it.
	if (path === '') return name.replace(/^\//, '');
	const base = path.replace(/\/v\d+$/, '').replace(/\.v\d+$/, '');
	return form === 'method' ? name : `${base.slice(base.lastIndexOf('/') + 1)}.${name}`;
}
