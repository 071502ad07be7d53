import { describe, expect, it } from 'vitest'
import { createDeadLetters } from '../../../worker/state/dead-letters.ts'

describe('dead letters', () => {
  it('are one for each series: another refusal is added, the first time and the last reason stay', () => {
    const deadLetters = createDeadLetters()
    deadLetters.put('a', 'k', { reason: 'one', timeMs: 1, delta: [2] })
    deadLetters.put('a', 'k', { reason: 'two', timeMs: 5, delta: [3] })
    expect(deadLetters.of('a')).toEqual(new Map([['k', { reason: 'two', timeMs: 1, delta: [5] }]]))
  })

  it('do not keep the delta they are given', () => {
    const deadLetters = createDeadLetters()
    const delta = [2]
    deadLetters.put('a', 'k', { reason: 'one', timeMs: 1, delta })
    deadLetters.put('a', 'k', { reason: 'one', timeMs: 1, delta: [3] })
    expect(delta).toEqual([2])
  })

  it('of a cumulative destination go with their series, those that hold a delta stay', () => {
    const deadLetters = createDeadLetters()
    deadLetters.put('total', 'k', { reason: 'no', timeMs: 1 })
    deadLetters.put('delta', 'k', { reason: 'no', timeMs: 1, delta: [1] })
    deadLetters.forgetSeries('k')
    expect(deadLetters.destinations()).toEqual(['delta'])
    deadLetters.forget('delta')
    expect(deadLetters.destinations()).toEqual([])
  })

  it('are rebuilt by their changes', () => {
    const deadLetters = createDeadLetters()
    deadLetters.put('a', 'k', { reason: 'no', timeMs: 1, delta: [1] })
    deadLetters.put('b', 'l', { reason: 'no', timeMs: 2 })
    expect([...deadLetters.changes()]).toEqual([
      { type: 'deadLetter', destination: 'a', key: 'k', deadLetter: { reason: 'no', timeMs: 1, delta: [1] } },
      { type: 'deadLetter', destination: 'b', key: 'l', deadLetter: { reason: 'no', timeMs: 2 } },
    ])
    deadLetters.remove('a', ['k', 'unknown'])
    expect(deadLetters.has('a', 'k')).toBe(false)
  })
})
