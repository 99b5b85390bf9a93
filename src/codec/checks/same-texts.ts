// Whether a message says in some fields what the one before it said: then what was made of them need not be made again.

/** Asked once for each message, in turn. `textOf` gives the text of a field; false the first time. */
export function createSameTexts<Asked>(
  fields: readonly number[],
  textOf: (field: number, asked: Asked) => string | undefined,
): (asked: Asked) => boolean {
  const texts: (string | undefined)[] = fields.map(() => undefined)
  let isKnown = false
  return (asked) => {
    let isSame = isKnown
    isKnown = true
    for (let index = 0; index < fields.length; index++) {
      const text = textOf(fields[index] as number, asked)
      if (text === texts[index]) continue
      texts[index] = text
      isSame = false
    }
    return isSame
  }
}
