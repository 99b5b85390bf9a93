// The control API's listener: HTTP in, routes out. Every request is guarded, every body bounded, every error a body.

import http from 'node:http'
import { StartError } from '../base/errors.js'
import { maskTexts } from '../base/mask.js'
import { ApiError, apiErrors } from './api-error.js'
import { createGuard } from './guard.js'
import { type ApiAnswer, type ControlRoute, createRouter } from './routes.js'

export interface HttpServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly token?: string | undefined
  readonly routes: readonly ControlRoute[]
  /** In words and by its flag, for errors; left out: the control API. */
  readonly what?: string
  readonly flag?: string
  /** An error that is our own fault, with its stack. */
  readonly onInternalError?: (error: Error) => void
}

export interface HttpServer {
  readonly host: string
  readonly port: number
  /** Ends the streams, refuses new requests. Idempotent. */
  close(): Promise<void>
}

/** Bytes of a request's body: a plan of hundreds of faults. */
const maxBodyBytes = 1_048_576
/** Connections at a time: a test suite with many workers, not a load. */
const maxConnections = 256
/** How long a request may take to arrive, in ms; Toxiproxy allows its handlers as long. */
const requestTimeoutMs = 25_000
/** How long its head may take, which a connection without a request is cut off by; and how often is looked, in ms. */
const headTimeoutMs = 10_000
const lookEveryMs = 1000
/** Bytes that may wait for a client that does not read its stream of events; then it is cut off. */
const maxStreamBytes = 1_048_576

/** Rejects with StartError when the port cannot be had. */
export function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { what = 'the control API', flag = '--control' } = options
  const answer = createAnswerer(options)
  const timeouts = { requestTimeout: requestTimeoutMs, headersTimeout: headTimeoutMs }
  const server = http.createServer({ ...timeouts, connectionsCheckingInterval: lookEveryMs }, (request, response) => {
    void answer(request, response)
  })
  server.maxConnections = maxConnections
  server.on('clientError', (_, socket) => socket.destroy())
  let closing: Promise<void> | undefined
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return new Promise((resolve, reject) => {
    // Stays: an error of accepting later is no reason to end.
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(`${what} cannot listen on ${options.host}:${options.port}: ${reasonOf(error, flag)}`)),
    )
    server.listen({ host: options.host, port: options.port }, () =>
      resolve({
        host: options.host,
        port: (server.address() as { readonly port: number }).port,
        close: () => {
          closing ??= close()
          return closing
        },
      }),
    )
  })
}

const reasonOf = (error: NodeJS.ErrnoException, flag: string) =>
  error.code === 'EADDRINUSE' ? `the port is in use (EADDRINUSE); choose another with ${flag}` : error.message

function createAnswerer(options: HttpServerOptions) {
  const guard = createGuard(options)
  const route = createRouter(options.routes)
  let requests = 0

  return async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    response.setHeader('X-Toxiproxy-Request-Id', (++requests).toString(16).padStart(20, '0'))
    try {
      guard(request.headers)
      const { handle, params } = route(request.method ?? '', pathOf(request.url ?? '/'))
      const body = await readBody(request)
      send(response, await handle({ params, json: () => parseJson(body) }))
    } catch (error) {
      sendError(response, error, options.onInternalError)
    }
  }
}

/** The path of `/path?query`, or of a whole URL as a client writes it that takes this for its HTTP proxy. */
const pathOf = (target: string) => /^(?:http:\/\/[^/?#]*)?([^?#]*)/.exec(target)?.[1] ?? '/'

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new ApiError(413, `the body is longer than ${maxBodyBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the body, and a body may hold card data.
    throw apiErrors.badBody('it is not valid JSON')
  }
}

function send(response: http.ServerResponse, answer: ApiAnswer): void {
  switch (answer.kind) {
    case 'json':
      response.writeHead(answer.status, { 'Content-Type': answer.type ?? 'application/json' })
      // A client may have put a card number into any name, address or attribute.
      response.end(`${JSON.stringify(maskTexts(answer.body))}\n`)
      break
    case 'text':
      response.writeHead(answer.status, { 'Content-Type': answer.type })
      response.end(answer.text)
      break
    case 'empty':
      response.writeHead(answer.status)
      response.end()
      break
    case 'stream':
      stream(response, answer.start)
  }
}

/** Server-sent events. A client that does not read is cut off, so that it costs nobody else. */
function stream(response: http.ServerResponse, start: (write: (text: string) => void) => () => void): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  response.flushHeaders()
  const stop = start((text) => {
    if (response.writableLength > maxStreamBytes) response.destroy()
    else response.write(text)
  })
  response.on('close', stop)
}

function sendError(response: http.ServerResponse, error: unknown, onInternalError?: (error: Error) => void): void {
  const known = error instanceof ApiError ? error : undefined
  const own = error instanceof Error ? error : new Error(String(error))
  if (known === undefined) onInternalError?.(own)
  if (response.headersSent) return void response.destroy()
  const status = known?.status ?? 500
  // A body that was not read to its end must not be taken for the next request.
  if (status === 413) response.setHeader('Connection', 'close')
  send(response, { kind: 'json', status, body: { error: own.message, status } })
}
