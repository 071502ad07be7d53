// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { init } from '../../src/beacon.ts'
import { resetPage } from '../support/page-events.ts'

afterEach(() => {
  resetPage()
  vi.unstubAllGlobals()
})

it('a full outbox costs the oldest batch, and the drop of one pushes out no other', () => {
  resetPage()
  vi.stubGlobal('fetch', () => new Promise(() => {}))
  const beacon = init({ url: 'https://beacon.example/v1/beacon' })
  for (let batch = 0; batch < 1_003; batch++) {
    beacon.increment('clicks')
    void beacon.flush()
  }
  expect(beacon.stats()).toMatchObject({ recorded: 1_003, pending: 1_000, dropped: { outbox_full: 3 } })
})
