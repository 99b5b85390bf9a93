// Someone who may hear everything on the bus: what is told, and what is kept, packed or not.

import { inflateRawSync } from 'node:zlib'
import { connect } from '@nats-io/transport-node'
import { isCardNumber } from '../../src/base/text/card-number.js'

export interface Sniffer {
  /**
   * How many messages were heard, and how many of them hold a number of `pans`, any that begins like one, or in a text any run of
   * digits that passes for a card's.
   */
  stop(pans: readonly string[]): Promise<{ readonly messages: number; readonly cards: number }>
}

export async function createSniffer(url: string): Promise<Sniffer> {
  const connection = await connect({ servers: url.replace(/^\w+:\/\//, '') })
  const heard: Uint8Array[] = []
  connection.subscribe('>', {
    callback: (error, message) => {
      if (error === null) heard.push(message.data)
    },
  })
  await connection.flush()
  return {
    async stop(pans) {
      await connection.close()
      const isCard = (body: Uint8Array) =>
        readings(body).some((text) => holdsCard(text, pans) || textsIn(text).some(passesForCard))
      return { messages: heard.length, cards: heard.filter(isCard).length }
    },
  }
}

/** A message as it is, as hex, and what is packed in it. */
function readings(body: Uint8Array): readonly string[] {
  const bytes = Buffer.from(body)
  const plain = [bytes.toString('latin1'), bytes.toString('hex')]
  const starts = [0, bytes.indexOf(0x0a) + 1]
  return [...plain, ...starts.flatMap((at) => inflated(bytes.subarray(at)))]
}

function inflated(bytes: Buffer): readonly string[] {
  try {
    const text = inflateRawSync(bytes)
    return [text.toString('latin1'), text.toString('hex')]
  } catch {
    return []
  }
}

/** The texts of a message in JSON, without figures that are written as texts: sums, histograms and fingerprints. */
function textsIn(text: string): readonly string[] {
  const texts: string[] = []
  try {
    JSON.parse(text, (key, value) => {
      if (typeof value === 'string' && !figures.has(key)) texts.push(value)
      return value
    })
  } catch {
    // A chunk of something longer, or no JSON at all.
  }
  return texts
}

const figures: ReadonlySet<string> = new Set(['sum', 'v2', 'hdr', 'sha256', 'tally'])

const passesForCard = (text: string) => (text.match(/\d{13,19}/g) ?? []).some(isCardNumber)

/** A number of a card, in digits, in BCD or in the hex of ASCII; or any run of digits that begins like one of them. */
function holdsCard(text: string, pans: readonly string[]): boolean {
  return pans.some((pan) => {
    const hexOfAscii = Buffer.from(pan.slice(0, 12)).toString('hex')
    return new RegExp(`${pan.slice(0, 6)}\\d{7,13}`).test(text) || text.includes(hexOfAscii)
  })
}
