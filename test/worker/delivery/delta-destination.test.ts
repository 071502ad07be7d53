import { describe, expect, it } from 'vitest'
import type { Exporter, ExportRequest, SeriesKey, Snapshot } from '../../../worker/model/types.ts'
import { deliverWith } from '../../../worker/delivery/destination.ts'
import type { DeltaDestination, DeltaWindow } from '../../../worker/delivery/destination-api.ts'
import { counterOf, snapshotOf, testDestination } from '../../contract/snapshots.ts'
import { createFakeExporter, readFakeBody } from './fake-exporter.ts'
import { type Answer, createFakeWorld, type FakeWorld, requestOf } from './fake-world.ts'
import { pushWindow, type PushedWindow } from './pushing.ts'

const key = (id: string): SeriesKey => counterOf('x', 1, { attributes: { id } }).key
const once = (id: string): SeriesKey => counterOf('once', 1, { attributes: { id } }).key

/** Series a, b, ... of metric x; with `once:` of the metric that must not be stored twice. */
const windowOf = (...ids: readonly string[]): Snapshot => ({
  ...snapshotOf(
    ...ids.map((id) => {
      const isOnce = id.startsWith('once:')
      return counterOf(isOnce ? 'once' : 'x', 1, { attributes: { id: id.replace('once:', '') } })
    }),
  ),
  temporality: 'delta',
})

const exporterOf = (changes: Parameters<typeof createFakeExporter>[0] = {}): Exporter =>
  createFakeExporter({ mustNotBeResent: (name) => name === 'once', ...changes })

interface Pushed extends PushedWindow {
  readonly world: FakeWorld
  /** Ids in each request. */
  readonly sent: readonly string[]
}

async function push(
  window: DeltaWindow,
  answers: readonly Answer[] | ((ids: string) => Answer),
  exporter: Exporter = exporterOf(),
): Promise<Pushed> {
  const sent: string[] = []
  const world = createFakeWorld(({ body }, index) => {
    const ids = readFakeBody(body)
      .rows.map(([key]) => (JSON.parse(key) as string[]).at(-1))
      .join('')
    sent.push(ids)
    return typeof answers === 'function' ? answers(ids) : (answers[index] ?? 204)
  })
  const destination = deliverWith(exporter, testDestination(), world) as DeltaDestination
  return { ...(await pushWindow(destination, window)), world, sent }
}

const clean = { refused: [], inDoubt: [], lost: [], notStored: [] }

describe('the first push of a window', () => {
  const first = (...ids: readonly string[]): DeltaWindow => ({ snapshot: windowOf(...ids), inDoubt: undefined })

  it.each<[string, DeltaWindow, Answer[], Partial<PushedWindow>, string[]]>([
    ['sends all of it', first('a', 'b', 'c'), [], { outcome: 'accepted', ...clean }, ['ab', 'c']],
    ['has nothing to do for nothing', first(), [], { outcome: 'accepted', ...clean, requests: {} }, []],
    [
      'doubts what got no answer and stops there',
      first('a', 'b', 'c', 'd'),
      [204, 'broken', 'broken', 'broken'],
      { outcome: 'partly', ...clean, inDoubt: [[key('c'), key('d')]] },
      ['ab', 'cd', 'cd', 'cd'],
    ],
    [
      'doubts the word of a gateway',
      first('a', 'b', 'c'),
      [502, 504, 524],
      { outcome: 'failed', ...clean, inDoubt: [[key('a'), key('b')]], notStored: [key('c')] },
      ['ab', 'ab', 'ab'],
    ],
    [
      'takes back what the service itself turned down, and the rest',
      first('a', 'b', 'c', 'once:d'),
      [503, 503, 503],
      { outcome: 'failed', ...clean, notStored: [key('a'), key('b'), key('c'), once('d')] },
      ['ab', 'ab', 'ab'],
    ],
    [
      'goes on after a 500',
      first('a', 'b', 'c'),
      [500, 500, 500],
      { outcome: 'partly', ...clean, notStored: [key('a'), key('b')] },
      ['ab', 'ab', 'ab', 'c'],
    ],
    [
      'stays in doubt over the tries',
      first('a', 'once:d'),
      ['broken', 503, 503],
      { outcome: 'failed', ...clean, inDoubt: [[key('a')]], notStored: [once('d')] },
      ['a', 'a', 'a'],
    ],
    [
      'loses what must not be stored twice, without another try',
      first('a', 'once:d', 'once:e', 'once:f'),
      [204, 'broken'],
      { outcome: 'partly', ...clean, lost: [once('d'), once('e')], notStored: [once('f')] },
      ['a', 'de'],
    ],
    [
      'takes all back when it is not let in',
      first('a', 'b', 'c'),
      [403],
      { outcome: 'failed', ...clean, notStored: [key('a'), key('b'), key('c')] },
      ['ab'],
    ],
    ['has no place for some', first('a'), [], { outcome: 'accepted', ...clean }, ['a']],
  ])('%s', async (...[, window, answers, expected, requests]) => {
    const { sent, ...report } = await push(window, answers)
    expect(report).toMatchObject(expected)
    expect(sent).toEqual(requests)
  })

  it('singles out the series that is refused for itself', async () => {
    const { sent, ...report } = await push(
      first('a', 'b', 'c', 'd'),
      (ids) => (ids.includes('c') ? { status: 400, body: 'bad tag' } : 204),
      exporterOf({ most: 10 }),
    )
    expect(report).toMatchObject({ outcome: 'partly', ...clean, refused: [[key('c'), '400: bad tag']] })
    expect(sent).toEqual(['abcd', 'ab', 'cd', 'c', 'd'])
  })

  it('leaves alone what the exporter has no place for', async () => {
    const window = windowOf('a')
    const nowhere = counterOf('nothing', 1)
    const report = await push({ snapshot: { ...window, series: [...window.series, nowhere] }, inDoubt: undefined }, [])
    expect(report).toMatchObject({ outcome: 'accepted', ...clean, requests: { accepted: 1 } })
  })

  it('takes all back when the exporter fails', async () => {
    const encode = (): never => {
      throw new Error('BUG')
    }
    const report = await push(first('a', 'b'), [], { ...exporterOf(), encode })
    expect(report).toMatchObject({ outcome: 'failed', ...clean, notStored: [key('a'), key('b')] })
  })

  it('goes on with the fallback in the next window', async () => {
    const exporter = exporterOf({ protocol: 'fake 2', fallback: exporterOf({ protocol: 'fake 1' }) })
    const world = createFakeWorld(({ body }) => (readFakeBody(body).protocol === 'fake 2' ? 415 : 204))
    const destination = deliverWith(exporter, testDestination(), world) as DeltaDestination
    expect(await pushWindow(destination, first('a'))).toMatchObject({
      outcome: 'failed',
      ...clean,
      notStored: [key('a')],
    })
    expect(await pushWindow(destination, first('a'))).toMatchObject({ outcome: 'accepted', ...clean })
  })
})

describe('a window in doubt', () => {
  const again = (inDoubt: DeltaWindow['inDoubt']): DeltaWindow => ({
    snapshot: windowOf('a', 'b', 'c', 'd', 'e', 'once:f'),
    inDoubt,
  })
  const groups = [[key('c'), key('d')], [key('e')]]

  it.each<[string, DeltaWindow, Answer[], Partial<PushedWindow>, string[]]>([
    ['is settled when it is accepted', again(groups), [], { outcome: 'accepted', ...clean }, ['cd', 'e']],
    [
      'stays in doubt when it is turned down',
      again(groups),
      [429, 429, 429],
      { outcome: 'failed', ...clean, inDoubt: groups },
      ['cd', 'cd', 'cd'],
    ],
    [
      'stays in doubt when it is not let in',
      again(groups),
      [204, 401],
      { outcome: 'partly', ...clean, inDoubt: [groups[1]!] },
      ['cd', 'e'],
    ],
    [
      'is refused where its data is',
      again(groups),
      [204, { status: 422, body: 'no' }],
      { outcome: 'partly', ...clean, refused: [[key('e'), '422: no']] },
      ['cd', 'e'],
    ],
    [
      'is sent whole when nobody knows, but for what must not be stored twice',
      again('unknown'),
      [204, 503, 503, 503],
      { outcome: 'partly', ...clean, inDoubt: groups, lost: [once('f')] },
      ['ab', 'cd', 'cd', 'cd'],
    ],
    [
      'is in doubt in its parts as well: they may have been sent before',
      again('unknown'),
      [400, 400, 503, 503, 503],
      {
        outcome: 'failed',
        ...clean,
        refused: [[key('a'), '400: ']],
        inDoubt: [[key('b')], ...groups],
        lost: [once('f')],
      },
      ['ab', 'a', 'b', 'b', 'b'],
    ],
    [
      'is lost where it must not be stored twice by now',
      again([[once('f')]]),
      [],
      { outcome: 'failed', ...clean, lost: [once('f')], requests: {} },
      [],
    ],
  ])('%s', async (...[, window, answers, expected, requests]) => {
    const { sent, ...report } = await push(window, answers)
    expect(report).toMatchObject(expected)
    expect(sent).toEqual(requests)
  })

  it('is sent byte for byte as before', async () => {
    const first = await push({ ...again(groups), inDoubt: undefined }, [204, 502, 502, 502])
    const second = await push(again(first.inDoubt), [])
    expect(second.world.calls.map(({ body }) => body)).toEqual([first.world.calls[1]!.body])
  })

  it('stays as it is when the exporter fails', async () => {
    const fail = (): never => {
      throw new Error('BUG')
    }
    const exporter = { ...exporterOf(), encode: fail, encodeOnly: fail }
    expect(await push(again(groups), [], exporter)).toMatchObject({ outcome: 'failed', ...clean, inDoubt: groups })
    expect(await push(again('unknown'), [], exporter)).toMatchObject({ outcome: 'skipped', ...clean })
  })
})

describe('a delta destination', () => {
  const first: DeltaWindow = { snapshot: windowOf('a', 'once:d'), inDoubt: undefined }

  it('skips while the circuit is open, while it must wait, and while another push runs', async () => {
    const world = createFakeWorld((_call, index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': '120' } } : 204,
    )
    const destination = deliverWith(exporterOf(), testDestination(), world) as DeltaDestination
    expect(await pushWindow(destination, first)).toMatchObject({ outcome: 'failed', notStored: [key('a'), once('d')] })
    expect(await pushWindow(destination, first)).toMatchObject({ outcome: 'skipped', ...clean, requests: {} })
    world.advance(120_000)
    const both = await Promise.all([pushWindow(destination, first), pushWindow(destination, first)])
    expect(both.map(({ outcome }) => outcome)).toEqual(['accepted', 'skipped'])
  })

  it('takes all back while its secret is missing', async () => {
    const credentials = [{ header: 'dd-api-key', secret: 'KEY', scheme: 'plain' }] as const
    const world = createFakeWorld(() => 204)
    const destination = deliverWith(exporterOf(), testDestination({ credentials }), world) as DeltaDestination
    expect(await pushWindow(destination, first)).toMatchObject({
      outcome: 'failed',
      notStored: [key('a'), once('d')],
      error: 'destination "main": the secret KEY is not set',
    })
    expect(destination.status()).toMatchObject({ state: 'misconfigured', lastError: { detail: expect.any(String) } })
    expect(world.calls).toEqual([])
  })

  it('tells what its windows must be like', () => {
    const world = createFakeWorld(() => 204)
    const plain = deliverWith(exporterOf(), testDestination({ intervalMs: 5 }), world)
    expect(plain).toMatchObject({ intervalMs: 5, resolutionMs: 1, maxAgeMs: Infinity, rotateBytes: Infinity })
    const limits = { resolutionMs: 1_000, maxAgeMs: 3_600_000, rotateBytes: 100 }
    const narrow = deliverWith({ ...exporterOf(), ...limits }, testDestination(), world)
    expect(narrow).toMatchObject(limits)
  })
})

describe('a receiver with a probe', () => {
  const probe: ExportRequest = requestOf({ url: 'https://receiver.example/probe', keys: [] })
  const lossy: DeltaWindow = { snapshot: windowOf('once:a'), inDoubt: undefined }
  const safe: DeltaWindow = { snapshot: windowOf('a'), inDoubt: undefined }

  function bench(answer: (what: 'probe' | 'data') => Answer) {
    const asked: string[] = []
    const world = createFakeWorld(({ url }) => {
      const what = url.endsWith('/probe') ? 'probe' : 'data'
      asked.push(what)
      return answer(what)
    })
    const destination = deliverWith(exporterOf({ probe }), testDestination(), world) as DeltaDestination
    return { asked, world, destination }
  }

  it('is given nothing to lose until it has answered', async () => {
    let isUp = false
    const { asked, world, destination } = bench(() => (isUp ? 204 : 'broken'))
    expect(await pushWindow(destination, lossy)).toMatchObject({ outcome: 'failed', lost: [once('a')] })
    for (let minute = 0; minute < 60; minute++) {
      world.advance(60_000)
      const report = await pushWindow(destination, lossy)
      expect(report).toMatchObject({ outcome: 'failed', lost: [], notStored: [once('a')] })
    }
    expect(asked.filter((what) => what === 'data')).toHaveLength(1)
    isUp = true
    world.advance(60_000)
    asked.length = 0
    expect(await pushWindow(destination, lossy)).toMatchObject({ outcome: 'accepted', requests: { accepted: 2 } })
    expect(await pushWindow(destination, lossy)).toMatchObject({ outcome: 'accepted', requests: { accepted: 1 } })
    expect(asked).toEqual(['probe', 'data', 'data'])
  })

  it('has given its word when it refuses only the probe itself', async () => {
    let isUp = false
    const { asked, destination } = bench((what) => (what === 'probe' ? 400 : isUp ? 204 : 'broken'))
    await pushWindow(destination, lossy)
    isUp = true
    expect(await pushWindow(destination, lossy)).toMatchObject({ outcome: 'accepted' })
    expect(asked).toEqual(['data', 'probe', 'data'])
  })

  it('is probed for other requests only while the circuit is half-open', async () => {
    const { asked, world, destination } = bench((what) => (what === 'probe' ? 403 : 'broken'))
    await pushWindow(destination, safe)
    await pushWindow(destination, safe)
    expect(asked).toEqual(['data', 'data', 'data', 'data', 'data'])
    world.advance(60_000)
    expect(await pushWindow(destination, safe)).toMatchObject({
      outcome: 'failed',
      notStored: [key('a')],
      errors: { 403: 1 },
      error: 'destination "main": 403: ',
    })
    expect(asked.slice(5)).toEqual(['probe'])
    expect(destination.status().circuit).toMatchObject({ state: 'open', failures: 6 })
  })
})
