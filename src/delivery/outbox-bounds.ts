// Pure: no I/O, no clock, no randomness.
import { RETENTION_MS } from '../protocol/limits.ts'
import type { Entry } from './entry.ts'

/** Batches in the outbox, and in the memory of one page. */
export const MAX_ENTRIES = 1_000

/** Bytes of all batches in the outbox, and in the memory of one page. */
export const MAX_OUTBOX_BYTES = 1_048_576

/** What may stay, and what may not by the reason it is dropped for. Each oldest first, as `entries` are. */
export interface Bounded {
  readonly kept: readonly Entry[]
  readonly expired: readonly Entry[]
  readonly outbox_full: readonly Entry[]
}

/** Nothing over the retention stays, and of the rest as much as fits, the newest first. */
export function boundEntries(entries: readonly Entry[], nowMs: number): Bounded {
  const isFresh = ({ sealedMs }: Entry) => nowMs - sealedMs <= RETENTION_MS
  const fresh = entries.filter(isFresh)
  let bytes = 0
  const from =
    fresh.findLastIndex(
      (entry, index) => (bytes += entry.bytes) > MAX_OUTBOX_BYTES || fresh.length - index > MAX_ENTRIES,
    ) + 1
  return {
    kept: fresh.slice(from),
    expired: entries.filter((entry) => !isFresh(entry)),
    outbox_full: fresh.slice(0, from),
  }
}
