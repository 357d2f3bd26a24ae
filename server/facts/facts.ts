import type { RunsImage, Service } from '../deployments/model.ts';
import type { Dockerfile } from '../dockerfile/syntax.ts';
import type { BuildContext, GoBuild, ImageBuild, RanCommand, StageState } from '../image/model.ts';
import type { Lacked, LinkedFile } from '../linked/model.ts';
import type { GoWorkspace, MainPackage, Program } from '../program/model.ts';
import type { Makefile } from './makefile.ts';
import type { Script } from './scripts.ts';
import type { StartedFile } from './started-file.ts';

/** All that is known of one Dockerfile when the rules are asked. */
export interface Facts {
	readonly dockerfile: Dockerfile;
	readonly path: string;
	readonly image: ImageBuild;
	/** `undefined` where it is not known which directory is sent. */
	readonly context: BuildContext | undefined;
	/** `undefined` while the workspace has not been read. */
	readonly go: GoWorkspace | undefined;
	/** The program of a build, `undefined` where it is not known or not read yet. */
	programOf(build: GoBuild): Program | undefined;
	/** The script of the build context that a command runs, where it is known. */
	scriptOf(command: RanCommand): Script | undefined;
	/** The makefile of the build context that a make command follows, where it is known. */
	makefileOf(command: RanCommand): Makefile | undefined;
	/** Whether a file that the build context does not have, named from its root, is made before the image is built, as far as can be seen. */
	isMadeBefore(path: string): boolean;
	/** Whether a .gitignore leaves that file out of a clone. */
	isIgnoredByGit(path: string): boolean;
	/** The targets with the Go programs that each ships. */
	readonly targets: readonly Target[];
	/** What the deployments of the workspace start of the image; none where they were not read. */
	readonly deployed: readonly DeployedTarget[];
}

/** A target as a service of a deployment starts it. */
export interface DeployedTarget {
	readonly service: Service;
	/** What says that the service runs this image. */
	readonly runs: RunsImage;
	/** The image by itself. */
	readonly image: Target;
	/** The image in the container of the service: mounts over its files, the service's settings in place of its own. */
	readonly target: Target;
	/** The text of a file in which a field of the service stands. */
	textOf(path: string): string | undefined;
}

export interface Target {
	readonly state: StageState;
	readonly binaries: readonly ShippedBinary[];
	/** The file of the workspace that the command starts, where it is one. */
	readonly startedFile: StartedFile | undefined;
}

/** A Go binary in a target's files. */
export interface ShippedBinary {
	/** Its path in the image. */
	readonly path: string;
	/** The build that wrote it; `undefined` for a binary from the build context. */
	readonly build: GoBuild | undefined;
	/** The main package that a binary from the context is taken to be. */
	readonly mainPackage: MainPackage | undefined;
	readonly program: Program | undefined;
	/** Whether ENTRYPOINT or CMD starts it. */
	readonly started: boolean;
	/** The file of the build context that was read as a linked program; left out where there is none. */
	readonly source?: string;
	/** In what it is not what the source makes now, one sentence for each. */
	readonly differs?: readonly string[];
	/** What the linked program says of itself; left out where it was not read. */
	readonly linked?: LinkedFile | undefined;
	/** What it loads and the image does not have, the first of it; left out where it has all, or that is not known. */
	readonly lacks?: Lacked | undefined;
}
