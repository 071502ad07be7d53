import { afterEach, expect, it, vi } from 'vitest'
import type { Beacon } from '../../../src/core/beacon.ts'
import * as first from '../../../src/core/place.ts'

const { places } = first

afterEach(() => {
  places.clear()
  vi.resetModules()
})

it('is one for all copies of the package on the page', async () => {
  const beacon = {} as Beacon
  places.set('here', beacon)
  vi.resetModules()
  const copy = await import('../../../src/core/place.ts')
  expect(copy).not.toBe(first)
  expect(copy.places.get('here')).toBe(beacon)
})

it('is where other versions find it', () => {
  expect((globalThis as never)[Symbol.for('pharos-beacon')]).toBe(places)
})
