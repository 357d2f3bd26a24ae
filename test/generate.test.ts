import assert from 'node:assert/strict';
import { readBuildHabits } from '../server/generate/build-habits.ts';
import { findAbsentEmbeds } from '../server/generate/frontend.ts';
import { generate } from '../server/generate/generate.ts';
import { healthArguments } from '../server/generate/health-command.ts';
import { findRuntimeFiles } from '../server/generate/runtime-files.ts';
import { createAnalyser } from '../server/lint/analyse.ts';
import { createProgramReader } from '../server/program/program.ts';
import { createMemoryFiles } from '../server/workspace/memory-files.ts';
import { filesOf, goldenTests, inputsOf, ROOT } from './support/goldens.ts';

/** The whole Dockerfile that is written for a main package; each lints clean but for what the archive says is left. */
describe('generate', () => {
	goldenTests('generate', async (archive) => {
		const files = filesOf(archive);
		const reader = createProgramReader(files, { moduleCaches: [], goroot: undefined, gopath: [] });
		const signal = new AbortController().signal;
		const workspace = await reader.readWorkspace(ROOT, signal);
		const outputs: { name: string; text: string }[] = [];
		for (const mainPackage of workspace.mainPackages ?? []) {
			const program = await reader.readProgram(
				workspace,
				{
					directory: mainPackage.directory,
					packages: ['.'],
					goos: 'linux',
					goarch: undefined,
					tags: [],
					cgo: true,
					goMinor: undefined,
					mod: undefined,
				},
				signal,
			);
			const runtimeFiles = await findRuntimeFiles(files, mainPackage, program);
			const generated = generate({
				workspace,
				mainPackage,
				program,
				runtimeFiles,
				absentEmbeds: await findAbsentEmbeds(files, program, ROOT),
				habits: await readBuildHabits(files, mainPackage, ROOT),
				health: await healthArguments(files, program),
				comments: !archive.comment.includes('without comments'),
			});
			assert.ok(typeof generated !== 'string', `${generated}`);
			const path = `${generated.directory}/Dockerfile`;
			const written = createMemoryFiles({
				...Object.fromEntries(inputsOf(archive).map(({ name, text }) => [`${ROOT}/${name}`, text])),
				[path]: generated.dockerfile,
				[`${generated.directory}/.dockerignore`]: generated.dockerignore,
			});
			const analysis = await createAnalyser({ files: written, log: assert.fail }).analyse({ path, text: generated.dockerfile, root: ROOT });
			const name = mainPackage.importPath;
			outputs.push(
				{ name: `generated for ${name}: ${path.slice(ROOT.length + 1)}`, text: generated.dockerfile },
				{ name: `generated for ${name}: .dockerignore`, text: generated.dockerignore },
				{ name: `generated for ${name}: summary`, text: generated.summary.join('\n') },
				{ name: `generated for ${name}: findings`, text: analysis.findings.map(({ severity, code }) => `${severity} ${code}`).join('\n') },
			);
		}
		return { comment: archive.comment, files: [...inputsOf(archive), ...outputs] };
	});
});
