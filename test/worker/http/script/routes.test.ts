import { describe, expect, it, vi } from 'vitest'
import { createWorker } from '../../../../worker/create-worker.ts'
import { ask, script } from '../ask.ts'
import { createFakeAggregator } from '../fake-aggregator.ts'
import { buildOf, fileOf, keptFileOf } from './builds.ts'

const { main, parts } = script
const courier = parts[0]!
const FOR_EVER = 'public, max-age=31536000, immutable'
const forAnyPage = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }

const files = [
  { path: '/pharos.js', file: main, cacheControl: 'public, max-age=3600' },
  { path: main.path, file: main, cacheControl: FOR_EVER },
  { path: courier.path, file: courier, cacheControl: FOR_EVER },
]

describe.each(files)('$path', ({ path, file, cacheControl }) => {
  it.each(['GET', 'HEAD'])('is answered to %s, plain or in brotli', async (method) => {
    const texts = { plain: file.body, br: atob(file.brotli) }
    for (const coding of ['plain', 'br'] as const) {
      const response = await ask(path, { method, headers: { 'accept-encoding': coding } })
      expect(response.status).toBe(200)
      expect(await response.text()).toBe(method === 'GET' ? texts[coding] : '')
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...forAnyPage,
        'cache-control': cacheControl,
        'content-length': String(texts[coding].length),
        'content-location': file.path,
        'pharos-integrity': file.integrity,
      })
    }
  })
})

describe('a file of another build', () => {
  it('is served as it was, to who asks for either coding', async () => {
    const aggregator = createFakeAggregator()
    const older = await buildOf('older')
    const worker = createWorker({ script })
    for (const { name, body } of [older.main, ...older.parts]) {
      const kept = await keptFileOf(name, body)
      aggregator.scripts.set(kept.path, kept)
    }
    for (const file of [older.main, ...older.parts]) {
      const plain = await ask(file.path, { aggregator, worker })
      expect(await plain.text()).toBe(file.body)
      expect(Object.fromEntries(plain.headers)).toMatchObject({
        ...forAnyPage,
        'cache-control': FOR_EVER,
        etag: `"${file.hash}"`,
        'content-location': file.path,
        'pharos-integrity': file.integrity,
      })
      const coded = await ask(file.path, { aggregator, worker, headers: { 'accept-encoding': 'br' } })
      expect([coded.headers.get('content-encoding'), await coded.text()]).toEqual(['br', atob(file.brotli)])
    }
  })

  it.each(['GET', 'HEAD'])('that nobody kept is not found: %s', async (method) => {
    const response = await ask('/pharos.fedcba9876543210.js', { method })
    expect(response.status).toBe(404)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...forAnyPage,
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    })
    const reason = method === 'GET' ? '"reason":"not_found"' : ''
    expect(await response.text()).toContain(reason)
  })

  it('is unavailable while the object is, and this build is not', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const aggregator = createFakeAggregator(new Error('overloaded'))
    const worker = createWorker({ script })
    const response = await ask('/pharos.fedcba9876543210.js', { aggregator, worker })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await response.json()).toMatchObject({ reason: 'unavailable', detail: expect.stringContaining('builds') })
    expect((await ask(main.path, { aggregator, worker })).status).toBe(200)
    errors.mockRestore()
  })
})

describe('a build is kept', () => {
  it.each(['/pharos.js', courier.path, '/v1/beacon'])('with the first request to %s, and not again', async (path) => {
    const aggregator = createFakeAggregator()
    const worker = createWorker({ script })
    await ask(path, { aggregator, worker })
    await ask(path, { aggregator, worker })
    const paths = [main.path, courier.path]
    expect(aggregator.asked).toEqual([
      ['scriptPaths', paths],
      ['keepScript', paths],
    ])
  })

  it('with nothing to keep when it is there', async () => {
    const aggregator = createFakeAggregator()
    await ask('/pharos.js', { aggregator, worker: createWorker({ script }) })
    await ask('/pharos.js', { aggregator, worker: createWorker({ script }) })
    expect(aggregator.asked.map(([call]) => call)).toEqual(['scriptPaths', 'keepScript', 'scriptPaths'])
  })

  it('and no other address begins it', async () => {
    const aggregator = createFakeAggregator()
    const worker = createWorker({ script })
    for (const path of ['/', '/health', '/metrics']) await ask(path, { aggregator, worker })
    expect(aggregator.asked).toEqual([])
  })

  it('only in what the next one does not have too', async () => {
    const aggregator = createFakeAggregator()
    await ask('/pharos.js', { aggregator, worker: createWorker({ script }) })
    const next = { main: await fileOf('pharos', 'next'), parts }
    await ask('/pharos.js', { aggregator, worker: createWorker({ script: next }) })
    expect(aggregator.asked.at(-1)).toEqual(['keepScript', [next.main.path]])
    expect([...aggregator.scripts.keys()]).toEqual([main.path, courier.path, next.main.path])
  })
})
