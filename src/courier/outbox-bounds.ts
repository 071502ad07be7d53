import { fullness } from '../core/hold.ts'
import type { Entry } from '../core/types.ts'
import { RETENTION_MS } from '../protocol/limits.ts'

/** What may stay and what may not. Each oldest first, as `entries` are. */
export interface Bounded {
  readonly kept: readonly Entry[]
  readonly excess: readonly Entry[]
}

export const isExpired = ({ sealedMs }: Entry, nowMs: number): boolean => nowMs - sealedMs > RETENTION_MS

/** Keeps batches within the retention, the newest first, as many as fit. */
export function boundEntries(entries: readonly Entry[], nowMs: number): Bounded {
  const kept = [...entries]
  const excess: Entry[] = []
  while (kept.some((entry) => isExpired(entry, nowMs)) || fullness(kept) > 1) excess.push(kept.shift()!)
  return { kept, excess }
}
