import { describe, expect, it } from 'vitest'
import type { DestinationGroup } from '../../../worker/config/types.ts'
import type { PushOutcome } from '../../../worker/delivery/delivery.ts'
import { runGroups } from '../../../worker/flush/run-groups.ts'

const groupOf = (
  strategy: DestinationGroup['strategy'],
  destinations: readonly string[],
  least = 1,
): DestinationGroup => ({ name: destinations.join(''), strategy, destinations, least })

/** Lets everything that can go on go on. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}

/** Pushes that last until they are ended by hand. */
function manualPushes() {
  const begun: string[] = []
  const ends = new Map<string, (outcome: PushOutcome) => void>()
  let running = 0
  let most = 0
  return {
    begun,
    most: () => most,
    push: async (name: string): Promise<PushOutcome> => {
      begun.push(name)
      most = Math.max(most, ++running)
      const { promise, resolve } = Promise.withResolvers<PushOutcome>()
      ends.set(name, resolve)
      return promise.finally(() => running--)
    },
    end: async (name: string, outcome: PushOutcome = 'accepted'): Promise<void> => {
      ends.get(name)!(outcome)
      await settled()
    },
  }
}

describe('runGroups', () => {
  it.each<[string, DestinationGroup[], Record<string, PushOutcome>, string]>([
    ['pushes to all', [groupOf('all', ['a', 'b', 'c'])], { a: 'failed' }, 'abc'],
    ['pushes to all where some are enough', [groupOf('atLeast', ['a', 'b', 'c'], 1)], {}, 'abc'],
    ['stops at the first that takes it', [groupOf('failover', ['a', 'b', 'c'])], {}, 'a'],
    ['stops where some of it is taken', [groupOf('failover', ['a', 'b'])], { a: 'partly' }, 'a'],
    ['goes on where nothing is taken', [groupOf('failover', ['a', 'b', 'c'])], { a: 'failed', b: 'skipped' }, 'abc'],
    ['pushes to nobody twice', [groupOf('all', ['a', 'b']), groupOf('failover', ['b', 'c'])], { b: 'failed' }, 'abc'],
    ['does nothing for nobody', [], {}, ''],
  ])('%s', async (...[, groups, outcomes, expected]) => {
    const pushed: string[] = []
    await runGroups(groups, async (name) => (pushed.push(name), outcomes[name] ?? 'accepted'), 6)
    expect(pushed.sort().join('')).toBe(expected)
  })

  it('takes a push that rejects for one that failed', async () => {
    const pushed: string[] = []
    const push = async (name: string): Promise<PushOutcome> => {
      pushed.push(name)
      if (name === 'a') throw new Error('BUG')
      return 'accepted'
    }
    await runGroups([groupOf('failover', ['a', 'b']), groupOf('all', ['a', 'c'])], push, 1)
    expect(pushed.sort().join('')).toBe('abc')
  })

  it('does not let a slow destination delay others', async () => {
    const { begun, push, end } = manualPushes()
    let isDone = false
    const groups = [groupOf('all', ['slow', 'b']), groupOf('failover', ['c', 'd']), groupOf('all', ['e'])]
    const all = runGroups(groups, push, 6).then(() => (isDone = true))
    await settled()
    expect(begun).toEqual(['slow', 'b', 'c', 'e'])
    await end('c', 'failed')
    expect(begun.at(-1)).toBe('d')
    for (const name of ['b', 'd', 'e']) await end(name)
    expect(isDone).toBe(false)
    await end('slow')
    await all
    expect(isDone).toBe(true)
  })

  it('keeps to its limit over all groups, in order', async () => {
    const { begun, push, end, most } = manualPushes()
    const all = runGroups([groupOf('all', ['a', 'b', 'c']), groupOf('failover', ['d', 'e'])], push, 2)
    await settled()
    expect(begun).toEqual(['a', 'b'])
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
    await end('a')
    await end('c')
    await end('d', 'skipped')
    await end('e')
    await all
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(most()).toBe(2)
  })
})
