import { describe, expect, it } from 'vitest'
import { MAX_BODY_BYTES, readAnswerBody } from '../../../../worker/delivery/transports/read-answer-body.ts'

const streamed = (
  pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  cancel?: () => void,
): Response => new Response(new ReadableStream<Uint8Array>({ pull, ...(cancel ? { cancel } : {}) }))

const text = async (response: Response): Promise<string> => new TextDecoder().decode(await readAnswerBody(response))

describe('readAnswerBody', () => {
  it.each([
    ['nothing', new Response(null, { status: 204 }), ''],
    ['a line', new Response('out of order'), 'out of order'],
    ['several parts', streamedParts('out ', 'of ', 'order'), 'out of order'],
  ])('reads %s', async (_what, response, expected) => {
    expect(await text(response)).toBe(expected)
  })

  it('stops an answer that does not end', async () => {
    let isCancelled = false
    const endless = streamed(
      (controller) => controller.enqueue(new Uint8Array(5_000).fill(0x61)),
      () => void (isCancelled = true),
    )
    expect(await readAnswerBody(endless)).toEqual(new Uint8Array(MAX_BODY_BYTES).fill(0x61))
    expect(isCancelled).toBe(true)
  })

  it('takes an answer that breaks off as far as it came', async () => {
    let parts = 0
    const broken = streamed((controller) =>
      parts++ === 0 ? controller.enqueue(new Uint8Array([0x61])) : controller.error(new Error('lost')),
    )
    expect(await text(broken)).toBe('a')
  })
})

function streamedParts(...parts: readonly string[]): Response {
  const left = parts.map((part) => new TextEncoder().encode(part))
  return streamed((controller) => {
    const part = left.shift()
    if (part) controller.enqueue(part)
    else controller.close()
  })
}
