import { describe, expect, it, vi } from 'vitest'
import { init } from '../../src/init.ts'

vi.mock('../../src/beacon.ts', () => ({
  init: () => {
    throw new TypeError('URL is not a constructor')
  },
}))

describe('where a beacon cannot start', () => {
  it('there is one that does nothing, and says so', async () => {
    const beacon = init({ service: 'shop' })
    beacon.increment('clicks')
    beacon.observe('seconds', 1)
    beacon.counter('clicks').add(1)
    beacon.histogram('seconds').record(1)
    beacon.time('seconds')()
    beacon.setConsent(true)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(beacon.stats()).toEqual({ recorded: 0, pending: 0, acknowledged: 0, dropped: {} })
    await expect(beacon.shutdown()).resolves.toBeUndefined()
  })
})
