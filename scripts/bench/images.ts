import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { CACHE, inProject } from '../project.ts';
import { costOf, median, milliseconds, report } from './measure.ts';

/** Measures `go-scratch image` on a saved image of 1 GB, against tar and sha256sum doing the same, and the memory that it takes. */

const ROUNDS = 3;

const BAR = 2;

/**
 * What has to be done to know what the image holds: to list each layer, whose bytes its digest has to be that of. `tar -tf` of the archive
 * itself names the layers and looks into none.
 */
const BY_HAND =
	'for layer in $(tar -tf "$0" | grep blobs); do tar -xOf "$0" "$layer" | tee >(sha256sum > /dev/null) | tar -tf - > /dev/null 2>&1; done; true';

/** In megabytes. */
const MEMORY = 150;

/** Two layers of half a gigabyte, with files of the sizes that images have. */
const LAYER_BYTES = 480_000_000;
const SIZES = [100, 2000, 20_000, 200_000, 3_000_000];

export async function measureImages(): Promise<void> {
	console.log('go-scratch image');
	const image = await largeImage();
	const program = inProject('dist/cli.cjs');
	const environment = { ...process.env, GO_SCRATCH_CACHE: 'off' };
	const tell = `data:text/javascript,process.on("exit",()=>require("fs").writeSync(2,"memory "+process.resourceUsage().maxRSS))`;
	const own: number[] = [];
	const byHand: number[] = [];
	const outside: number[] = [];
	let memory = 0;
	for (let round = 0; round <= ROUNDS; round++) {
		const words = [
			'-c',
			'cat "$0" | "$1" --import "$2" "$3" image --fail-on never - 2>&1',
			image,
			process.execPath,
			tell.replace('require("fs")', 'process.getBuiltinModule("fs")'),
			program,
		];
		const read = await costOf('bash', words, CACHE, environment);
		memory = Math.max(memory, Number(/memory (\d+)/.exec(read.output)?.[1] ?? Number.POSITIVE_INFINITY) / 1024);
		const done = await costOf('bash', ['-c', BY_HAND, image], CACHE);
		const listed = await costOf('bash', ['-c', 'cat "$0" | tar -tf - > /dev/null', image], CACHE);
		// The first round fills the caches of the system.
		if (round === 0) continue;
		own.push(read.wall);
		byHand.push(done.wall);
		outside.push(listed.wall);
	}
	const against = (others: readonly number[]) => `${milliseconds(median(own))} against ${milliseconds(median(others))}`;
	const ratio = (others: readonly number[]) => median(own) / median(others);
	report('a saved image of 1 GB against tar and sha256sum on its layers', ratio(byHand), BAR, against(byHand));
	report('against `tar -tf` of the archive alone, through a pipe', ratio(outside), undefined, against(outside));
	report('the memory for it', memory, MEMORY, '', ' MB');
}

/** The archive, made once. */
async function largeImage(): Promise<string> {
	const file = path.join(CACHE, 'bench', 'image-1.tar');
	if (existsSync(file)) return file;
	mkdirSync(path.dirname(file), { recursive: true });
	const layers = [await layer(path.dirname(file), 'one'), await layer(path.dirname(file), 'two')];
	const configuration = JSON.stringify({
		...{ os: 'linux', architecture: 'amd64', config: { Entrypoint: ['/one/0/0'], User: '1:1' } },
		rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
	});
	const name = (digest: string) => `blobs/sha256/${digest}`;
	const own = name(createHash('sha256').update(configuration).digest('hex'));
	const manifest = [{ Config: own, RepoTags: ['bench:latest'], Layers: layers.map(({ digest }) => name(digest)) }];
	await write(`${file}.part`, async (archive) => {
		for (const each of layers)
			await pipeline(createReadStream(each.file), archive.entry({ name: name(each.digest), size: statSync(each.file).size }));
		archive.entry({ name: own }, configuration);
		archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
	});
	for (const each of layers) rmSync(each.file);
	renameSync(`${file}.part`, file);
	return file;
}

async function layer(directory: string, name: string): Promise<{ readonly file: string; readonly digest: string }> {
	const file = path.join(directory, name);
	const content = Buffer.alloc(Math.max(...SIZES), 'what a file holds\n');
	await write(file, async (archive) => {
		for (let index = 0, left = LAYER_BYTES; left > 0; index++) {
			const size = SIZES[index % SIZES.length] as number;
			left -= size;
			await new Promise<void>((resolve, reject) => {
				archive.entry(
					{ name: `${name}/${index % 100}/${index}`, mode: index % 7 === 0 ? 0o755 : 0o644 },
					content.subarray(0, size),
					(error) => (error ? reject(error) : resolve()),
				);
			});
		}
	});
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file)) hash.update(chunk);
	return { file, digest: hash.digest('hex') };
}

async function write(file: string, fill: (archive: Pack) => Promise<void>): Promise<void> {
	const archive = pack();
	const written = pipeline(archive as unknown as NodeJS.ReadableStream, createWriteStream(file));
	await fill(archive);
	archive.finalize();
	await written;
}
