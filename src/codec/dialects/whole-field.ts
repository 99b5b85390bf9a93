// Fields of dialects that neither add padding nor take it away.

import { type FieldDefinition, type Format, field } from '../dialect.js'

/** A field that, where its width is fixed, takes a value of just that width and gives back all of it. */
export function wholeField(name: string, format: Format, options: Partial<FieldDefinition> = {}): FieldDefinition {
  return field(name, format, format.includes(' ') ? { ...options, pad: { side: 'none', with: ' ' } } : options)
}
