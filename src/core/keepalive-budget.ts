import type { Entry } from './types.ts'

/**
 * Bytes that Pharos has in flight at most, fetches and beacons together. A browser allows a page 65,536 for all its scripts
 * (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, "inflightKeepaliveBytes"); other scripts get the rest.
 */
export const KEEPALIVE_BYTES = 61_440

/**
 * Bytes of one body. Two fit into the budget, because Firefox frees the room of a fetch only some ms after its answer
 * (docs/BROWSERS.md#differences, 5).
 */
export const BODY_BYTES = 30_720

/** The first entries that fit one body, whole batches only. */
export const takeBatches = (entries: readonly Entry[], maxBytes: number): readonly Entry[] => {
  let bytes = 0
  const over = entries.findIndex((entry) => (bytes += entry.bytes) > maxBytes)
  return over < 0 ? entries : entries.slice(0, over)
}
