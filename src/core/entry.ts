import { encodeEnvelope } from '../protocol/envelope.ts'
import type { Entry } from './types.ts'

/** Orders entries by age; holds the identity. It is the key in the outbox. */
export type EntryKey = [sealedMs: number, session: string, sequence: number]

export const keyOf = ({ sealedMs, session, sequence }: Pick<Entry, 'sealedMs' | 'session' | 'sequence'>): EntryKey => [
  sealedMs,
  session,
  sequence,
]

/** UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/** How many `records` or `bytes` there are in all. */
export const totalOf = (what: 'records' | 'bytes', entries: readonly Entry[]): number =>
  entries.reduce((total, entry) => total + entry[what], 0)

/** Age at which a batch that left with no answer heard is worth a request of its own, ms. */
export const CONFIRM_AFTER_MS = 120_000

/** Whether any of them is worth a request. */
export const hasNews = (entries: readonly Entry[], nowMs: number): boolean =>
  // Stored values may be anything.
  entries.some((entry) => !entry?.leftMs || Math.abs(nowMs - entry.leftMs) > CONFIRM_AFTER_MS)

export const createEntry = (batch: Omit<Entry, 'v' | 'bytes'>): Entry => ({
  ...batch,
  v: 1,
  bytes: bytesOf(encodeEnvelope([batch], batch.sealedMs)),
})
