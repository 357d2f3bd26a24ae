import { buildProduct } from '../build.ts';
import { measureCommandLine } from './command-line.ts';
import { measureDeployments } from './deployments.ts';
import { measureImages } from './images.ts';
import { measureLinked } from './linked.ts';
import { missedBars } from './measure.ts';
import { compareProgram } from './program.ts';
import { compareServers } from './servers.ts';

/**
 * Measures the product against what people have without it, as ratios from one run: `npm run bench [-- DIRECTORY PACKAGE]`, where
 * PACKAGE is a large Go program in DIRECTORY whose modules are downloaded; without, one of the module cache is taken.
 */

await buildProduct({ forShipping: true });
await compareProgram(process.argv.slice(2));
await compareServers();
await measureCommandLine();
await measureDeployments();
await measureLinked();
await measureImages();
const missed = missedBars();
console.log(missed === 0 ? 'All bars are met.' : `${missed} ${missed === 1 ? 'bar is' : 'bars are'} missed.`);
