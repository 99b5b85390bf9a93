// Those who wait for their records to be on disk.

type Done = (error: Error | undefined, who: unknown) => void

export class Waiting {
  /** In pairs of `done` and `who`; they stay as long as they have ever been, so that a turn allocates nothing. */
  readonly #pairs: unknown[] = []
  #end = 0

  add<Who>(done: (error: Error | undefined, who: Who) => void, who: Who): void {
    this.#pairs[this.#end++] = done
    this.#pairs[this.#end++] = who
  }

  /** Each once, in their order. Nobody may be added meanwhile. */
  tell(error: Error | undefined): void {
    const end = this.#end
    this.#end = 0
    for (let at = 0; at < end; at += 2) {
      const done = this.#pairs[at] as Done
      const who = this.#pairs[at + 1]
      this.#pairs[at] = undefined
      this.#pairs[at + 1] = undefined
      done(error, who)
    }
  }
}
