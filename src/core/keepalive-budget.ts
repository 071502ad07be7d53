import type { Entry } from './types.ts'

/**
 * Bytes that Pharos has in flight at most, fetches and beacons together. A browser allows a page 65,536 for all its
 * scripts (Fetch, "inflightKeepaliveBytes"); other scripts get the rest.
 */
export const KEEPALIVE_BYTES = 61_440

/**
 * Bytes of one body: so that a beacon has room while a fetch is in flight, and the next fetch too, since Firefox gives the room
 * of one back only some ms after its answer (docs/BROWSERS.md).
 */
export const BODY_BYTES = 30_720

/** The first entries that fit one body, whole batches only. */
export const takeBatches = (entries: readonly Entry[], maxBytes: number): readonly Entry[] => {
  let bytes = 0
  const over = entries.findIndex((entry) => (bytes += entry.bytes) > maxBytes)
  return over < 0 ? entries : entries.slice(0, over)
}
