// Asks a third party over HTTP: a JSON document is posted, a JSON document comes back. Connections are kept and bounded, so
// are bodies, and no redirect is followed: nothing is sent to an address that nobody has named.

import http from 'node:http'
import { UsageError } from '../base/errors.js'

export interface ThirdPartyClient {
  /** Calls `done` once, later, unless given up: with the document, or undefined for anything else. Returns what gives it up. */
  ask(question: unknown, done: (answer: unknown) => void): () => void
  /** Closes the connections that are kept. Idempotent. */
  close(): void
}

/** Connections at a time; questions beyond it wait for one. */
const maxConnections = 64
/** Bytes of an answer: it is a word and a reason. */
const maxAnswerBytes = 16_384

/** `url`: `http://HOST:PORT/PATH`. Throws UsageError for another. Nothing is connected before the first question. */
export function createThirdPartyClient(url: string): ThirdPartyClient {
  const target = checkedUrl(url)
  const agent = new http.Agent({ keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections })
  return {
    ask(question, done) {
      const body = JSON.stringify(question)
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      let isOver = false
      const end = (answer: unknown) => {
        if (isOver) return
        isOver = true
        done(answer)
      }
      const request = http.request(target, { method: 'POST', agent, headers }, (response) => {
        readJson(response, end)
      })
      request.on('error', () => end(undefined))
      request.end(body)
      return () => {
        isOver = true
        request.destroy()
      }
    },
    close: () => agent.destroy(),
  }
}

function readJson(response: http.IncomingMessage, end: (answer: unknown) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= maxAnswerBytes) chunks.push(chunk)
    else response.destroy()
  })
  response.on('error', () => end(undefined))
  response.on('close', () => {
    if (!response.complete || response.statusCode !== 200) end(undefined)
    else end(parsed(Buffer.concat(chunks).toString('utf8')))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function checkedUrl(text: string): URL {
  const where = 'acquirer.thirdPartyCheck.url:'
  if (!URL.canParse(text)) throw new UsageError('expected a URL such as http://127.0.0.1:9000/check', { where })
  const url = new URL(text)
  if (url.protocol !== 'http:') throw new UsageError(`expected http://, got ${url.protocol}//`, { where })
  if (url.username !== '' || url.password !== '') throw new UsageError('no name and password in a URL', { where })
  return url
}
