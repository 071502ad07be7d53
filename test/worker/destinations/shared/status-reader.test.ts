import { describe, expect, it } from 'vitest'
import { statusReader } from '../../../../worker/destinations/shared/status-reader.ts'

const read = (status: number, retryStatuses?: readonly number[]): string =>
  statusReader(retryStatuses)({ status, header: () => undefined, body: new Uint8Array() }).type

describe('statusReader', () => {
  it.each([
    [199, 'refused'],
    [200, 'accepted'],
    [204, 'accepted'],
    [299, 'accepted'],
    [300, 'refused'],
    [304, 'refused'],
    [400, 'refused'],
    [429, 'retry'],
    [501, 'refused'],
    [503, 'retry'],
    [0, 'refused'],
    [Number.NaN, 'refused'],
  ])('takes %i for %s', (status, type) => {
    expect(read(status)).toBe(type)
  })

  it.each([
    [429, [], 'refused'],
    [418, [418], 'retry'],
    [503, [418], 'refused'],
    // What was stored is not sent again.
    [200, [200], 'accepted'],
  ])('takes %i with the statuses %j for %s', (...[status, retryStatuses, type]) => {
    expect(read(status, retryStatuses)).toBe(type)
  })
})
