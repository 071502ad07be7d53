import { encodeEnvelope, type SealedBatch } from '../protocol/wire.ts'

/** A batch on its way, as it lies in the outbox. */
export interface Entry extends SealedBatch {
  /** UTF-8 bytes of a body that carries this batch alone: never less than its share of a larger body. */
  readonly bytes: number
  /** When a beacon took it, ms since 1970: probably delivered, still to be confirmed. */
  beaconedMs?: number
}

/** Orders entries by age; holds the identity. */
export type EntryKey = [sealedMs: number, session: string, sequence: number]

export const keyOf = ({ sealedMs, session, sequence }: SealedBatch): EntryKey => [sealedMs, session, sequence]

export const idOf = (batch: SealedBatch): string => String(keyOf(batch))

export const createEntry = (batch: SealedBatch): Entry => ({
  ...batch,
  bytes: new TextEncoder().encode(encodeEnvelope([batch], batch.sealedMs)).length,
})

/** How many `records` or `bytes` there are in all. */
export const totalOf = (what: 'records' | 'bytes', entries: readonly Entry[]): number =>
  entries.reduce((total, entry) => total + entry[what], 0)
