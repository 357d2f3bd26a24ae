import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rules } from '../../server/rules/index.ts';
import { docker } from './engine.ts';
import { NOT_PROVEN, PART_NOT_PROVEN } from './not-proven.ts';
import type { Proof } from './prove.ts';
import type { Judged } from './saved.ts';
import { readScenarios, type Scenario } from './scenario.ts';
import { verdictOf } from './verdict-of-image.ts';
import type { Whole } from './whole.ts';

const PAGE = fileURLToPath(new URL('../../docs/proofs.md', import.meta.url));
const KEPT = fileURLToPath(new URL('../../.cache/proofs.json', import.meta.url));

/** What a run saw; kept from run to run, so that one of a few tests can write the page as well. */
interface Seen {
	readonly proofs: readonly Proof[];
	readonly seeds: readonly Whole[];
	readonly generated: readonly Whole[];
	readonly versions: readonly string[];
}

/**
 * Writes docs/proofs.md from what was seen. What was not seen, because an image is missing or only a part ran, stays as it is on the page.
 *
 * @param whole Whether all tests ran; otherwise the last run tells what the others saw.
 * @returns what was written and what was not, for whoever started the run
 */
export async function writeProofs(seen: Seen, whole: boolean): Promise<string> {
	const merged = merge(whole ? seen : earlierRun(), seen);
	if (seen.proofs.length === 0) {
		return 'docs/proofs.md is as it was: no scenario ran.';
	}
	mkdirSync(dirname(KEPT), { recursive: true });
	writeFileSync(KEPT, JSON.stringify(merged));
	const missing = notSeen(merged);
	if (missing.length === 0 && merged.seeds.length > 0 && merged.generated.length > 0) {
		writeFileSync(PAGE, await wholePage(merged));
		return 'docs/proofs.md is written.';
	}
	const ran = new Set(seen.proofs.filter(({ scenario }) => scenario.before !== 'works').map(({ scenario }) => scenario.rule));
	const failing = missing.filter(({ before }) => before !== 'works');
	const partly = new Set(failing.map(({ rule }) => rule));
	const codes = [...ran].filter((code) => !partly.has(code));
	const failures = merged.proofs.filter(({ scenario }) => scenario.before !== 'works');
	writeFileSync(PAGE, withSections(readFileSync(PAGE, 'utf8'), new Map(codes.map((code) => [code, section(code, failures)]))));
	const left = failing.filter(({ rule }) => ran.has(rule)).map(({ name }) => name);
	return [
		`docs/proofs.md: sections written: ${codes.join(', ') || 'none'}; the rest is as it was, because not every scenario has run here.`,
		...(left.length === 0 ? [] : [`To write the others, run these too: ONLY=${left.join(',')} npm run prove:rules`]),
	].join('\n');
}

/** The scenarios that were not seen with each of their versions of Go. */
function notSeen({ proofs }: Seen): readonly Scenario[] {
	const known = new Set(proofs.map(({ scenario, go }) => `${scenario.name} ${go}`));
	return readScenarios().filter(({ name, go }) => go.some((version) => !known.has(`${name} ${version}`)));
}

/** The page with these sections of rules in place of those of the same name, or at their place in the order of the names. */
export function withSections(page: string, sections: ReadonlyMap<string, string>): string {
	const [before = '', list = '', after = ''] = (/^([\s\S]*?\n## Rules\n\n)([\s\S]*?)(\n## [\s\S]*)$/.exec(page) ?? []).slice(1);
	const known = list
		.split(/^(?=### )/m)
		.map((text): [string, string] => [/^### (\S+)/.exec(text)?.[1] ?? '', text.trimEnd()])
		.filter(([code]) => code !== '');
	const all = [...new Map([...known, ...sections])].sort(([one], [other]) => (one < other ? -1 : 1));
	return `${before}${all.map(([, text]) => `${text}\n`).join('\n')}${after}`;
}

async function wholePage({ proofs, seeds, generated, versions }: Seen): Promise<string> {
	const engine = (await docker(['version', '--format={{.Server.Version}}'])).output.trim();
	const go: string[] = [];
	for (const version of versions) {
		const { output } = await docker(['run', '--rm', '--network=none', `golang:${version}`, 'go', 'env', 'GOVERSION']);
		go.push(output.trim().replace(/^go/, ''));
	}
	const failures = proofs.filter(({ scenario }) => scenario.before !== 'works');
	const traps = proofs.filter(({ scenario }) => scenario.before === 'works');
	const text = [
		'# Proofs',
		`What a Docker engine did with each of these Dockerfiles before and after the fix that go-scratch offers. Written by \`npm run prove:rules\` with Docker ${engine} (BuildKit) and Go ${go.join(' and ')}; the Dockerfiles and programs are in \`test/images/scenarios\`. Where there is a compose file or a manifest, the container is started with its settings, as go-scratch reads them; for a health check in exec form, an image over the built one has it, because \`docker run\` has no such option.`,
		'## Rules',
		...rules.map(({ code }) => section(code, failures)),
		'## Dockerfiles that look wrong but work',
		'The rule does not report these, and the engine shows that this is right.',
		table(
			['rule', 'Go', 'the Dockerfile', 'prints', 'size'],
			traps.map((proof) => [
				`\`${proof.scenario.rule}\``,
				proof.go,
				proof.line + simulatedBy(proof),
				inCode(proof.before),
				megabytes(proof.sizeBefore),
			]),
		),
		'## Saved images',
		...savedImages(proofs),
		'## The Dockerfiles of the article',
		'With a program that connects to a server over TLS and has a dependency, run with `--read-only --cap-drop ALL` as the user of the Dockerfile; the fixed and generated ones also with `--user 12345:12345`.',
		wholeTable(seeds),
		'## Generated Dockerfiles',
		'Built and run for every program of `test/fixtures/generate`, without a network. The service of `generate --compose` is started with its settings, for the program `test/fixtures/generate-compose/server.txtar`. Modules are stand-ins of the same name, and distroless is an image built here.',
		wholeTable(generated),
	];
	return `${text.join('\n\n')}\n`;
}

/** What the last run saw of scenarios that have not changed since. */
function earlierRun(): Seen {
	if (!existsSync(KEPT)) return { proofs: [], seeds: [], generated: [], versions: [] };
	const earlier: Seen = JSON.parse(readFileSync(KEPT, 'utf8'));
	const current = new Map(readScenarios().map((scenario) => [scenario.name, JSON.stringify(scenario)]));
	return { ...earlier, proofs: earlier.proofs.filter(({ scenario }) => current.get(scenario.name) === JSON.stringify(scenario)) };
}

/** Of what both runs saw, what was seen now; in an order that does not depend on which was first at the engine. */
function merge(before: Seen, now: Seen): Seen {
	const merged = <T>(one: readonly T[], other: readonly T[], keyOf: (each: T) => string) =>
		[...new Map([...one, ...other].map((each) => [keyOf(each), each])).values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
	return {
		proofs: merged(before.proofs, now.proofs, ({ scenario, go }) => `${scenario.name} ${go}`),
		seeds: merged(before.seeds, now.seeds, ({ name }) => name),
		generated: merged(before.generated, now.generated, ({ name }) => name),
		versions: now.versions,
	};
}

function section(code: string, proofs: readonly Proof[]): string {
	const own = proofs.filter(({ scenario }) => scenario.rule === code);
	const reason = NOT_PROVEN.get(code);
	const part = PART_NOT_PROVEN.get(code);
	const state =
		own.length === 0
			? `Not proven: ${reason ?? 'no scenario was run'}`
			: own.every(({ simulated, scenario }) => simulated.length > 0 || scenario.simulated !== undefined)
				? 'Simulated.'
				: 'Proven.';
	return [
		`### ${code}`,
		state,
		...(part === undefined ? [] : [`Not proven of Kubernetes: ${part}`]),
		...(own.length === 0
			? []
			: [
					table(
						['Go', 'case', 'before', 'fix', 'after', 'size'],
						own.map((proof) => [
							proof.go,
							`${inCode(proof.line)}: ${proof.scenario.sentence}${simulatedBy(proof)}`,
							inCode(withoutChance(proof.before)),
							proof.fix ?? 'none shown',
							proof.scenario.prints === undefined ? proof.after : inCode(proof.after),
							[megabytes(proof.sizeBefore), megabytes(proof.sizeAfter)].filter(Boolean).join(' → '),
						]),
					),
				]),
	].join('\n\n');
}

/** What `go-scratch image` reports of every image of a scenario, against what the engine did with it. */
function savedImages(proofs: readonly Proof[]): string[] {
	const counts = new Map<string, number>();
	const verdict = (judged: Judged, rule: string, did: Scenario['before'], line?: string) => {
		const found = verdictOf(judged, rule, did, line);
		const kind = found === 'right' || found === 'not judged' ? found : 'wrong';
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
		return found;
	};
	const rows = proofs.flatMap(({ scenario, go, line, judgedBefore, judgedAfter }) => [
		...(judgedBefore === undefined
			? []
			: [
					[
						`\`${scenario.name}\``,
						go,
						scenario.before === 'works' ? 'works' : `before: ${scenario.before}`,
						...reported(judgedBefore),
					].concat(verdict(judgedBefore, scenario.rule, scenario.before, line)),
				]),
		...(judgedAfter === undefined
			? []
			: [[`\`${scenario.name}\``, go, 'after: works', ...reported(judgedAfter)].concat(verdict(judgedAfter, scenario.rule, 'works'))]),
	]);
	const counted = ['right', 'not judged', 'wrong'].map((kind) => `${kind}: ${counts.get(kind) ?? 0}`);
	return [
		`Every image that was built, before and after the fix, was saved with \`docker save\` and read by \`go-scratch image\`, with the source and without. Its files are those of \`docker export\`, with their modes, owners and sizes. An image that works has no error; of one that does not, the reason is reported with the source. *Not judged*: the reason is how the image was built, which it does not show.`,
		`${counted.join(', ')}.`,
		table(['scenario', 'Go', 'the engine', 'with the source', 'without', 'verdict'], rows),
	];
}

function reported({ withSource, alone }: Judged): string[] {
	const said = (list: Judged['alone']) => [...new Set(list.map(({ severity, code }) => `${severity} \`${code}\``))].join(', ');
	return [said(withSource), said(alone)];
}

/** The words without what is another in each run: times, and the names that the engine gives. */
function withoutChance(words: string): string {
	return (
		words
			.replace(/^(?:#\d+ )?\d+\.\d+ /, '')
			.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, '')
			// Whether a registry answers, and which, depends on the machine.
			.replace(/: failed to do request:.*/, ': …')
			.replace(/(ref )[\w-]+::\w+/, '$1…')
			.replace(/\/tmp\/x\d+/, '/tmp/x…')
	);
}

function simulatedBy({ simulated, scenario }: Proof): string {
	const notes = [...simulated, ...(scenario.simulated === undefined ? [] : [scenario.simulated])];
	return notes.length === 0 ? '' : ` (simulated: ${notes.join('; ')})`;
}

function wholeTable(wholes: readonly Whole[]): string {
	return table(
		['Dockerfile', 'prints', 'size'],
		wholes.map(({ name, words, size }) => [name, inCode(words), megabytes(size)]),
	);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
	return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function inCode(text: string): string {
	return text === '' ? '' : `\`${text.replaceAll('`', "'")}\``;
}

function megabytes(bytes: number | undefined): string {
	return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
