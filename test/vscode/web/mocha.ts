// @ts-expect-error mocha declares no types for this bundle of it.
import mocha from 'mocha/mocha.js';

/** Mocha as it is bundled for browsers: a module that gives an instance, whose class the suite is after. */
export default (mocha as { constructor: unknown }).constructor;
