// Long because it follows every subcommand of go that changes files, and they share how go reads flags and variables.

import type { GoWorkspace } from '../../program/model.ts';
import type { Answer } from '../../text/answer.ts';
import { upTo } from '../../text/ends.ts';
import {
	ancestors,
	basename,
	dirname,
	isAbsolute,
	isWithin,
	join,
	normalize,
	relativePath,
	relativeWithin,
} from '../../workspace/paths.ts';
import { alongPath } from '../command-path.ts';
import type { GoBuild, GoFlag, Setting } from '../model.ts';
import { madeBy } from '../stage-run.ts';
import { type Call, pathIn, resolve, type Shell, unknownProgram } from './call.ts';
import { flagsOfVariable, lastFlag, readFlags, splitQuoted } from './go-flags.ts';
import { type ExpandedWord, UNKNOWN_PIECE } from './shell-words.ts';

/** The go command, and `xx-go`, which sets the platform and calls it. */
export function runGo(call: Call): string | undefined {
	return follow(afterChange(call));
}

/** The command as it is in the directory that `-C` names, which stands before the subcommand or is its first flag (Go 1.20). */
function afterChange(call: Call): Call {
	const [first, second] = call.words;
	// go build itself reads the flag among its own.
	const at = isChange(first) ? 0 : /^(?:mod|work)$/.test(first?.text ?? '') ? 2 : /^(?:build|install)$/.test(first?.text ?? '') ? -1 : 1;
	const flag = call.words[at];
	if (flag === undefined || !isChange(flag)) return call;
	const equals = flag.text.indexOf('=');
	const target = equals < 0 ? (at === 0 ? second : call.words[at + 1])?.value : flag.value?.slice(equals + 1);
	const shell: Shell = { ...call.shell, directory: target === undefined ? undefined : resolve(call.shell, target) };
	return { ...call, shell, words: call.words.toSpliced(at, equals < 0 ? 2 : 1), path: (word) => pathIn(shell, word) };
}

function isChange(word: ExpandedWord | undefined): boolean {
	return /^--?C(?:=|$)/.test(word?.text ?? '');
}

function follow(call: Call): string | undefined {
	const { shell, words } = call;
	const { tree } = shell.run;
	const subcommand = words[0]?.value;
	const directory = shell.directory ?? '/';
	switch (subcommand) {
		case 'build':
		case 'install':
			build(call, subcommand);
			return '';
		case 'env':
			return environmentCommand(call);
		case 'mod':
			return moduleCommand(call, words[1]?.value);
		case 'work':
			if (words[1]?.value === 'vendor') vendor(call);
			else for (const name of ['go.work', 'go.work.sum']) forgetManifest(call, name);
			return undefined;
		case 'get':
			for (const name of ['go.mod', 'go.sum']) perhaps(call, join(directory, name));
			// Before Go 1.18, `go get` installs commands too.
			tree.makeUnknown(join(call.ran.goEnvironment.path() ?? '/go', 'bin'));
			forgetModules(call);
			return undefined;
		case 'test':
			// The tests of a program may write what they like, below the sources as a rule, or where they are told to.
			tree.makeUnknown(directory);
			forgetNamed(call, words.slice(1), true);
			return undefined;
		case 'vet':
		case 'version':
		case 'list':
		case 'fmt':
		case 'help':
		case 'doc':
		case 'clean':
		case 'telemetry':
		case 'bug':
			return undefined;
		case 'tool':
			if (!/^(?:dist|nm|objdump|cover|vet|addr2line|buildid|pprof)$/.test(words[1]?.value ?? '')) return unknownProgram(call);
			if (words.some(({ text }) => /^--?o(?:ut\w*)?(?:=|$)/.test(text))) {
				tree.makeUnknown(directory);
				forgetNamed(call, words.slice(2), false);
			}
			return undefined;
		default:
			return unknownProgram(call);
	}
}

/**
 * The files and directories that the words name, outside of the directory that the command runs in, may be written.
 * @param variables whether the values of the variables that the Dockerfile sets tell of such places too
 */
function forgetNamed(call: Call, words: readonly ExpandedWord[], variables: boolean): void {
	const { shell } = call;
	const { tree } = shell.run;
	const texts = words.map(({ text }) => text);
	if (variables) {
		const own = new Map([...shell.run.environment.own(), ...shell.exported.own()]);
		for (const { name } of call.node.assignments) own.set(name, call.environment.get(name) as Setting<string | undefined>);
		for (const [name, setting] of own) if (!/^(?:HOME|PATH|PWD|GO(?!COVERDIR$|TMPDIR$)\w*)$/.test(name)) texts.push(setting?.value ?? '');
	}
	for (const text of texts) {
		const named = text.slice(text.startsWith('-') ? text.indexOf('=') + 1 : 0);
		if (!/^(?:\/|\.\.)/.test(named) || /[\s:*?]/.test(named)) continue;
		const piece = named.indexOf(UNKNOWN_PIECE);
		const known = piece < 0 ? named : named.slice(0, named.lastIndexOf('/', piece) + 1);
		const path = resolve(shell, known);
		if (path === undefined) continue;
		if (piece >= 0 || tree.find(path).node?.kind === 'directory') tree.makeUnknown(path);
		else tree.writePerhaps(path, madeBy(shell.run, shell.instruction));
	}
}

function perhaps(call: Call, path: string): void {
	// The file is a Go file of the author's own where it was there before: only what it holds may change.
	if (call.shell.run.tree.has(path) !== 'yes') call.shell.run.tree.writePerhaps(path, madeBy(call.shell.run, call.shell.instruction));
}

function moduleCommand(call: Call, subcommand: string | undefined): undefined {
	const directory = call.shell.directory ?? '/';
	forgetModules(call);
	if (subcommand === 'vendor') vendor(call);
	else if (subcommand === 'edit') forgetManifest(call, 'go.mod');
	else if (subcommand === 'init' || subcommand === 'tidy') for (const name of ['go.mod', 'go.sum']) perhaps(call, join(directory, name));
	return undefined;
}

/** `go mod vendor` and `go work vendor`: to `vendor`, or where -o says. */
function vendor(call: Call): void {
	const { tree } = call.shell.run;
	const { flags } = readFlags(call.words.slice(2));
	const target = lastFlag(flags, 'o');
	const path = target?.value === undefined && target !== undefined ? undefined : resolve(call.shell, target?.value ?? 'vendor');
	if (path === undefined) {
		tree.makeUnknown('/');
		return;
	}
	tree.makeDirectory(path, madeBy(call.shell.run, call.shell.instruction, 0o755));
	tree.makeUnknown(path);
}

/** `go mod edit`, `go work use` and their like change the file that they find from their directory upward, or the one that is named. */
function forgetManifest(call: Call, name: string): void {
	const { tree } = call.shell.run;
	const details = madeBy(call.shell.run, call.shell.instruction);
	const named = call.words.slice(2).flatMap((word) => (word.text.endsWith(name) ? [call.path(word)] : []));
	const above = [...ancestors(call.shell.directory ?? '/')].map((directory) => join(directory, name));
	const path = named[0] ?? above.find((each) => tree.has(each) === 'yes') ?? above[0];
	if (path !== undefined) tree.writePerhaps(path, details);
}

/** `go env NAME` prints what is known; `go env -w NAME=VALUE` sets it for the builds to come. */
function environmentCommand(call: Call): string | undefined {
	const words = call.words.slice(1);
	if (words[0]?.text === '-w') {
		for (const word of words.slice(1)) {
			const equals = word.text.indexOf('=');
			if (equals > 0) call.shell.run.goEnvironment.set(word.text.slice(0, equals), word.value?.slice(equals + 1));
		}
		return '';
	}
	if (words.length !== 1) return undefined;
	if (words[0]?.value === 'GOPATH') {
		const path = call.ran.goEnvironment.path();
		return path === undefined ? undefined : `${path}\n`;
	}
	return undefined;
}

/** Where Go itself lies: as told, else where the official images have it. */
function goRoot(call: Call): string | undefined {
	const setting = call.ran.goEnvironment.get('GOROOT');
	return setting === undefined ? '/usr/local/go' : setting.value;
}

/** Whatever is downloaded lies in the module cache; where that is not known, in GOPATH of the official images, or anywhere. */
function forgetModules({ shell, ran: { goEnvironment } }: Call): void {
	shell.run.tree.makeUnknown(goEnvironment.moduleCache() ?? (goEnvironment.get('GOMODCACHE') === undefined ? '/go/pkg' : '/'));
}

function build(call: Call, subcommand: 'build' | 'install'): void {
	const { shell, node, ran } = call;
	const { run } = shell;
	const wrapped = call.name === 'xx-go';
	const variable = call.ran.goEnvironment.get('GOFLAGS');
	const { flags: own, rest } = readFlags(call.words.slice(1));
	const flags = [...flagsOfVariable(variable?.value ?? ''), ...own];
	const flagsKnown = variable === undefined || variable.value !== undefined;
	const change = lastFlag(flags, 'C');
	const directory =
		change === undefined ? shell.directory : change.value === undefined ? undefined : inDirectory(shell.directory, change.value);
	const packages = rest.flatMap((word) => packageArgument(call, word, directory).map((name) => seenFrom(directory, name)));
	const remote = packages.some((name) => name?.includes('@'));
	const sourceDirectory = directory === undefined || remote ? undefined : run.tree.sourceOf(directory);
	const goos = wrapped ? undefined : platformVariable(call, 'GOOS', 'linux');
	const goarch = wrapped ? undefined : platformVariable(call, 'GOARCH', run.platform?.split('/')[1]);
	const cgo = call.ran.goEnvironment.get('CGO_ENABLED');
	const crossCompiles = wrapped ? 'unknown' : crossing(call, goos, goarch);
	const names = binaryNames(run.build.go, sourceDirectory, packages);
	const output = lastFlag(flags, 'o');
	const written =
		subcommand === 'install'
			? installed(call, names, remote ? undefined : directory, crossCompiles, goos, goarch)
			: builtTo(call, names, packages, output, directory);
	const { isDirectory, elsewhere } = written;
	// A directory in the way makes the command fail.
	const outputs = written.outputs.filter((path) => run.tree.find(path).node?.kind !== 'directory');
	const first = node.assignments[0] ?? call.all[0]?.node;
	const last = call.all.at(-1)?.node.range.end ?? node.range.end;
	const goMinor = call.ran.goEnvironment.minor;
	const result: GoBuild = {
		stage: { index: run.stage.index },
		instruction: shell.instruction,
		subcommand,
		range: { start: Math.min(first?.range.start ?? node.range.start, node.range.start), end: Math.max(last, node.range.start) },
		commandRange: { start: call.all[0]?.node.range.start ?? node.range.start, end: call.words[0]?.node.range.end ?? last },
		command: ran,
		flags,
		packages,
		directory,
		sourceDirectory,
		outputs,
		outputIsDirectory: isDirectory,
		goos,
		goarch,
		tags: tagsOf(flags, flagsKnown),
		cgoEnabled: cgo === undefined ? undefined : cgo.value === '0' || cgo.value === '1' ? cgo.value : 'unknown',
		crossCompiles,
		cCompiler: wrapped ? 'unknown' : compiler(call),
		namedCompiler: wrapped ? undefined : namedCompiler(call),
		goMinor,
		goVersion: goMinor === undefined ? undefined : run.base?.go?.version,
		linking: linkingOf(flags, flagsKnown),
		mod: lastFlag(flags, 'mod')?.value,
		withoutWork: call.ran.goEnvironment.get('GOWORK')?.value === 'off',
	};
	run.builds.push(result);
	if (lastFlag(flags, 'n') !== undefined) return;
	if (elsewhere !== undefined) run.tree.makeUnknown(elsewhere);
	mayDownload(call);
	const mode = mayBeArchive(run.build.go, sourceDirectory, packages) ? undefined : modeOf(flags);
	const certain = shell.certain && (subcommand === 'build' || crossCompiles !== 'unknown');
	for (const path of outputs) {
		const file = { ...madeBy(run, shell.instruction, mode), build: result };
		if (certain) run.tree.writeFile(path, file);
		else run.tree.writePerhaps(path, file);
	}
	// A name that holds a variable of unknown value (`app-$TARGETARCH`) can still be copied by that very name.
	const hidden = subcommand === 'build' && outputs.length === 0 ? inDirectory(directory, output?.text ?? '') : undefined;
	if (hidden?.includes(UNKNOWN_PIECE) === true) {
		run.tree.writePerhaps(hidden, { ...madeBy(run, shell.instruction, mode), build: result });
	}
	if (subcommand === 'install' && crossCompiles === 'unknown' && outputs[0] !== undefined) run.tree.makeUnknown(dirname(outputs[0]));
}

/** Modules that are not there yet are downloaded while the program is built. */
function mayDownload(call: Call): void {
	const { tree } = call.shell.run;
	const cache = call.ran.goEnvironment.moduleCache();
	if (cache !== undefined && tree.has(cache) === 'no') tree.makeUnknown(cache);
}

/** Whether the one package that is built is none of the main packages that are known: then an archive is written, which cannot be executed. */
function mayBeArchive(go: GoWorkspace | undefined, source: string | undefined, packages: readonly (string | undefined)[]): boolean {
	if (go?.mainPackages === undefined || source === undefined || packages.length > 1) return false;
	const [name] = packages.length === 0 ? ['.'] : packages;
	if (name === undefined || !/^\.{1,2}(?:\/|$)/.test(name) || name.includes('...') || name.endsWith('.go')) return false;
	const directory = join(source, name);
	return !go.mainPackages.some((main) => main.directory === directory);
}

/** The permission bits of what is written: libraries cannot be executed (cmd/go/internal/work/exec.go, BuildInstallFunc). */
function modeOf(flags: readonly GoFlag[]): number {
	return /^(?:c-archive|c-shared|plugin)$/.test(lastFlag(flags, 'buildmode')?.value ?? '') ? 0o644 : 0o755;
}

function inDirectory(directory: string | undefined, path: string): string | undefined {
	if (isAbsolute(path)) return join('/', path);
	return directory === undefined ? undefined : join(directory, path);
}

/** A package or file argument; the shell matches `*.go` against the directory's files. */
function packageArgument(call: Call, word: ExpandedWord, directory: string | undefined): (string | undefined)[] {
	if (word.value === undefined) return [undefined];
	if (!word.pattern || !/[*?[]/.test(word.value)) return [word.value];
	const match = /^((?:[^*?[\]]*\/)?)\*\.go$/.exec(word.value);
	// The shell matches in its own directory, before -C.
	const at = match === null ? undefined : inDirectory(call.ran.workingDirectory ?? directory, match[1] || '.');
	const listed = at === undefined ? undefined : call.shell.run.tree.children(at);
	if (listed === undefined || !listed.complete) return [undefined];
	const files = listed.names.filter((name) => name.endsWith('.go') && !name.startsWith('.'));
	return files.length === 0 || files.length > 500 ? [undefined] : files.map((name) => `${match?.[1]}${name}`);
}

/** An absolute path of a package or file as the path from the directory, which means the same to the go command. */
function seenFrom(directory: string | undefined, name: string | undefined): string | undefined {
	if (name === undefined || !isAbsolute(name)) return name;
	if (directory === undefined) return undefined;
	const path = relativePath(directory, normalize(name));
	return path === '.' || path.startsWith('..') ? path : `./${path}`;
}

function platformVariable(call: Call, name: string, otherwise: string | undefined): string | undefined {
	const setting = call.ran.goEnvironment.get(name);
	return setting === undefined ? otherwise : setting.value;
}

/** Whether the command builds for another platform than it runs on. */
function crossing(call: Call, goos: string | undefined, goarch: string | undefined): Answer {
	if (goos !== undefined && goos !== 'linux') return 'yes';
	const { run } = call.shell;
	const own = run.platform?.split('/')[1];
	const arch = call.ran.goEnvironment.get('GOARCH');
	const os = call.ran.goEnvironment.get('GOOS');
	// Without a platform of its own a stage runs on the platform that it builds for.
	const onTarget = run.stage.from.platform === undefined;
	const follows = (name: string, setting: { value: string | undefined } | undefined) =>
		setting === undefined || (onTarget && setting.value === undefined && namesPlatform(call, name, `TARGET${name.slice(2)}`));
	if (!follows('GOOS', os) && os?.value !== 'linux') return 'unknown';
	if (follows('GOARCH', arch)) return 'no';
	if (arch?.value !== undefined && own !== undefined) return arch.value === own ? 'no' : 'yes';
	return goarch !== undefined || arch !== undefined ? 'unknown' : 'no';
}

/** Whether the variable is set to just `$TARGETARCH` (or `$TARGETOS`), by the command or by ENV. */
function namesPlatform(call: Call, name: string, platform: string): boolean {
	const plain = new RegExp(`^"?\\$\\{?${platform}(?::-[^}]*)?\\}?"?$`);
	const own = call.node.assignments.find((assignment) => assignment.name === name);
	if (own !== undefined) return plain.test(own.value?.raw ?? '');
	const setting = call.environment.get(name);
	if (setting?.instruction?.keyword !== 'ENV') return false;
	return setting.instruction.assignments.some((assignment) => assignment.name === name && plain.test(assignment.value?.raw ?? ''));
}

function compiler(call: Call): Answer {
	const cc = call.ran.goEnvironment.get('CC');
	if (cc !== undefined && cc.value?.trim() !== '') {
		const program = namedCompiler(call);
		return program === undefined ? 'unknown' : alongPath(call.shell.run.tree, call.environment, program).answer === 'no' ? 'no' : 'unknown';
	}
	const { tree } = call.shell.run;
	const gcc = alongPath(tree, call.environment, 'gcc').answer;
	// Debian's Go and the official one look for gcc; a clang beside it is no answer unless CC says so.
	return gcc;
}

function namedCompiler(call: Call): string | undefined {
	return call.ran.goEnvironment.get('CC')?.value?.trim().split(/\s+/)[0] || undefined;
}

function tagsOf(flags: readonly GoFlag[], known: boolean): string[] | undefined {
	const flag = lastFlag(flags, 'tags');
	if (flag === undefined) return known ? [] : undefined;
	return flag.value
		?.split(/[\s,]+/)
		.filter((tag) => tag !== '')
		.map((tag) => tag.replace(/^["']|["']$/g, ''));
}

function linkingOf(flags: readonly GoFlag[], known: boolean): GoBuild['linking'] {
	const mode = lastFlag(flags, 'buildmode');
	const flag = lastFlag(flags, 'ldflags');
	// A pattern in front (`-ldflags=all=-s`) says which packages the flags are for.
	const words = splitQuoted((flag?.text ?? '').replace(/^[\w./-]+=(?=-)/, ''));
	let externalMode = false;
	let extldflags = '';
	let hidden = flag !== undefined && flag.text === undefined;
	for (const [index, word] of words.entries()) {
		const match = /^--?(linkmode|extldflags)(?:=([\s\S]*))?$/.exec(word);
		if (word.startsWith(UNKNOWN_PIECE) && !/^--?[XB]$/.test(words[index - 1] ?? '')) hidden = true;
		if (match === null) continue;
		const value = match[2] ?? words[index + 1] ?? '';
		if (match[1] === 'linkmode') externalMode = value === 'external';
		else extldflags = value;
	}
	if (extldflags.includes(UNKNOWN_PIECE)) hidden = true;
	return {
		staticExternal: /(?:^|[\s'"])-{1,2}static(?:-pie)?(?=$|[\s'"])/.test(extldflags),
		externalMode,
		pie: mode?.value === 'pie',
		known: known && !hidden && (mode === undefined || mode.value !== undefined),
	};
}

/** The names of the binaries: `undefined` for one that is not known, nothing at all where it is not known how many there are. */
interface BinaryNames {
	readonly names: readonly (string | undefined)[];
	/** Whether one package is built, in which case `go build` without -o keeps the binary. */
	readonly single: boolean;
}

/** The default names, as cmd/go derives them: a file's, or the last element of the import path, its parent before a version. */
function binaryNames(go: GoWorkspace | undefined, source: string | undefined, packages: readonly (string | undefined)[]): BinaryNames {
	if (packages.some((name) => name?.endsWith('.go')))
		return { names: [packages[0]?.replace(/\.go$/, '').replace(/^.*\//, '')], single: true };
	const wanted = packages.length === 0 ? ['.'] : packages;
	if (wanted.some((name) => name?.includes('...') || /^(?:all|std|cmd|tool|work)$/.test(name ?? ''))) {
		const mains =
			source === undefined || wanted.some((name) => name === undefined) ? undefined : mainsOf(go, source, wanted as readonly string[]);
		return { names: mains ?? [undefined], single: false };
	}
	return { names: wanted.map((name) => binaryName(go, source, name)), single: wanted.length === 1 };
}

function mainsOf(go: GoWorkspace | undefined, source: string, patterns: readonly string[]): string[] | undefined {
	const mains = go?.mainPackages;
	if (mains === undefined) return undefined;
	const found = new Map<string, string>();
	for (const pattern of patterns) {
		if (!pattern.startsWith('.')) {
			if (!/^(?:all|std|cmd|tool|work)$/.test(pattern) && !pattern.includes('...')) {
				const name = binaryName(go, source, pattern);
				if (name !== undefined) found.set(pattern, name);
				continue;
			}
			return undefined;
		}
		const directory = join(source, pattern.replace(/\/?\.\.\.$/, ''));
		const deep = pattern.endsWith('...');
		const module = moduleOf(go, directory);
		for (const main of mains) {
			const inside = deep ? isWithin(directory, main.directory) : main.directory === directory;
			// `./...` stops where another module begins.
			if (inside && main.module?.directory === module?.directory) found.set(main.directory, main.binaryName);
		}
	}
	return [...found.values()];
}

function moduleOf(go: GoWorkspace | undefined, directory: string) {
	let best: GoWorkspace['modules'][number] | undefined;
	for (const module of go?.modules ?? []) {
		if (isWithin(module.directory, directory) && (best === undefined || module.directory.length > best.directory.length)) best = module;
	}
	return best;
}

function binaryName(go: GoWorkspace | undefined, source: string | undefined, name: string | undefined): string | undefined {
	if (name === undefined) return undefined;
	if (!/^\.{1,2}(?:\/|$)/.test(name)) return lastElement(upTo(name, '@'));
	if (source !== undefined) {
		const directory = join(source, name);
		const module = moduleOf(go, directory);
		const below = module === undefined ? undefined : relativeWithin(module.directory, directory);
		if (module?.file.path !== undefined && below !== undefined)
			return lastElement(below === '.' ? module.file.path : `${module.file.path}/${below}`);
		if (go !== undefined && module === undefined) return basename(directory);
	}
	// Without the module's path the name is that of a directory that the argument itself names.
	const element = basename(name);
	return element === '.' || element === '..' || element === '' || isVersion(element) ? undefined : element;
}

function lastElement(importPath: string): string {
	const elements = importPath.split('/').filter((element) => element !== '');
	const last = elements.at(-1) ?? importPath;
	return isVersion(last) && elements.length > 1 ? (elements.at(-2) as string) : last;
}

/** `v2` and later, as cmd/go's isVersionElement has it. */
function isVersion(element: string): boolean {
	return /^v(?:[2-9]|[1-9]\d+)$/.test(element);
}

interface Written {
	readonly outputs: readonly string[];
	readonly isDirectory: boolean;
	/** A directory in which something not known is written. */
	readonly elsewhere: string | undefined;
}

function installed(
	call: Call,
	{ names }: BinaryNames,
	workingDirectory: string | undefined,
	crossCompiles: Answer,
	goos: string | undefined,
	goarch: string | undefined,
): Written {
	const root = goRoot(call);
	if (root === undefined) return { outputs: [], isDirectory: false, elsewhere: '/' };
	// The go command takes what lies among the sources of Go itself for a part of Go, whatever GOBIN and GOPATH say.
	const ofGo = workingDirectory !== undefined && isWithin(join(root, 'src'), workingDirectory);
	const bin = ofGo ? undefined : call.ran.goEnvironment.get('GOBIN');
	const path = ofGo ? root : call.ran.goEnvironment.path();
	let directory = bin !== undefined ? bin.value : path === undefined ? undefined : join(path, 'bin');
	if (directory === undefined) return { outputs: [], isDirectory: false, elsewhere: '/' };
	if (bin === undefined && crossCompiles === 'yes') {
		if (goos === undefined || goarch === undefined) return { outputs: [], isDirectory: false, elsewhere: directory };
		directory = join(directory, `${goos}_${goarch}`);
	}
	return inside(directory, names);
}

function inside(directory: string, names: readonly (string | undefined)[]): Written {
	const outputs = names.filter((name) => name !== undefined).map((name) => join(directory, name));
	return { outputs, isDirectory: false, elsewhere: outputs.length < names.length ? directory : undefined };
}

function builtTo(
	call: Call,
	{ names, single }: BinaryNames,
	packages: readonly (string | undefined)[],
	output: GoFlag | undefined,
	directory: string | undefined,
): Written {
	const { tree } = call.shell.run;
	if (output !== undefined) {
		const path = output.value === undefined || output.value === '' ? undefined : inDirectory(directory, output.value);
		if (path === undefined) return { outputs: [], isDirectory: false, elsewhere: unknownPlace(output, directory) };
		if (path === '/dev/null') return { outputs: [], isDirectory: false, elsewhere: undefined };
		const isDirectory = output.value?.endsWith('/') === true || tree.find(path).node?.kind === 'directory';
		return isDirectory ? { ...inside(path, names), isDirectory } : { outputs: [path], isDirectory, elsewhere: undefined };
	}
	if (directory === undefined) return { outputs: [], isDirectory: false, elsewhere: '/' };
	if (single) {
		const name = names[0];
		if (name !== undefined) return { outputs: [join(directory, name)], isDirectory: false, elsewhere: undefined };
		return { outputs: [], isDirectory: false, elsewhere: directory };
	}
	// Several packages, or a pattern: the binaries are thrown away, unless the pattern happens to match one package only.
	const pattern = packages.some((name) => name === undefined || name.includes('...'));
	return { outputs: [], isDirectory: false, elsewhere: pattern ? directory : undefined };
}

/** The deepest directory that an output of which only the beginning is known may lie in. */
function unknownPlace(output: GoFlag, directory: string | undefined): string {
	const known = (output.text ?? '').split(UNKNOWN_PIECE)[0] ?? '';
	return inDirectory(directory, known.slice(0, known.lastIndexOf('/') + 1) || '.') ?? '/';
}
