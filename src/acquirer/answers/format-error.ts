// The answer to a request that can be told apart but not read: what could be located of its echoed fields, and a format error.
// It costs no more than the answer to a sale: nothing is read, and nothing packed that can be copied.

import type { Answerer, Codec } from '../../codec/codec.js'
import type { BodyWriter, Received } from '../../transport/wire/wire.js'
import { mtiOfAnswer } from '../answer-mti.js'

/** `maxBytes`: the largest number of bytes that write() can need. */
export interface WholeBody extends BodyWriter {
  readonly maxBytes: number
}

/**
 * Returns what answers a message that cannot be read. Undefined when it is none that is answered, or shows nothing that its
 * answer could be matched by. The answer is to be written before the message's bytes are used again.
 */
export function planFormatErrors(codec: Codec): (received: Received) => WholeBody | undefined {
  const { matchBy, mustEqual, responseCode, codes } = codec.dialect.rules
  const echoed = [...matchBy, ...mustEqual.map(({ field }) => field)]
  const values = [codes.formatError]
  /** The answerers by the MTI of the request, of which there are 2000. */
  const answerers = new Map<string, Answerer>()

  const answererOf = (requestMti: string): Answerer | undefined => {
    const known = answerers.get(requestMti)
    if (known !== undefined) return known
    const mti = mtiOfAnswer(requestMti)
    if (mti === undefined) return undefined
    const answerer = codec.answerer({ mti, echoed, set: [responseCode] })
    answerers.set(requestMti, answerer)
    return answerer
  }

  return ({ partly, body }) => {
    if (partly === undefined || !matchBy.some((field) => partly.has(field))) return undefined
    const answerer = answererOf(partly.mti)
    if (answerer === undefined) return undefined
    return {
      maxBytes: answerer.maxBytes(body.length),
      write: (target, at) => answerer.write(partly, values, target, at),
    }
  }
}
