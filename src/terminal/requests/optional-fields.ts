// Messages some of whose gaps may be filled with nothing: then the field is left out, and its bit in the bitmap is not set.

import type { Codec, Template } from '../../codec/codec.js'
import type { Message } from '../../codec/message.js'

/**
 * A template that packs one form for each set of optional gaps that is filled, when it is first needed. `optional` are
 * positions in `slots`. Throws PackError as Codec.template does.
 */
export function optionalTemplate(
  codec: Codec,
  message: Message,
  { slots, optional }: { slots: readonly number[]; optional: ReadonlySet<number> },
): Template {
  const whole = codec.template(message, slots)
  if (optional.size === 0) return whole
  /** At most two to the power of the optional gaps, which are few; a message uses two or three forms. */
  const forms = new Map<string, { readonly template: Template; readonly kept: readonly number[] }>()

  const formOf = (values: readonly string[]) => {
    const kept = slots.map((_, index) => index).filter((index) => values[index] !== '' || !optional.has(index))
    const name = kept.join(',')
    const known = forms.get(name)
    if (known !== undefined) return known
    const template = codec.template(
      message,
      kept.map((index) => slots[index] as number),
    )
    const form = { template, kept }
    forms.set(name, form)
    return form
  }

  return {
    maxBytes: whole.maxBytes,
    write(target, at, values) {
      const { template, kept } = formOf(values)
      return template.write(
        target,
        at,
        kept.map((index) => values[index] as string),
      )
    },
  }
}
