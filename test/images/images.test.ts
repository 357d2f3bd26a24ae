import { type Bases, prepareBases } from './bases.ts';
import { cleanUp } from './engine.ts';
import { ALL, isAsked } from './only.ts';
import { writeProofs } from './proofs.ts';
import { type Proof, prove, proveStillWorks } from './prove.ts';
import { readScenarios, readWorkingPrograms, type Scenario } from './scenario.ts';
import { generateFixtures, NOT_BUILT, proveCompose, proveGenerated, proveSeed, type Whole } from './whole.ts';

/**
 * Each rule in a real Docker engine: the Dockerfile fails with the words that the rule predicts, and works once the product's own
 * fix is applied. `npm run prove:rules` writes what was seen to docs/proofs.md.
 */

/** So many scenarios are shown at once; an engine on two cores gains nothing from more. */
const AT_ONCE = 2;

const bases = await prepareBases();
const proofs: Proof[] = [];
const seeds: Whole[] = [];
const generated: Whole[] = [];
const inTurn = createPool(AT_ONCE);

describe('images', function () {
	this.timeout(900_000);

	for (const scenario of readScenarios()) {
		for (const go of scenario.go) {
			const title = `${scenario.name}, Go ${go}`;
			const lacks = bases.versions.includes(go) ? !bases.alpine && isOfAlpine(scenario) && 'alpine' : `golang:${go}`;
			shown(
				lacks === false ? title : `${title}: needs the image ${lacks} (docker pull ${lacks})`,
				lacks === false && (async (bases) => void proofs.push(await prove(scenario, go, bases))),
			);
		}
	}

	const needed = bases.versions.includes('1.26') ? '' : ': needs the image golang:1.26 (docker pull golang:1.26)';
	for (const name of ['seed-first', 'seed-first-vendored', 'seed-last']) {
		shown(`${name} whole${needed}`, needed === '' && (async (bases) => void seeds.push(...(await proveSeed(name, bases)))));
	}
	for (const program of readWorkingPrograms()) {
		shown(`still works: ${program.name}${needed}`, needed === '' && ((bases) => proveStillWorks(program, bases)));
	}
	for (const file of generateFixtures()) {
		const lacks = NOT_BUILT.has(file) ? `: not built, because ${NOT_BUILT.get(file)}` : needed;
		shown(`generated: ${file}${lacks}`, lacks === '' && (async (bases) => void generated.push(...(await proveGenerated(file, bases)))));
	}
	shown(
		`generated: the service of a compose file${needed}`,
		needed === '' && (async (bases) => void generated.push(...(await proveCompose(bases)))),
	);

	after(async () => {
		cleanUp();
		if (process.env.PROOFS === '1') {
			console.log(await writeProofs({ proofs, seeds, generated, versions: bases.versions }, ALL));
		}
	});
});

function isOfAlpine({ files }: Scenario): boolean {
	return files.some(({ name, text }) => name === 'Dockerfile' && /^FROM alpine\b/m.test(text));
}

/** A test whose work begins as soon as there is room for it, and not only when mocha comes to it; skipped where nothing can be shown. */
function shown(title: string, show: false | ((bases: Bases) => Promise<void>)): void {
	if (!isAsked(title)) return;
	if (show === false) {
		it.skip(title);
		return;
	}
	const begin = inTurn(() => show(bases));
	it(title, () => begin());
}

/**
 * Runs what it is given in order, `size` at a time, once the first of the results is asked for.
 */
function createPool(size: number): (task: () => Promise<void>) => () => Promise<void> {
	const waiting: (() => Promise<void>)[] = [];
	let running = 0;
	const next = () => {
		while (running < size) {
			const task = waiting.shift();
			if (task === undefined) return;
			running++;
			void task().finally(() => {
				running--;
				next();
			});
		}
	};
	return (task) => {
		let settle: (result: Promise<void>) => void;
		const result = new Promise<void>((resolve) => {
			settle = resolve;
		});
		// A failure is told by the test that asks for it; until then nobody does.
		result.catch(() => {});
		waiting.push(() => {
			const outcome = task();
			settle(outcome);
			return outcome.catch(() => {});
		});
		return () => {
			next();
			return result;
		};
	};
}
