/**
 * A finite number as JSON that every receiver reads as a double: beyond 2^53 without an exponent, Java takes it for a long, and
 * New Relic refuses a long of more than 63 bits.
 */
export const jsonNumber = (value: number): string =>
  Math.abs(value) >= 2 ** 53 ? value.toExponential() : JSON.stringify(value)

const COMMA = 0x2c

/** The text around the items of a list. */
export interface Frame {
  readonly before: Uint8Array
  readonly after: Uint8Array
}

export function frameOf(before: string, after: string): Frame {
  const utf8 = new TextEncoder()
  return { before: utf8.encode(before), after: utf8.encode(after) }
}

/** Bytes of the frame. An item takes one byte more than it has, for its comma. */
export const frameBytes = ({ before, after }: Frame): number => before.length + after.length

/** A list of items that are JSON already. */
export function joinList({ before, after }: Frame, items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const commas = items.length === 0 ? 0 : items.length - 1
  const bytes = items.reduce((sum, item) => sum + item.length, before.length + after.length + commas)
  const list = new Uint8Array(bytes).fill(COMMA)
  let at = before.length
  list.set(before)
  for (const item of items) {
    list.set(item, at)
    at += item.length + 1
  }
  list.set(after, bytes - after.length)
  return list
}
