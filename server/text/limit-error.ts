/** Thrown where something of the workspace is beyond what is read or followed. Its message says what, and stands after a colon. */
export class LimitError extends Error {}
