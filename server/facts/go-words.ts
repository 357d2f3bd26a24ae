import type { RanCommand, StageState } from '../image/model.ts';
import { remembered } from '../text/remembered.ts';
import type { Range } from '../text/text.ts';

/** What a run of the go command says, whatever stands in front of it. */
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
	if (words[0] === 'env') {
		at = 1;
		while (/^\w+=/.test(words[at] ?? '')) at++;
	}
	const name = words[at];
	const nameNode = wordNodes[at];
	if (name === undefined || nameNode === undefined || !/(?:^|\/)go(?:1\.[\d.]+)?$/.test(name)) return undefined;
	at++;
	// `go -C dir build` changes the directory first.
	if (words[at] === '-C') at += 2;
	else if (words[at]?.startsWith('-C=') === true) at++;
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
	};
}
