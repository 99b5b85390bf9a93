// Lists of fast-check as long as their limit says. Its own default keeps a list of at most 200 to a dozen entries: a wrong p99
// of a histogram passed unseen. A generator that wants short lists says `size` itself.

import fc from 'fast-check'

// Whoever only asks whether a property fails (`npm run bench -- mutants`) need not wait for the smallest case of it.
const endOnFailure = process.env.ISOCHRON_NO_SHRINK !== undefined
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true, endOnFailure })
