import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryOf, type Delivery } from '../../../worker/delivery/delivery.ts'
import { endedSeries, refusedSeries, settledZeros } from '../../../worker/flush/settled-series.ts'
import type { Snapshot } from '../../../worker/model/types.ts'
import { counterOf, snapshotOf } from '../../contract/snapshots.ts'

type Fate = 'accepted' | 'refused' | 'in doubt' | 'lost' | 'not stored' | 'not sent'

/** A delivery of one key. */
function deliveryWith(key: string, fate: Fate): Delivery {
  const request = { keys: [key], inDoubt: fate === 'lost' ? ('drop' as const) : ('resend' as const) }
  const isOpen = fate === 'in doubt' || fate === 'lost' || fate === 'not stored'
  return deliveryOf({
    accepted: new Set(fate === 'accepted' ? [key] : []),
    refused: new Map(fate === 'refused' ? [[key, '400: bad']] : []),
    unsettled: isOpen ? [{ request, mayBeStored: fate !== 'not stored' }] : [],
  })
}

const fates: readonly Fate[] = ['accepted', 'refused', 'in doubt', 'lost', 'not stored', 'not sent']
const phases = ['new', 'live', 'ending'] as const

const drawn = fc
  .record({ phase: fc.constantFrom(...phases), zeros: fc.constantFrom(...fates), values: fc.constantFrom(...fates) })
  .map(({ phase, zeros, values }) => {
    const series = counterOf('x', 1, { phase })
    const snapshot: Snapshot = snapshotOf(series)
    const steps = { zeros: deliveryWith(series.key, zeros), values: deliveryWith(series.key, values) }
    return { phase, zeros, values, key: series.key, snapshot, steps }
  })

describe('a series', () => {
  it('has a settled zero when it is new, and nothing is open about it', () => {
    fc.assert(
      fc.property(drawn, ({ phase, zeros, key, snapshot, steps }) => {
        const isOpen = zeros === 'in doubt' || zeros === 'lost' || zeros === 'not stored'
        expect(settledZeros(snapshot, steps.zeros)).toEqual(phase === 'new' && !isOpen ? [key] : [])
      }),
    )
  })

  it('has ended when its marker was accepted or refused', () => {
    fc.assert(
      fc.property(drawn, ({ phase, values, key, snapshot, steps }) => {
        const isDone = phase === 'ending' && (values === 'accepted' || values === 'refused')
        expect(endedSeries(snapshot, steps)).toEqual(isDone ? [key] : [])
      }),
    )
  })

  it('was refused with its value, an ending one with its last value as well', () => {
    fc.assert(
      fc.property(drawn, ({ phase, zeros, values, key, snapshot, steps }) => {
        const isRefused = values === 'refused' && (phase !== 'ending' || zeros === 'refused')
        expect(refusedSeries(snapshot, steps)).toEqual(isRefused ? [[key, '400: bad']] : [])
      }),
    )
  })
})
