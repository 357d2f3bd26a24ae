import type { RanCommand, StageState } from '../image/model.ts';
import { remembered } from '../text/remembered.ts';
import type { Range } from '../text/text.ts';
import { isAbsolute, join, normalize } from '../workspace/paths.ts';

/** What a run of the go command says. What `env`, `time` and their like start is a command of its own. */
export interface GoWords {
	/** `build`, `mod`, `get` … */
	readonly subcommand: string;
	/** What stands behind the subcommand; `undefined` for a word that is not known. */
	readonly words: readonly (string | undefined)[];
	/** Where each of `words` stands. */
	readonly ranges: readonly Range[];
	/** The words `go build`, or `go mod download`. */
	readonly range: Range;
	/** Where the name of the program stands. */
	readonly nameRange: Range;
	/** The image directory that it works in, `-C` applied; `undefined` where it is not known. */
	readonly directory: string | undefined;
}

/** Reads `go SUBCOMMAND …`; `undefined` for other programs, and where the subcommand is not known. */
export const goWords = remembered(readGoWords);

/** The runs of the go command among those of the stage, in order. */
export function goCommands({ ran }: StageState): readonly GoCommand[] {
	return goCommandsIn(ran);
}

export interface GoCommand {
	readonly command: RanCommand;
	readonly go: GoWords;
}

const goCommandsIn = remembered((ran: StageState['ran']) =>
	ran.flatMap((command): GoCommand[] => {
		const go = goWords(command);
		return go === undefined ? [] : [{ command, go }];
	}),
);

function readGoWords(command: RanCommand): GoWords | undefined {
	const { words, wordNodes } = command;
	let at = 0;
	const name = words[at];
	const nameNode = wordNodes[at];
	if (name === undefined || nameNode === undefined || !/(?:^|\/)go(?:1\.[\d.]+)?$/.test(name)) return undefined;
	at++;
	// `go -C dir build` changes the directory first, and so does `go test -C dir`.
	const change = changeAt(words, at) ?? changeAt(words, at + 1) ?? changeAt(words, at + 2);
	if (change?.at === at) at = change.end;
	const subcommand = words[at];
	const node = wordNodes[at];
	if (subcommand === undefined || node === undefined) return undefined;
	const last = (subcommand === 'mod' || subcommand === 'work') && wordNodes[at + 1] !== undefined ? (wordNodes[at + 1] ?? node) : node;
	return {
		subcommand,
		words: words.slice(at + 1),
		ranges: wordNodes.slice(at + 1).map((each) => each.range),
		range: { start: nameNode.range.start, end: last.range.end },
		nameRange: nameNode.range,
		directory: change === undefined ? command.workingDirectory : directoryAfter(command, change.to),
	};
}

/** A `-C dir` or `-C=dir` among the words: where it starts and ends, and the directory that it names. */
function changeAt(words: RanCommand['words'], at: number): { at: number; end: number; to: string | undefined } | undefined {
	const word = words[at];
	if (word === '-C' || word === '--C') return { at, end: at + 2, to: words[at + 1] };
	return word?.startsWith('-C=') === true ? { at, end: at + 1, to: word.slice('-C='.length) } : undefined;
}

function directoryAfter({ workingDirectory }: RanCommand, to: string | undefined): string | undefined {
	if (to === undefined) return undefined;
	return isAbsolute(to) ? normalize(to) : workingDirectory && join(workingDirectory, to);
}
