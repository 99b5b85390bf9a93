// The npm library iso_8583, loaded when it is first needed. It is an optional dependency: an installation may leave it out.

import { createRequire } from 'node:module'
import type Iso8583Message from 'iso_8583'
import { UsageError } from '../../base/errors.js'

type Iso8583Constructor = typeof Iso8583Message

let loaded: Iso8583Constructor | undefined

/** Throws UsageError that says how to add the library where it was left out. */
export function iso8583Library(): Iso8583Constructor {
  loaded ??= load()
  return loaded
}

function load(): Iso8583Constructor {
  try {
    return createRequire(import.meta.url)('iso_8583') as Iso8583Constructor
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
    const problem = 'the npm library iso_8583 is not installed here: npm install iso_8583 adds it, or leave out --codec'
    throw new UsageError(`${problem} (NOTICE says what it brings)`, { where: '--codec iso_8583:', cause })
  }
}
