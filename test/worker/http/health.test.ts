import { afterEach, expect, it, vi } from 'vitest'
import { fail, ok } from '../../../src/protocol/result.ts'
import { answerHealth, type HealthPorts } from '../../../worker/http/health.ts'
import type { AggregatorHealth } from '../../../worker/model/aggregator-api.ts'
import { testConfig } from '../../contract/snapshots.ts'
import { createFakeAggregator, healthy } from './fake-aggregator.ts'

const failing: AggregatorHealth = {
  status: 'failing',
  configuration: ['override.destinations.gone: remove this key'],
  destinations: [{ name: 'main', state: 'failing', consecutiveFailures: 3 }],
}
const down = { status: 'down', configuration: [], destinations: [] } as const
const config = ok(testConfig())

afterEach(() => {
  vi.restoreAllMocks()
})

it.each<[string, HealthPorts['config'], AggregatorHealth | Error, unknown, number]>([
  ['healthy', config, healthy, healthy, 200],
  ['failing, and takes beacons', config, failing, failing, 200],
  ['down without its object', config, new Error('overloaded'), down, 503],
  [
    'down without a configuration',
    fail(['PHAROS: mend it']),
    healthy,
    { ...down, configuration: ['PHAROS: mend it'] },
    503,
  ],
])('a worker is %s', async (...[, config, health, body, status]) => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const broken = health instanceof Error
  const aggregator = broken ? createFakeAggregator(health) : { health: () => Promise.resolve(health) }
  const response = await answerHealth({ config, aggregator })
  expect([response.status, await response.json()]).toEqual([status, body])
})
