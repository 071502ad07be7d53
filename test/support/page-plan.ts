/** What a test tells a page to record. Series of one name differ in their attributes. */
export interface PageRecord {
  readonly call: 'increment' | 'observe'
  readonly name: string
  readonly value: number
  readonly attributes: Readonly<Record<string, string>>
}

/** Numbers in [0, 1), the same for the same seed. Source: mulberry32, public domain. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!

/** Cuts a list into `parts` runs of nearly equal length. */
export const cut = <T>(list: readonly T[], parts: number): T[][] =>
  Array.from({ length: parts }, (_, i) =>
    list.slice(Math.floor((i * list.length) / parts), Math.floor(((i + 1) * list.length) / parts)),
  )
