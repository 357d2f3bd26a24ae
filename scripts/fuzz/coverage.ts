import { type Profiler, Session } from 'node:inspector';

/** Tells which inputs reach code that no input before them reached, as V8 counts it by blocks. */
export interface Coverage {
	/**
	 * Whether anything of the product ran, since this was last called, that had not run before.
	 *
	 * @param remember Whether it counts as having run from now on.
	 */
	isNew(remember: boolean): boolean;
}

const PRODUCT = /\/server\//;

/** Must be called before the product is imported: V8 counts what it compiles from then on. */
export function startCoverage(): Coverage {
	const session = new Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
	/** The blocks that ran, by their start in each script. */
	const seen = new Map<string, Set<number>>();

	/** Whether a block of the script ran for the first time. */
	function look({ scriptId, functions }: Profiler.ScriptCoverage, remember: boolean): boolean {
		const known = seen.get(scriptId) ?? new Set();
		seen.set(scriptId, known);
		let found = false;
		for (const { ranges } of functions) {
			for (const { startOffset, endOffset, count } of ranges) {
				// Blocks lie within others and may begin where these do.
				const block = startOffset * 2 ** 24 + endOffset;
				if (count > 0 && !known.has(block)) {
					found = true;
					if (remember) {
						known.add(block);
					}
				}
			}
		}
		return found;
	}

	return {
		isNew(remember) {
			let found = false;
			// It calls back before it returns.
			session.post('Profiler.takePreciseCoverage', (error, taken) => {
				if (error === null) {
					for (const script of taken.result.filter(({ url }) => PRODUCT.test(url))) {
						found = look(script, remember) || found;
					}
				}
			});
			return found;
		},
	};
}
