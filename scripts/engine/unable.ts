/** Why an engine cannot be had on this machine, in half a sentence: nothing has failed, and what needs the engine is skipped. */
export class Unable extends Error {}
