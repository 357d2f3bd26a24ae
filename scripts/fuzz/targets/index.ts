import type { Target } from '../target.ts';
import { cache } from './cache.ts';
import { context } from './context.ts';
import { dockerfile } from './dockerfile.ts';
import { fixes } from './fixes.ts';
import { go } from './go.ts';
import { ignore } from './ignore.ts';
import { images } from './images.ts';
import { linked } from './linked.ts';
import { lsp } from './lsp.ts';
import { modules } from './modules.ts';
import { parsers } from './parsers.ts';
import { settings } from './settings.ts';

/** All that is fuzzed; a run takes them in turn. */
export const targets: readonly Target[] = [parsers, dockerfile, fixes, go, modules, context, ignore, settings, cache, linked, images, lsp];
