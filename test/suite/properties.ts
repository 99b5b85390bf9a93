// How fast-check draws in every test. Its own default keeps a list of at most 200 to a dozen entries: a wrong p99 of a
// histogram passed unseen. So lists are as long as their limit says, and a generator that wants short lists says `size`.

import fc from 'fast-check'

// Whoever only asks whether a property fails (`npm run bench -- mutants`) need not wait for the smallest case of it.
const endOnFailure = process.env.ISOCHRON_NO_SHRINK !== undefined

// One seed, so that a commit fails for what it changed and never by chance. ISOCHRON_PROPERTY_SEED tries others.
const seed = Number(process.env.ISOCHRON_PROPERTY_SEED ?? 20_261_127)
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true, endOnFailure, seed })
