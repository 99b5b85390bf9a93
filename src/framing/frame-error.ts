// A stream that cannot be cut into frames any further, or a message that cannot be framed.

/** `NOT_SENDABLE` is our own fault; all others are the peer's, or of a framing that was chosen wrongly. */
export type FrameErrorCode = 'TOO_LONG' | 'BAD_LENGTH' | 'BAD_FILLER' | 'BAD_TRAILER' | 'TRUNCATED' | 'NOT_SENDABLE'

/** Ends the connection that it came from, and no other. Never holds more than the first bytes of a frame. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
  readonly code: FrameErrorCode
  /** Byte offset of the frame's first byte in the stream. */
  readonly offset: number

  constructor(code: FrameErrorCode, offset: number, problem: string) {
    super(code === 'NOT_SENDABLE' ? problem : `frame at byte ${offset} of the stream: ${problem}`)
    this.code = code
    this.offset = offset
  }

  /** Whose fault it is. */
  get fault(): 'local' | 'remote' {
    return this.code === 'NOT_SENDABLE' ? 'local' : 'remote'
  }
}
