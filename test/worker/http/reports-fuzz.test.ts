import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Env } from '../../../worker/config/env.ts'
import { createWorker } from '../../../worker/create-worker.ts'
import { mutate, nastyValues, pathsOf } from '../../support/mutations.ts'
import { script } from './ask.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const RUNS = 10_000

/** The same bodies every time, so that a failure is that of the change under test. */
const SEED = 1_471_294

const shop = 'https://shop.example.com'
const report = (type: string, body: unknown): unknown => ({ type, age: 10, url: `${shop}/`, user_agent: 'x', body })

const valid: readonly unknown[] = [
  [report('crash', { reason: 'oom', is_top_level: true }), report('deprecation', { id: 'UnloadHandler' })],
  [report('csp-violation', { effectiveDirective: 'img-src', disposition: 'enforce', statusCode: 200 })],
  [report('network-error', { phase: 'dns', type: 'dns.failed', status_code: 0, sampling_fraction: 1 })],
  { 'csp-report': { 'document-uri': `${shop}/`, 'violated-directive': "img-src 'none'", 'status-code': 200 } },
]

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text))

const anyBytes: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...nastyValues)), { maxLength: 3 }))
    .map(([body, changes]) => {
      const changed = changes.reduce<unknown>((result, [at, value]) => {
        const paths = pathsOf(result)
        return paths.length === 0 ? result : mutate(result, paths[at % paths.length]!, value)
      }, body)
      return utf8(JSON.stringify(changed) ?? '')
    }),
  fc.tuple(fc.constantFrom(...valid), fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([body, at, inserted]) => {
    const bytes = utf8(JSON.stringify(body))
    const start = at % bytes.length
    return new Uint8Array([...bytes.slice(0, start), ...inserted, ...bytes.slice(start + inserted.length)])
  }),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => new Uint8Array(bytes)),
  fc.json({ maxDepth: 3 }).map(utf8),
)

it(`${RUNS} bodies are counted or refused, each with a reason, and none is a failure`, async () => {
  const aggregator = createFakeAggregator()
  const bindings = { AGGREGATOR: { getByName: () => aggregator }, PHAROS: { origins: [shop] } } as unknown as Env
  const context = { waitUntil: () => undefined, passThroughOnException: () => undefined } as unknown as ExecutionContext
  const worker = createWorker({ script })
  const seen = new Map<number, number>()

  const isAnswered = async (body: Uint8Array<ArrayBuffer>): Promise<void> => {
    aggregator.ingested.length = 0
    aggregator.refused.length = 0
    const request = new Request('https://beacon.example.com/v1/reports', { method: 'POST', body })
    const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, context)
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1)
    const text = await response.text()
    const reason = text === '' ? undefined : JSON.parse(text).reason
    expect(aggregator.refused).toEqual(response.status === 204 ? [] : [reason])
    expect(aggregator.ingested).toHaveLength(response.status === 204 ? 1 : 0)
    for (const { deltas, ageMs } of aggregator.ingested) {
      expect(deltas.length).toBeGreaterThan(0)
      expect(Number.isFinite(ageMs)).toBe(true)
      for (const [key, delta] of deltas) {
        expect(key).toMatch(/^\["counter","browser\.reports","","",("[\w.-]{1,64}",?)+\]$/)
        expect(delta).toEqual([1])
      }
    }
  }

  await fc.assert(fc.asyncProperty(anyBytes, isAnswered), { numRuns: RUNS, seed: SEED, endOnFailure: true })
  // The runs are worth something only when every kind of answer was among them, often.
  expect(new Set(seen.keys())).toEqual(new Set([204, 400, 403, 422]))
  for (const [status, times] of seen) expect(times, `status ${status}`).toBeGreaterThan(RUNS / 500)
})
