import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeFor } from '../../server/generate/compose-service.ts';
import { findCandidates, generateFor } from '../../server/generate/generation.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';
import { inputsOf } from '../support/goldens.ts';
import { type Archive, parseArchive } from '../support/txtar.ts';
import type { Bases } from './bases.ts';
import { analyserOf, assertWorks, buildAndRun, ROOT, type Seen, type Tree } from './prove.ts';

/** Whole Dockerfiles: those of the article, before and after fix-all, and those that Generate writes. */

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

/** What the modules of the fixtures are called by the module proxy that the images hold. */
const GO_SUM = `github.com/mattn/go-sqlite3 v1.14.22 h1:kr3m3pN36+1UKhkxNlgdmHbZ/uQJ9anFdyLL7iiKCEo=
github.com/mattn/go-sqlite3 v1.14.22/go.mod h1:LT6C446X7EdhspmnU4zIo1vpGG1NGGptq+shyvOjyNo=
rsc.io/quote v1.5.2 h1:zm+iJDk8Y66+IJmZ27t+zUroTyess83eTkFlw/pz4sI=
rsc.io/quote v1.5.2/go.mod h1:xJiuW+Pa+1/C5huDVj/H8ui/hWnBfErvWqJxDi7uSoI=
`;

/** The article's program, which says what came over TLS. */
const SEED_PROGRAM = `package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"rsc.io/quote"
)

func main() {
	response, err := http.Get(os.Getenv("SERVER"))
	if err != nil {
		log.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	fmt.Println(quote.Hello(), string(text), err, os.Getuid(), os.Getgid())
}
`;

/** As little as a container can be allowed. */
const HARDENED = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

export interface Whole {
	readonly name: string;
	/** The words of the program or engine. */
	readonly words: string;
	/** In bytes. */
	readonly size: number | undefined;
}

/** One of the article's Dockerfiles as it stands, after fix-all, and what Generate writes for the same program. */
export async function proveSeed(name: string, bases: Bases): Promise<Whole[]> {
	const archive = readFixture('fix-all', `${name}.txtar`);
	const tree = replaced(archive, (file, text) => (file === 'main.go' ? SEED_PROGRAM : file.endsWith('go.sum') ? GO_SUM : text));
	const text = tree.get('Dockerfile') ?? assert.fail('an article has a Dockerfile');
	const use = { run: ['--env=SERVER=https://localhost/', ...HARDENED], tls: true };

	const before = await buildAndRun(tree, use, bases);
	assert.equal(before.built.code, 0, before.built.output);

	const { text: fixed } = await fixAll(analyserOf(tree), { path: `${ROOT}/Dockerfile`, text, root: ROOT });
	assert.equal(fixed, archive.files.find((file) => file.name === 'fixed')?.text, 'it is what the fixture of fix-all says');
	// Where a module is not on disk, as in the first one, the rewrite is left to a person, and root goes on running the program.
	const user = fixed.includes('\nUSER ') ? '65534 65534' : '0 0';
	const after = await worksForAnybody(new Map([...tree, ['Dockerfile', fixed]]), use, bases, user);

	const generated = await generateIn(tree);
	assert.equal(generated.length, 1);
	const written = await worksForAnybody(generated[0]?.tree ?? tree, use, bases);
	return [
		{ name, words: inOneLine(before.ran?.output), size: before.size },
		{ name: `${name}, after fix-all`, words: inOneLine(after.ran?.output), size: after.size },
		{ name: `${name}, from Generate`, words: inOneLine(written.ran?.output), size: written.size },
	];
}

/** Runs the article's program as the user of its image, and as one that the image has never heard of. */
async function worksForAnybody(tree: Tree, use: { run: string[]; tls: boolean }, bases: Bases, user = '65534 65534'): Promise<Seen> {
	const stranger = await buildAndRun(tree, { ...use, run: [...use.run, '--user=12345:12345'] }, bases);
	assertWorks(stranger, 'hello answered over TLS\n <nil> 12345 12345');
	const seen = await buildAndRun(tree, use, bases);
	assertWorks(seen, `hello answered over TLS\n <nil> ${user}`);
	return seen;
}

export function generateFixtures(): string[] {
	return readdirSync(join(FIXTURES, 'generate')).sort();
}

/** Builds and runs what Generate writes for each main package of a fixture. */
export async function proveGenerated(file: string, bases: Bases): Promise<Whole[]> {
	const archive = readFixture('generate', file);
	const wholes: Whole[] = [];
	for (const { name, tree } of await generateIn(replaced(archive, (path, text) => (path.endsWith('go.sum') ? GO_SUM : text)))) {
		// Some of them write into the image.
		const run = /^(?:everything|cgo-writes|creates-under|writes-below|home-directory)/.test(file) ? HARDENED.slice(1) : HARDENED;
		const prints = CHECKS_ITSELF.has(file) ? 'healthy' : (PRINTS.get(file) ?? assert.fail(`it is known what ${file} prints`));
		const seen = await buildAndRun(
			tree,
			CHECKS_ITSELF.has(file) ? { run: [...run, '--health-interval=1s'], observe: 'health' } : { run },
			bases,
		);
		assert.equal(seen.built.code, 0, `${tree.get('Dockerfile')}\n${seen.built.output}`);
		const words = seen.ran?.output.trim() ?? '';
		assert.ok(words.startsWith(prints), `it prints '${prints}'; it printed:\n${words}`);
		assert.equal(seen.ran?.code, 0);
		wholes.push({ name: `${file.slice(0, -'.txtar'.length)}: ${name}`, words: prints, size: seen.size });
	}
	return wholes;
}

/** Builds what Generate writes with a compose file for a server that checks itself, and starts the service of that file. */
export async function proveCompose(bases: Bases): Promise<Whole[]> {
	const tree = new Map(inputsOf(readFixture('generate-compose', 'server.txtar')).map(({ name, text }) => [name, text]));
	const [generated = assert.fail('there is a program')] = await generateIn(tree);
	const withCompose = new Map([...generated.tree, ['compose.yaml', generated.compose]]);
	const seen = (observe: 'health' | 'ports') => buildAndRun(withCompose, { observe, deployment: 'compose.yaml' }, bases);
	const health = await seen('health');
	assertWorks(health, 'healthy');
	assertWorks(await seen('ports'), 'inside: hello 0 <nil>\noutside: hello 0 <nil>');
	return [{ name: 'the service of `generate --compose`: health check', words: 'healthy', size: health.size }];
}

/** Fixtures that cannot be built here, and why. */
export const NOT_BUILT: ReadonlyMap<string, string> = new Map([
	['absent-embed.txtar', 'what the program embeds is missing'],
	['executable.txtar', 'apk add needs the network'],
	['health-command.txtar', 'its modules are not there'],
	['health-command-below.txtar', 'its modules are not there'],
	['health-command-with-arguments.txtar', 'its modules are not there'],
	['health-flag-of-endpoint.txtar', 'it serves without end'],
	['home-of-root.txtar', 'it needs the right to mount'],
	['volume.txtar', 'its modules are not there'],
	['volume-with-files.txtar', 'its modules are not there'],
	['frontend.txtar', 'the frontend needs the image node:24-alpine and the network'],
	['private-modules.txtar', 'its private module is not there'],
	['shared-library.txtar', 'apt-get install needs the network'],
	['without-go-sum.txtar', 'go.sum is missing'],
	['writes-relative.txtar', 'apk add needs the network'],
]);

/** Fixtures whose image checks its own health. */
const CHECKS_ITSELF: ReadonlySet<string> = new Set(['health-argument.txtar', 'health-flag.txtar']);

/** What the programs of the fixtures begin to print. */
const PRINTS: ReadonlyMap<string, string> = new Map([
	['beside-command.txtar', 'hello'],
	['cgo.txtar', '42'],
	['cgo-mixed.txtar', '3'],
	['cgo-uncertain.txtar', '3'],
	['cgo-writes.txtar', '42'],
	['loopback.txtar', 'inside only'],
	['client.txtar', 'hello <nil> Get "https://example.com/"'],
	['everything.txtar', '<nil> <nil> <nil> <nil> nobody <nil>\nGet "https://example.com/"'],
	['creates-under-unknown-name.txtar', 'kept <nil>'],
	['default-settings.txtar', 'greeting: hello'],
	['hello.txtar', 'hello'],
	['home-directory.txtar', ''],
	['local-replace.txtar', 'hello'],
	['named-as-directory.txtar', 'node one'],
	['named-as-repository.txtar', 'hello'],
	['opens-local-settings.txtar', 'GREETING=hello'],
	['plain.txtar', 'hello'],
	['private-key.txtar', 'read secret'],
	['root-user.txtar', 'root operation not permitted'],
	['sqlite.txtar', 'C says 42'],
	['stamp.txtar', 'dev'],
	['stamp-of-goreleaser.txtar', 'dev'],
	['two-mains.txtar', 'hello'],
	['workspace.txtar', 'hello hello'],
	['writes-below.txtar', 'kept notes'],
	['writes-to-root.txtar', 'nothing is kept'],
	['vendored-old-go.txtar', 'hello'],
	['vendored.txtar', 'hello <nil> Get "https://example.com/"'],
]);

async function generateIn(tree: Tree): Promise<{ name: string; tree: Tree; compose: string }[]> {
	const files = createMemoryFiles(Object.fromEntries([...tree].map(([name, text]) => [`${ROOT}/${name}`, text])));
	const { reader } = analyserOf(tree);
	const { workspace, candidates } = await findCandidates(reader, ROOT, ROOT, new AbortController().signal);
	const results: { name: string; tree: Tree; compose: string }[] = [];
	for (const candidate of candidates) {
		const generated = await generateFor(files, workspace, candidate, true);
		assert.ok(typeof generated !== 'string', String(generated));
		const written = generated.files.map(({ path, content }) => [path.slice(ROOT.length + 1), content] as const);
		const { container, newline } = generated;
		const compose = composeFor(container, { context: '.', dockerfile: 'Dockerfile' }, true, newline)?.text ?? '';
		results.push({ name: candidate.mainPackage.importPath, tree: new Map([...tree, ...written]), compose });
	}
	return results;
}

function readFixture(directory: string, file: string): Archive {
	return parseArchive(readFileSync(join(FIXTURES, directory, file), 'utf8'));
}

function replaced(archive: Archive, replace: (name: string, text: string) => string): Tree {
	return new Map(inputsOf(archive).map(({ name, text }) => [name, replace(name, text)]));
}

/** In one line, without the advice that docker gives. */
function inOneLine(output = ''): string {
	return output
		.replace(/See 'docker run --help'\./, '')
		.trim()
		.replace(/\s+/g, ' ');
}
