// The batches of this page until they are acknowledged: in memory, and in the outbox as soon as it can be written.
import type { DropReason } from '../protocol/types.ts'
import { keyOf, totalOf } from './entry.ts'
import { askCourier } from './load.ts'
import { dropBatches } from './record.ts'
import { transact } from './storage.ts'
import type { Entry, Page } from './types.ts'

/** Batches in the outbox, and in the memory of one page. */
export const MAX_ENTRIES = 1_000

/** Bytes of all batches in the outbox, and in the memory of one page. */
export const MAX_OUTBOX_BYTES = 1_048_576

/** How full an outbox is: over 1, it is out of bounds. */
export const fullness = (entries: readonly Entry[]): number =>
  Math.max(entries.length / MAX_ENTRIES, totalOf('bytes', entries) / MAX_OUTBOX_BYTES)

/** Takes sealed batches over from the window. Taking one again does no harm. */
export const hold = (page: Page, entries: readonly Entry[]): void => {
  for (const entry of entries) {
    page.own.add(entry)
    page.unsaved.add(entry)
    page.sequence = entry.sequence + 1
  }
  page.current.sealed = []
  // Some room stays for a batch that reports the drops: the page may close before it records anything else.
  for (let held, most = 1; fullness((held = [...page.own])) > most; most = 0.999)
    lose(page, 'outbox_full', held.slice(0, 1))
}

/** Forgets entries that are settled; `save` deletes them from the outbox. */
export const forget = (page: Page, entries: readonly Entry[]): void => {
  for (const entry of entries) {
    if (page.own.delete(entry)) page.settled += entry.records
    page.unsaved.add(entry)
  }
  // While the storage hangs, settled batches are not deleted and would pile up here.
  if (page.unsaved.size > 2 * MAX_ENTRIES) page.unsaved = new Set(page.own)
}

/** Counts entries as dropped and forgets them. */
export const lose = (page: Page, reason: DropReason, entries: readonly Entry[]): void => {
  dropBatches(page, reason, entries)
  page.lost += entries.filter((entry) => page.own.has(entry)).length
  forget(page, entries)
}

/** Writes changes to the outbox. Never rejects. */
export const save = async (page: Page): Promise<void> => {
  // A prerendered page may not touch the storage. A write that waits for the storage to open will write everything.
  if (!page.startedMs || !page.unsaved.size || page.isSaving) return
  page.isSaving = true
  let entries: readonly Entry[] = []
  const result = await transact(page, (objects) => {
    page.isSaving = false
    entries = [...page.unsaved]
    page.unsaved.clear()
    for (const entry of entries)
      if (page.own.has(entry)) objects.put(entry, keyOf(entry))
      else objects.delete(keyOf(entry))
  })
  page.isSaving = false
  // Settled batches are not tried again: they would pile up in a page that can never write.
  if (result !== 'done') for (const entry of entries) if (page.own.has(entry)) page.unsaved.add(entry)
  if (result === 'full') askCourier(page, ({ makeRoom }) => makeRoom())
}
