// The files that a page carries within it, read by whoever may read files.

export interface PageScript {
  readonly text: string
  /** `sha256-…`, as a content security policy names it. */
  readonly hash: string
}

export interface PageAssets {
  readonly licence: string
  readonly uplot: PageScript
  readonly page: PageScript
  readonly style: string
}
