import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { batch, key, openRig, totalsOf, withStorage, type Rig } from '../aggregator/rig.ts'
import { ROWS_OF_0_1, timing } from '../state/rows-of-0.1.ts'

const shown = ({ state }: Rig): unknown => ({
  totals: totalsOf(state),
  series: state.cardinality.size(),
  nowMs: state.nowMs(),
  cursors: [...state.cursors],
  backlogs: [...state.backlogs.changes()],
})

const step = fc.record({ session: fc.integer({ min: 0, max: 5 }), sequence: fc.integer({ min: 1, max: 4 }) })

it('brings back the state and every identity, from snapshots, log and cold sessions', () =>
  withStorage((storage) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        for (const table of ['log', 'snapshot', 'head', 'generation', 'cold'])
          storage.sql.exec(`DROP TABLE IF EXISTS ${table}`)
        // A snapshot after three commits, and cold sessions after three.
        const rig = openRig(storage, { slots: 3, maxHotWeight: 3 })
        rig.log.commit([{ type: 'openBacklog', backlog: 't', sinceMs: 1 }])
        for (const { session, sequence } of steps) {
          rig.nowMs += 1_000
          void rig.ingest(batch(`s${session}`, sequence, [[key('clicks', String(session)), [1]]]))
          rig.fire()
        }
        const before = shown(rig)
        rig.restart()
        expect(shown(rig)).toEqual(before)
        for (const { session, sequence } of steps) expect(rig.state.dedupe.has(`s${session}`, sequence)).toBe(true)
        expect(rig.state.dedupe.has('s0', 9)).toBe(false)
      }),
      { numRuns: 40 },
    )
  }))

it('replays the log of an object that version 0.1 wrote', () =>
  withStorage((storage) => {
    const rig = openRig(storage)
    // Up to the dead letters: the last rows remove them again.
    const texts = ROWS_OF_0_1.map(([text]) => text).filter(
      (text) => !/^\["(unletter"|untrack"|override",null)/.test(text),
    )
    rig.store.append(texts.map((text) => `[${text}]`))
    rig.restart()
    const { state } = rig
    expect(state.totals.has(timing)).toBe(true)
    expect(state.dedupe.has('session', 1)).toBe(true)
    expect(state.backlogs.frozen('t', 'd')).toMatchObject({ startMs: 1, timeMs: 5, inDoubt: [[0, 1]] })
    expect(state.deadLetters.of('d').size).toBe(2)
    expect(state.override()).toEqual({ flushIntervalMs: 5 })
  }))
