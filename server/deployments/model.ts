import type { Range } from '../text/text.ts';

/**
 * What a deployment says of the containers that it starts, for compose files and Kubernetes manifests alike. Names are those of the
 * meaning, which are Docker's: `entrypoint` is what Kubernetes calls `command`, `command` what it calls `args`.
 *
 * Three things differ: a field that is `undefined` is not set, so that the image decides; a field whose value is `undefined` is set to
 * something that is not known (a variable without a default, an anchor of nothing, a template); a field with a value is known.
 */

/** Where something stands in a file of the workspace. A file that extends, includes or overrides another has fields of both. */
export interface Place {
	readonly path: string;
	readonly range: Range;
}

/** A setting with its value. */
export interface Field<T> {
	/** `undefined` where it is set to something that is not known. */
	readonly value: T | undefined;
	/** The value as it stands in the file, its quotes included. */
	readonly at: Place;
	/** The key in front of it, where there is one. */
	readonly key: Place | undefined;
}

export type DeploymentKind = 'compose' | 'kubernetes';

/** A file that starts containers. */
export interface DeploymentFile {
	readonly path: string;
	readonly text: string;
	readonly kind: DeploymentKind;
	/** In the order of the text. */
	readonly services: readonly Service[];
}

/** One container as a deployment starts it: a service of compose, a container of a pod. */
export interface Service {
	readonly kind: DeploymentKind;
	/** What a person calls it: `service web`, `container web of Deployment api`. It is part of messages. */
	readonly title: string;
	/** Its name in the file. */
	readonly name: Field<string>;
	/** The whole of its settings, from the first key to the end of the last value. */
	readonly body: Place;
	/** The image that is pulled, or the name that the built one is given. */
	readonly image: Field<string> | undefined;
	/** What is built for it. */
	readonly build: Build | undefined;
	/** Replaces ENTRYPOINT, and takes CMD away. */
	readonly entrypoint: Field<Command> | undefined;
	/** Replaces CMD. */
	readonly command: Field<Command> | undefined;
	readonly workingDirectory: Field<string> | undefined;
	readonly user: Identity;
	/** Kubernetes refuses to start what runs as root, or as a user whose number it does not know. */
	readonly runAsNonRoot: Field<boolean> | undefined;
	readonly readOnlyRoot: Field<boolean> | undefined;
	readonly mounts: Mounts;
	readonly ports: readonly Port[];
	readonly environment: EnvironmentFields;
	readonly checks: readonly Check[];
	readonly addedCapabilities: Field<readonly string[]> | undefined;
	readonly droppedCapabilities: Field<readonly string[]> | undefined;
	readonly privileged: Field<boolean> | undefined;
	readonly securityOptions: Field<readonly string[]> | undefined;
	/** `linux/amd64`. */
	readonly platform: Field<string> | undefined;
	readonly stopSignal: Field<string> | undefined;
	/** Whether it has the network of the host, or of another container: ports are not its own then. */
	readonly foreignNetwork: Field<boolean> | undefined;
	/** Who waits until its check is passed. */
	readonly awaitedBy: readonly Place[];
	/** Settings that are not known may stand beside those that are: a template, an anchor of nothing. Then what is not set is not known. */
	readonly complete: boolean;
}

/** How an image is built. Paths are absolute. */
export interface Build {
	readonly at: Place;
	/** The directory; its value is `undefined` where it is not known, or is no directory (a Git address). */
	readonly context: Field<string>;
	/** The file; `undefined` where `inline` is set. */
	readonly dockerfile: Field<string> | undefined;
	/** The text of a Dockerfile in the YAML file itself. */
	readonly inline: Field<string> | undefined;
	/** The stage. */
	readonly target: Field<string> | undefined;
	/** The values of ARG by name. */
	readonly arguments: ReadonlyMap<string, Field<string>>;
}

/** A command in exec form: no shell takes part in it. Its value is empty where the deployment takes that of the image away. */
export interface Command {
	readonly words: readonly Field<string>[];
	/** Whether it stands as one text in the file, which is split as a shell would. All words have the place of that text then. */
	readonly split: boolean;
}

/** Whom the container runs as. */
export interface Identity {
	/** Name or number, as Docker's USER has it: `user: "app:app"`. In Kubernetes, `runAsUser`. */
	readonly user: Field<string> | undefined;
	/** The group, where it is set: after the colon, or `runAsGroup`. */
	readonly group: Field<string> | undefined;
	/** Further groups, by number or name: `group_add`, `supplementalGroups`. */
	readonly groups: Field<readonly string[]> | undefined;
	/** The group to which Kubernetes gives volumes. */
	readonly volumeGroup: Field<number> | undefined;
}

/**
 * What a mount brings.
 *
 * - `volume`: a named volume, which takes over what the image holds at its path when it is first used, the owner included;
 * - `anonymous`: the same without a name;
 * - `bind`: a path of the host (`hostPath` in Kubernetes);
 * - `tmpfs`: empty, in memory; mode 1777 unless `mode` says otherwise;
 * - `empty-dir`: empty, for the pod, writable by everyone;
 * - `claim`: a persistent volume of Kubernetes, which takes over nothing of the image;
 * - `config`, `secret`: files that are given, which nobody may write;
 * - `image`: the files of another image;
 * - `unknown`: anything else.
 */
export type MountKind = 'volume' | 'anonymous' | 'bind' | 'tmpfs' | 'empty-dir' | 'claim' | 'config' | 'secret' | 'image' | 'unknown';

export interface Mount {
	readonly kind: MountKind;
	/** The entry that mounts it. */
	readonly at: Place;
	/** The absolute path in the container, without a slash at its end; `undefined` where it is not known. */
	readonly path: string | undefined;
	/** `undefined` where it is not known. */
	readonly readOnly: boolean | undefined;
	/** The volume's name, that of the config or claim, or the path of the host as an absolute path; `undefined` where it is not known. */
	readonly source: string | undefined;
	/**
	 * The names of the files that it brings, relative to its path (`''` where it is itself a file), with their text as far as it is known.
	 * `undefined` where what it brings is not known. A `tmpfs` brings none, and so does an `empty-dir` that no other container mounts.
	 */
	readonly files: ReadonlyMap<string, string | undefined> | undefined;
	/** Permission bits of the directory, where they are set. */
	readonly mode: number | undefined;
	/** Its owner, where it is set. */
	readonly uid: number | undefined;
	readonly gid: number | undefined;
	/**
	 * Whether a volume surely starts with what the image holds at its path, its owner included: not with `nocopy` or a driver of its own, nor
	 * where another image mounts it too.
	 */
	readonly copiesImage: boolean;
}

export interface Mounts {
	readonly all: readonly Mount[];
	/** Whether these are all: volumes of another container, of templates or of a mutating webhook by annotation are not seen. */
	readonly complete: boolean;
}

/** A port of the container. */
export interface Port {
	/** `published`: reachable from the host, or by a Service; `exposed`: documentation. */
	readonly kind: 'published' | 'exposed';
	readonly at: Place;
	/** The part of the text that is the container's port. */
	readonly containerAt: Place;
	/** First and last; `undefined` where they are not known. */
	readonly container: { readonly first: number; readonly last: number } | undefined;
	readonly protocol: 'tcp' | 'udp' | 'other';
	/** The name that probes and Services use. */
	readonly name: string | undefined;
}

export interface EnvironmentFields {
	/** By name; the value is `undefined` where it comes from outside. */
	readonly variables: ReadonlyMap<string, Field<string>>;
	/** Whether these are all: those of a file that is not read, a secret or a config map may hold more. */
	readonly complete: boolean;
}

/** When a check or hook runs. */
export type CheckKind = 'health' | 'liveness' | 'readiness' | 'startup' | 'post-start' | 'pre-stop';

/** A health check, a probe or a lifecycle hook. */
export interface Check {
	readonly kind: CheckKind;
	/** All of it. */
	readonly at: Place;
	/** The key in front of it: `healthcheck`, `livenessProbe`. */
	readonly key: Place;
	readonly action: CheckAction;
}

export type CheckAction =
	/** A program is started in the container, without a shell. */
	| { readonly kind: 'exec'; readonly at: Place; readonly words: readonly Field<string>[] }
	/** A text is handed to the image's shell: `CMD-SHELL`. */
	| { readonly kind: 'shell'; readonly at: Place; readonly text: Field<string> }
	/** A request from outside of the container. A named port is resolved. */
	| {
			readonly kind: 'http' | 'tcp' | 'grpc';
			readonly at: Place;
			readonly port: Field<number>;
			/** Of `http`: `undefined` where it is `/` or not known. */
			readonly path: Field<string> | undefined;
			readonly tls: boolean;
			/** Whether the request goes to the container itself, and not to a host that is named. */
			readonly own: boolean;
	  }
	/** The image's own check is taken away. */
	| { readonly kind: 'none'; readonly at: Place }
	/** It only sleeps, or is not known, or the image's own check stays with other times. */
	| { readonly kind: 'other'; readonly at: Place };

/** What a service runs: an image that is built from a Dockerfile of the workspace. */
export interface RunsImage {
	/** The absolute path of the Dockerfile. */
	readonly dockerfile: string;
	/** The text of the Dockerfile where it stands in the deployment itself; no file is at the path then. */
	readonly inline?: string | undefined;
	/** The stage; `undefined` for the last. */
	readonly target: string | undefined;
	/** What says so: the build of the service itself, or the file that gives the image its name. */
	readonly at: Place;
}
