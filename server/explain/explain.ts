import type { Range } from '../text/text.ts';
import { BUILD_MESSAGES } from './build-messages.ts';
import type { Cause, Message, Speaker } from './message.ts';
import { RUN_MESSAGES } from './run-messages.ts';

/** The kinds of message that are known. In a line that several of them match, the first counts. */
export const MESSAGES: readonly Message[] = [
	...BUILD_MESSAGES.filter(({ id }) => id !== 'command-not-found' && id !== 'exit-code-127'),
	...RUN_MESSAGES,
	...BUILD_MESSAGES.filter(({ id }) => id === 'command-not-found' || id === 'exit-code-127'),
	{
		id: 'file-not-there',
		speaker: 'Go',
		pattern: /(?:open|stat|lstat|read|readdirent|chdir|mkdir|create) (?<what>[^\s:]{1,300}): no such file or directory/,
		meaning: 'The program opens a file or directory that is not in the image.',
		causes: [
			{
				text: 'The file is in the repository and is not copied into the final image, or WORKDIR is not set.',
				code: 'missing-runtime-file',
			},
			{ text: 'The program writes to a directory that is not there.', code: 'unwritable-directory' },
			{ text: 'The file is mounted, or made, only where the program is deployed.' },
		],
	},
];

/** A finding in the Dockerfile of the workspace, as far as causes ask for it. */
export interface ExplainedFinding {
	readonly code: string;
	readonly message: string;
	readonly range: Range;
}

/** What a line of a log means. */
export interface Explanation<Finding extends ExplainedFinding = ExplainedFinding> {
	/** The line, without what a terminal or a log puts before it. */
	readonly line: string;
	/** Its number in the text, from 1: that of the first one, where several say the same. */
	readonly number: number;
	readonly id: string;
	readonly speaker: Speaker;
	/** What the line names: a file, a user, a zone; `undefined` where nothing. */
	readonly subject: string | undefined;
	readonly meaning: string;
	/** Those that are true here come first; after them in the order of likelihood. */
	readonly causes: readonly ExplainedCause<Finding>[];
}

export interface ExplainedCause<Finding extends ExplainedFinding = ExplainedFinding> extends Cause {
	/**
	 * Whether the cause is true here: `yes` where the rule reports it, `no` where it does not, `unknown` where no Dockerfile was looked at or
	 * no rule is about it.
	 */
	readonly here: 'yes' | 'no' | 'unknown';
	/** What the rule reports. */
	readonly findings: readonly Finding[];
}

/** A longer line is cut, and of a longer text only the end is read: what failed is said last. */
const LONGEST_LINE = 4_000;
const LONGEST_TEXT = 4_000_000;

/**
 * What the messages in a text mean, each once, in the order of the text.
 *
 * @param text a message, or a whole log
 * @param findings those of the Dockerfile that the message is about; `undefined` where it is not known
 */
export function explain<Finding extends ExplainedFinding>(text: string, findings?: readonly Finding[]): Explanation<Finding>[] {
	const found = new Map<string, Explanation<Finding>>();
	const lines = linesOf(text.slice(-LONGEST_TEXT));
	const before = linesOf(text).length - lines.length;
	for (const [index, raw] of lines.entries()) {
		const line = plain(raw);
		if (line === '') continue;
		for (const message of MESSAGES) {
			const match = message.pattern.exec(line);
			if (match === null) continue;
			const subject = Object.values(match.groups ?? {}).find((value) => value !== undefined);
			const key = `${message.id} ${subject}`;
			if (!found.has(key)) found.set(key, explanation(message, line, before + index + 1, subject, findings));
			break;
		}
	}
	return withoutDoubles([...found.values()]);
}

function linesOf(text: string): string[] {
	return text.split(/\r\n|\n|\r/);
}

/** The line as the program wrote it: without colours, without what compose and BuildKit put before it, and with `\"` as `"`. */
function plain(line: string): string {
	return (
		line
			.slice(0, LONGEST_LINE)
			// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
			.replace(/\u001b\[[\d;]{0,20}[A-Za-z]/g, '')
			.replace(/\\{1,8}(["'])/g, '$1')
			.replace(/[‘’]/g, "'")
			.replace(/[“”]/g, '"')
			.trim()
	);
}

function explanation<Finding extends ExplainedFinding>(
	{ id, speaker, meaning, causes }: Message,
	line: string,
	number: number,
	subject: string | undefined,
	findings: readonly Finding[] | undefined,
): Explanation<Finding> {
	const explained = causes.map((cause) => causeHere(cause, subject, findings));
	const order = { yes: 0, unknown: 1, no: 1 } as const;
	return { line, number, id, speaker, subject, meaning, causes: explained.sort((a, b) => order[a.here] - order[b.here]) };
}

function causeHere<Finding extends ExplainedFinding>(
	cause: Cause,
	subject: string | undefined,
	findings: readonly Finding[] | undefined,
): ExplainedCause<Finding> {
	if (findings === undefined || cause.code === undefined) return { ...cause, here: 'unknown', findings: [] };
	const own = findings.filter(({ code }) => code === cause.code);
	// Of several, those that speak of the same thing are meant.
	const same = subject === undefined ? [] : own.filter(({ message }) => message.includes(subject));
	const meant = same.length > 0 ? same : own;
	return { ...cause, here: meant.length > 0 ? 'yes' : 'no', findings: meant };
}

/** Without what says the same again: a message without a subject where there is one of the kind that has one. */
function withoutDoubles<Finding extends ExplainedFinding>(all: readonly Explanation<Finding>[]): Explanation<Finding>[] {
	return all.filter(({ id, subject }) => subject !== undefined || !all.some((other) => other.id === id && other.subject !== undefined));
}
