import { alongPath } from '../image/command-path.ts';
import type { RanCommand } from '../image/model.ts';
import { basename, isAbsolute, join, relativeWithin } from '../workspace/paths.ts';
import type { Facts } from './facts.ts';

/** A program or script that a RUN starts and that is known not to be there, so that the build ends. */
export interface AbsentProgram {
	/** As the command names it. */
	readonly name: string;
	/** What the shell says. */
	readonly failure: string;
	readonly kind: 'program' | 'script' | 'interpreter';
	/** The script that names the interpreter, from the workspace's root as the image has it. */
	readonly script?: string;
}

/** Programs of which each distribution has a package of its own, and that its base image either lists or does not have. */
const TOOLS = new Set(
	`bash clang cmake curl g++ gcc git gmake go jq make mage node npm perl pip pip3 pkg-config pnpm protoc python python3 rsync ssh sudo task
	unzip upx wget xz yarn zip`.split(/\s+/),
);

/** The program that a command cannot start; `undefined` where it can, where that is not known, and where the RUN goes on without it. */
export function absentProgram(facts: Facts, command: RanCommand): AbsentProgram | undefined {
	const { files, environment, words, ends } = command;
	const [name] = words;
	if (!ends || name === undefined || isNegated(facts, command)) return undefined;
	if (!name.includes('/')) {
		const file = absentFile(facts, command);
		if (file !== undefined) return { name: file, failure: `${name}: ${file}: No such file or directory`, kind: 'script' };
		if (TOOLS.has(name) && alongPath(files, environment, name).answer === 'no') {
			return { name, failure: `/bin/sh: ${name}: not found`, kind: 'program' };
		}
		return /^(?:sh|ash|dash|bash)$/.test(name) ? absentArgument(facts, command) : undefined;
	}
	const path = pathOf(command, name);
	if (path === undefined) return undefined;
	if (files.has(path) === 'no') {
		return isMadeBefore(facts, command, path) ? undefined : { name, failure: `/bin/sh: ${name}: not found`, kind: 'script' };
	}
	const interpreter = absentInterpreter(facts, command);
	if (interpreter === undefined) return undefined;
	const failure = interpreter.includes('/')
		? `/bin/sh: ${name}: not found`
		: `env: can't execute '${interpreter}': No such file or directory`;
	return { name: interpreter, failure, kind: 'interpreter', script: name };
}

/** Programs that fail on a file that is not there, with the arguments that name files: all but the first, or all but the last. */
const WORKS_ON_FILES = new Map([
	['chmod', [1, undefined]],
	['chown', [1, undefined]],
	['cp', [0, -1]],
	['mv', [0, -1]],
] as const);

/** The file that a command works on and that is known not to be there. */
function absentFile(facts: Facts, command: RanCommand): string | undefined {
	const [name = '', ...rest] = command.words;
	const range = WORKS_ON_FILES.get(name as 'chmod');
	// Options that change which arguments are files, or end what is said here.
	if (range === undefined || rest.some((word) => word === undefined || /^-(?!-|[Rvpradfi]+$)|^--(?:reference|target|from)/.test(word)))
		return undefined;
	const files = rest.filter((word) => word?.startsWith('-') === false).slice(...range);
	return files.find((word): word is string => {
		const path = word === undefined || /[*?[\]{}~$]/.test(word) ? undefined : pathOf(command, word);
		return path !== undefined && command.files.has(path) === 'no' && !isMadeBefore(facts, command, path);
	});
}

/** `sh build.sh` where there is no build.sh. */
function absentArgument(facts: Facts, command: RanCommand): AbsentProgram | undefined {
	const name = command.words.slice(1).find((word) => word === undefined || !/^-[eux]+$/.test(word));
	if (name === undefined || name.startsWith('-')) return undefined;
	const path = pathOf(command, name);
	if (path === undefined || command.files.has(path) !== 'no' || isMadeBefore(facts, command, path)) return undefined;
	return { name, failure: `can't open '${name}': No such file or directory`, kind: 'script' };
}

/** The interpreter that the first line of a script names, where it is not there. */
function absentInterpreter(facts: Facts, command: RanCommand): string | undefined {
	const { files, environment } = command;
	const [, program, argument] = /^#!\s*(\/\S+)(?:[ \t]+(\S+))?/.exec(facts.scriptOf(command)?.text ?? '') ?? [];
	if (program === undefined) return undefined;
	if (files.has(program) === 'no') return program;
	const named = basename(program) === 'env' ? argument : undefined;
	return named !== undefined && TOOLS.has(named) && alongPath(files, environment, named).answer === 'no' ? named : undefined;
}

function pathOf({ workingDirectory }: RanCommand, name: string): string | undefined {
	return isAbsolute(name) ? join('/', name) : workingDirectory && join(workingDirectory, name);
}

/** Whether the file would come with a copy of the context, and something makes it there before the image is built. */
function isMadeBefore(facts: Facts, { files }: RanCommand, path: string): boolean {
	for (let above = join(path, '..'); above !== '/'; above = join(above, '..')) {
		const source = files.get(above)?.source;
		if (source === undefined) continue;
		const below = facts.context && relativeWithin(facts.context.directory, source);
		return below === undefined || facts.isMadeBefore(join(below, path.slice(above.length + 1)));
	}
	return false;
}

/** Whether a `!` stands in front of the command. */
function isNegated({ dockerfile }: Facts, { node }: RanCommand): boolean {
	return /!\s*$/.test(dockerfile.text.slice(Math.max(0, node.range.start - 8), node.range.start)) || node.words[0]?.raw === '!';
}
