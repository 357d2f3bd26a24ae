import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fix } from '../../server/findings/finding.ts';
import { moves } from '../../server/fixes/move-image.ts';
import { type AnalysisRequest, createAnalyser, type ReportedFinding } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { rules } from '../../server/rules/index.ts';
import { applyEdits } from '../../server/text/text.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { type Bases, sizeWithout } from './bases.ts';
import { deploymentRun } from './deployment.ts';
import { build, type Outcome } from './engine.ts';
import { assertPictured, exportedFiles } from './exported.ts';
import { type Observation, observe } from './observe.ts';
import { type Judged, judgeSaved } from './saved.ts';
import { filesFor, type Scenario, type WorkingProgram } from './scenario.ts';
import { assertVerdict } from './verdict-of-image.ts';

/** What was seen of a scenario with one version of Go. */
export interface Proof {
	readonly scenario: Scenario;
	readonly go: string;
	/** The first line of what the rule points at, or of the Dockerfile where it is silent. */
	readonly line: string;
	/** The engine's or the program's words before. */
	readonly before: string;
	/** The fix that was applied, and what was seen then. */
	readonly fix: string | undefined;
	readonly after: string;
	/** In bytes, where the image was built. */
	readonly sizeBefore: number | undefined;
	readonly sizeAfter: number | undefined;
	/** What is not what its name says. */
	readonly simulated: readonly string[];
	/** What is reported of the images, once they are saved. */
	readonly judgedBefore?: Judged | undefined;
	readonly judgedAfter?: Judged | undefined;
}

/** The directory that the analyser sees the files in. */
export const ROOT = '/workspace';

/** Files by their path below the workspace. */
export type Tree = ReadonlyMap<string, string>;

/** What became of a Dockerfile. */
export interface Seen {
	readonly built: Outcome;
	/** `undefined` where it was not built. */
	readonly ran: Outcome | undefined;
	readonly size: number | undefined;
	readonly simulated: readonly string[];
	/** What is reported of the image that was built, once it is saved. */
	readonly judged?: Judged;
}

/** Shows what the scenario says, or throws. */
export async function prove(scenario: Scenario, go: string, bases: Bases): Promise<Proof> {
	const tree: Tree = new Map(filesFor(scenario, go).map(({ name, text }) => [name, text]));
	const file = fileOf(scenario);
	const text = tree.get(file) ?? assert.fail('a scenario has a Dockerfile');
	const { findings } = await analyserOf(tree).analyse(requestOf(file, text));
	const finding = findings.find(({ code }) => code === scenario.rule);
	const before = await buildAndRun(tree, scenario, bases);

	if (scenario.before === 'works') {
		assert.equal(finding?.message, undefined, `${scenario.rule} is silent`);
		assertWorks(before, scenario.prints as string);
		return {
			scenario,
			go,
			line: scenario.sentence,
			before: firstLine(scenario.prints as string),
			fix: undefined,
			after: '',
			sizeBefore: before.size,
			sizeAfter: undefined,
			simulated: before.simulated,
			judgedBefore: before.judged,
		};
	}

	assert.ok(finding, `${scenario.rule} speaks; what spoke: ${findings.map(({ code }) => code).join(', ')}`);
	const words = assertSeen(before, scenario);
	// What another processor says cannot be heard here.
	if (scenario.platform === undefined) assertPredicted(finding, before);
	assertVerdict(before.judged, scenario.rule, scenario.before, lineAt(text, finding.range.start));
	const base = {
		scenario,
		go,
		line: lineAt(text, finding.range.start),
		before: words,
		sizeBefore: before.size,
		judgedBefore: before.judged,
	};
	if (scenario.prints === undefined)
		return { ...base, fix: undefined, after: scenario.unmended as string, sizeAfter: undefined, simulated: before.simulated };

	const { title, tree: mended } =
		scenario.fix === 'all'
			? { title: 'fix-all', tree: await mendAll(tree, scenario) }
			: mend(tree, file, await chosenFix(finding, scenario.fix));
	const after = await buildAndRun(mended, scenario, bases);
	try {
		assertWorks(after, scenario.prints);
		assert.ok(!outputOf(after).includes(scenario.says[0] as string), `nothing says '${scenario.says[0]}'`);
	} catch (error) {
		throw new Error(`With the fix '${title}' it does not work:\n${mended.get(file)}\n${(error as Error).message}`);
	}
	const said = (await analyserOf(mended).analyse(requestOf(file, mended.get(file) as string))).findings;
	assert.ok(!said.some(({ code }) => code === scenario.rule), `${scenario.rule} is silent of what it mended`);
	return {
		...base,
		fix: title,
		after: firstLine(scenario.prints),
		sizeAfter: after.size,
		judgedAfter: after.judged,
		simulated: [...new Set([...before.simulated, ...after.simulated])],
	};
}

/** The file that the scenario's rule reports findings of. */
function fileOf({ rule, deployment }: Scenario): string {
	const ofDeployment = rules.find(({ code }) => code === rule)?.judges === 'deployment';
	return ofDeployment ? (deployment ?? assert.fail('a rule about deployments has one')) : 'Dockerfile';
}

function requestOf(file: string, text: string): AnalysisRequest {
	return { path: `${ROOT}/${file}`, text, root: ROOT };
}

/** The files after fix-all of each that is analysed. */
async function mendAll(tree: Tree, { deployment }: Scenario): Promise<Tree> {
	const mended = new Map(tree);
	for (const file of ['Dockerfile', ...(deployment === undefined ? [] : [deployment])]) {
		const { text } = await fixAll(analyserOf(mended), requestOf(file, mended.get(file) ?? ''));
		mended.set(file, text);
	}
	return mended;
}

/** Shows that a program works as its Dockerfile stands, and still works after fix-all. */
export async function proveStillWorks({ files, prints, tls }: WorkingProgram, bases: Bases): Promise<void> {
	const tree: Tree = new Map(files.map(({ name, text }) => [name, text]));
	const text = tree.get('Dockerfile') ?? assert.fail('it has a Dockerfile');
	const use = { run: [], tls };
	const worksAs = async (what: string, changed: string) => {
		try {
			assertWorks(await buildAndRun(new Map([...tree, ['Dockerfile', changed]]), use, bases), prints);
		} catch (error) {
			throw new Error(`${what} it does not work:\n${changed}\n${(error as Error).message}`);
		}
	};
	assertWorks(await buildAndRun(tree, use, bases), prints);
	const analyser = analyserOf(tree);
	const request = { path: `${ROOT}/Dockerfile`, text, root: ROOT };
	const { text: fixed } = await fixAll(analyser, request);
	if (fixed !== text) await worksAs('After fix-all', fixed);
	const { facts } = await analyser.analyse(request);
	const moved = (facts?.targets ?? []).flatMap((target) => (facts === undefined ? [] : moves(facts, target)));
	for (const { title, edits, losses } of moved) if (losses?.length === 0) await worksAs(`After '${title}'`, applyEdits(text, edits));
}

/** The editor's analyser, over files in memory. */
export function analyserOf(tree: Tree) {
	return createAnalyser({
		files: createMemoryFiles(Object.fromEntries([...tree].map(([name, text]) => [`${ROOT}/${name}`, text]))),
		log: assert.fail,
	});
}

async function chosenFix(finding: ReportedFinding, title: string | undefined): Promise<Fix> {
	const fixes = await finding.fixes();
	const fix = title === undefined ? fixes[0] : fixes.find((each) => each.title === title);
	return fix ?? assert.fail(`the finding has the fix ${title ?? 'at all'}; it has: ${fixes.map((each) => each.title).join(', ')}`);
}

/** Applies a fix as an editor does: edits of the file and of other files, and new files. */
function mend(tree: Tree, file: string, fix: Fix): { title: string; tree: Tree } {
	const mended = new Map(tree);
	const nameOf = (path: string) => path.slice(ROOT.length + 1);
	mended.set(file, applyEdits(tree.get(file) ?? '', fix.edits));
	for (const [path, edits] of fix.otherEdits ?? []) mended.set(nameOf(path), applyEdits(tree.get(nameOf(path)) ?? '', edits));
	for (const [path, content] of fix.create ?? []) mended.set(nameOf(path), content);
	return { title: fix.title, tree: mended };
}

type Use = Observation & Partial<Pick<Scenario, 'fresh' | 'edited' | 'deployment'>>;

/** Builds the Dockerfile of the tree and runs what comes out. */
export async function buildAndRun(tree: Tree, { fresh, edited, deployment, ...observation }: Use, bases: Bases): Promise<Seen> {
	const { images, simulated } = await bases.standsFor(tree.get('Dockerfile') ?? '');
	return inDirectory(tree, async (context) => {
		const builds = () => build({ context, stands: images, fresh: fresh ?? false, platform: observation.platform });
		let built = await builds();
		if (edited !== undefined && built.code === 0) {
			appendFileSync(join(context, edited), `\n// Changed at ${Date.now()}.\n`);
			built = await builds();
		}
		if (built.code !== 0) return { built, ran: undefined, size: undefined, simulated };
		// Files that are made for another platform are those of this one.
		const exported = await exportedFiles(built.image);
		await assertPictured(tree, exported, simulated.length > 0);
		const size = await sizeWithout(images, built.image);
		if (deployment !== undefined) {
			// What an image lacks, its deployment may supply, so that the image alone is not judged.
			const ran = await observe(built.image, observation, bases, await deploymentRun(tree, deployment));
			return { built, ran, size, simulated };
		}
		const judged = await judgeSaved(built.image, tree, exported);
		const ran = await observe(built.image, observation, bases);
		return { built, ran, size, simulated, judged };
	});
}

/** Lays the files out on disk while something is done with them. */
export async function inDirectory<T>(tree: Tree, use: (directory: string) => Promise<T>): Promise<T> {
	const directory = mkdtempSync(join(tmpdir(), 'go-scratch-images-'));
	const remove = () => rmSync(directory, { recursive: true, force: true });
	// An interrupted run does not come back here.
	process.once('exit', remove);
	try {
		for (const [name, text] of tree) {
			mkdirSync(join(directory, dirname(name)), { recursive: true });
			writeFileSync(join(directory, name), text);
		}
		return await use(directory);
	} finally {
		remove();
		process.off('exit', remove);
	}
}

/** What failed as the scenario says it does; answers the line of the output that says so. */
function assertSeen({ built, ran }: Pick<Seen, 'built' | 'ran'>, { before, says }: Scenario): string {
	if (before === 'build fails') assert.notEqual(built.code, 0, 'the image does not build');
	else assert.equal(built.code, 0, `the image builds:\n${built.output}`);
	if (before === 'run fails') assert.notEqual(ran?.code, 0, `the container fails; it printed:\n${ran?.output}`);
	if (before === 'wrong') assert.equal(ran?.code, 0, `the container runs:\n${ran?.output}`);
	const output = before === 'build fails' ? built.output : before === 'run fails' ? (ran?.output ?? '') : outputOf({ built, ran });
	for (const line of says) assert.ok(output.includes(line), `it says '${line}'; it said:\n${output}`);
	const lines = output.split('\n').filter((line) => line.includes(says[0] as string));
	// The last one is the engine's summary, without the number and time of the step.
	return (lines.at(-1) ?? '').trim();
}

/** What a message quotes of the engine has to be in the engine's words; of alternatives, one. */
function assertPredicted({ message }: ReportedFinding, { built, ran }: Seen): void {
	const quotes = [...message.matchAll(/'((?:[^']|'(?=\w[^']*'[:,]))+)'(?=[\s.,:;]|$)/g)].map((match) => match[1] as string);
	if (quotes.length === 0) return;
	const output = plain(outputOf({ built, ran }));
	assert.ok(
		quotes.some((quote) =>
			plain(quote)
				.split('…')
				.every((part) => output.includes(part)),
		),
		`the engine says what the message quotes, ${quotes.map((quote) => `'${quote}'`).join(' or ')}; it said:\n${output}`,
	);
}

function outputOf({ built, ran }: Pick<Seen, 'built' | 'ran'>): string {
	const said = ran?.output.trim() === '' ? '(it prints nothing)' : ran?.output;
	return `${built.output}\n${said ?? ''}`;
}

/** Without what the engine escapes, the patch release of Go, and the name that Debian's builds of Go have for the C compiler. */
function plain(text: string): string {
	return text
		.replaceAll('\\"', '"')
		.replace(/\(running go [\d.]+;/g, '(running go;')
		.replace(/\b\w+-linux-gnu-gcc\b/g, 'gcc');
}

export function assertWorks({ built, ran, judged }: Seen, prints: string): void {
	assert.equal(built.code, 0, `the image builds:\n${built.output}`);
	assert.equal(ran?.output.trim(), prints);
	assert.equal(ran?.code, 0, 'the program ends well');
	assertVerdict(judged, '', 'works');
}

function firstLine(text: string): string {
	return text.split('\n')[0] as string;
}

function lineAt(text: string, offset: number): string {
	const start = text.lastIndexOf('\n', offset - 1) + 1;
	const end = text.indexOf('\n', start);
	return text.slice(start, end < 0 ? undefined : end).trim();
}
