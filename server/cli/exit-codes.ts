/** Nothing to say, or nothing as severe as `--fail-on` asks for. */
export const CLEAN = 0;
/** Findings. */
export const FINDINGS = 1;
/** Wrong usage, or something that could not be done. */
export const FAILURE = 2;
