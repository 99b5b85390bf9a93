// The look of bytes that a framing does not fit. Guesses in words; nothing is decided by them.

import type { Framing } from './framing.js'
import { framings } from './framings.js'
import { createPrefix } from './prefix.js'

/** Framings worth naming when their length fits the bytes at hand exactly: the usual ones, most telling first. */
const likely = ['ascii4', 'binary2', 'binary4', 'bcd2', 'binary2-inclusive', 'ascii4-inclusive', 'hex4', 'vap', 'gicc']
const candidates = likely.map((name) => {
  const framing = framings.find((one) => one.name === name) as Framing
  return { name, prefix: createPrefix(framing) }
})

/** How many bytes of a frame a guess quotes: a length and a TPDU, never as much as a card number. */
const quotedBytes = 4

/** `: <what it looks like>` for the bytes from the start of a frame that `framing` cannot read, or an empty text. */
export function looksLike(framing: Framing, bytes: Uint8Array): string {
  const words = nameOfProtocol(bytes) ?? exactFit(framing, bytes) ?? byFirstBytes(framing, bytes) ?? textWords(bytes)
  return words === undefined ? '' : `: ${words}`
}

/** The first bytes as hex, as errors quote them. */
export function quote(bytes: Uint8Array, count = quotedBytes): string {
  return Buffer.from(bytes.subarray(0, count)).toString('hex').toUpperCase()
}

/** A protocol that its first bytes give away, and what to do about it; undefined for what may be ISO 8583. */
export function otherProtocol(bytes: Uint8Array): string | undefined {
  const named = nameOfProtocol(bytes)
  return named !== undefined && !named.includes('--framing') ? named : textWords(bytes)
}

function textWords(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const isText = bytes.length >= 8 && /^[\t\r\n\x20-\x7e]+$/.test(text) && /[a-z]{3}/.test(text) && /\s/.test(text)
  return isText ? 'this is text for people, not ISO 8583: check the port' : undefined
}

function nameOfProtocol(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, 5)).toString('latin1')
  if (/^(GET|POST|PUT|HEAD) /.test(text) || text.startsWith('HTTP/'))
    return 'this is HTTP, not ISO 8583: check the port'
  if (text.startsWith('SSH-')) return 'this is SSH, not ISO 8583: check the port'
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return 'this is a TLS handshake: try --tls'
  if (bytes[0] === 0x15 && bytes[1] === 0x03) return 'this is a TLS alert: try --tls'
  if (
    /^\s*<(isom|\?xml)/.test(text.padEnd(5)) ||
    Buffer.from(bytes.subarray(0, 64)).toString('latin1').includes('<isomsg')
  )
    return 'this is XML: try --framing xml'
  if (text.startsWith('ISO'))
    return 'the message begins with the text ISO and has no length in front: try --framing none'
  return undefined
}

/** A framing by which the bytes at hand are exactly one frame. */
function exactFit(framing: Framing, bytes: Uint8Array): string | undefined {
  const fit = candidates.find(({ name, prefix }) => {
    if (name === framing.name || bytes.length <= prefix.bytes) return false
    return prefix.read(bytes, 0) === bytes.length - prefix.bytes
  })
  if (fit === undefined) return undefined
  const length = quote(bytes, fit.prefix.bytes)
  if (fit.name.startsWith('ascii')) return `the length bytes ${length} are ASCII digits: try --framing ${fit.name}`
  return `the bytes ${length} are the right length by another framing: try --framing ${fit.name}`
}

function byFirstBytes(framing: Framing, bytes: Uint8Array): string | undefined {
  if (bytes.length < 2) return undefined
  const first = bytes.subarray(0, quotedBytes)
  const asciiFramed = framing.length.kind === 'ascii'
  if (!asciiFramed && first.every(isAsciiDigit)) {
    return `the length bytes ${quote(first)} are ASCII digits: try --framing ascii4, or none if they are the MTI`
  }
  if (first[0] === 0x60 && framing.length.kind !== 'none') {
    return `the first byte 60 looks like a TPDU, so no length comes first: try --framing none`
  }
  return byKind(framing, first)
}

function byKind(framing: Framing, first: Uint8Array): string | undefined {
  const isText = framing.length.kind === 'ascii' || framing.length.kind === 'hex'
  if (isText && first[0] === 0 && first[1] === 0)
    return `${quote(first)} looks like a binary length: try --framing binary4`
  if (isText && (first[0] as number) < 0x10)
    return `${quote(first, 2)} looks like a binary length: try --framing binary2`
  if (framing.length.kind === 'bcd') return `${quote(first, 2)} is no packed number: try --framing binary2`
  if (framing.length.kind === 'binary' && framing.length.bytes === 4 && first[0] === 0) {
    return `${quote(first, 2)} could be a 2-byte length: try --framing binary2`
  }
  return undefined
}

const isAsciiDigit = (byte: number) => byte >= 0x30 && byte <= 0x39
