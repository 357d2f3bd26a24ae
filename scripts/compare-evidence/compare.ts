import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { USES } from '../../server/knowledge/go-evidence.ts';
import { KNOWN_MODULES } from '../../server/knowledge/known-modules.ts';
import { defaultName } from '../../server/program/evidence/evidence.ts';
import { scanFile } from '../../server/program/evidence/read/declarations.ts';
import { createNames, createSymbols } from '../../server/program/evidence/read/names.ts';
import type { Sighting } from '../../server/program/evidence/read/scan.ts';
import { scanHeader } from '../../server/program/header.ts';
import { knownModule, watchList } from '../../server/program/kept/watch-list.ts';

/**
 * Compares every use of the table's identifiers that the scanner finds with those that Go's type checker finds.
 *
 *     npx tsx scripts/compare-evidence/compare.ts [--list 20] [--packages ./...] std DIRECTORY ...
 *
 * The standard library goes by the name `std`. It ends with status 1 where precision or recall is below 99.5 %.
 */

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { list: { type: 'string', default: '20' }, packages: { type: 'string', default: './...' } },
});

interface CheckedUse {
	readonly file: string;
	readonly line: number;
	readonly package: string;
	readonly name: string;
	readonly method: boolean;
}

interface CheckedPackage {
	readonly importPath: string;
	readonly names: Readonly<Record<string, string>>;
	readonly files: readonly string[];
	readonly uses: readonly CheckedUse[];
	readonly errors: number;
}

/** The bar for both figures, for names of packages and for methods alike. */
const BAR = 0.995;

const watched = watchList();

/** Methods that show a need; those that are only context are names like `Get`, which count where the argument is an address. */
const methods = new Map<string, string[]>();
for (const { package: path, names, on } of USES) {
	if (on === 'method') for (const name of names) methods.set(name, [...(methods.get(name) ?? []), path]);
}

const query = {
	packages: Object.fromEntries([...watched.packages].map(([path, names]) => [path, [...names.keys()]])),
	prefixes: [...new Set(KNOWN_MODULES.map(({ path }) => path))],
	methods: Object.fromEntries(methods),
};

/** Runs Go's side in a directory; each package goes to `each` as soon as it is checked. */
async function check(
	tool: string,
	directory: string,
	patterns: readonly string[],
	standard: boolean,
	each: (checked: CheckedPackage) => void,
) {
	const child = spawn(tool, [...patterns], { cwd: directory, stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, GOFLAGS: '' } });
	child.stdin.end(JSON.stringify({ ...query, standard }));
	for await (const line of createInterface({ input: child.stdout })) each(JSON.parse(line) as CheckedPackage);
	if (child.exitCode === null) await once(child, 'close');
}

/** Dependencies are read in a quicker way than the workspace's own packages. */
const READINGS = ['as own', 'as a dependency'] as const;

function scan(checked: CheckedPackage, reading: (typeof READINGS)[number]): readonly CheckedUse[] {
	const names = createNames();
	const symbols = createSymbols();
	return checked.files.flatMap((file) => {
		const text = readFileSync(file, 'utf8');
		const imports = (scanHeader(text)?.imports ?? [])
			.filter(({ path }) => path !== 'C')
			.map(({ path, name }) => ({ path, name: name ?? checked.names[path] ?? defaultName(path) }));
		const { importPath } = checked;
		const selectors = reading === 'as a dependency';
		const { sightings } = scanFile(text, { names, symbols, watched, importPath, imports, types: true, selectors });
		return sightings
			.filter(isCompared)
			.map(({ line, package: path, name, form }) => ({ file, line, package: path, name, method: form === 'method' }));
	});
}

function isCompared({ package: path, name, form }: Sighting): boolean {
	return path !== '' && (form !== 'method' || methods.get(name)?.includes(path) === true);
}

interface Count {
	both: number;
	ours: number;
	theirs: number;
}

const nothing = (): Count => ({ both: 0, ours: 0, theirs: 0 });
const total = new Map(READINGS.map((reading) => [reading, { names: nothing(), methods: nothing() }]));
const missed: string[] = [];
const invented: string[] = [];

function compare(checked: CheckedPackage, reading: (typeof READINGS)[number]): void {
	const counts = total.get(reading) ?? { names: nothing(), methods: nothing() };
	const theirs = new Map<string, number>();
	// A package's own names need no qualification, and the table does not speak of them.
	for (const use of checked.uses) {
		if (!use.method && watched.packages.get(use.package)?.has(use.name) !== true && knownModule(use.package, use.name) === undefined)
			continue;
		theirs.set(keyOf(use), (theirs.get(keyOf(use)) ?? 0) + 1);
	}
	for (const use of scan(checked, reading)) {
		const count = use.method ? counts.methods : counts.names;
		const left = theirs.get(keyOf(use)) ?? 0;
		if (left > 0) {
			count.both++;
			theirs.set(keyOf(use), left - 1);
		} else {
			count.ours++;
			invented.push(`${reading}: ${keyOf(use)}`);
		}
	}
	for (const [key, left] of theirs) {
		if (left === 0) continue;
		(key.endsWith('()') ? counts.methods : counts.names).theirs += left;
		missed.push(`${reading}: ${key}`);
	}
}

function keyOf({ file, line, package: path, name, method }: CheckedUse): string {
	// A method goes by the package that a file has its values from, which need not declare it: the flags of pflag come from cobra.
	return `${file}:${line + 1} ${method ? `.${name}()` : `${path}.${name}`}`;
}

function figures({ both, ours, theirs }: Count): { readonly precision: number; readonly recall: number } {
	return { precision: both + ours === 0 ? 1 : both / (both + ours), recall: both + theirs === 0 ? 1 : both / (both + theirs) };
}

async function run(command: string, parameters: readonly string[], cwd: string): Promise<string> {
	const child = spawn(command, [...parameters], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	child.stdout.on('data', (data) => {
		output += data;
	});
	const [status] = await once(child, 'close');
	if (status !== 0) throw new Error(`${command} ended with status ${status}.`);
	return output.trim();
}

const tool = join(tmpdir(), 'go-scratch-compare-evidence');
await run('go', ['build', '-o', tool, '.'], import.meta.dirname);
const goroot = await run('go', ['env', 'GOROOT'], import.meta.dirname);
for (const argument of positionals) {
	const standard = argument === 'std';
	let packages = 0;
	let errors = 0;
	let used = 0;
	await check(tool, standard ? join(goroot, 'src') : argument, standard ? ['std'] : values.packages.split(' '), standard, (checked) => {
		packages++;
		errors += checked.errors;
		used += checked.uses.length;
		for (const reading of READINGS) compare(checked, reading);
	});
	console.log(`${argument}: ${packages} packages, ${used} uses, ${errors} type errors`);
}
let failed = false;
for (const [reading, counts] of total) {
	for (const [kind, count] of Object.entries(counts)) {
		const { precision, recall } = figures(count);
		failed ||= precision < BAR || recall < BAR;
		console.log(
			`${kind} ${reading}: ${count.both} found by both, ${count.ours} only by the scanner, ${count.theirs} only by Go; ` +
				`precision ${(precision * 100).toFixed(3)} %, recall ${(recall * 100).toFixed(3)} %`,
		);
	}
}
for (const [title, list] of [
	['Missed', missed],
	['Invented', invented],
] as const) {
	if (list.length > 0) console.log(`${title}:\n${list.slice(0, Number(values.list)).join('\n')}`);
}
process.exitCode = failed ? 1 : 0;
