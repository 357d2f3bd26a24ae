/** What begins a line that the suite prints in a browser, where there is one console for everybody. */
export const SUITE_LINE = 'go-scratch suite: ';

/** What begins the line with the summary of the suite, as JSON. */
export const SUITE_SUMMARY = 'go-scratch summary: ';
