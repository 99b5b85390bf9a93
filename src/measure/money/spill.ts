// Where rows go that memory is not to hold. The file behind it is for run/ to make.

/** Room for bytes outside of memory, as long as its process. Whatever fails throws an Error that names the file and the cause. */
export interface Spill {
  /** Keeps a copy of these bytes, all or nothing. Returns their place. */
  append(bytes: Uint8Array): number
  /** Writes over what is kept at this place. */
  write(place: number, bytes: Uint8Array): void
  /** Fills `into` with what is kept at this place. */
  read(place: number, into: Uint8Array): void
}
