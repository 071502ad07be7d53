import { expect, it, vi } from 'vitest'
import type { EdgeFetch } from '../../../src/edge/options.ts'
import { post, type Answer } from '../../../src/edge/post.ts'

type EdgeResponse = Awaited<ReturnType<EdgeFetch>>

const send = (response: unknown): Promise<Answer> =>
  post('{}', { url: 'https://edge.test/v1/beacon', headers: {}, fetch: async () => response as EdgeResponse })

/** A response as somebody writes it who has no `Response`: a header that is not there is undefined, not null. */
const written = (status: number, headers: Record<string, string>, rest: Partial<EdgeResponse> = {}): unknown => ({
  status,
  headers: { get: (name: string) => headers[name] },
  body: null,
  json: () => Promise.resolve({ reason: 'bad_batch' }),
  ...rest,
})

it('reads the mark, the settings, the wait, and the reason of a refusal', async () => {
  const headers = { pharos: '1', 'retry-after': '15', 'pharos-settings': '{}' }
  const body = JSON.stringify({ reason: 'bad_json' })
  const told = { isMarked: true, waitMs: 15_000, settings: '{}' }
  expect(await send(new Response(null, { status: 204, headers }))).toEqual({ status: 204, ...told, reason: undefined })
  expect(await send(new Response(body, { status: 400, headers }))).toEqual({ status: 400, ...told, reason: 'bad_json' })
  expect(await send(written(422, headers))).toEqual({ status: 422, ...told, reason: 'bad_batch' })
})

it.each([
  ['a Response', new Response(null, { status: 204 })],
  ['one that somebody wrote', written(204, {})],
])('takes nothing for the worker that has no mark, and hears nothing else of it: %s', async (_, response) => {
  expect(await send(response)).toEqual({ status: 204, isMarked: false })
})

it.each<[string, Partial<EdgeResponse>]>([
  ['no body at all', { body: undefined as never }],
  ['a body that cannot be cancelled, such as a stream of Node', { body: {} as never }],
  ['a body that cancels at once', { body: { cancel: () => undefined as never } }],
  ['a body that somebody reads already', { body: { cancel: () => Promise.reject(new TypeError('locked')) } }],
])('an acknowledgement counts with %s', async (_, rest) => {
  expect(await send(written(204, { pharos: '1' }, rest))).toMatchObject({ status: 204, isMarked: true })
})

it('cancels a body that it does not read', async () => {
  const cancel = vi.fn<() => Promise<void>>(async () => {})
  await send(written(204, { pharos: '1' }, { body: { cancel } }))
  await send(written(403, {}, { body: { cancel } }))
  expect(cancel).toHaveBeenCalledTimes(2)
})

it.each<[string, unknown]>([
  ['has no json()', undefined],
  ['is no JSON', () => Promise.reject(new SyntaxError('<'))],
  ['is null', () => Promise.resolve(null)],
])('a refusal whose body %s has no reason, and keeps its status', async (_, json) => {
  const rest = { json } as Partial<EdgeResponse>
  expect(await send(written(403, { pharos: '1' }, rest))).toMatchObject({
    status: 403,
    isMarked: true,
    reason: undefined,
  })
})

it.each([
  ['rejects', () => Promise.reject(new TypeError('down'))],
  [
    'throws',
    () => {
      throw new TypeError('no binding')
    },
  ],
  ['answers nothing', async () => undefined as never],
])('is no answer where `fetch` %s', async (_, fetch) => {
  expect(await post('{}', { url: '', headers: {}, fetch })).toEqual({ status: 0, isMarked: false })
})
