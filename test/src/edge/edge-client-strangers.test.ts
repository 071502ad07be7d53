import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEdgeClient } from '../../../src/edge/edge-client.ts'
import type { EdgeClient } from '../../../src/edge/types.ts'
import type { FlushResult } from '../../../src/core/types.ts'
import { createModelServer, type ModelServer, type OtherAnswer } from './model-server.ts'
import { finish } from './finish.ts'

const URL_ = 'https://edge.test/v1/beacon'

let server: ModelServer

const flush = (client: EdgeClient): Promise<FlushResult> => finish(client.flush())

beforeEach(() => {
  vi.useFakeTimers()
  server = createModelServer()
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

it.each<[string, OtherAnswer]>([
  ['a 200 of a captive portal', { status: 200, isOfStranger: true }],
  ['an empty 204 of a sinkhole', { status: 204, isOfStranger: true }],
  ['a redirect', { status: 302, isOfStranger: true }],
  ['a 400', { status: 400, isOfStranger: true }],
  ['a 403 of a firewall that copies a reason', { status: 403, isOfStranger: true }],
  ['a 404', { status: 404, isOfStranger: true }],
  ['a 410', { status: 410, isOfStranger: true }],
  ['a 413 of a proxy', { status: 413, isOfStranger: true }],
  ['a 403 with a reason that nobody knows', { status: 403, reason: 'made_up' }],
  ['a 405, whose request was not this one', { status: 405, reason: 'method_not_allowed' }],
  ['a 400 of a body that broke off', { status: 400, reason: 'unreadable_body' }],
])('%s is no answer: kept, and counted once later', async (_, fate) => {
  const said = vi.spyOn(console, 'warn').mockReturnValue(undefined)
  server.settings = '{"enabled":false}'
  server.fates.push({ retryAfter: fate.isOfStranger ? '86400' : undefined, ...fate } as OtherAnswer, { ...fate })
  const client = createEdgeClient({ url: URL_, fetch: (url, init) => server.fetch(url, init), flushTimeoutMs: 0 })
  client.increment('orders', 3)
  expect(await flush(client)).toEqual({ acknowledged: false, reason: `http_${fate.status}` })
  expect(client.stats()).toMatchObject({ pending: 1, acknowledged: 0, dropped: {}, enabled: true })
  server.settings = undefined
  await vi.advanceTimersByTimeAsync(300_000)
  await flush(client)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(await flush(client)).toEqual({ acknowledged: true })
  expect(server.totals()).toEqual({ 'orders[]': 3 })
  const told = `answered by something that is not Pharos: ${URL_} ${fate.status}`
  expect(said.mock.calls.map((call) => call.join(' ').includes(told))).toEqual(fate.isOfStranger ? [true] : [])
})
