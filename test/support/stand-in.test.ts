import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { startDatadogStandIn, startHttpStandIn, startNewRelicStandIn } from './stand-in.ts'
import type { StandIn } from './stand-in.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const started = async (start: () => Promise<StandIn>): Promise<StandIn> => {
  const standIn = await start()
  closers.push(standIn.close)
  return standIn
}

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<number> => {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  return (await fetch(url, { method: 'POST', body: bytes as BodyInit, headers })).status
}

it('a point of Datadog replaces the one of its second, and the next second adds up', async () => {
  const { url, totals, refusals } = await started(startDatadogStandIn)
  const send = (timestamp: number, value: number): Promise<number> => {
    const series = [{ metric: 'clicks', type: 1, points: [{ timestamp, value }], tags: ['page:/a:b'] }]
    return post(`${url}/api/v2/series`, { series }, { 'dd-api-key': 'key' })
  }
  expect([await send(1, 5), await send(1, 5), await send(2, 3)]).toEqual([202, 202, 202])
  expect(totals('clicks', 'page').get('/a:b')!.value).toBe(8)
  expect(await send(1.5, 1)).toBe(400)
  expect(await post(`${url}/api/v2/series`, { series: [] })).toBe(400)
  expect(refusals).toHaveLength(2)
})

it('a sketch of Datadog that arrives twice counts twice', async () => {
  const { url, totals } = await started(startDatadogStandIn)
  // metric "m", tags ["a:b"], one sketch: cnt 2, sum 3, k [1338], n [2]; made by hand from the field numbers.
  const sketch = [0x10, 2, 0x31, 0, 0, 0, 0, 0, 0, 8, 0x40, 0x3a, 2, 0xf4, 0x14, 0x42, 1, 2]
  const inner = [0x0a, 1, 0x6d, 0x22, 3, 0x61, 0x3a, 0x62, 0x3a, sketch.length, ...sketch]
  const body = gzipSync(Uint8Array.from([0x0a, inner.length, ...inner]))
  const headers = { 'dd-api-key': 'key', 'content-encoding': 'gzip' }
  for (let i = 0; i < 2; i++) expect(await post(`${url}/api/beta/sketches`, body, headers)).toBe(202)
  expect(totals('m', 'a').get('b')).toEqual({ value: 0, count: 4, sum: 6, bins: new Map([[1_338, 4]]) })
})

it('what New Relic gets adds up', async () => {
  const { url, totals, names } = await started(startNewRelicStandIn)
  const common = { timestamp: 1, 'interval.ms': 1_000, attributes: { page: '/a' } }
  const metrics = [
    { name: 'clicks', type: 'count', value: 5 },
    { name: 'latency', type: 'summary', value: { count: 2, sum: 3, min: 1, max: 2 } },
  ]
  for (let i = 0; i < 2; i++)
    expect(await post(`${url}/metric/v1`, [{ common, metrics }], { 'api-key': 'key' })).toBe(202)
  expect(totals('clicks', 'page').get('/a')!.value).toBe(10)
  expect(totals('latency', 'page').get('/a')).toMatchObject({ count: 4, sum: 6 })
  expect(names()).toEqual(['clicks', 'latency'])
})

it('a service of one’s own keeps the last total', async () => {
  const { url, totals } = await started(startHttpStandIn)
  for (const value of [5, 8]) await post(url, { series: [{ name: 'clicks', attributes: { page: '/a' }, value, count: null }] }) // prettier-ignore
  expect(totals('clicks', 'page').get('/a')!.value).toBe(8)
})
