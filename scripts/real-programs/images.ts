import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type BuildOptions, build, discard, docker, name, remove, sizeOf, watch } from '../../test/images/engine.ts';
import type { Stands } from './base-images.ts';
import type { ReadBack } from './read-back.ts';
import type { Attempt } from './result.ts';
import { judge, lastWords } from './verdict.ts';

/** Stands before the names of the cache mounts of these builds, so that they share none with others and can be removed. */
const NAMESPACE = 'go-scratch-programs';

/** As much as a program gets; none may take the machine. */
const LIMITS = ['--memory=1g', '--pids-limit=512', '--stop-timeout=1'];

export interface Limits {
	/** How long a build may take, and how long a container is watched, in seconds. */
	readonly build: number;
	readonly watch: number;
	/** The disk space that is left free, in bytes. */
	readonly free: number;
}

/**
 * Builds an image, starts a container of it, and removes both.
 *
 * @param read what reads the image while it is there, where that is asked for
 * @throws Where the disk has no space for it.
 */
export async function attempt(
	options: Pick<BuildOptions, 'context' | 'dockerfile' | 'target'>,
	{ images, simulated }: Stands,
	limits: Limits,
	inRepository: (path: string) => boolean,
	read?: (image: string) => Promise<ReadBack>,
): Promise<Attempt> {
	const base = { verdict: undefined, size: undefined, simulated };
	if (!hasSpace(limits)) throw new Error('The disk has less space left than it is to keep.');
	const { image, code, output } = await build({
		...options,
		stands: images,
		network: 'host',
		seconds: limits.build,
		arguments: { BUILDKIT_CACHE_MOUNT_NS: NAMESPACE },
	});
	try {
		// How long it takes says something of the machine only.
		if (code === undefined) return { ...base, built: false, why: undefined, notTried: `it is not built within ${limits.build} s here` };
		if (code !== 0) return { ...base, built: false, why: lastWords(output) };
		const verdict = judge(await watch(image, limits.watch, LIMITS), inRepository);
		const seen = { ...base, built: true, why: undefined, verdict, size: await sizeOf(image) };
		return read === undefined ? seen : { ...seen, readBack: await read(image) };
	} finally {
		await remove(image);
	}
}

/** Copies the program that an image starts into a file. */
export async function takeProgram(image: string, file: string): Promise<void> {
	const { output } = await docker(['image', 'inspect', '--format={{index .Config.Entrypoint 0}}', image]);
	const container = name();
	await docker(['create', `--name=${container}`, image]);
	await docker(['cp', '--follow-link', `${container}:${output.trim()}`, file]);
	await discard(container);
}

/** Whether there is space for one more build, after giving up the caches where there is not. */
function hasSpace({ free }: Limits): boolean {
	const enough = () => {
		const { bavail, bsize } = statfsSync(tmpdir());
		return bavail * bsize >= free;
	};
	if (enough()) return true;
	removeCacheMounts();
	return enough();
}

/** Removes the cache mounts of these builds from the engine. */
export function removeCacheMounts(): void {
	const { stdout } = spawnSync('docker', ['buildx', 'du', '--verbose'], { encoding: 'utf8', maxBuffer: 1 << 28 });
	for (const record of (stdout ?? '').split(/\n{2,}/)) {
		const id = /^ID:\s*(\S+)/m.exec(record)?.[1];
		if (id !== undefined && record.includes(`with id "${NAMESPACE}/`)) {
			spawnSync('docker', ['buildx', 'prune', '--force', '--filter', `id=${id}`], { stdio: 'ignore' });
		}
	}
}
