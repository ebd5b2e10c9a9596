import fc from 'fast-check'

// The same cases in each run: a failure must be the change's, not the day's. FC_SEED explores others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_121) })
