import type { Command } from '../command.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { explain } from './explain.ts';
import { fix } from './fix.ts';
import { generate } from './generate.ts';
import { image } from './image.ts';
import { init } from './init.ts';
import { needs } from './needs.ts';
import { rules } from './rules.ts';
import { show } from './show.ts';
import { survey } from './survey.ts';
import { why } from './why.ts';

/**
 * All commands, in the order of the help. What parses, describes and completes them follows from this table.
 *
 * Every start evaluates the modules that stand here. Whatever a command needs that `check` does not load, a library or a module of
 * Node, it loads with `import()` where it needs it; a test compares what `check` loads.
 */
export const COMMANDS: readonly Command[] = [check, fix, generate, image, show, needs, why, rules, explain, survey, init, completion];
