// Pure: no I/O, no clock, no randomness.
import { totalOf, type Entry } from './entry.ts'

/**
 * Bytes that Pharos has in flight at most, fetches and beacons together. A browser allows a page 65,536 for all its
 * scripts (Fetch, "inflightKeepaliveBytes"); the rest is left to the others.
 */
export const KEEPALIVE_BYTES = 61_440

/**
 * Bytes of one body: so that a beacon has room while a fetch is in flight, and the next fetch too, since Firefox gives the room
 * of one back only some ms after its answer (docs/BROWSERS.md).
 */
export const BODY_BYTES = 30_720

/** The first entries that fit one body, whole batches only; at least one, as a batch cannot be cut. */
export function takeBatches(entries: readonly Entry[], maxBytes: number): readonly Entry[] {
  let bytes = 0
  const over = entries.findIndex((entry) => (bytes += entry.bytes) > maxBytes)
  return over < 0 ? entries : entries.slice(0, over || 1)
}

/** The first entries as bodies that fit the room together. */
export function bodiesWithin(entries: readonly Entry[], roomBytes: number): readonly (readonly Entry[])[] {
  const bodies: (readonly Entry[])[] = []
  let room = roomBytes
  let rest = entries
  while (rest.length && rest[0]!.bytes <= room) {
    const batches = takeBatches(rest, Math.min(BODY_BYTES, room))
    bodies.push(batches)
    room -= totalOf('bytes', batches)
    rest = rest.slice(batches.length)
  }
  return bodies
}
