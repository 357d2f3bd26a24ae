/** Measures how long the readers and the rules take. The core has no clock, so whoever has one gives it. */
export interface Meter {
	/** Starts to measure `name`; the function that it returns ends that. What does not end does not count. */
	start(name: string): () => void;
}

export const NO_METER: Meter = { start: () => () => {} };
