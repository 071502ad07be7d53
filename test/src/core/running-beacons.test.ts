import { afterEach, expect, it, vi } from 'vitest'
import type { Beacon } from '../../../src/core/beacon.ts'
import * as first from '../../../src/core/running-beacons.ts'

const { runningBeacons } = first

afterEach(() => {
  runningBeacons.clear()
  vi.resetModules()
})

it('is one for all copies of the package on the page', async () => {
  const beacon = {} as Beacon
  runningBeacons.set('here', beacon)
  vi.resetModules()
  const copy = await import('../../../src/core/running-beacons.ts')
  expect(copy).not.toBe(first)
  expect(copy.runningBeacons.get('here')).toBe(beacon)
})

it('is where other versions find it', () => {
  expect((globalThis as never)[Symbol.for('pharos-beacon')]).toBe(runningBeacons)
})
