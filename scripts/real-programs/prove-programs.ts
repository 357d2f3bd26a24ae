import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cleanUp, docker } from '../../test/images/engine.ts';
import { CACHE, inProject } from '../project.ts';
import { prepareBaseImages } from './base-images.ts';
import { removeCacheMounts } from './images.ts';
import { serveModules } from './module-proxy.ts';
import { page, table } from './report.ts';
import { findRepositories, revisionOf } from './repositories.ts';
import type { RepositoryResult } from './result.ts';
import { tryRepository } from './try-programs.ts';

/**
 * Generates a Dockerfile for every main package of real repositories, builds it with the Docker engine and starts it, and does the
 * same with the repositories' own Dockerfiles after fix-all: `npm run prove:programs -- DIRECTORY…`.
 */

const HELP = `npm run prove:programs -- [OPTIONS] DIRECTORY…

Each directory is a repository, or holds repositories. They are copied, and nothing in them is changed.

  --only TEXT          only repositories whose names hold TEXT
  --mains N            so many main packages of each repository (6)
  --dockerfiles N      so many of its own Dockerfiles (3)
  --build-seconds N    how long a build may take (600)
  --watch-seconds N    how long a container is watched (5)
  --free GIGABYTES     the disk space that is left free (10)
  --at-once N          so many repositories at once (2)
  --commits FILE       the commits of trees without history: JSON, [{"repo": "owner/name", "commit": "…"}]
  --read-back          saves each image, and compares what \`image\` and \`show\` say of it with what the engine has and did
  --json               prints JSON rather than a table
  --page               writes docs/programs.md from this run and from what earlier ones saw of other repositories
  --keep-caches        leaves the caches of modules and packages in the engine, for the next run`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		only: { type: 'string', default: '' },
		mains: { type: 'string', default: '6' },
		dockerfiles: { type: 'string', default: '3' },
		'build-seconds': { type: 'string', default: '600' },
		'watch-seconds': { type: 'string', default: '5' },
		free: { type: 'string', default: '10' },
		'at-once': { type: 'string', default: '2' },
		commits: { type: 'string' },
		'read-back': { type: 'boolean', default: false },
		json: { type: 'boolean', default: false },
		page: { type: 'boolean', default: false },
		'keep-caches': { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});

/** What every run saw, so that a part of the repositories can be tried again. */
const KEPT = path.join(CACHE, 'programs.json');

if (values.help || (positionals.length === 0 && !values.page)) {
	console.log(HELP);
	process.exit(values.help ? 0 : 2);
}
if (!values['keep-caches']) process.once('exit', removeCacheMounts);

const from = process.env.INIT_CWD ?? process.cwd();
const repositories = findRepositories(positionals.map((each) => path.resolve(from, each))).filter(({ name }) => name.includes(values.only));
const results: RepositoryResult[] = [];
if (repositories.length > 0) await tryAll();

console.log(values.json ? JSON.stringify(results, undefined, 2) : table(results));
if (values.page) {
	const engine = (await docker(['version', '--format={{.Server.Version}}'])).output.trim();
	writeFileSync(inProject('docs', 'programs.md'), page(earlierResults(), engine));
}
cleanUp();

async function tryAll(): Promise<void> {
	const options = {
		bases: await prepareBaseImages(await serveModules()),
		limits: {
			build: Number(values['build-seconds']),
			watch: Number(values['watch-seconds']),
			free: Number(values.free) * 1e9,
		},
		mains: Number(values.mains),
		dockerfiles: Number(values.dockerfiles),
		readBack: values['read-back'],
		log: (message: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${message}`),
	};
	const queue = [...repositories];
	const work = async () => {
		for (let repository = queue.shift(); repository !== undefined; repository = queue.shift()) {
			const revision = await revisionOf(repository, values.commits && path.resolve(from, values.commits));
			try {
				const result = await tryRepository(repository, revision, options);
				results.push(result);
				keep(result);
			} catch (error) {
				// The others are tried all the same, and what an earlier run saw of this one stays.
				options.log(`${repository.name} could not be tried: ${error instanceof Error ? error.stack : error}`);
				process.exitCode = 1;
			}
		}
	};
	await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
	results.sort(inOrder);
}

function keep(result: RepositoryResult): void {
	const kept = earlierResults().filter(({ repository }) => repository !== result.repository);
	mkdirSync(CACHE, { recursive: true });
	writeFileSync(KEPT, JSON.stringify([...kept, result].sort(inOrder)));
}

function earlierResults(): RepositoryResult[] {
	return existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : [];
}

function inOrder(a: RepositoryResult, b: RepositoryResult): number {
	return a.repository.toLowerCase() < b.repository.toLowerCase() ? -1 : 1;
}
