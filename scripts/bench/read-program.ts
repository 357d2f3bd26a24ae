import { readFileSync } from 'node:fs';
import { NEWEST_GO_MINOR } from '../../server/knowledge/go-releases.ts';
import { readClosure } from '../../server/program/closure.ts';
import type { GoWorkspace, ProgramRequest } from '../../server/program/model.ts';
import { readModuleSet } from '../../server/program/modules.ts';
import { createProgramReader } from '../../server/program/program.ts';
import { findRootPackages } from '../../server/program/root-packages.ts';
import { createSourceCache } from '../../server/program/source-cache.ts';
import { createNodeArchive } from '../../server/workspace/node-archive.ts';
import { createNodeFiles, pathFromNative } from '../../server/workspace/node-files.ts';
import { findGoInstallation } from '../../server/workspace/node-go-installation.ts';
import { createOverlayFiles } from '../../server/workspace/overlay-files.ts';
import { join } from '../../server/workspace/paths.ts';

/**
 * Reads a program in a process of its own and prints what it took as JSON: `read-program.mjs MODE DIRECTORY PACKAGE`. The mode `closure`
 * reads no evidence; `changed` reads the program with another text of a Go file of the main package; `again` reads it, and then again
 * after each of a number of changes to that file; `keep` leaves what it read in the directory that GO_SCRATCH_CACHE names, where the
 * others take it from.
 */

const [mode, directoryArgument = '.', packageArgument = '.'] = process.argv.slice(2);
const directory = pathFromNative(directoryArgument);
const CHANGES = 40;

/** The longest time for which nothing else had its turn. */
let longest = 0;
let before = performance.now();
const turns = setInterval(() => {
	const now = performance.now();
	longest = Math.max(longest, now - before);
	before = now;
}, 1);

const files = createOverlayFiles(createNodeFiles());
const installation = findGoInstallation();
const archive = createNodeArchive(process.env, process.argv[1] as string, console.error);
const request: ProgramRequest = {
	directory,
	packages: [packageArgument],
	goos: 'linux',
	goarch: process.arch === 'arm64' ? 'arm64' : 'amd64',
	tags: [],
	cgo: undefined,
	goMinor: undefined,
	mod: undefined,
};

if (mode === 'closure') {
	const cache = createSourceCache(files);
	const modules = await readModuleSet(cache, installation, directory, undefined, directory);
	const { roots } = await findRootPackages(cache, modules, directory, request.packages);
	const target = { goos: request.goos, goarch: request.goarch as string, cgo: true, tags: new Set<string>(), goMinor: NEWEST_GO_MINOR };
	const closure = await readClosure(cache, { modules, roots, targets: [target], goroot: undefined });
	print({ packages: closure.packageFiles.size, unread: closure.unread.size });
} else {
	const reader = createProgramReader(files, installation, archive);
	const workspace: GoWorkspace = { root: directory, modules: [], works: [], mainPackages: undefined, complete: false };
	const main = join(directory, packageArgument);
	const path = `${main}/${(await files.list(main))?.find(({ name }) => /^(?!.*_test).*\.go$/.test(name))?.name}`;
	const change = (count: number) =>
		files.open(
			path,
			`${readFileSync(path, 'utf8')}\nfunc added${count}() string { return "${count}" }\n\nvar _ = added${count}()\n`,
			count,
		);
	if (mode === 'changed') change(0);
	const began = processorTime();
	const program = await reader.readProgram(workspace, request);
	const reading = processorTime() - began;
	const again: number[] = [];
	if (mode === 'again') {
		for (let count = 1; count <= CHANGES; count++) {
			change(count);
			const start = processorTime();
			reader.invalidate(path);
			await reader.readProgram(workspace, request);
			again.push(processorTime() - start);
		}
	}
	if (mode === 'keep') await reader.keep();
	print({ packages: program.packageCount, unread: program.unread.length, evidence: program.evidence.length, reading, again });
}

function processorTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

function print(found: object): void {
	clearInterval(turns);
	const memory = process.resourceUsage().maxRSS / 1024;
	console.log(JSON.stringify({ ...found, memory, longest }));
}
