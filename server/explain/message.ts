/** Who says it. */
export type Speaker = 'engine' | 'builder' | 'kubelet' | 'Go' | 'program' | 'loader' | 'git' | 'shell';

/** A kind of message, as an engine, the go command, a program or the kubelet writes it. */
export interface Message {
	/** Unique. */
	readonly id: string;
	readonly speaker: Speaker;
	/**
	 * Matched against one line, with `\"` read as `"`; each takes a time that grows with the length of the line only. A group named `what` is
	 * the file, user, zone or package that the message is about.
	 */
	readonly pattern: RegExp;
	/** What the words mean, in one or two sentences. */
	readonly meaning: string;
	/** The likeliest first. */
	readonly causes: readonly Cause[];
}

/** Something that makes the message appear. */
export interface Cause {
	readonly text: string;
	/** The rule that reports it; left out where no Dockerfile shows it. */
	readonly code?: string;
}
