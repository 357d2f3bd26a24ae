import {
	argumentWord,
	comment,
	copyWords,
	type Dialect,
	execForm,
	joined,
	number,
	packageWord,
	plainWord,
	written,
} from '../dockerfile/write.ts';
import { userDatabase } from '../needs/needs.ts';
import { loopbackServices } from '../program/listeners.ts';
import type { GoModule, GoWorkspace, MainPackage, Program } from '../program/model.ts';
import { saidOfUnknown } from '../program/said-of-unknown.ts';
import { basename, join, relativeWithin } from '../workspace/paths.ts';
import { binaryName } from './binary-name.ts';
import { type BuildHabits, NO_HABITS } from './build-habits.ts';
import { BUILD_CACHE_MOUNT, MODULE_CACHE_MOUNT } from './cache-mounts.ts';
import { type ContainerNeeds, containerNeeds } from './container-needs.ts';
import { dockerignoreFor, embeddedPaths } from './dockerignore.ts';
import { type FinalBase, finalBase } from './final-base.ts';
import { type FinalStage, finalStage, type Line } from './final-stage.ts';
import { type AbsentEmbed, frontendStage } from './frontend.ts';
import { CGO_DEBIAN, goImage, goVersionFor } from './go-image.ts';
import { privateModules, saidOfHabits } from './habit-lines.ts';
import { type ModuleLayout, moduleLayout } from './module-layout.ts';
import { type Plan, planFor, writesHome, writesRelative } from './plan.ts';

export interface GenerateOptions {
	readonly workspace: GoWorkspace;
	readonly mainPackage: MainPackage;
	/** The program; `undefined` if it could not be read. */
	readonly program: Program | undefined;
	/** The files that it opens by relative path and that exist: the result of `findRuntimeFiles`. */
	readonly runtimeFiles: ReadonlyMap<string, string>;
	/** What the program embeds and the workspace does not have: the result of `findAbsentEmbeds`. */
	readonly absentEmbeds?: readonly AbsentEmbed[];
	/** What the files of the repository say of its build: the result of `readBuildHabits`. */
	readonly habits?: BuildHabits;
	/** The arguments with which the program checks itself: the result of `healthArguments`. */
	readonly health?: readonly string[] | undefined;
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
	/** What whoever starts the image has to know. */
	readonly container: ContainerNeeds;
}

/** The directory that the source is copied to: outside GOPATH, which is /go in golang images. */
const SOURCE = written`/src`;

/** The directory of the binary: a new one, so no name in it is taken. */
const OUTPUT = written`/out`;

/** The working directory of a program that writes to it. */
const WRITABLE_DIRECTORY = '/srv';

/**
 * Writes a Dockerfile that ends in `FROM scratch` with everything that the program needs, or, if it has C code, in an image with a
 * C library.
 *
 * @returns A sentence that says why, if no Dockerfile can be written.
 */
export function generate(options: GenerateOptions): Generated | string {
	const {
		workspace,
		mainPackage,
		program,
		runtimeFiles,
		absentEmbeds = [],
		habits = NO_HABITS,
		health,
		comments,
		newline = '\n',
	} = options;
	const { module } = mainPackage;
	if (module === undefined) {
		return `${basename(mainPackage.directory)} is not in a module, so how to build it is unknown. Run 'go mod init' in its directory.`;
	}
	const layout = moduleLayout(workspace, module, program);
	const plan = planFor([program]);
	const base = finalBase(plan);
	const final = stageFor(layout, plan, base, runtimeFiles);
	const frontend = frontendLines(absentEmbeds, layout.context);
	const building = buildStage(layout, module, mainPackage, plan, base, final, frontend, habits);
	if (typeof building === 'string') return building;
	const unsure = [...unmetOf(program, module, layout), ...unsureOf(plan, program, absentEmbeds, frontend, workspace.root)];
	const given = suppliedBy(plan, base, final, runtimeFiles);
	const built = [...frontend.made].map(({ path }) => `A stage of its own builds ${relativeWithin(layout.context, path) ?? path}.`);
	const container = containerNeeds(binaryName(mainPackage), plan, base, final, program, health);
	const lines = [...frontend.stage, ...building, blank, ...shippingStage(container, plan, base, final, given, unsure)];
	const named = [...(layout.vendored ? ['vendor/modules.txt'] : []), ...runtimeFiles.values()].map((path) => join(layout.module, path));
	return {
		directory: layout.context,
		dockerfile: print(lines, comments, newline),
		dockerignore: dockerignoreFor({ program, contextDirectory: layout.context, named }).replaceAll('\n', newline),
		sent: [
			...layout.files.flatMap(({ directory, names }) => names.map((name) => join(directory, name))),
			...named,
			...(program === undefined ? [] : embeddedPaths(program, layout.context)),
			...(program?.ownPackages ?? []).flatMap(({ directory, files }) =>
				files.flatMap((name) => relativeWithin(layout.context, join(directory, name)) ?? []),
			),
		],
		summary: [...summarize(mainPackage, plan, base, layout, final, given, unsure), ...built, ...saidOfHabits(habits)],
		container,
	};
}

/** @returns A sentence that says why, if no stage can be written. */
function buildStage(
	layout: ModuleLayout,
	module: GoModule,
	mainPackage: MainPackage,
	plan: Plan,
	base: FinalBase,
	final: FinalStage,
	frontend: FrontendLines,
	habits: BuildHabits,
): Line[] | string {
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
	const secret = layout.downloads && !layout.vendored ? privateModules(habits, DIALECT) : undefined;
	if (secret !== undefined) lines.push(secret.line);
	if (base.installToBuild !== undefined) lines.push({ comment: 'Libraries that the C code is linked against.', text: base.installToBuild });
	if (layout.downloads && !layout.vendored && layout.downloadsAlone) {
		const explained = 'Modules are downloaded again only if these files change.';
		lines.push(blank);
		for (const [index, { directory: from, names }] of layout.files.entries()) {
			const sources = names.map((name) => (from === '.' ? name : `${from}/${name}`));
			const words = copyWords(sources, join(SOURCE, from) === directory ? './' : `${join(SOURCE, from)}/`, DIALECT);
			if (words === undefined) return unwritable(from);
			lines.push({ comment: index === 0 ? explained : '', text: written`COPY ${words}` });
		}
		lines.push({
			comment: '',
			text: written`RUN ${joined([MODULE_CACHE_MOUNT, ...(secret?.mounts ?? []), written`go mod download`], written` \\\n    `)}`,
		});
	}
	// What does not depend on the source comes before it, so a change of the source does not repeat it.
	if (final.prepare.length > 0) lines.push(blank, ...final.prepare);
	lines.push(blank, {
		comment: '',
		text: layout.module === '.' || layout.work !== undefined ? written`COPY . .` : written`COPY . ${SOURCE}`,
	});
	lines.push(...frontend.copies);
	const caches = layout.downloads && !layout.vendored ? [MODULE_CACHE_MOUNT, BUILD_CACHE_MOUNT] : [BUILD_CACHE_MOUNT];
	const mounts = [...caches, ...(secret?.mounts ?? [])];
	const stamp = habits.stamp === undefined ? undefined : plainWord(habits.stamp.variable);
	const stamped = stamp === undefined ? written`` : written` -X ${stamp}=$VERSION`;
	const environment = withC ? written`CGO_ENABLED=1` : written`CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH`;
	const tags = final.tags.length > 0 ? written` -tags ${joined(final.tags, written`,`)}` : written``;
	const build = written`go build -trimpath${tags} -ldflags="-s -w${stamped}" -o ${OUTPUT}/${binaryName(mainPackage)} ${target}`;
	if (!withC) lines.push(blank, { comment: '', text: written`ARG TARGETOS TARGETARCH` });
	if (stamp !== undefined) {
		lines.push({
			comment: `The version, as in ${habits.stamp?.saidBy}: docker build --build-arg VERSION=v1.2.3 .`,
			text: written`ARG VERSION=dev`,
		});
	}
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

/** The stages that build frontends, and the instructions of the build stage that take their results. */
interface FrontendLines {
	readonly stage: readonly Line[];
	readonly copies: readonly Line[];
	/** What is made so. */
	readonly made: ReadonlySet<AbsentEmbed>;
}

/** One frontend: where the program embeds the results of several, people know better how they are built. */
function frontendLines(absent: readonly AbsentEmbed[], context: string): FrontendLines {
	const [first] = absent.filter(({ frontend }) => frontend !== undefined);
	const same = absent.filter(({ frontend }) => frontend !== undefined && frontend.directory === first?.frontend?.directory);
	const stages = same.map((each) => frontendStage(each, context, SOURCE, DIALECT)).filter((each) => each !== undefined);
	const [stage] = stages;
	if (first === undefined || stage === undefined) return { stage: [], copies: [], made: new Set() };
	const said = `The frontend, whose build makes ${relativeWithin(context, first.path) ?? first.path}.`;
	return {
		stage: [...stage.stage.map((text, index) => ({ comment: index === 0 ? said : '', text })), blank],
		copies: stages.map(({ copy }) => ({ comment: '', text: copy })),
		made: new Set(same),
	};
}

/** What the image supplies, as a list of names. */
function suppliedBy(plan: Plan, base: FinalBase, final: FinalStage, runtimeFiles: ReadonlyMap<string, string>): readonly string[] {
	const needs = base.complete ? [] : plan.needs.filter(({ need, because }) => need !== userDatabase || because !== undefined);
	return [
		...needs.map(({ need, because }) => (because === undefined ? need.title : `${need.title} (${because})`)),
		...[...runtimeFiles.keys()].filter((path) => !final.leftOut.includes(path)),
		...final.directories.map((directory) => `a writable ${directory}`),
	];
}

/** Why the file does not build, or why nobody reaches the program in the container, as sentences. */
function unmetOf(program: Program | undefined, { hasGoSum }: GoModule, layout: ModuleLayout): readonly string[] {
	if (program === undefined) return [];
	const needsSum = program.needsModules === 'yes' && !hasGoSum && !layout.vendored && layout.work === undefined;
	const found = needsSum ? ['Missing: go.sum. go build fails without it; run go mod tidy, which writes it.'] : [];
	// The image starts the program without a sub-command.
	const loopback = loopbackServices(program, false).find(({ commands }) => commands === undefined);
	if (loopback === undefined) return found;
	const usually = loopback.given ? ' unless it is told otherwise' : '';
	return [...found, `The program listens only on ${loopback.address}${usually}, so it cannot be reached from outside the container.`];
}

/** What could not be known, and what is known to be missing, as sentences. */
function unsureOf(
	plan: Plan,
	program: Program | undefined,
	absent: readonly AbsentEmbed[],
	{ made }: FrontendLines,
	root: string,
): readonly string[] {
	const within = (path: string) => relativeWithin(root, path) ?? path;
	const { length: unread } = plan.unread;
	return [
		...absent
			.filter((each) => !made.has(each))
			.map(
				({ embed, path }) => `Missing: ${within(path)}, which ${within(embed.path)}:${embed.line + 1} embeds. go build fails without it.`,
			),
		...(program?.missingPackages ?? []).map((each) => `Missing: the package ${each}. go build fails unless it is generated first.`),
		...(program === undefined ? ['Not known: the program could not be read.'] : []),
		...(unread === 0
			? []
			: [
					`Not known: ${unread === 1 ? `module ${plan.unread[0]} is` : `${unread} modules are`} not on disk; run go mod download, or vendor, and generate again.`,
				]),
		...plan.open
			.filter((each) => plan.privilege !== undefined || !writesHome(each))
			.map((each) => `Not known: the program ${saidOfUnknown(each, root)}.`),
	];
}

function shippingStage(
	{ name, path, ports, health }: ContainerNeeds,
	plan: Plan,
	base: FinalBase,
	final: FinalStage,
	given: readonly string[],
	unsure: readonly string[],
): Line[] {
	const contents = `The final image has the program${given.length === 0 ? '' : `, ${given.join(', ')}`}.`;
	const lines: Line[] = [
		{ comment: base.because === '' ? contents : `Not scratch because ${base.because}. ${contents}`, text: written`FROM ${base.image}` },
		...(base.install === undefined ? [] : [{ comment: '', text: base.install }]),
		...final.copies,
		{ comment: '', text: written`COPY --from=build ${OUTPUT}/${name} ${path}` },
	];
	const notes = [
		...final.leftOut.map(
			(path) => `Note: the program uses ${path}, which is missing here because its name cannot be written into a Dockerfile.`,
		),
		...final.secrets.map((path) => `Note: everybody who has the image can read ${path}; mount it there instead if it is a secret.`),
		...final.rootOnly.map((directory) => `Note: the program writes to ${directory}, which its user cannot.`),
		...base.lacking.map((program) => `Note: the program needs ${program}: install the package that has it.`),
		...(plan.privilege === undefined ? [] : [`Note: it runs as root because it uses ${plan.privilege.symbol}.`]),
		...shortened(unsure),
	];
	if (notes.length > 0) lines.push(blank, ...notes.map((note) => ({ comment: note, text: written`` })), blank);
	lines.push(...final.user);
	const volumes = final.volumes.length === 0 ? undefined : execForm(final.volumes);
	if (volumes !== undefined) lines.push({ comment: 'Data that outlives the container.', text: written`VOLUME ${volumes}` });
	for (const port of ports) lines.push({ comment: '', text: written`EXPOSE ${number(port)}` });
	const check = health && written`HEALTHCHECK CMD ${execForm([path, ...health])}`;
	if (check !== undefined) lines.push({ comment: 'The program checks itself.', text: check });
	lines.push({ comment: '', text: written`ENTRYPOINT ["${path}"]` });
	return lines;
}

/** How many sentences about what is not known are written. */
const MAX_NOTES = 8;

function shortened(unsure: readonly string[]): readonly string[] {
	if (unsure.length <= MAX_NOTES) return unsure;
	return [...unsure.slice(0, MAX_NOTES), `Not known: ${unsure.length - MAX_NOTES} more.`];
}

const blank: Line = { comment: '', text: written`` };

/** The final stage's lines; relative names are relative to the module's directory. */
function stageFor(layout: ModuleLayout, plan: Plan, base: FinalBase, runtimeFiles: ReadonlyMap<string, string>): FinalStage {
	// Such an image has CA certificates, users and /tmp.
	const needs = base.complete ? plan.needs.filter(({ need }) => base.install !== undefined && need.supply.tag !== undefined) : plan.needs;
	// A program that writes to its working directory gets one that it may write to.
	const workingDirectory = writesRelative(plan) && plan.privilege === undefined ? WRITABLE_DIRECTORY : '/';
	const source = { from: written`build`, directory: join(SOURCE, layout.module), workingDirectory, dialect: DIALECT } as const;
	return finalStage({ ...plan, needs }, source, runtimeFiles);
}

/** The package as an argument of `go build`, relative to the directory that it runs in. */
function packageArgument(layout: ModuleLayout, mainPackage: MainPackage): string {
	const from = layout.work === undefined ? mainPackage.module?.directory : layout.context;
	const path = relativeWithin(from ?? layout.context, mainPackage.directory) ?? '.';
	return path === '.' ? '.' : `./${path}`;
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

function summarize(
	mainPackage: MainPackage,
	plan: Plan,
	base: FinalBase,
	layout: ModuleLayout,
	final: FinalStage,
	given: readonly string[],
	unsure: readonly string[],
): string[] {
	const name = binaryName(mainPackage);
	const contents = given.length === 0 ? 'the program' : `the program and ${given.join('; ')}`;
	const why = base.because === '' ? '' : ` (not scratch because ${base.because})`;
	const summary = [`Wrote a Dockerfile for ${name}: FROM ${base.image}${why}, with ${contents}.`];
	if (plan.privilege !== undefined) summary.push(`It runs as root because it uses ${plan.privilege.symbol}.`);
	if (final.secrets.length > 0) {
		summary.push(`Everybody who has the image can read ${final.secrets.join(', ')}: mount it there instead if it is a secret.`);
	}
	if (base.lacking.length > 0) summary.push(`The program needs ${base.lacking.join(', ')}: install the packages that have them.`);
	if (final.leftOut.length > 0) {
		summary.push(`The image lacks ${final.leftOut.join(', ')}, which the program uses: the names cannot be written into a Dockerfile.`);
	}
	summary.push(...shortened(unsure));
	if (layout.outside.length > 0) {
		summary.push(`go.mod names ${layout.outside.join(', ')}, which is outside the workspace, so no build context contains it.`);
	}
	return summary;
}
