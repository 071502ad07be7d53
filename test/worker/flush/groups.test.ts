import { describe, expect, it } from 'vitest'
import type { DestinationGroup } from '../../../worker/config/types.ts'
import { groupsOf, groupState, runGroups } from '../../../worker/flush/groups.ts'
import type { PushBooks } from '../../../worker/delivery/types.ts'
import { testDestination } from '../../contract/snapshots.ts'

type Outcome = PushBooks['outcome']

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
  const ends = new Map<string, (outcome: Outcome) => void>()
  let running = 0
  let most = 0
  return {
    begun,
    most: () => most,
    push: async (name: string): Promise<Outcome> => {
      begun.push(name)
      most = Math.max(most, ++running)
      const { promise, resolve } = Promise.withResolvers<Outcome>()
      ends.set(name, resolve)
      return promise.finally(() => running--)
    },
    end: async (name: string, outcome: Outcome = 'accepted'): Promise<void> => {
      ends.get(name)!(outcome)
      await settled()
    },
  }
}

describe('runGroups', () => {
  it.each<[string, DestinationGroup[], Record<string, Outcome>, string]>([
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
    const push = async (name: string): Promise<Outcome> => {
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

describe('groupsOf', () => {
  it('keeps what is enabled, and gives the others a group of their own', () => {
    const destinations = ['a', 'b', 'c', 'd', 'off'].map((name) => testDestination({ name, enabled: name !== 'off' }))
    const groups = [groupOf('failover', ['a', 'off', 'b']), groupOf('all', ['off'])]
    expect(groupsOf({ destinations, groups })).toEqual([
      { name: 'aoffb', strategy: 'failover', least: 1, destinations: ['a', 'b'] },
      { name: 'c', strategy: 'all', least: 1, destinations: ['c'] },
      { name: 'd', strategy: 'all', least: 1, destinations: ['d'] },
    ])
  })
})

describe('groupState', () => {
  const states = { o: 'ok', f: 'failing', m: 'misconfigured', u: 'unknown' } as const

  it.each([
    ['all', 'oo', 1, 'ok'],
    ['all', 'of', 1, 'failing'],
    ['all', 'ou', 1, 'unknown'],
    ['all', 'uf', 1, 'failing'],
    ['all', 'om', 1, 'misconfigured'],
    ['failover', 'fo', 1, 'ok'],
    ['failover', 'mo', 1, 'ok'],
    ['failover', 'fu', 1, 'unknown'],
    ['failover', 'mf', 1, 'failing'],
    ['failover', 'mm', 1, 'misconfigured'],
    ['atLeast', 'oof', 2, 'ok'],
    ['atLeast', 'off', 2, 'failing'],
    ['atLeast', 'ouf', 2, 'unknown'],
    ['atLeast', 'omm', 2, 'misconfigured'],
  ] as const)('%s of %s with at least %i is %s', (...[strategy, members, least, expected]) => {
    const group = groupOf(strategy, Array.from(members), least)
    expect(groupState(group, (name) => states[name as keyof typeof states])).toBe(expected)
  })
})
