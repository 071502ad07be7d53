import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { REQUEST_TIMEOUT_MS, send } from '../../../src/core/send.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { EDGE, entryOf } from './pages.ts'

const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] })
  vi.stubGlobal(
    'fetch',
    fetched.mockReset().mockImplementation(async () => new Response()),
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('posts a body that needs no preflight, carries no cookie, outlives the page and follows nothing', async () => {
  const entries = [entryOf(1), entryOf(2)]
  await send(EDGE, entries)
  expect(fetched.mock.calls).toEqual([
    [
      EDGE,
      {
        method: 'POST',
        keepalive: true,
        credentials: 'omit',
        body: encodeEnvelope(entries, Date.now()),
        signal: expect.any(AbortSignal),
      },
    ],
  ])
})

it('is given up after a while', async () => {
  const timeouts = vi.spyOn(AbortSignal, 'timeout')
  await send(EDGE, [entryOf(1)])
  expect(timeouts.mock.calls).toEqual([[REQUEST_TIMEOUT_MS]])
  expect(fetched.mock.calls[0]![1].signal).toBe(timeouts.mock.results[0]!.value)
})
