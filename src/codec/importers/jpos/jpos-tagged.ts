// Sub-fields that carry their number (Europay and Mastercard field 48, PDS, tagged sequences) as one TLV family.

import type { FieldDefinition, Inside, LengthPrefix } from '../../dialect.js'
import { refuseSpec } from '../spec-error.js'
import type { FieldClass } from './jpos-classes.js'
import type { JposField } from './jpos-field.js'

type Field = Extract<JposField, { kind: 'field' }>
type Tag = NonNullable<FieldClass['tag']>

/** Undefined when the file does not say what a tag or its length looks like. Throws UsageError naming the sub-field that does not fit. */
export function readTagged(outer: JposField, children: readonly JposField[]): Inside | undefined {
  const fields = children.filter((child): child is Field => child.kind === 'field')
  const tagged = fields.filter(({ fieldClass }) => fieldClass.tag !== undefined)
  const first = tagged[0]
  if (first === undefined) return undefined
  const tag = tagOf(first, outer)
  for (const field of tagged) checkSame(field, tagOf(field, outer), tag)
  const length = prefixOf(first)
  // A mapper's tags are not known, so that nothing says which of several lengths follows which tag.
  if (hasMapper(outer) && tagged.some((field) => !isSameLength(prefixOf(field), length))) return undefined
  const known = tagged.filter((field) => isNamed(field, outer))
  return {
    kind: 'tlv',
    tag: { encoding: tag.encoding, size: tag.size },
    length,
    ...(tag.lengthFirst ? { lengthFirst: true as const } : {}),
    ...leadingOf(fields, outer),
    fields: Object.fromEntries(known.map((field) => [textOf(field, tag.size), valueFor(field, length)])),
  }
}

/** The tag of a tagged sequence is as long as the token says: of the field around it, or of the sub-field. */
function tagOf(field: Field, outer: JposField): Tag {
  const tag = field.fieldClass.tag as Tag
  if (tag.size > 0) return tag
  const token = (outer.element.attributes.token ?? field.element.attributes.token ?? '').trim()
  if (token === '') refuseSpec(field.place, 'has no attribute token, which tells the length of its tag')
  return { ...tag, size: token.length }
}

function checkSame(field: Field, own: Tag, tag: Tag): void {
  if (own.encoding === tag.encoding && own.size === tag.size && own.lengthFirst === tag.lengthFirst) return
  refuseSpec(field.place, 'has a tag of another form than the sub-field before it; one field can hold one form')
}

function prefixOf({ definition }: Field): LengthPrefix {
  return definition.prefix as LengthPrefix
}

const hasMapper = ({ element }: JposField) => element.attributes.tagMapper !== undefined

const isSameLength = (a: Partial<LengthPrefix> | undefined, b: LengthPrefix) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Length 0 marks a number without a meaning, `####` any tag, and a tag mapper is a program: what they stand for is
 * read by the family and kept under its tag.
 */
function isNamed(field: Field, outer: JposField): boolean {
  if (hasMapper(outer)) return false
  const token = field.element.attributes.token?.trim() ?? ''
  return field.element.attributes.length?.trim() !== '0' && !token.includes('#')
}

function textOf(field: Field, size: number): string {
  const token = field.element.attributes.token?.trim()
  return (token === undefined || token === '' ? String(field.id) : token).padStart(size, '0')
}

function valueFor({ definition }: Field, length: LengthPrefix): FieldDefinition {
  const { prefix, ...rest } = definition
  return prefix !== undefined && !isSameLength(prefix, length) ? { ...rest, prefix } : rest
}

function leadingOf(fields: readonly Field[], outer: JposField): { readonly leading?: FieldDefinition } {
  const [leading, second] = fields.filter(({ fieldClass }) => fieldClass.tag === undefined)
  if (second !== undefined)
    refuseSpec(second.place, 'has no tag; of the sub-fields beside tagged ones only one may have none')
  if (leading === undefined) return {}
  if (leading.definition.prefix !== undefined)
    refuseSpec(outer.place, 'begins with a sub-field of variable length without a tag')
  return { leading: leading.definition }
}
