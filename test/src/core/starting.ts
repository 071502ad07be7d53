import { vi } from 'vitest'
import * as compactorModule from '../../../src/compact/compactor.ts'
import type { Beacon } from '../../../src/core/beacon.ts'
import { runningBeacons } from '../../../src/core/running-beacons.ts'
import type { Parts } from '../../../src/core/types.ts'
import * as courierModule from '../../../src/courier/courier.ts'
import { initWith } from '../../../src/init.ts'
import type { Options } from '../../../src/core/options.ts'
import type { WireBatch, WireEnvelope, WireGroup } from '../../../src/protocol/types.ts'
import { resetPage } from '../../support/page-events.ts'
import { EDGE, stubNetwork, stubTimers } from './pages.ts'

/** The lazy parts as they are, loaded with the next microtask. */
export const PARTS: Parts = { courier: async () => courierModule, compactor: async () => compactorModule }

/** A page without a storage, and with a network that takes everything; each test has its own. */
export function openPage() {
  stubTimers()
  resetPage()
  runningBeacons.clear()
  vi.stubGlobal('indexedDB', undefined)
  const { fetched, beaconed } = stubNetwork()
  const beacons: Beacon[] = []
  const bodies = (): WireEnvelope[] => [
    ...fetched.mock.calls.map(([, { body }]) => JSON.parse(body as string) as WireEnvelope),
    ...beaconed.mock.calls.map(([, body]) => JSON.parse(body) as WireEnvelope),
  ]
  const groups = (): WireGroup[] => bodies().flatMap((body) => body.groups)
  /** Identity to batch: what an edge would add up. */
  const arrived = (): Map<string, WireBatch> =>
    new Map(
      groups().flatMap(({ session, batches }) => batches.map((batch) => [`${session} ${batch[0]}`, batch] as const)),
    )
  return {
    fetched,
    beaconed,
    bodies,
    groups,
    arrived,
    /** Counters that arrived, each batch once; empty attributes are left out. */
    counts: (): unknown[] =>
      [...arrived().values()].flatMap(([, , counters]) =>
        counters.map(([name, sum, attributes]) =>
          Object.keys(attributes ?? {}).length ? [name, sum, attributes] : [name, sum],
        ),
      ),
    sessions: (): string[] => [...new Set(groups().map(({ session }) => session))],
    requests: (): number => fetched.mock.calls.length + beaconed.mock.calls.length,
    start: (options: Options = {}, parts: Parts = PARTS): Beacon => {
      const beacon = initWith(parts, () => [{ url: EDGE, ...options }, EDGE])
      beacons.push(beacon)
      return beacon
    },
    close: async (): Promise<void> => {
      resetPage()
      for (const beacon of beacons) {
        const done = beacon.shutdown()
        await vi.runOnlyPendingTimersAsync()
        await done
      }
      Reflect.deleteProperty(navigator, 'globalPrivacyControl')
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
      vi.useRealTimers()
    },
  }
}

export const answer = (headers: Record<string, string> = {}): Response =>
  new Response(null, { status: 204, headers: { pharos: '1', ...headers } })
