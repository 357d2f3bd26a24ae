import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildProduct } from '../../scripts/build.ts';
import { packageForNpm } from '../../scripts/package.ts';
import { npm } from '../../scripts/processes.ts';

/** The npm package, made and installed as a person does who has nothing of this repository. */
export interface InstalledPackage {
	readonly tarball: string;
	/** The directory with `node_modules` in it, and nothing else that was not put there since. */
	readonly directory: string;
	/** The directory of its commands, which belongs on PATH. */
	readonly commands: string;
	remove(): void;
}

/** Builds, packs and installs, without the network. */
export async function installPackage(): Promise<InstalledPackage> {
	const scratch = mkdtempSync(path.join(tmpdir(), 'go-scratch-installed-'));
	const tarball = path.join(scratch, 'go-scratch.tgz');
	const directory = path.join(scratch, 'place');
	const bundles = path.join(scratch, 'dist');
	await buildProduct({ forShipping: true, into: bundles });
	await packageForNpm({ bundles, output: tarball });
	await npm(['install', '--offline', '--prefix', directory, tarball], scratch);
	return {
		tarball,
		directory,
		commands: path.join(directory, 'node_modules', '.bin'),
		remove: () => rmSync(scratch, { recursive: true, force: true }),
	};
}
