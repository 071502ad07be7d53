import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { compactor } from '../../../src/compact/compactor.ts'
import type { Entry } from '../../../src/core/types.ts'
import type { Attributes } from '../../../src/protocol/types.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'
import { readByEdge, seal, sealInPart, startRecorder } from './recording.ts'

const names = fc.constantFrom('a', 'b.c', 'd_e')
const attributes = fc.constantFrom<Attributes | undefined>(
  undefined,
  {},
  { p: 1 },
  { p: '1', q: true },
  { q: 'true', p: 1 },
)
const increase = fc.oneof(anyValue.map(Math.abs), fc.integer({ min: 1, max: 5 }))

/** One record as the calls of a page make it, of one value or of so many that the window is crowded. */
const recordOf = (verb: 'increment' | 'observe', value: fc.Arbitrary<number>) =>
  fc.record({
    verb: fc.constant(verb),
    name: names,
    attributes,
    values: fc.oneof(
      { weight: 4, arbitrary: value.map((one) => [one]) },
      { weight: 1, arbitrary: fc.array(value, { minLength: 200, maxLength: 700 }) },
    ),
    isBound: fc.boolean(),
  })

const step = fc.oneof(
  { weight: 6, arbitrary: recordOf('increment', increase) },
  { weight: 6, arbitrary: recordOf('observe', anyValue) },
  { weight: 2, arbitrary: fc.constant({ verb: 'seal' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ verb: fc.constant('seal in part' as const), nth: fc.integer({ min: 0, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ verb: 'compactor' as const }) },
)

it('seals exactly what was recorded, also where a seal was ended in its middle and the compactor comes late or never', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isCompactorThere) => {
      const { recorder, verbs } = startRecorder()
      if (isCompactorThere) recorder.compactor = compactor
      const batches: Entry[] = []
      const wanted = { increment: new Map<string, number[]>(), observe: new Map<string, number[]>() }
      let records = 0
      for (const call of steps) {
        if (call.verb === 'seal') batches.push(...seal(recorder))
        else if (call.verb === 'seal in part') sealInPart(recorder, call.nth)
        else if (call.verb === 'compactor') recorder.compactor = compactor
        else {
          const { verb, name, attributes: given, values, isBound } = call
          for (const value of values) {
            if (!isBound) verbs[verb](name, value, given)
            else if (verb === 'increment') verbs.counter(name, given).add(value)
            else verbs.histogram(name, given).record(value)
          }
          const counted = verb === 'increment' ? values.filter(Boolean) : values
          records += counted.length
          const canonical = Object.entries(given ?? {})
            .map(([key, text]) => [key, String(text)])
            .sort(([a], [b]) => (a! < b! ? -1 : 1))
          const key = JSON.stringify([name, canonical])
          if (counted.length) wanted[verb].set(key, [...(wanted[verb].get(key) ?? []), ...counted])
        }
        // What a seal that was ended has left is taken before the next one, as a page does.
        if (call.verb === 'seal in part' && recorder.current.sealed.length) batches.push(...seal(recorder))
      }
      expect([recorder.recorded, recorder.dropped]).toEqual([records, {}])
      batches.push(...seal(recorder))
      expect(seal(recorder)).toEqual([])
      expect(batches.reduce((sum, batch) => sum + batch.records, 0)).toBe(records)
      const { counters, histograms } = readByEdge(batches)
      expect([...counters.keys()].sort()).toEqual([...wanted.increment.keys()].sort())
      for (const [key, values] of wanted.increment) expect(unitsOf(counters.get(key)!)).toBe(unitsOf(values))
      expect([...histograms.keys()].sort()).toEqual([...wanted.observe.keys()].sort())
      for (const [key, values] of wanted.observe) {
        const { sum, ...shape } = histograms.get(key)!
        const { sum: _, ...wantedShape } = histogramOf(values)
        expect(unitsOf(sum)).toBe(unitsOf(values))
        expect(shape).toEqual(wantedShape)
      }
    }),
    { numRuns: 150 },
  )
})
