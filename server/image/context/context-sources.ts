import { parseMount } from '../../dockerfile/mount.ts';
import type { CopyInstruction, Dockerfile, Instruction } from '../../dockerfile/syntax.ts';
import { remembered } from '../../text/remembered.ts';
import { basename, join } from '../../workspace/paths.ts';
import { isGlob } from './glob.ts';

/** What a Dockerfile takes from its build context, as far as it says so literally. */
export interface LiteralSources {
	/**
	 * The paths that a context must hold for the Dockerfile to build. go.sum is not among them: that it is copied and absent is a finding,
	 * and would be lost with the context.
	 */
	readonly paths: readonly string[];
	/** Those of them that no Go build wants, so that a context without them may be the right one all the same. */
	readonly dispensable: ReadonlySet<string>;
	/** The go.sum and go.work.sum files that are copied by name. */
	readonly sums: readonly string[];
	/** Whether all of the context is copied. */
	readonly all: boolean;
	/** Whether a stage works with Go. */
	readonly worksWithGo: boolean;
	/** Whether a stage makes its go.mod itself, which fails where one is copied. */
	readonly initializes: boolean;
	/** Sources that a stage without Go copies: a binary has the name of its package's directory as a rule. */
	readonly shipped: ReadonlySet<string>;
}

const MAX_SOURCES = 200;

export function literalSources(dockerfile: Dockerfile): LiteralSources {
	const paths = new Set<string>();
	const wanted = new Set<string>();
	const sums = new Set<string>();
	let all = false;
	const goStages = new Set<string>();
	const shipped = new Set<string>();
	let worksWithGo = false;
	let initializes = false;
	for (const stage of dockerfile.stages) {
		const image = stage.from.image?.raw ?? '';
		const said = stage.instructions.map(saidBy);
		const isGo = /golang/.test(image) || goStages.has(image.toLowerCase()) || said.some(({ runsGo }) => runsGo);
		worksWithGo ||= isGo;
		initializes ||= said.some((each) => each.initializes);
		if (isGo && stage.from.alias !== undefined) goStages.add(stage.from.alias.raw.toLowerCase());
		for (const path of said.flatMap(({ sources }) => sources)) {
			if (path === '') all = true;
			else if (/(?:^|\/)go(?:\.work)?\.sum$/.test(path)) sums.add(path);
			else {
				paths.add(path);
				if (!isGo) shipped.add(path);
				if (!wanted.has(path) && !isDispensable(path, isGo)) wanted.add(path);
			}
		}
	}
	const kept = [...paths].slice(0, MAX_SOURCES);
	return {
		paths: kept,
		dispensable: new Set(kept.filter((path) => !wanted.has(path))),
		sums: [...sums],
		all,
		worksWithGo,
		initializes,
		shipped,
	};
}

/** What differs between two of them, in one text. */
export function namesOf({ paths, dispensable, sums, all, worksWithGo, initializes, shipped }: LiteralSources): string {
	return [...paths, '', ...dispensable, '', ...sums, all, worksWithGo, initializes, ...shipped].join('\n');
}

interface Said {
	/** The paths that an instruction takes from the context, from its root. */
	readonly sources: readonly string[];
	readonly runsGo: boolean;
	readonly initializes: boolean;
}

/** Most instructions stay as they are while one of them is typed. */
const saidBy = remembered(
	(instruction: Instruction): Said => ({
		sources: sourcesOf(instruction).map((raw) => join('/', raw).slice(1)),
		runsGo: runs(instruction, /\bgo\s+(?:build|install|mod|test|run|generate|vet)\b/),
		initializes: runs(instruction, /^\s*go\s+mod\s+init\b/),
	}),
);

function runs(instruction: Instruction, command: RegExp): boolean {
	return instruction.keyword === 'RUN' && instruction.command?.form === 'shell' && command.test(instruction.command.text);
}

function sourcesOf(instruction: Instruction): string[] {
	if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return copySources(instruction);
	if (instruction.keyword !== 'RUN') return [];
	return instruction.flags.flatMap(({ name, value }) => {
		if (name !== 'mount' || value === undefined || /[$"'\\]/.test(value.raw)) return [];
		const mount = parseMount(value.raw);
		return mount.type === 'bind' && mount.from === undefined ? [mount.source ?? '.'] : [];
	});
}

function copySources(instruction: CopyInstruction): string[] {
	if (instruction.onbuild || instruction.flags.some((flag) => flag.name === 'from')) return [];
	return instruction.sources
		.map((word) => word.raw)
		.filter((raw) => !/[$"'\\`]/.test(raw) && !isGlob(raw) && !/^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(raw));
}

/** What is made before the image is built, or kept out of the repository: never the source of a program. */
const MADE_BEFORE = /^(?:dist|build|out|bin|public|static|assets|certs|secrets|node_modules|\..+)$/;
const DATA =
	/\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|xml|csv|pem|crt|cer|key|p12|html?|css|js|txt|md|sh|sqlite3?|db|tar|gz|tgz|zip)$/i;

/**
 * Whether the Go programs of the image are built without the source, wherever it is. In a stage that works with Go a directory holds
 * packages unless its name says otherwise; in another stage only Go's own files do not belong there.
 */
function isDispensable(path: string, inGoStage: boolean): boolean {
	const name = basename(path);
	if (/\.go$|^go\.(?:mod|work)$|^vendor$/.test(name) || /(?:^|\/)vendor\//.test(path)) return false;
	return !inGoStage || MADE_BEFORE.test(name) || DATA.test(name);
}
