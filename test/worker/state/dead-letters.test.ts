import { describe, expect, it } from 'vitest'
import { createDeadLetters } from '../../../worker/state/dead-letters.ts'

describe('dead letters', () => {
  it('are one a series: what is refused again is added, the first time and the last reason stay', () => {
    const letters = createDeadLetters()
    letters.put('a', 'k', { reason: 'one', timeMs: 1, delta: [2] })
    letters.put('a', 'k', { reason: 'two', timeMs: 5, delta: [3] })
    expect(letters.of('a')).toEqual(new Map([['k', { reason: 'two', timeMs: 1, delta: [5] }]]))
  })

  it('do not keep the delta they are given', () => {
    const letters = createDeadLetters()
    const delta = [2]
    letters.put('a', 'k', { reason: 'one', timeMs: 1, delta })
    letters.put('a', 'k', { reason: 'one', timeMs: 1, delta: [3] })
    expect(delta).toEqual([2])
  })

  it('of a cumulative destination go with their series, those that hold a delta stay', () => {
    const letters = createDeadLetters()
    letters.put('total', 'k', { reason: 'no', timeMs: 1 })
    letters.put('delta', 'k', { reason: 'no', timeMs: 1, delta: [1] })
    letters.forgetSeries('k')
    expect(letters.destinations()).toEqual(['delta'])
    letters.forget('delta')
    expect(letters.destinations()).toEqual([])
  })

  it('are rebuilt by their changes', () => {
    const letters = createDeadLetters()
    letters.put('a', 'k', { reason: 'no', timeMs: 1, delta: [1] })
    letters.put('b', 'l', { reason: 'no', timeMs: 2 })
    expect([...letters.changes()]).toEqual([
      ['letter', 'a', 'k', { reason: 'no', timeMs: 1, delta: [1] }],
      ['letter', 'b', 'l', { reason: 'no', timeMs: 2 }],
    ])
    letters.remove('a', ['k', 'unknown'])
    expect(letters.has('a', 'k')).toBe(false)
  })
})
