import { type Written, type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts, Target } from '../facts/facts.ts';
import type { StageState } from '../image/model.ts';
import { chainOf } from '../image/stage-chain.ts';
import { NOBODY, userDatabase } from '../needs/needs.ts';
import { insertAfter, lastBuildingInstruction } from './instructions.ts';
import { supplyEdits } from './supply.ts';

/** The edits that end a stage as another user than root. USER goes below what builds the stage, so that RUN and WORKDIR stay root's. */

/** Sets the stage's user by `USER numbers`; an existing USER in force is changed in place. */
export function setUser(facts: Facts, target: Target, numbers: Written): WrittenEdit[] {
	const { stage, user } = target.state;
	const { instruction } = user;
	if (instruction?.keyword === 'USER' && stage.instructions.includes(instruction)) {
		const first = instruction.words[0];
		const last = instruction.words.at(-1);
		if (first !== undefined && last !== undefined) return [{ range: { start: first.range.start, end: last.range.end }, newText: numbers }];
	}
	return [insertAfter(facts.dockerfile, lastBuildingInstruction(stage), [written`USER ${numbers}`])];
}

/**
 * The nobody recipe: a passwd file with one line, and its numbers as the user.
 * @returns `undefined` where no stage can make the passwd file; the image's own is used where it has one.
 */
export function runAsNobody(facts: Facts, target: Target): WrittenEdit[] | undefined {
	const user = setUser(facts, target, NOBODY);
	const there = userDatabase.provided(target.state);
	if (there === 'yes') return user;
	const passwd = there === 'no' ? supplyEdits(facts, target, [userDatabase]) : undefined;
	return passwd && [...passwd, ...user];
}

/** Whether a RUN or COPY gives groups something, so that which one the program runs with may matter. */
export function sharesWithGroups(state: StageState): boolean {
	return chainOf(state).some(
		({ ran, copies }) =>
			ran.some(({ words: [name = ''] }) => /^(?:chgrp|chown|chmod|install|setfacl)$/.test(name)) ||
			copies.some(({ flags }) => flags.some((flag) => flag.name === 'chown')),
	);
}

/** Whether a RUN puts a user into further groups: they count for a user that USER names alone, and not for `USER uid:gid`. */
export function addsToGroups(state: StageState): boolean {
	return chainOf(state).some(({ ran }) =>
		ran.some(({ words: [name = '', ...rest] }) => {
			if (/^(?:usermod|gpasswd|groupmems)$/.test(name)) return true;
			if (name === 'useradd') return rest.some((word) => word === undefined || /^(?:-\w*G|--groups)/.test(word));
			// `addgroup USER GROUP`, and the same of adduser.
			return /^add(?:user|group)$/.test(name) && rest.length === 2 && rest.every((word) => word?.startsWith('-') === false);
		}),
	);
}
