import type { Archive } from '../workspace/archive.ts';
import type { Program } from './model.ts';
import { readModule } from './modules.ts';
import type { SourceCache, SourceInputs } from './source-cache.ts';

/** A program with what was asked for, as text. */
export type KeyedProgram = readonly [key: string, program: Program];

/** Programs as an archive keeps them: JSON has no sets, and a module is one object for all who speak of it. */
interface KeptPrograms {
	readonly inputs: SourceInputs;
	readonly programs: readonly (readonly [key: string, program: KeptProgram])[];
}

type KeptProgram = Omit<Program, 'module' | 'standardPackages' | 'embedded'> & {
	readonly module: string | undefined;
	readonly standardPackages: readonly string[];
	readonly embedded: readonly ('certificate-roots' | 'zone-data')[];
};

/** Keeps what was read of programs under a name, with all that was looked at for it. */
export function keepPrograms(archive: Archive, name: string, programs: readonly KeyedProgram[], inputs: SourceInputs): void {
	const kept: KeptPrograms = { inputs, programs: programs.map(([key, program]) => [key, withoutObjects(program)]) };
	archive.write(name, new TextEncoder().encode(JSON.stringify(kept)));
}

/** The programs that an earlier process kept, where everything that was looked at for them is as it was; else none. */
export async function restorePrograms(
	cache: SourceCache,
	archive: Archive,
	name: string,
): Promise<{ readonly programs: readonly KeyedProgram[]; readonly inputs: SourceInputs } | undefined> {
	const content = archive.read(name);
	if (content === undefined) return undefined;
	try {
		const { inputs, programs } = JSON.parse(new TextDecoder().decode(content)) as KeptPrograms;
		if (!(await cache.isAsBefore(inputs))) return undefined;
		const restored: KeyedProgram[] = [];
		for (const [key, program] of programs) {
			restored.push([
				key,
				{
					...program,
					module: program.module === undefined ? undefined : await readModule(cache, program.module),
					standardPackages: new Set(program.standardPackages),
					embedded: new Set(program.embedded),
				},
			]);
		}
		return { programs: restored, inputs };
	} catch {
		// What is damaged is read anew.
		return undefined;
	}
}

function withoutObjects(program: Program): KeptProgram {
	return {
		...program,
		module: program.module?.directory,
		standardPackages: [...program.standardPackages],
		embedded: [...program.embedded],
	};
}
