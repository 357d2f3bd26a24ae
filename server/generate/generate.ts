import {
	argumentWord,
	comment,
	copyWords,
	type Dialect,
	joined,
	packageWord,
	plainWord,
	type Written,
	written,
} from '../dockerfile/write.ts';
import { userDatabase } from '../needs/needs.ts';
import type { GoModule, GoWorkspace, MainPackage, Program } from '../program/model.ts';
import { basename, join, relativeWithin } from '../workspace/paths.ts';
import { BUILD_CACHE_MOUNT, MODULE_CACHE_MOUNT } from './cache-mounts.ts';
import { dockerignoreFor, embeddedPaths } from './dockerignore.ts';
import { type FinalStage, finalStage, type Line } from './final-stage.ts';
import { CGO_DEBIAN, goImage, goVersionFor } from './go-image.ts';
import { type ModuleLayout, moduleLayout } from './module-layout.ts';
import { isRelative, type Plan, planFor } from './plan.ts';

export interface GenerateOptions {
	readonly workspace: GoWorkspace;
	readonly mainPackage: MainPackage;
	/** The program; `undefined` if it could not be read. */
	readonly program: Program | undefined;
	/** The files that it opens by relative path and that exist: the result of `findRuntimeFiles`. */
	readonly runtimeFiles: ReadonlyMap<string, string>;
	/** Whether to add explanatory comments. */
	readonly comments: boolean;
	/** The line ending to write. */
	readonly newline?: '\n' | '\r\n';
}

export interface Generated {
	/** The build context, the directory of both files. */
	readonly directory: string;
	readonly dockerfile: string;
	readonly dockerignore: string;
	/** What the build reads besides Go files, relative to the build context: an ignore file must not exclude it. */
	readonly sent: readonly string[];
	/** What the program needs and what was added for it, one sentence each. */
	readonly summary: readonly string[];
}

/** The directory that the source is copied to: outside GOPATH, which is /go in golang images. */
const SOURCE = written`/src`;

/** The directory of the binary: a new one, so no name in it is taken. */
const OUTPUT = written`/out`;

/** The working directory of a program that writes to it. */
const WRITABLE_DIRECTORY = '/srv';

/** Names of directories that an image may have. */
const TAKEN_NAMES = new Set([
	'bin',
	'dev',
	'etc',
	'lib',
	'lib64',
	'proc',
	'root',
	'run',
	'sys',
	'tmp',
	'usr',
	'var',
	'home',
	'opt',
	'sbin',
	'data',
	'srv',
]);

/**
 * Writes a Dockerfile that ends in `FROM scratch` with everything that the program needs, or, if it has C code, in an image with a
 * C library.
 *
 * @returns A sentence that says why, if no Dockerfile can be written.
 */
export function generate({ workspace, mainPackage, program, runtimeFiles, comments, newline = '\n' }: GenerateOptions): Generated | string {
	const { module } = mainPackage;
	if (module === undefined) {
		return `${basename(mainPackage.directory)} is not in a module, so how to build it is unknown. Run 'go mod init' in its directory.`;
	}
	const layout = moduleLayout(workspace, module, program);
	const plan = planFor([program]);
	const final = stageFor(layout, plan, runtimeFiles);
	const building = buildStage(layout, module, mainPackage, plan, final);
	if (typeof building === 'string') return building;
	const lines = [...building, blank, ...shippingStage(mainPackage, plan, final)];
	const inModule = [...(layout.vendored ? ['vendor/modules.txt'] : []), ...runtimeFiles.values()];
	return {
		directory: layout.context,
		dockerfile: print(lines, comments, newline),
		dockerignore: dockerignoreFor({ program, contextDirectory: layout.context }).replaceAll('\n', newline),
		sent: [
			...layout.files.flatMap(({ directory, names }) => names.map((name) => join(directory, name))),
			...inModule.map((path) => join(layout.module, path)),
			...(program === undefined ? [] : embeddedPaths(program, layout.context)),
		],
		summary: summarize(mainPackage, plan, layout, final),
	};
}

/** @returns A sentence that says why, if no stage can be written. */
function buildStage(layout: ModuleLayout, module: GoModule, mainPackage: MainPackage, plan: Plan, final: FinalStage): Line[] | string {
	const version = goVersionFor([module.file, layout.work?.file]);
	const withC = plan.cgo.length > 0;
	const directory = layout.work === undefined ? join(SOURCE, layout.module) : SOURCE;
	const image = plainWord(goImage(version, withC ? CGO_DEBIAN.suite : undefined));
	const workdir = argumentWord(directory, DIALECT);
	const target = packageWord(packageArgument(layout, mainPackage));
	if (image === undefined || workdir === undefined) return unwritable(layout.module);
	if (target === undefined) {
		return `go build rejects the package ${packageArgument(layout, mainPackage)}: an import path may contain only letters, digits and -._~+.`;
	}
	const lines: Line[] = [
		withC
			? {
					comment: `${plan.cgo[0]?.importPath} has C code: this stage and the final stage must have the same C library.`,
					text: written`FROM ${image} AS build`,
				}
			: {
					comment: 'Build on the native platform; Go cross-compiles for the target platform.',
					text: written`FROM --platform=$BUILDPLATFORM ${image} AS build`,
				},
		{ comment: '', text: written`WORKDIR ${workdir}` },
	];
	if (layout.downloads && !layout.vendored && layout.downloadsAlone) {
		const explained = 'Modules are downloaded again only if these files change.';
		lines.push(blank);
		for (const [index, { directory: from, names }] of layout.files.entries()) {
			const sources = names.map((name) => (from === '.' ? name : `${from}/${name}`));
			const words = copyWords(sources, join(SOURCE, from) === directory ? './' : `${join(SOURCE, from)}/`, DIALECT);
			if (words === undefined) return unwritable(from);
			lines.push({ comment: index === 0 ? explained : '', text: written`COPY ${words}` });
		}
		lines.push({ comment: '', text: written`RUN ${MODULE_CACHE_MOUNT} \\\n    go mod download` });
	}
	// What does not depend on the source comes before it, so a change of the source does not repeat it.
	if (final.prepare.length > 0) lines.push(blank, ...final.prepare);
	lines.push(blank, {
		comment: '',
		text: layout.module === '.' || layout.work !== undefined ? written`COPY . .` : written`COPY . ${SOURCE}`,
	});
	const mounts = layout.downloads && !layout.vendored ? [MODULE_CACHE_MOUNT, BUILD_CACHE_MOUNT] : [BUILD_CACHE_MOUNT];
	const environment = withC ? written`CGO_ENABLED=1` : written`CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH`;
	const tags = final.tags.length > 0 ? written` -tags ${joined(final.tags, written`,`)}` : written``;
	const build = written`go build -trimpath${tags} -ldflags="-s -w" -o ${OUTPUT}/${binaryName(mainPackage)} ${target}`;
	if (!withC) lines.push(blank, { comment: '', text: written`ARG TARGETOS TARGETARCH` });
	lines.push({
		comment: explainBuild(withC, final.tags.length > 0),
		text: written`RUN ${joined([...mounts, environment, build], written` \\\n    `)}`,
	});
	return lines;
}

/** A Dockerfile without directives. */
const DIALECT: Dialect = { escape: '\\' };

function unwritable(directory: string): string {
	return `The name of the directory ${directory} cannot be written into a Dockerfile: it contains a backslash or a non-printable character.`;
}

function explainBuild(withC: boolean, zoneData: boolean): string {
	const kind = withC ? 'Binary linked with cgo' : 'Static binary';
	return `${kind}${zoneData ? ' with time zone data (timetzdata),' : ','} without build paths (-trimpath) and debug info (-s -w).`;
}

function shippingStage(mainPackage: MainPackage, plan: Plan, final: FinalStage): Line[] {
	const withC = plan.cgo.length > 0;
	const name = binaryName(mainPackage);
	const lines: Line[] = [
		withC
			? {
					comment: 'A minimal image with a C library, CA certificates and time zone data.',
					text: written`FROM ${CGO_DEBIAN.distroless}`,
				}
			: { comment: 'The final image contains only what the program needs.', text: written`FROM scratch` },
		...final.copies,
		{ comment: '', text: written`COPY --from=build ${OUTPUT}/${name} /${name}` },
	];
	const notes = [
		...final.leftOut.map(
			(path) => `Note: the program uses ${path}, which is missing here because its name cannot be written into a Dockerfile.`,
		),
		...plan.executables.map(({ detail, symbol }) => `Note: the program starts ${detail} (${symbol}), which is not in this image.`),
		...(plan.privilege === undefined ? [] : [`Note: it runs as root because it uses ${plan.privilege.symbol}.`]),
	];
	if (notes.length > 0) lines.push(blank, ...notes.map((note) => ({ comment: note, text: written`` })), blank);
	lines.push(...final.user);
	lines.push({ comment: '', text: written`ENTRYPOINT ["/${name}"]` });
	return lines;
}

const blank: Line = { comment: '', text: written`` };

/** The final stage's lines; relative names are relative to the module's directory. */
function stageFor(layout: ModuleLayout, plan: Plan, runtimeFiles: ReadonlyMap<string, string>): FinalStage {
	// The image with a C library also has CA certificates, time zone data, users and /tmp.
	const needs = plan.cgo.length > 0 ? [] : plan.needs;
	// A program that writes to its working directory gets one that it may write to.
	const workingDirectory = plan.directories.some(isRelative) && plan.privilege === undefined ? WRITABLE_DIRECTORY : '/';
	const source = { from: written`build`, directory: join(SOURCE, layout.module), workingDirectory, dialect: DIALECT } as const;
	return finalStage({ ...plan, needs }, source, runtimeFiles);
}

/** The package as an argument of `go build`, relative to the directory that it runs in. */
function packageArgument(layout: ModuleLayout, mainPackage: MainPackage): string {
	const from = layout.work === undefined ? mainPackage.module?.directory : layout.context;
	const path = relativeWithin(from ?? layout.context, mainPackage.directory) ?? '.';
	return path === '.' ? '.' : `./${path}`;
}

/** The name of the binary in the image; `app` if a directory may have the name. */
function binaryName(mainPackage: MainPackage): Written {
	const name = mainPackage.binaryName.replace(/[^A-Za-z0-9._-]/g, '-');
	return TAKEN_NAMES.has(name) || /^\.*$/.test(name) ? written`app` : (plainWord(name) ?? written`app`);
}

/** Prints comments above what they explain, wrapped; a line without text and comment is blank. */
function print(lines: readonly Line[], comments: boolean, newline: string): string {
	const printed: string[] = [];
	for (const { comment: explanation, text } of lines) {
		if (comments && explanation !== '') printed.push(...wrap(explanation).map(comment));
		if (text !== '') printed.push(...text.split('\n'));
		else if (explanation === '' && printed.at(-1) !== '') printed.push('');
	}
	return `${printed.join(newline)}${newline}`;
}

function wrap(text: string): string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + word.length < 88) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

function summarize(mainPackage: MainPackage, plan: Plan, layout: ModuleLayout, final: FinalStage): string[] {
	const said = plan.needs
		.filter(({ need, because }) => need !== userDatabase || because !== undefined)
		.map(({ need, because }) => (because === undefined ? need.title : `${need.title} (${because})`));
	const name = basename(mainPackage.importPath);
	const [cgo] = plan.cgo;
	const summary =
		cgo === undefined
			? [`Wrote a Dockerfile for ${name}: FROM scratch, with ${said.length === 0 ? 'only the program' : said.join('; ')}.`]
			: [`Wrote a Dockerfile for ${name}: it has C code (${cgo.importPath}), so the final image is ${CGO_DEBIAN.distroless}, not scratch.`];
	if (plan.privilege !== undefined) summary.push(`It runs as root because it uses ${plan.privilege.symbol}.`);
	if (plan.executables.length > 0) {
		summary.push(`The program starts ${plan.executables.map(({ detail }) => detail).join(', ')}, which the image does not have.`);
	}
	if (final.leftOut.length > 0) {
		summary.push(`The image lacks ${final.leftOut.join(', ')}, which the program uses: the names cannot be written into a Dockerfile.`);
	}
	const { length: unread } = plan.unread;
	if (unread > 0) {
		const modules = unread === 1 ? '1 module is' : `${unread} modules are`;
		summary.push(`${modules} not on disk, so what may be needed was added too; run go mod download, or vendor, to have modules read.`);
	}
	if (layout.outside.length > 0) {
		summary.push(`go.mod names ${layout.outside.join(', ')}, which is outside the workspace, so no build context contains it.`);
	}
	return summary;
}
