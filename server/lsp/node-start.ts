import { loadCompiled } from '../workspace/node-compile-cache.ts';

/** The program that is started: it loads the server, and keeps the compiled code for the next start. */

const keepCompiled = loadCompiled(`${__dirname}/language-server.cjs`, process.env);

/** In milliseconds: by then the first Dockerfile is usually read, and nobody waits. */
const QUIET = 4000;

setTimeout(keepCompiled, QUIET).unref();
