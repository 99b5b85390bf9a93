// The version of this package, from its own package.json: one place says it.

import { createRequire } from 'node:module'

const ownPackage = createRequire(import.meta.url)('isochron/package.json') as { readonly version: string }

export const version = ownPackage.version
