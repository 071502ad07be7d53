// Every kind of answer, and what becomes of the batches.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createWorld,
  destroyWorld,
  finish,
  REFUSALS,
  settle,
  storedEntries,
  type Answering,
  type World,
} from './harness.ts'

const said = vi.fn<(...message: unknown[]) => void>()
let world: World
beforeEach(() => {
  world = createWorld()
  said.mockReset()
  vi.spyOn(console, 'warn').mockImplementation(said)
})
afterEach(destroyWorld)

/** Two batches, one request after another until the flush ends. */
const flushTwo = async () => {
  const tab = world.open()
  tab.add()
  tab.add()
  const result = await finish(tab.flush())
  await settle()
  const { page } = tab
  return {
    result: result.acknowledged || result.reason,
    pending: page.recorded - page.settled,
    acknowledged: page.acknowledged,
    dropped: page.dropped,
    stored: (await storedEntries()).length,
    requests: world.requests.length,
  }
}

const KEPT = { pending: 2, acknowledged: 0, dropped: {}, stored: 2, requests: 1 }
const TAKEN = { result: true, pending: 0, acknowledged: 2, dropped: {}, stored: 0, requests: 1 }
const problem = (reason: string): string => JSON.stringify({ type: 'about:blank', reason })

const STATUSES = [
  200, 201, 202, 204, 206, 300, 304, 400, 401, 403, 404, 405, 408, 413, 415, 422, 425, 429, 431, 500, 502, 503, 504,
]
const BODIES = ['', '<!doctype html>', '{', 'null', ...Object.values(REFUSALS).map(({ body }) => body!)]
const hasBody = (status: number): boolean => ![204, 304].includes(status)

describe('a stranger', () => {
  it.each(STATUSES)('%i, whatever it says: kept, and named once', async (status) => {
    for (const body of hasBody(status) ? BODIES : [undefined]) {
      world.weather = {
        status,
        ...(body !== undefined && { body }),
        headers: { 'retry-after': '600', 'pharos-settings': '{"enabled":false}' },
        isOfStranger: true,
      }
      expect(await flushTwo()).toEqual({ ...KEPT, result: 'not_pharos' })
      const named = said.mock.calls.map((message) => message.join(' ')).filter((text) => text.includes('answered by'))
      expect(named).toEqual([`pharos: answered by something that is not Pharos: https://edge.test/v1/beacon ${status}`])
      destroyWorld()
      world = createWorld()
      said.mockReset()
      vi.spyOn(console, 'warn').mockImplementation(said)
    }
  })
})

describe('the edge', () => {
  it.each([200, 201, 202, 204, 206])('%i: acknowledged', async (status) => {
    world.weather = { status }
    expect(await flushTwo()).toEqual(TAKEN)
    expect(said).not.toHaveBeenCalled()
  })

  const refusals = (status: number, reason: string, ...[drop, requests]: [drop: string, requests: number]) =>
    [{ status, body: problem(reason) }, drop, requests] as const
  it.each<readonly [Answering, string, number]>([
    // Split: the two together, then each alone.
    ...['bad_json', 'bad_utf8', 'bad_encoding'].map((reason) => refusals(400, reason, 'rejected', 3)),
    ...['bad_envelope', 'unsupported_version', 'bad_group', 'bad_batch', 'too_many_batches', 'expired'].map((reason) =>
      refusals(422, reason, 'rejected', 3),
    ),
    refusals(413, 'body_too_large', 'too_large', 3),
    // Refused for every part of the body.
    refusals(403, 'origin_not_allowed', 'rejected', 1),
    refusals(415, 'unsupported_encoding', 'rejected', 1),
  ])('%j: dropped as %s after %i requests', async (answer, reason, requests) => {
    world.weather = answer
    expect(await flushTwo()).toEqual({
      result: `http_${answer.status}`,
      pending: 0,
      acknowledged: 0,
      dropped: { [reason]: 2 },
      stored: 0,
      requests,
    })
  })

  it.each<Answering>([
    ...[300, 400, 401, 403, 404, 405, 408, 413, 415, 422, 425, 429, 431, 500, 502, 503, 504].flatMap((status) => [
      { status },
      { status, body: '<!doctype html>' },
      { status, body: problem('of_the_future') },
      { status, body: problem('unavailable') },
    ]),
    { status: 400, body: problem('unreadable_body') },
    { status: 405, body: problem('method_not_allowed') },
    { status: 500, body: problem('internal_error') },
    { status: 503, body: problem('misconfigured') },
    { status: 304 },
  ])('%j: kept', async (answer) => {
    world.weather = answer
    expect(await flushTwo()).toEqual({ ...KEPT, result: `http_${answer.status}` })
    // By the development build.
    for (const [text] of said.mock.calls) expect(text).toMatch(/^pharos: .* worker at /)
  })

  it('refuses one bad batch of eight: only that one is dropped', async () => {
    for (const status of [400, 413, 422]) {
      const tab = world.open()
      const all = Array.from({ length: 8 }, tab.add)
      world.refuse = (identity) => (identity === all[2] ? REFUSALS[status] : undefined)
      expect(await finish(tab.flush())).toEqual({ acknowledged: false, reason: `http_${status}` })
      expect([tab.page.acknowledged, Object.values(tab.page.dropped)]).toEqual([7, [1]])
    }
    await settle()
    expect(await storedEntries()).toEqual([])
  })
})

it.each(['down', 'lost', 'hangs'] as const)(
  'the network is %s: kept, and only the development build says so',
  async (weather) => {
    world.weather = weather
    expect(await flushTwo()).toEqual({ ...KEPT, result: 'network' })
    for (const [text] of said.mock.calls) expect(text).toMatch(/^pharos: no answer came from /)
  },
)

it('the count of what was refused is not lost with the batch that says it', async () => {
  const tab = world.open()
  tab.page.instruments.increment('clicks', -1)
  tab.add()
  world.weather = REFUSALS[403]!
  for (let i = 0; i < 3; i++) expect(await finish(tab.flush())).toMatchObject({ acknowledged: false })
  world.weather = 'ok'
  expect(await finish(tab.flush())).toEqual({ acknowledged: true })
  expect(world.reported()).toEqual({ bad_value: 1, rejected: 1 })
})

it('what is kept is acknowledged once the edge answers, after any of them', async () => {
  const tab = world.open()
  const only = tab.add()
  const kinds = [
    ...STATUSES.filter((status) => status < 400).map((status) => ({ status, isOfStranger: true })),
    REFUSALS[503]!,
  ]
  for (const weather of [...kinds, 'down', 'lost'] as const) {
    world.weather = weather
    expect(await finish(tab.flush())).toMatchObject({ acknowledged: false })
  }
  world.weather = 'ok'
  expect(await finish(tab.flush())).toEqual({ acknowledged: true })
  expect([tab.page.acknowledged, [...world.counted]]).toEqual([1, [[only, 1]]])
})
