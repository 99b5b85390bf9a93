// YAML read as far as the first thing that is wrong with it. A broken line makes an error of each line behind it, each with its
// stack: a file of a megabyte took seconds to be refused.

import { Composer, type CST, type Document, type LineCounter, Parser } from 'yaml'
import { plainNumbers } from '../../../base/yaml-numbers.js'

/** Throws for what is wrong at this offset, in characters. */
export type RefuseAt = (offset: number, message: string) => never

/** The one document in the text. Keys may stand twice: whoever calls tells where. Refuses the first thing that is not YAML. */
export function parseUntilWrong(text: string, lines: LineCounter, refuse: RefuseAt): Document {
  const composer = new Composer({ uniqueKeys: false, ...plainNumbers })
  let wrong: NotYaml | undefined
  const stop: RefuseAt = (offset, message) => {
    // The composer catches what is thrown inside a node, and tells it again for the node around it: the first one counts.
    wrong ??= new NotYaml(offset, message)
    throw wrong
  }
  Object.assign(composer, {
    onError(at: ErrorPlace, _code: string, message: string, isWarning?: boolean) {
      if (isWarning !== true) stop(offsetOf(at), message)
    },
  })
  try {
    const tokens = soundTokens(new Parser(lines.addNewLine).parse(text), stop)
    return onlyDocument(composer.compose(tokens, true, text.length), stop)
  } catch (cause) {
    if (wrong === undefined) throw cause
    return refuse(wrong.offset, wrong.message)
  }
}

class NotYaml extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

function* soundTokens(tokens: Iterable<CST.Token>, stop: RefuseAt): Generator<CST.Token> {
  for (const token of tokens) {
    if (token.type === 'error') stop(token.offset, token.message)
    yield token
  }
}

function onlyDocument([document, second]: Iterable<Document.Parsed>, stop: RefuseAt): Document {
  if (second !== undefined) stop(second.range[0], 'it holds several documents, and a spec is one')
  const [first] = document?.errors ?? []
  if (document !== undefined && first === undefined) return document
  return stop(first?.pos[0] ?? 0, first?.message ?? 'it holds nothing')
}

/** The forms in which the composer says where an error is. */
type ErrorPlace = number | readonly [number, number] | { readonly offset: number }

function offsetOf(at: ErrorPlace): number {
  if (typeof at === 'number') return at
  return 'offset' in at ? at.offset : at[0]
}
