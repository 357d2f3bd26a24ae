import type { LinkedFile, Loading } from '../linked/model.ts';

/** An image that an engine has built, as it lies in files: its configuration, its layers, and the tree that they make together. */
export interface BuiltImage {
	/** The reference that the archive has for it: `app:latest`; `undefined` where it has none. */
	readonly name: string | undefined;
	/** `undefined` for a root file system, which has no configuration. */
	readonly configuration: ImageConfiguration | undefined;
	readonly layers: readonly ImageLayer[];
	readonly tree: BuiltDirectory;
}

/** One layer, and what the history of the image says of it. */
export interface ImageLayer {
	/** Of the layer as it is stored: `sha256:…`; `undefined` for a root file system. */
	readonly digest: string | undefined;
	/** The instruction that made it, as the builder wrote it down. */
	readonly createdBy: string | undefined;
}

/** The configuration of an image, as far as something here asks for it (OCI image specification, config.md). */
export interface ImageConfiguration {
	/** `linux/arm/v7`; `undefined` where it is not said. */
	readonly platform: string | undefined;
	readonly entrypoint: readonly string[] | undefined;
	readonly command: readonly string[] | undefined;
	/** In order; a variable is there once. */
	readonly environment: readonly { readonly name: string; readonly value: string }[];
	/** Empty where none is set: root. */
	readonly user: string;
	/** Empty where none is set: `/`. */
	readonly workingDirectory: string;
	readonly volumes: readonly string[];
	readonly ports: readonly string[];
	readonly stopSignal: string | undefined;
	readonly shell: readonly string[] | undefined;
	/** `['CMD', …]`, `['CMD-SHELL', …]`, `['NONE']`; `undefined` where there is none. */
	readonly healthcheck: readonly string[] | undefined;
	readonly history: readonly { readonly createdBy: string | undefined; readonly emptyLayer: boolean }[];
	/** The digests of the layers as they are unpacked. */
	readonly diffIds: readonly string[];
}

export type BuiltNode = BuiltDirectory | BuiltFile | BuiltLink;

/** What every node of a merged tree has. */
export interface BuiltDetails {
	/** Permission bits. */
	readonly mode: number;
	/** `undefined` where it is not that of the image: of files that somebody who is not root has unpacked. */
	readonly owner: number | undefined;
	readonly group: number | undefined;
	/** The number of the layer that put it there, from 0. */
	readonly layer: number;
}

export interface BuiltDirectory extends BuiltDetails {
	readonly kind: 'directory';
	readonly children: Map<string, BuiltNode>;
}

export interface BuiltFile extends BuiltDetails, FileContent {
	/** `device`: a device, a named pipe or a socket. */
	readonly kind: 'file' | 'device';
	/** In bytes. */
	readonly size: number;
}

export interface BuiltLink extends BuiltDetails {
	readonly kind: 'link';
	/** As written. */
	readonly target: string;
}

/** What is kept of a file. */
export interface FileContent {
	/** The text of an account file, a script and the like. */
	readonly text?: string | undefined;
	/** What a program says of itself. */
	readonly linked?: LinkedFile | undefined;
	/** What a shared library loads in turn. */
	readonly library?: Loading | undefined;
	/** The N of the glibc 2.N that a C library says it is. */
	readonly glibc?: number | undefined;
}

/** One entry of a layer, in the order of the archive. */
export interface LayerEntry {
	/** From the root of the image, without a slash at its start; empty for the root itself. */
	readonly path: string;
	readonly kind: 'file' | 'device' | 'directory' | 'link' | 'hard-link';
	readonly mode: number;
	readonly owner: number | undefined;
	readonly group: number | undefined;
	readonly size: number;
	/** Of links. */
	readonly target: string | undefined;
	readonly content: FileContent;
}

/** An image that cannot be read. The message is a clause for a person, without a full stop at its end: `layer 2 is cut off`. */
export class UnreadableImage extends Error {}
