import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf } from '../../../src/courier/id.ts'
import type { Entry } from '../../../src/core/types.ts'
import { isTimerDue, isLeftover, isExplicitFlush } from '../../../src/courier/due.ts'
import { planFlush, type FlushContext } from '../../../src/courier/flush-plan.ts'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import { IDLE } from '../../../src/protocol/send-state.ts'
import { entryOf, SESSION } from './batches.ts'

const NOW_MS = 10 * RETENTION_MS
const STARTED_MS = NOW_MS - 10_000
const OTHER = 'BBBBBBBBBBBBBBBB'

const context = (changes: Partial<FlushContext> = {}): FlushContext => ({
  state: IDLE,
  nowMs: NOW_MS,
  startedMs: STARTED_MS,
  youngMs: 60_000,
  isDue: isExplicitFlush,
  room: 0,
  ...changes,
})
const setOf = (...entries: readonly Entry[]) => new Set(entries)
const own = entryOf(1, { sealedMs: NOW_MS - 5_000 })
const left = entryOf(1, { session: OTHER, sealedMs: STARTED_MS - 1 })
const young = entryOf(2, { session: OTHER, sealedMs: NOW_MS - 1 })

describe('planFlush', () => {
  it('sends its own and what was left, oldest first, and takes the lease for that', () => {
    const plan = planFlush([left, own, young], setOf(own), context())
    expect(plan.queue).toEqual([left, own])
    expect(plan.state).toEqual({ ...IDLE, leasedMs: NOW_MS })
  })

  it('takes no lease where there is nothing of others', () => {
    expect(planFlush([own, young], setOf(own), context())).toMatchObject({ queue: [own], state: undefined })
  })

  it('sends its own where another page has the lease', () => {
    const state = { ...IDLE, leasedMs: NOW_MS - 1 }
    expect(planFlush([left, own], setOf(own), context({ state }))).toMatchObject({ queue: [own], state: undefined })
  })

  it('keeps quiet when it is not time, and drops what is too old all the same', () => {
    const old = entryOf(3, { session: OTHER, sealedMs: NOW_MS - RETENTION_MS - 1 })
    const state = { ...IDLE, failedMs: NOW_MS, waitMs: 1_000 }
    const plan = planFlush([old, left], setOf(own), context({ state, isDue: isTimerDue }))
    expect(plan).toMatchObject({ queue: [], state: undefined, excess: [old] })
  })

  it('sends nothing before the end of a Retry-After', () => {
    const state = { ...IDLE, failedMs: NOW_MS, waitMs: 1_000 }
    expect(planFlush([left, own], setOf(own), context({ state }))).toMatchObject({ queue: [], state: undefined })
  })

  it('makes room by the oldest that others left, and by nothing of its own', () => {
    const older = entryOf(2, { session: OTHER, sealedMs: STARTED_MS - 2 })
    expect(planFlush([older, left, own], setOf(own), context({ room: 1 })).excess).toEqual([older])
    expect(planFlush([older, left, young, own], setOf(own), context({ room: 9 }))).toMatchObject({
      excess: [older, left],
      queue: [own],
    })
  })

  it('knows its own by what it holds, not by what lies in the outbox', () => {
    const copy = structuredClone(own)
    expect(planFlush([copy], setOf(own), context()).queue).toEqual([own])
    expect(planFlush([copy], setOf(own), context()).queue[0]).toBe(own)
  })

  it('has each batch in one place, and none twice', () => {
    const anyEntry = fc.record({
      sequence: fc.integer({ min: 1, max: 30 }),
      session: fc.constantFrom(SESSION, OTHER),
      sealedMs: fc.constantFrom(0, STARTED_MS - 5, STARTED_MS + 5, NOW_MS - 1, NOW_MS + 1e9),
      bytes: fc.constantFrom(200, 400_000),
    })
    const anyEntries = fc.uniqueArray(anyEntry, { selector: (one) => `${one.session}${one.sequence}`, maxLength: 30 })
    fc.assert(
      fc.property(anyEntries, fc.nat(), (all, mask) => {
        const entries = all.map((one) => entryOf(one.sequence, one))
        const isStored = (_: Entry, i: number): boolean => !(mask & (1 << i))
        const held = entries.filter(({ session }) => session === SESSION)
        const stored = entries.filter(isStored)
        const { excess, queue } = planFlush(stored, setOf(...held), context())
        const placed = [...queue, ...excess].map(idOf)
        expect(new Set(placed).size).toBe(placed.length)
        // Those of a live tab are left alone.
        const theirs = new Set(stored.filter((entry) => !held.includes(entry) && !isLeftover(entry, context())))
        const judged = [...stored, ...held].filter((entry) => !theirs.has(entry))
        expect(placed.toSorted()).toEqual([...new Set(judged.map(idOf))].toSorted())
      }),
    )
  })
})
