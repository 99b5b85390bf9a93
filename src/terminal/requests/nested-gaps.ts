// Gaps inside a field: its subfields are filled in for each request, and the field is packed anew from them.

import type { Filler } from '../../base/placeholders.js'
import { compile } from '../../codec/compile.js'
import type { Dialect, MessageValue } from '../../codec/dialect.js'
import type { Fields, FieldValue } from '../../codec/message.js'

/** Compiles each text in the field to a filler, or to undefined where it has no gap. */
export type CompileText = (text: string) => Filler | undefined

/** A field's subfields with some values still to come. */
type Tree = string | readonly string[] | Filler | { readonly [key: string]: Tree }

/**
 * Fills a field with subfields; the text that it gives is the field's content as a codec takes it. Undefined where no
 * subfield has a gap. The filler throws PackError where the subfields cannot be packed.
 */
export function nestedFiller(
  value: Exclude<MessageValue, string>,
  { dialect, field, compileText }: { dialect: Dialect; field: string; compileText: CompileText },
): Filler | undefined {
  const tree = treeOf(value, compileText)
  if (typeof tree !== 'object' || !hasGap(tree)) return undefined
  const pack = contentPacker(dialect, field)
  const isTagged = dialect.fields[field]?.inside?.kind === 'ber-tlv'
  return (names, wallMs) => {
    const fields = filled(tree, names, wallMs) as Fields
    return pack(isTagged ? withoutEmpty(fields) : fields)
  }
}

/** A tag whose gap is filled with nothing is not there, and has no place in the order of the others. */
const withoutEmpty = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([tag, value]): [string, FieldValue][] => {
      if (tag === 'order' && isList(value)) return [[tag, value.filter((each) => fields[each] !== '')]]
      return value === '' ? [] : [[tag, value]]
    }),
  )

const isList = (value: unknown): value is readonly string[] => Array.isArray(value)

function treeOf(value: MessageValue, compileText: CompileText): Tree {
  if (typeof value === 'string') return compileText(value) ?? value
  if (isList(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, treeOf(inner, compileText)]))
}

function hasGap(tree: Tree): boolean {
  if (isList(tree)) return false
  if (typeof tree === 'object') return Object.values(tree).some(hasGap)
  return typeof tree === 'function'
}

function filled(tree: Tree, names: (name: string) => string, wallMs: number): FieldValue {
  if (typeof tree === 'string' || isList(tree)) return tree
  if (typeof tree === 'function') return tree(names, wallMs)
  return Object.fromEntries(Object.entries(tree).map(([key, inner]) => [key, filled(inner, names, wallMs)]))
}

/** A codec of its own, because the run's codec keeps what it peeked at last for whoever asked. */
function contentPacker(dialect: Dialect, field: string): (fields: Fields) => string {
  const definition = dialect.fields[field]
  const codec = compile(definition === undefined ? dialect : { ...dialect, fields: { [field]: definition } })
  const mti = '0200'
  return (fields) =>
    Object.keys(fields).length === 0
      ? ''
      : (codec.peek(codec.pack({ mti, fields: { [field]: fields } })).text(Number(field)) ?? '')
}
