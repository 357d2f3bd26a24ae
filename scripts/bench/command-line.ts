import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../project.ts';
import { articleDockerfile, dockerfileOf, GO_FILES } from './dockerfiles.ts';
import { costOf, median, milliseconds, report } from './measure.ts';

const ROUNDS = 9;
const DOCKERFILES = 1000;

/** Measures `go-scratch check`: of one Dockerfile against starting Node, and of a tree with a thousand. */
export async function measureCommandLine(): Promise<void> {
	const command = inProject('dist/cli.cjs');
	const root = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
	// It ends with 1 where it has something to say.
	const check = (directory: string) => costOf(process.execPath, [command, 'check', '.'], directory, process.env, [0, 1]);
	console.log('go-scratch check');
	try {
		const single = path.join(root, 'single');
		writeProgram(single, dockerfileOf(60));
		const costs: { node: number; check: number; wall: number }[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const node = await costOf(process.execPath, ['-e', '0'], single);
			const own = await check(single);
			costs.push({ node: node.processor, check: own.processor, wall: own.wall });
		}
		const [node, own, wall] = [
			median(costs.map(({ node }) => node)),
			median(costs.map(({ check }) => check)),
			median(costs.map(({ wall }) => wall)),
		];
		report(
			'one Dockerfile against `node -e 0`',
			own / node,
			1.6,
			`${milliseconds(own)} of processor time against ${milliseconds(node)}; on the wall ${milliseconds(wall)}`,
		);
		const tree = path.join(root, 'tree');
		for (let count = 0; count < DOCKERFILES; count++) {
			const text = count % 2 === 0 ? dockerfileOf(20 + (count % 60)) : articleDockerfile();
			writeProgram(path.join(tree, `group-${count % 20}`, `program-${count}`), text);
		}
		const all = await check(tree);
		const perSecond = (DOCKERFILES / all.wall) * 1000;
		console.log(
			`  ${DOCKERFILES} Dockerfiles: ${perSecond.toFixed(0)} a second  ${milliseconds(all.processor)} of processor time, ${milliseconds(all.wall)} on the wall`,
		);
	} finally {
		rmSync(root, { recursive: true });
	}
}

function writeProgram(directory: string, dockerfile: string): void {
	mkdirSync(directory, { recursive: true });
	for (const [name, text] of Object.entries({ ...GO_FILES, Dockerfile: dockerfile })) writeFileSync(path.join(directory, name), text);
}
