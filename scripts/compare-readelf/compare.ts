import { BUILDS, buildProgram, nameOf } from './builds.ts';
import { differences, namesIn } from './tools.ts';

/**
 * Compares what we read of linked programs with what `readelf -dV`, `go version -m` and `go tool nm` print of them:
 *
 *     npx tsx scripts/compare-readelf/compare.ts [TEXT | FILE…]
 *
 * TEXT is part of the names of the builds that are compared; files are binaries that are there already. It ends with status 1 where
 * something differs.
 */

const parameters = process.argv.slice(2);
const isFiles = parameters.some((each) => each.includes('/'));
let count = 0;
let different = 0;

function report(name: string, found: readonly string[]): void {
	count++;
	if (found.length > 0) different++;
	console.log(`${name}: ${found.length === 0 ? 'agrees' : found.join('; ')}`);
}

if (isFiles) for (const file of parameters) report(file, await differences(file));
else {
	for (const build of BUILDS.filter((each) => nameOf(each).includes(parameters[0] ?? ''))) {
		const built = await buildProgram(build).catch((error: unknown) => ({ skipped: String(error) }));
		if ('skipped' in built) {
			console.log(`${nameOf(build)}: skipped: ${built.skipped.split('\n').slice(0, 3).join(' ')}`);
			continue;
		}
		report(nameOf(build), [...(await differences(built.binary)), ...(await differencesFromTwin(build, built.binary))]);
	}
}
console.log(`${count} compared, ${different} differ`);
process.exitCode = different > 0 ? 1 : 0;

/** A stripped program has the names of the one that is not. */
async function differencesFromTwin(build: (typeof BUILDS)[number], binary: string): Promise<string[]> {
	if (!build.flags?.includes('-ldflags=-s -w')) return [];
	const { flags: _, ...without } = build;
	const twin = await buildProgram(without);
	if ('skipped' in twin) return [];
	const [stripped, whole] = [await namesIn(binary), await namesIn(twin.binary)];
	const missing = [...(whole ?? [])].filter((name) => stripped?.has(name) !== true);
	return missing.length === 0 && stripped?.size === whole?.size ? [] : [`stripped, it lacks ${missing.slice(0, 5).join(', ')}`];
}
