// Numbers in YAML as people write identifiers: a TPDU such as 60E0000000 is no number with an exponent.

import type { CreateNodeOptions, DocumentOptions, SchemaOptions, Tags } from 'yaml'

/** Options for a parser of YAML: whole numbers and decimal fractions are numbers, all else is text. */
export const plainNumbers: DocumentOptions & SchemaOptions & CreateNodeOptions = {
  customTags: (tags: Tags): Tags => tags.filter((tag) => typeof tag === 'string' || tag.format !== 'EXP'),
}
