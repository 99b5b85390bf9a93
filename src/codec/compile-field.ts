// From a field's definition to its codec: the one place that chooses between fixed, variable, filled and nested.

import { UsageError } from '../base/errors.js'
import type { FieldDefinition } from './dialect.js'
import type { FieldCodec, FieldContext, LeafCodec } from './fields/field-codec.js'
import { filledField } from './fields/filled-field.js'
import { fixedField } from './fields/fixed-field.js'
import { type LeafParts, leafParts } from './fields/leaf-parts.js'
import { openField } from './fields/open-field.js'
import { variableField } from './fields/variable-field.js'
import { nestedField } from './inside/nested-field.js'

/** Throws UsageError that names the field and what is wrong with its definition. */
export function compileField(definition: FieldDefinition, context: FieldContext): FieldCodec {
  const parts = leafParts(definition, context)
  const leaf = compileLeaf(parts)
  return definition.inside === undefined ? leaf : nestedField(parts, leaf, definition.inside, compileField)
}

function compileLeaf(parts: LeafParts): LeafCodec {
  const { definition, format, context } = parts
  if (definition.rest === true || definition.terminator !== undefined) return openField(parts)
  if (definition.filled === true) return filledField(parts)
  if (format.dots > 0) return variableField(parts)
  if (definition.prefix !== undefined) {
    throw new UsageError(`has a length prefix but the fixed format '${definition.format}': write dots, or filled`, {
      where: context.where,
    })
  }
  return fixedField(parts)
}
