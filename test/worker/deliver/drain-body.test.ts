import { describe, expect, it } from 'vitest'
import { drainBody } from '../../../worker/deliver/drain-body.ts'

const streamed = (
  pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  cancel?: () => void,
): Response => new Response(new ReadableStream<Uint8Array>({ pull, ...(cancel ? { cancel } : {}) }))

describe('drainBody', () => {
  it.each([
    ['nothing', new Response(null, { status: 204 }), ''],
    ['one line', new Response(' out of\r\n\torder\u0000 '), 'out of order'],
    ['a long text', new Response('x'.repeat(5_000)), 'x'.repeat(200)],
    ['broken UTF-8', new Response(new Uint8Array([0x61, 0xff])), 'a\ufffd'],
  ])('reads %s', async (_what, response, expected) => {
    expect(await drainBody(response)).toBe(expected)
  })

  it('stops an answer that does not end', async () => {
    let isCancelled = false
    const endless = streamed(
      (controller) => controller.enqueue(new Uint8Array(4_096).fill(0x61)),
      () => void (isCancelled = true),
    )
    expect(await drainBody(endless)).toBe('a'.repeat(200))
    expect(isCancelled).toBe(true)
  })

  it('takes an answer that breaks off as far as it came', async () => {
    let parts = 0
    const broken = streamed((controller) =>
      parts++ === 0 ? controller.enqueue(new Uint8Array([0x61])) : controller.error(new Error('lost')),
    )
    expect(await drainBody(broken)).toBe('a')
  })
})
