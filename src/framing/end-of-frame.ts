// Where a message ends in a stream without lengths, by what the framing itself knows of it. Pure.

import type { Framing } from './framing.js'

/**
 * Bytes of the message that begins `bytes`, with what stands around it: 0 when more bytes are needed to tell, -1 when the bytes
 * are no message.
 */
export type Measure = (bytes: Uint8Array) => number

export interface End {
  readonly measure: Measure
  /** The message of a frame, without what ends it; empty where the frame holds none. */
  bodyOf(frame: Uint8Array): Uint8Array
}

/** Undefined where the framing says nothing of it. */
export function endOf({ length }: Framing): End | undefined {
  if (length.kind === 'end') return endMark(Buffer.from(length.with, 'hex'))
  return length.kind === 'element' ? endOfElement(length.name) : undefined
}

function endMark(mark: Buffer): End {
  return {
    measure: (bytes) => {
      const at = view(bytes).indexOf(mark)
      return at < 0 ? 0 : at + mark.length
    },
    bodyOf: (frame) => frame.subarray(0, Math.max(0, frame.length - mark.length)),
  }
}

/** An element and the white space behind it, as far as it has arrived; white space alone is a frame without a message. */
function endOfElement(name: string): End {
  return {
    measure(bytes) {
      const text = view(bytes).toString('latin1')
      const blank = /^\s*/.exec(text)?.[0].length ?? 0
      if (blank === text.length) return blank
      const end = elementEnd(text, name)
      return end <= 0 ? end : end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0)
    },
    bodyOf(frame) {
      const text = view(frame).toString('latin1')
      const from = text.length - text.trimStart().length
      return frame.subarray(from, Math.max(from, text.trimEnd().length))
    },
  }
}

/** Behind the end of the outermost element; 0 when it has not come, -1 for text that is no XML. */
function elementEnd(text: string, name: string): number {
  if (!/^\s*</.test(text)) return -1
  const tags = new RegExp(`<!--[\\s\\S]*?-->|<(/?)${name}(?:\\s[^<>]*?)?(/?)>`, 'g')
  let depth = 0
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    if (tag[0].startsWith('<!--') || (tag[2] === '/' && depth > 0)) continue
    depth += tag[1] === '/' ? -1 : tag[2] === '/' ? 0 : 1
    if (depth <= 0) return tags.lastIndex
  }
  return 0
}

const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
