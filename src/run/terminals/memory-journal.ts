// A journal that keeps nothing: for a run that is played beforehand, or put together to see whether it fits.

import { type JournalStorage, renewalInMemory } from '../../terminal/journal/journal-storage.js'

/** A storage that throws away everything the journal writes. */
export const memoryJournal = (): JournalStorage => ({
  read: () => [],
  append: () => {},
  renew: () => renewalInMemory(() => {}),
  close: () => {},
})
