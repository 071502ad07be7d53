import type { SequenceSet } from './sequence-set.ts'
import { sessionHash } from './session-hash.ts'

/**
 * Sessions that left memory together. Their sequences are in rows; memory keeps 4 bytes a session, which say whether a
 * row must be read at all: at 2.2 million sessions one new session in 2,000 reads one for nothing.
 */
export interface Generation {
  readonly id: number
  /** Edge clock when it was frozen: no session in it changed later. */
  readonly frozenMs: number
  /** Hashes of the sessions, ascending. */
  readonly hashes: Uint32Array<ArrayBuffer>
  /** For each row, the place in `hashes` of its first session. */
  readonly starts: readonly number[]
}

/** A generation on its way to storage. Each row is a JSON list of [session, sequences], in the order of the hashes. */
export interface FrozenSessions {
  readonly generation: Generation
  readonly rows: readonly string[]
}

type ColdSession = readonly [session: string, sequences: SequenceSet]

/** Characters after which a row is closed: small, because a session that returns reads and parses a whole row. */
const COLD_ROW_CHARS = 16 * 1024

/** Places are kept in the low bits while hashes are sorted: 32 + 20 bits are exact in a double. */
const PLACES = 2 ** 20

export function freezeSessions(
  sessions: ReadonlyMap<string, SequenceSet>,
  { id, frozenMs, seed }: { readonly id: number; readonly frozenMs: number; readonly seed: number },
): FrozenSessions {
  if (sessions.size > PLACES) throw new Error('BUG: too many sessions for one generation')
  const entries: ColdSession[] = [...sessions]
  const order = Float64Array.from(entries, ([session], place) => sessionHash(session, seed) * PLACES + place).sort()
  const hashes = Uint32Array.from(order, (hashAndPlace) => Math.floor(hashAndPlace / PLACES))
  const starts: number[] = []
  const rows: string[] = []
  let texts: string[] = []
  let chars = 0
  order.forEach((hashAndPlace, i) => {
    if (texts.length === 0) starts.push(i)
    const text = JSON.stringify(entries[hashAndPlace % PLACES])
    texts.push(text)
    chars += text.length
    if (chars < COLD_ROW_CHARS && i < order.length - 1) return
    rows.push(`[${texts.join()}]`)
    texts = []
    chars = 0
  })
  return { generation: { id, frozenMs, hashes, starts }, rows }
}

/** The rows of a generation that may hold a session with this hash; nearly always none. */
export function rowsWith({ hashes, starts }: Generation, hash: number): number[] {
  const rows: number[] = []
  for (let place = lowerBound(hashes, hash); hashes[place] === hash;) {
    const row = lowerBound(starts, place + 1) - 1
    rows.push(row)
    place = starts[row + 1] ?? hashes.length
  }
  return rows
}

export const findInRow = (row: string, session: string): SequenceSet | undefined =>
  (JSON.parse(row) as ColdSession[]).find(([id]) => id === session)?.[1]

// The first place whose number is at least `least`.
function lowerBound(ascending: ArrayLike<number>, least: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
