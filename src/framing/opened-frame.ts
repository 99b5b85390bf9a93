// The contract of envelopes: a frame opened, and the front of one to send.

/** The parts of a received frame: views of it. Reused: valid until the next read of this envelope. */
export interface OpenedFrame {
  readonly tpdu: Uint8Array | undefined
  readonly header: Uint8Array | undefined
  readonly body: Uint8Array
  /** The network sent our own message back: its reject code. */
  readonly rejected?: string | undefined
}

export interface Envelope {
  /** Bytes in front of the message and behind it. */
  readonly frontBytes: number
  readonly trailer: Uint8Array
  /** The bytes that a request of ours carries in front. */
  readonly requestFront: Uint8Array
  /** The bytes that the answer to a request in `frame` carries in front: a new array, so that it may be kept. */
  answerFront(frame: Uint8Array): Uint8Array
  /** Puts into the front that stands at `at` what it says of a message of `bodyBytes`. */
  seal?(target: Uint8Array, at: number, bodyBytes: number): void
  /** A session control message of the network, which no application answers. */
  isControl?(frame: Uint8Array): boolean
  /** Undefined for a frame too short for the envelope, or without its trailer. */
  open(frame: Uint8Array): OpenedFrame | undefined
}
