import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DestinationGroup } from '../../../worker/config/types.ts'
import { alone, createReceiver, startFlushing } from './flushing.ts'
import { key, withStorage, type Rig } from '../aggregator/rig.ts'
import { createWindowReceiver } from './window-receiver.ts'

const deltas = ['a', 'b', 'c'].map((name) => createWindowReceiver(name))
const total = createReceiver('total')

const clicksIn = ({ state }: Rig, backlog: string): unknown => state.backlogs.pending(backlog).get(key('clicks'))

/** Some delta destinations switched on, with or without a failover group around the first two. */
const setup = fc
  .record({ on: fc.subarray<string>(['a', 'b', 'c', 'total']), isGrouped: fc.boolean() })
  .map(({ on, isGrouped }) => {
    const grouped: readonly string[] = isGrouped ? on.filter((name) => name === 'a' || name === 'b') : []
    const groups: DestinationGroup[] = on.filter((name) => !grouped.includes(name)).map((name) => alone({ name }))
    if (grouped.length > 0) groups.push({ name: 'g', strategy: 'failover', least: 1, destinations: grouped })
    const backlogs = on.filter((name) => name !== 'total' && !grouped.includes(name))
    return { on, groups, backlogs: [...backlogs, ...(grouped.length > 0 ? ['failover:g'] : [])] }
  })

it('there is a backlog for each delta destination that is on, a shared one for a failover group, and no other', () =>
  withStorage(async (storage) => {
    await fc.assert(
      fc.asyncProperty(fc.array(setup, { minLength: 1, maxLength: 5 }), async (setups) => {
        for (const table of ['log', 'snapshot', 'head']) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`)
        const { rig, setUp, flush, count, restart } = startFlushing(storage, [])
        for (const { on, groups, backlogs } of setups) {
          const before = new Map(rig.state.backlogs.names().map((name) => [name, clicksIn(rig, name)]))
          setUp([...deltas, total], groups)
          expect(rig.state.backlogs.names().toSorted()).toEqual(backlogs.toSorted())
          expect([...rig.state.cursors.keys()].filter((name) => !on.includes(name))).toEqual([])
          // A backlog that stays keeps what is pending, and a new one begins empty.
          for (const name of backlogs) expect(clicksIn(rig, name)).toEqual(before.get(name))
          count()
          // The receivers would take everything, so the flush is only a part of the rounds.
          if (on.length % 2 === 0) await flush()
        }
        restart()
        expect(rig.state.backlogs.names().toSorted()).toEqual(setups.at(-1)!.backlogs.toSorted())
      }),
      { numRuns: 40 },
    )
  }))

it('what a destination had pending when it went is counted as dropped', () =>
  withStorage((storage) => {
    const { rig, setUp, count, flusher } = startFlushing(storage, [deltas[0]!])
    count()
    const pending = rig.state.backlogs.pending('a').size
    expect(pending).toBeGreaterThan(0)
    setUp([])
    const dropped = flusher()
      .snapshot()
      .series.find(({ series }) => series.name === 'pharos.export_dropped')
    expect(dropped?.total).toEqual([pending])
    expect(rig.state.totals.has(key('clicks'))).toBe(true)
  }))
