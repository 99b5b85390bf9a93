// The refusals of the control API: a status and a sentence, in Toxiproxy's own words where it has them.

/** Answered as `{"error": message, "status": status}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.status = status
  }
}

export const apiErrors = {
  badBody: (why: string) => new ApiError(400, `bad request body: ${why}`),
  missingField: (field: string) => new ApiError(400, `missing required field: ${field}`),
  invalidStream: () => new ApiError(400, 'stream was invalid, can be either upstream or downstream'),
  invalidToxicType: (hint = '') => new ApiError(400, `invalid toxic type${hint}`),
  proxyNotFound: () => new ApiError(404, 'proxy not found'),
  proxyExists: () => new ApiError(409, 'proxy already exists'),
  toxicNotFound: () => new ApiError(404, 'toxic not found'),
  toxicExists: () => new ApiError(409, 'toxic already exists'),
} as const
