import fc from 'fast-check';

/**
 * Properties are tried on the same generated input in every run, so that a change and not the hour of the day decides whether tests
 * pass. `GO_SCRATCH_SEED=N` takes other input, and `GO_SCRATCH_THOROUGH=N` more of it.
 */
fc.configureGlobal({ seed: Number(process.env.GO_SCRATCH_SEED ?? 1) });
