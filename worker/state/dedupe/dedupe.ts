import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import type { Change } from '../change.ts'
import { findInRow, freezeSessions, rowsWith, type FrozenSessions, type Generation } from './cold-sessions.ts'
import { addSequence, EMPTY_SEQUENCES, hasSequence, weightOf, type SequenceSet } from './sequence-set.ts'
import { sessionHash } from './session-hash.ts'

/** How long an identity is remembered after it was last used, ms: as long as a page may offer it, and 8 hours. */
export const REMEMBER_MS: number = RETENTION_MS + 8 * 3_600_000

/** The limit of memory before sessions are frozen: sessions and ranges, some 100 bytes each. */
export const MAX_HOT_WEIGHT = 50_000

/** How long sessions gather before they are frozen even when they are few, ms: bounds how long they outlive REMEMBER_MS. */
export const MAX_HOT_MS: number = 8 * 3_600_000

/** Cold sessions in all: 48 MB of hashes, 40 new sessions a second all the time. Beyond, the oldest are forgotten early. */
export const MAX_COLD_SESSIONS = 12_000_000

export interface Dedupe {
  readonly has: (session: string, sequence: number) => boolean
  readonly add: (session: string, sequence: number, nowMs: number) => void
  /** Puts a session back as a snapshot kept it. */
  readonly restore: (session: string, sequences: SequenceSet, nowMs: number) => void
  readonly setSeed: (seed: number) => void
  /** The changes that rebuild the hot sessions once the plan is settled. */
  readonly changes: (plan: DedupePlan) => Iterable<Change>
  /** The sessions that should move from memory to storage now; nothing changes before `settle`. */
  readonly plan: (nowMs: number) => DedupePlan
  /** The plan is on storage. */
  readonly settle: (plan: DedupePlan) => void
  readonly freezeIsDue: (nowMs: number) => boolean
  /** Sessions in memory, and sessions known by their hash. */
  readonly size: () => { readonly hot: number; readonly cold: number }
}

export interface DedupePlan {
  readonly frozen: FrozenSessions | undefined
  readonly expired: readonly Generation[]
  /** Sessions forgotten before their time, because there are more than MAX_COLD_SESSIONS. */
  readonly forgottenEarly: number
}

export interface DedupeOptions {
  readonly seed: number
  /** Oldest first. */
  readonly generations: readonly Generation[]
  readonly readRow: (generation: number, row: number) => string
  /** @default MAX_HOT_WEIGHT */
  readonly maxHotWeight?: number
  /** @default MAX_COLD_SESSIONS */
  readonly maxColdSessions?: number
}

/** Remembers which (session, sequence) were counted. */
export function createDedupe(options: DedupeOptions): Dedupe {
  const { readRow, maxHotWeight = MAX_HOT_WEIGHT, maxColdSessions = MAX_COLD_SESSIONS } = options
  let { seed } = options
  let generations = [...options.generations]
  let nextId = (generations.at(-1)?.id ?? 0) + 1
  let hot = new Map<string, SequenceSet>()
  let hotWeight = 0
  let hotSinceMs = Infinity

  const put = (session: string, sequences: SequenceSet, nowMs: number): void => {
    const held = hot.get(session)
    hotSinceMs = Math.min(hotSinceMs, nowMs)
    hotWeight += weightOf(sequences) - (held === undefined ? 0 : weightOf(held))
    hot.set(session, sequences)
  }

  // Newest first: a session that returned is in several generations, and the newest holds all of it.
  const findCold = (session: string): SequenceSet | undefined => {
    const hash = sessionHash(session, seed)
    for (let i = generations.length - 1; i >= 0; i--) {
      const generation = generations[i]!
      for (const row of rowsWith(generation, hash)) {
        const found = findInRow(readRow(generation.id, row), session)
        if (found !== undefined) return found
      }
    }
    return undefined
  }

  // Looks for a session in cold storage once. It keeps a session that it found, and an empty one for a session that is new,
  // because that will be added. Neither makes a freeze due, because storage has everything that they hold.
  const find = (session: string): SequenceSet => {
    const held = hot.get(session)
    if (held !== undefined) return held
    const found = findCold(session) ?? EMPTY_SEQUENCES
    // When storage refuses every commit, nothing is ever frozen, and new sessions must not pile up here.
    if (hotWeight < 2 * maxHotWeight) put(session, found, Infinity)
    return found
  }

  const freezeIsDue = (nowMs: number): boolean => hotWeight >= maxHotWeight || nowMs - hotSinceMs >= MAX_HOT_MS

  return {
    has: (session, sequence) => hasSequence(find(session), sequence),
    add: (session, sequence, nowMs) => {
      const held = find(session)
      const weight = hot.has(session) ? weightOf(held) : 0
      const sequences = addSequence(held, sequence)
      hotSinceMs = Math.min(hotSinceMs, nowMs)
      hotWeight += weightOf(sequences) - weight
      hot.set(session, sequences)
    },
    restore: put,
    setSeed: (kept) => {
      seed = kept
    },
    *changes({ frozen }) {
      yield { type: 'seed', seed }
      if (frozen) return
      for (const [session, sequences] of hot) yield { type: 'session', session, sequences }
    },
    freezeIsDue,
    plan: (nowMs) => {
      const frozen = freezeIsDue(nowMs) ? freezeSessions(hot, { id: nextId, frozenMs: nowMs, seed }) : undefined
      const old = generations.filter(({ frozenMs }) => frozenMs < nowMs - REMEMBER_MS)
      const kept = generations.slice(old.length)
      let cold = countSessions(kept) + (frozen ? hot.size : 0)
      let forgottenEarly = 0
      for (const generation of kept) {
        if (cold <= maxColdSessions) break
        old.push(generation)
        cold -= generation.hashes.length
        forgottenEarly += generation.hashes.length
      }
      return { frozen, expired: old, forgottenEarly }
    },
    settle: ({ frozen, expired }) => {
      generations = generations.filter((generation) => !expired.includes(generation))
      if (!frozen) return
      generations.push(frozen.generation)
      nextId++
      hot = new Map()
      hotWeight = 0
      hotSinceMs = Infinity
    },
    size: () => ({ hot: hot.size, cold: countSessions(generations) }),
  }
}

const countSessions = (generations: readonly Generation[]): number =>
  generations.reduce((count, { hashes }) => count + hashes.length, 0)
