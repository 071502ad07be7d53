import { describe, expect, it } from 'vitest'
import type { DestinationHealth } from '../../../worker/model/aggregator-api.ts'
import { ask } from './ask.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const destinations = ['a', 'b', 'c'].map((name) => ({ name, kind: 'memory', enabled: name !== 'c' }))

const health = (states: Readonly<Record<string, DestinationHealth['state']>>): DestinationHealth[] =>
  Object.entries(states).map(([name, state]) => ({ name, state, consecutiveFailures: 0 }))

describe('GET /health with groups', () => {
  it.each([
    ['all', { a: 'ok', b: 'ok' }, 'ok'],
    ['all', { a: 'ok', b: 'failing' }, 'failing'],
    ['failover', { a: 'failing', b: 'ok' }, 'ok'],
    ['failover', { a: 'misconfigured', b: 'unknown' }, 'ok'],
    ['failover', { a: 'failing', b: 'failing' }, 'failing'],
    ['none', { a: 'ok', b: 'failing' }, 'failing'],
    ['none', { a: 'ok', b: 'unknown' }, 'ok'],
    ['failover', { a: 'ok', b: 'ok', configuration: 'misconfigured' }, 'failing'],
  ] as const)('%s of %j is %s', async (strategy, states, status) => {
    const groups = strategy === 'none' ? [] : [{ name: 'g', strategy, destinations: ['a', 'b'] }]
    const aggregator = { ...createFakeAggregator(), health: () => Promise.resolve(health(states)) }
    const response = await ask('/health', { env: { PHAROS: { destinations, groups } }, aggregator })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status, configuration: [], destinations: health(states) })
  })

  it('does not ask for more of those that were switched off at run time', async () => {
    const groups = [{ name: 'g', strategy: 'all', destinations: ['a', 'b'] }]
    const aggregator = { ...createFakeAggregator(), health: () => Promise.resolve(health({ a: 'ok', b: 'failing' })) }
    await aggregator.setOverride({ destinations: { b: { enabled: false } } })
    const response = await ask('/health', { env: { PHAROS: { destinations, groups } }, aggregator })
    expect(await response.json()).toMatchObject({ status: 'ok' })
  })

  it('says why what was changed at run time does not hold', async () => {
    const aggregator = createFakeAggregator()
    await aggregator.setOverride({ destinations: { gone: { enabled: false } } })
    const response = await ask('/health', { aggregator })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      status: 'failing',
      configuration: ['override.destinations.gone: remove this key: no destination has this name'],
    })
  })
})
