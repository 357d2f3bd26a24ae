import { enableCompileCache, flushCompileCache } from '../workspace/node-compile-cache.ts';

/** The program that is started: it has Node keep what it compiles, and loads the server. */

enableCompileCache(process.env);
require(`${__dirname}/language-server.cjs`);

/** By then, in milliseconds, a Dockerfile was read as a rule, and nobody waits for it any more. */
const QUIET = 4000;

setTimeout(flushCompileCache, QUIET).unref();
