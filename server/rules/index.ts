import type { Rule } from './rule.ts';

/** All rules, by code. */
export const rules: readonly Rule[] = [];
