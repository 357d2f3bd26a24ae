import { readFileSync } from 'node:fs';
import type { ImageSource } from '../../server/built-image/facts.ts';
import { walkTree } from '../../server/built-image/tree.ts';
import type { Analyser } from '../../server/lint/analyse.ts';
import { pictureOf } from '../../server/picture/picture.ts';
import { withSizes } from '../../server/picture/sizes.ts';
import { targetNamed } from '../../server/picture/target.ts';
import { createNodeFiles } from '../../server/workspace/node-files.ts';
import { exportedFiles, pictureDifferences } from '../../test/images/exported.ts';
import { fileDifferences, type Judged, judgeBoth, readSaved } from '../../test/images/saved.ts';
import type { Verdict } from './result.ts';

/** What go-scratch says of an image that the engine built, without running it, against what the engine has. */
export interface ReadBack {
	/** What `image` reports of it, with the source and without. */
	readonly reported: Judged;
	/** How many paths `image` reads in what `docker save` writes, and which of them are not as `docker export` has them. */
	readonly files: number;
	readonly fileDifferences: readonly string[];
	/** How many paths `show` has for the Dockerfile, whether it says that these are all, and what is not so in `docker export`. */
	readonly pictured: number;
	readonly complete: boolean;
	readonly pictureDifferences: readonly string[];
}

/** Where an image comes from. Paths are absolute. */
export interface Origin {
	readonly dockerfile: string;
	/** The workspace of the Dockerfile. */
	readonly root: string;
	readonly analyser: Analyser;
	/** The directory of the program's source. */
	readonly source: string;
	/** Whether an image stands for a base image that is not there. */
	readonly simulated: boolean;
}

/** Saves an image, reads it, draws what its Dockerfile makes, and compares both with what the engine exports. */
export async function readBack(image: string, { dockerfile, root, analyser, source, simulated }: Origin): Promise<ReadBack> {
	const exported = await exportedFiles(image);
	const read = await readSaved(image);
	analyser.invalidate();
	const files = createNodeFiles();
	const { facts, findings } = await analyser.analyse({ path: dockerfile, text: readFileSync(dockerfile, 'utf8'), root });
	const target = facts && targetNamed(facts);
	const picture = facts && target && (await withSizes(pictureOf(facts, target, findings), files));
	return {
		reported: await judgeBoth(read, await sourceAt(source, analyser)),
		files: [...walkTree(read.tree)].length,
		fileDifferences: fileDifferences(read, exported),
		pictured: picture?.tree.length ?? 0,
		complete: picture?.title.complete ?? false,
		pictureDifferences: picture === undefined ? ['There is no picture.'] : [...pictureDifferences(picture, exported, simulated)],
	};
}

/** As `--source` has it. */
async function sourceAt(directory: string, { reader }: Analyser): Promise<ImageSource> {
	const files = createNodeFiles();
	const go = await reader.readWorkspace(directory, undefined);
	const { signal } = new AbortController();
	return { go, list: async (below) => files.list(below), readProgram: (request) => reader.readProgram(go, request, signal) };
}

/** The rules that report what a container lacked, by the words of the verdict. */
const REPORTS: readonly { readonly lacks: RegExp; readonly codes: readonly string[] }[] = [
	{
		lacks: /^(?:its executable|a shared library|what the engine wants)/,
		codes: [
			'cgo-without-libc',
			'dynamic-binary',
			'entrypoint-not-in-image',
			'missing-entrypoint',
			'missing-shared-library',
			'malformed-exec-form',
			'output-into-directory',
			'shell-form-command',
			'unknown-user',
			'wrong-platform',
		],
	},
	{ lacks: /^CA certificates/, codes: ['missing-ca-certificates'] },
	{ lacks: /^time zone data/, codes: ['missing-timezone-data'] },
	{ lacks: /^a directory for temporary files/, codes: ['missing-tmp', 'unwritable-directory'] },
	{ lacks: /^a (?:user database|home directory)/, codes: ['missing-user-database'] },
	{ lacks: /^C code/, codes: ['cgo-code-without-cgo'] },
	{ lacks: /^an executable/, codes: ['missing-executable'] },
	{ lacks: /^the right to write/, codes: ['unwritable-directory', 'missing-tmp'] },
	{ lacks: /of the repository$/, codes: ['missing-runtime-file'] },
];

/** The rules whose errors say that no program starts. */
const OF_THE_START = new Set(REPORTS[0]?.codes);

/**
 * Whether what is reported of an image is what the engine did with it: `right`, `not reached`, `not judged`, or a sentence about what is
 * wrong. Of a program that failed what it lacked is reported. Of one that ran, or ended in its own words, nothing is reported that keeps
 * it from starting; an error about what it does later is not reached without a network, a request or a setting.
 */
export function judgementOf({ withSource, alone }: Judged, { outcome, code: ended, lacks }: Verdict): string {
	const errors = [...new Set([...alone, ...withSource].filter(({ severity }) => severity === 'error').map(({ code }) => code))];
	const codes = REPORTS.find((each) => lacks !== undefined && each.lacks.test(lacks))?.codes ?? [];
	if (outcome === 'fails') {
		if (codes.length === 0) return 'not judged';
		if (withSource.some(({ code }) => codes.includes(code))) return 'right';
		return `it lacks ${lacks}, and ${withSource.length === 0 ? 'nothing is' : 'only other things are'} reported`;
	}
	const unmet = errors.filter((code) => !codes.includes(code));
	// A program that runs has opened the files that it opens at its start, and one that ended well, and missed nothing, has done what it does
	// by itself.
	const isFalse = (code: string) =>
		(ended === 0 && lacks === undefined) || OF_THE_START.has(code) || (outcome === 'runs' && code === 'missing-runtime-file');
	const wrong = unmet.filter(isFalse);
	if (wrong.length > 0) return `it ${outcome}${ended === undefined ? '' : ` ${ended}`}, and ${wrong.join(' and ')} is reported as an error`;
	return unmet.length === 0 ? 'right' : 'not reached';
}
