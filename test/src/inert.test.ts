import { expect, it } from 'vitest'
import { inert } from '../../src/inert.ts'

it('takes every call, records nothing, and says so', async () => {
  inert.increment('clicks')
  inert.observe('latency', 1)
  inert.counter('clicks').add()
  inert.histogram('latency').record(1)
  inert.time('latency')()
  inert.setConsent(true)
  expect(await inert.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
  expect(inert.stats()).toEqual({ recorded: 0, pending: 0, acknowledged: 0, dropped: {} })
  expect(await inert.shutdown()).toBeUndefined()
})
