import type { Input } from './target.ts';

/** So many smaller inputs are tried at most. */
const MAX_TRIES = 1500;

/** An input without whatever is not needed for `fails`: texts, then lines, then pieces of them. */
export async function minimize(
	input: Input,
	fails: (input: Input) => Promise<boolean>,
	{ maxTries = MAX_TRIES, lines = false } = {},
): Promise<Input> {
	let smallest = input;
	let tries = 0;
	const accepts = async (candidate: Input) => {
		if (tries >= maxTries || JSON.stringify(candidate) === JSON.stringify(smallest)) {
			return false;
		}
		tries++;
		if (!(await fails(candidate))) {
			return false;
		}
		smallest = candidate;
		return true;
	};
	for (let before = ''; before !== JSON.stringify(smallest) && tries < maxTries; ) {
		before = JSON.stringify(smallest);
		for (const name of Object.keys(smallest)) {
			const { [name]: _, ...rest } = smallest;
			await accepts(rest);
		}
		for (const name of Object.keys(smallest)) {
			for (const separator of lines ? ['\n'] : ['\n', ' ', '']) {
				await shorten(name, separator);
			}
		}
	}
	return smallest;

	/** Takes out runs of the pieces of a text, long runs first. */
	async function shorten(name: string, separator: string): Promise<void> {
		const pieces = () => (smallest[name] ?? '').split(separator);
		for (let length = Math.ceil(pieces().length / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
			for (let at = 0; at < pieces().length && tries < maxTries; ) {
				const left = pieces();
				left.splice(at, length);
				if (!(await accepts({ ...smallest, [name]: left.join(separator) }))) {
					at += length;
				}
			}
		}
	}
}
