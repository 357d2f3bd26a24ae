import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAnalyser } from '../../../server/lint/analyse.ts';
import { NO_INSTALLATION } from '../../../server/program/installation.ts';
import type { Archive } from '../../../server/workspace/archive.ts';
import { createMemoryFiles } from '../../../server/workspace/memory-files.ts';
import { createNodeArchive } from '../../../server/workspace/node-archive.ts';
import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { mutateText } from '../mutate.ts';
import { ROOT } from '../oracles.ts';
import type { Random } from '../random.ts';
import type { Input, Target } from '../target.ts';

const DOCKERFILE =
	'FROM golang:1.25 AS build\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\nCMD ["/app"]\n';
const REQUEST = { path: `${ROOT}/Dockerfile`, text: DOCKERFILE, root: ROOT };
/** Smaller programs are read again each time. */
const FILES = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`file${index}.go`, 'package main\n']));
const PROGRAMS = [WORKSPACES.everything, WORKSPACES['C code']].map((workspace) => ({ ...workspace, ...FILES }));

/** What an entry on disk holds; what is read of it is this, or nothing. */
const CONTENT = new TextEncoder().encode('{"inputs":[],"programs":["a program"]}');
const ENTRY = 'programs:x';

/** What a process keeps of the program of a workspace, by the names of the entries. */
async function keptOf(workspace: Input): Promise<Input> {
	const archive = memoryArchive({});
	await analyse(workspace, archive);
	assert.ok(archive.contents.size > 0, 'the program is kept');
	return Object.fromEntries([...archive.contents].map(([name, content]) => [name, new TextDecoder().decode(content)]));
}

function memoryArchive(kept: Input): Archive & { readonly contents: Map<string, Uint8Array> } {
	const contents = new Map<string, Uint8Array>(Object.entries(kept).map(([name, text]) => [name, new TextEncoder().encode(text)]));
	return {
		contents,
		read: (name) => contents.get(name),
		write: (name, content) => void contents.set(name, content),
		forget: (name) => void contents.delete(name),
	};
}

/** Analyses the Dockerfile as a process does that finds the archive. */
async function analyse(workspace: Input, archive: Archive): Promise<void> {
	const files = createMemoryFiles(Object.fromEntries(Object.entries(workspace).map(([name, text]) => [`${ROOT}/${name}`, text])));
	const analyser = createAnalyser({ files, installation: NO_INSTALLATION, archive, log: (message) => assert.fail(message) });
	const { findings, facts } = await analyser.analyse(REQUEST);
	assert.ok(facts, 'the Dockerfile is analysed');
	for (const { range, fixes } of findings) {
		assert.ok(0 <= range.start && range.start <= range.end && range.end <= DOCKERFILE.length, 'a finding lies in the text');
		fixes();
	}
	await analyser.reader.keep();
}

interface Disk {
	readonly archive: Archive;
	/** The file of {@link ENTRY}, and what stands in it. */
	readonly file: string;
	readonly bytes: Buffer;
}

let disk: Disk | undefined;

/** A directory for one entry after the other. */
function onDisk(): Disk {
	if (disk === undefined) {
		const directory = mkdtempSync(path.join(tmpdir(), 'go-scratch-fuzz-cache-'));
		process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
		const archive = createNodeArchive({ GO_SCRATCH_CACHE: path.join(directory, 'cache') }, process.execPath, assert.fail);
		assert.ok(archive);
		archive.write(ENTRY, CONTENT);
		const [name = ''] = readdirSync(path.join(directory, 'cache'));
		const file = path.join(directory, 'cache', name);
		disk = { archive, file, bytes: readFileSync(file) };
	}
	return disk;
}

/** What is read of an entry is what was written, or nothing; then it is deleted. */
function checkEntry(text: string): void {
	const { archive, file, bytes } = onDisk();
	const changed = Buffer.from(text, 'latin1');
	writeFileSync(file, changed, { mode: 0o600 });
	const found = archive.read(ENTRY);
	if (changed.equals(bytes)) {
		assert.ok(found && Buffer.from(found).equals(Buffer.from(CONTENT)), 'a whole entry is read');
	} else {
		assert.equal(found, undefined, 'a damaged entry is not read');
		assert.deepEqual(readdirSync(path.dirname(file)), [], 'a damaged entry is deleted');
	}
}

/** Values that stand in no place of an entry, and in some of them by chance. */
const VALUES = [null, 0, -1, 1.5, 1e21, '', '__proto__', '/', '../..', `${ROOT}/main.go`, true, false, [], {}, [[]]];

/** JSON with one of its parts replaced, doubled or left out. */
function changeJson(text: string, random: Random): string {
	let root: unknown;
	try {
		root = JSON.parse(text);
	} catch {
		return text;
	}
	let part: unknown = root;
	for (;;) {
		if (typeof part !== 'object' || part === null || Object.keys(part).length === 0) {
			return JSON.stringify(random.pick(VALUES));
		}
		const holder = part as Record<string, unknown>;
		const name = random.pick(Object.keys(holder));
		part = holder[name];
		if (random.oneIn(5) || typeof part !== 'object' || part === null) {
			if (random.oneIn(4)) {
				delete holder[name];
			} else {
				holder[name] = random.oneIn(3) ? random.pick(Object.values(holder)) : random.pick(VALUES);
			}
			return JSON.stringify(root);
		}
	}
}

const seeds: Input[] = [];
for (const [index, workspace] of PROGRAMS.entries()) {
	seeds.push({ workspace: String(index), ...(await keptOf(workspace)) });
}

/** Any bytes as an entry of the cache, and any JSON as what an entry holds. */
export const cache: Target = {
	name: 'cache',
	weight: 2,
	seeds: () => seeds.map((seed) => ({ ...seed, entry: onDisk().bytes.toString('latin1') })),
	words: ['go-scratch 1', '\0', '\xff\xff\xff\xff', '\x7f\xff\xff\xff'],
	mutate(input, other, random) {
		const name = random.pick(Object.keys(input).filter((each) => each !== 'workspace'));
		const text = input[name] ?? '';
		const changed =
			name !== 'entry' && !random.oneIn(4) ? changeJson(text, random) : mutateText(text, cache.words, other[name] ?? '', random);
		return { ...input, [name]: changed };
	},
	async check({ workspace = '0', entry = '', ...kept }) {
		checkEntry(entry);
		const files = PROGRAMS[Number(workspace)] ?? {};
		const archive = memoryArchive(kept);
		await analyse(files, archive);
		// What is kept afterwards serves the next process.
		await analyse(files, archive);
	},
};
