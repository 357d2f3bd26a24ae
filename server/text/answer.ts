/** What a model says of a question. A rule that hears `unknown` is silent. */
export type Answer = 'yes' | 'no' | 'unknown';

/** `yes` where any of `answers` is, `no` where all of them are, else `unknown`. */
export function any(answers: Iterable<Answer>): Answer {
	let result: Answer = 'no';
	for (const answer of answers) {
		if (answer === 'yes') return 'yes';
		if (answer === 'unknown') result = 'unknown';
	}
	return result;
}
