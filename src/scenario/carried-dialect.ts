// The dialect that passes on the wire: a framing may carry it in another form.

import type { Dialect } from '../codec/dialect.js'
import { asXml } from '../codec/xml/as-xml.js'
import type { Framing } from '../framing/framing.js'

/** The dialect as the framing can carry it: a framing of elements carries messages as XML alone. */
export function carriedBy(framing: Framing, dialect: Dialect): Dialect {
  return framing.length.kind === 'element' || dialect.form === 'xml' ? asXml(dialect) : dialect
}
