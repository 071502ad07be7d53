import { describe, expect, it } from 'vitest'
import { readWriteAnswer } from '../../../../worker/destinations/prometheus/write-protocol.ts'

const read = (status: number, body: Uint8Array): string =>
  readWriteAnswer({ status, header: () => undefined, body }).type

const utf8 = new TextEncoder()

describe('an answer to remote-write', () => {
  it.each([
    [199, 'refused'],
    [200, 'accepted'],
    [204, 'accepted'],
    [299, 'accepted'],
    [302, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'refused'],
    [429, 'retry'],
    [499, 'refused'],
    [500, 'retry'],
    [503, 'retry'],
    [599, 'retry'],
    [600, 'refused'],
  ])('of %i is taken for %s', (status, type) => {
    expect(read(status, new Uint8Array())).toBe(type)
  })

  it.each([
    [500, 'native histograms are disabled\n', 'refused'],
    [500, 'error: native histograms are disabled, try later', 'refused'],
    [500, 'Native histograms are disabled', 'retry'],
    [500, 'no space left on device', 'retry'],
    [503, 'native histograms are disabled', 'retry'],
    [200, 'native histograms are disabled', 'accepted'],
  ])('of %i with the body %j is taken for %s', (status, text, type) => {
    expect(read(status, utf8.encode(text))).toBe(type)
  })

  it('may have a body that is no text', () => {
    const body = new Uint8Array([0xff, 0xfe, ...utf8.encode('native histograms are disabled'), 0x80])
    expect(read(500, body)).toBe('refused')
    expect(read(500, body.subarray(0, 10))).toBe('retry')
  })
})
