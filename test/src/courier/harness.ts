import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createStore } from 'idb-keyval'
import { vi } from 'vitest'
import { setClock } from '../../../src/core/clock.ts'
import { leave } from '../../../src/core/leave.ts'
import { begin, erase, halt, update } from '../../../src/core/life.ts'
import { DATABASE_PREFIX, type Store } from '../../../src/core/storage.ts'
import type { Entry, FlushResult, Page } from '../../../src/core/types.ts'
import { openWindow, seal } from '../../../src/core/window.ts'
import { createCourier } from '../../../src/courier/courier.ts'
import type { SendState } from '../../../src/protocol/send-state.ts'
import { testPage } from '../../support/test-page.ts'
import { identitiesOf } from './batches.ts'

export const EDGE = 'https://edge.test/v1/beacon'

/** When a new page has sent what others left, ms: a second after it has looked. */
export const COLLECTED_MS = 1_100

/** An answer that counts nothing unless it is the edge's own 2xx. */
export interface Answering {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
  /** Without the header `pharos`. @default false */
  readonly isOfStranger?: boolean
}

/** What the network does with a body. `lost`: it is counted, and no answer comes. `hangs`: nothing happens until the page gives up. */
export type Weather = 'ok' | 'down' | 'lost' | 'hangs' | Answering

export interface Asked {
  readonly page: Page
  /** `leave`: a request of a page that goes away. */
  readonly via: 'flush' | 'leave'
  readonly batches: readonly string[]
}

/** A page as its tab has it. */
export interface Tab {
  readonly page: Page
  /** Records one click and seals its window; returns the identity of its batch. */
  readonly add: () => string
  readonly flush: () => Promise<FlushResult>
  readonly leave: () => void
  /** Consent is withdrawn. */
  readonly erase: () => void
  readonly grant: () => void
  /** The process ends: no timer fires, no answer comes, and nothing is written any more. */
  readonly kill: () => void
}

export interface World {
  weather: Weather
  /** Batches that the edge finds bad, and in what way. */
  refuse: (identity: string) => Answering | undefined
  readonly requests: Asked[]
  /** How many calls the edge has counted, by the identity of their batch. */
  readonly counted: Map<string, number>
  /** What pages said that they dropped, as the edge counted it. */
  readonly reported: () => Record<string, number>
  readonly open: (changes?: { readonly intervalMs?: number; readonly url?: string; readonly service?: string }) => Tab
}

const problem = (status: number, reason: string): Answering => ({
  status,
  body: JSON.stringify({ type: 'about:blank', status, reason }),
})
export const REFUSALS: Readonly<Record<number, Answering>> = {
  400: problem(400, 'bad_json'),
  403: problem(403, 'origin_not_allowed'),
  413: problem(413, 'body_too_large'),
  415: problem(415, 'unsupported_encoding'),
  422: problem(422, 'bad_batch'),
  503: problem(503, 'unavailable'),
}

/** Everything that a page needs of a browser, and an edge that adds each batch once. Timers are the test's. */
export function createWorld(): World {
  vi.useFakeTimers({
    now: 1_000_000_000_000,
    // Not `setImmediate`: the storage of these tests lives by it.
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
  // The test before may have set it to another time.
  setClock()
  vi.stubGlobal('indexedDB', new IDBFactory())
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
  vi.stubGlobal('document', { visibilityState: 'visible' })
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), ms)
    return controller.signal
  })
  const dead = new Set<Page>()
  let isLeaving = false
  const drops = new Map<string, Record<string, number>>()

  const count = (body: string): void => {
    const { groups } = JSON.parse(body) as {
      groups: { session: string; batches: [number, number, [string, number, { reason?: string }?][]][] }[]
    }
    for (const { session, batches } of groups)
      for (const [sequence, , counters] of batches) {
        const identity = `${session}/${sequence}`
        const said = counters.filter(([name]) => name === 'pharos.dropped')
        const calls = counters.filter(([name]) => name === 'clicks').reduce((sum, [, clicks]) => sum + clicks, 0)
        if ((world.counted.get(identity) ?? calls) !== calls) throw new Error(`BUG: two batches are ${identity}`)
        world.counted.set(identity, calls)
        drops.set(identity, Object.fromEntries(said.map(([, dropped, { reason = '' } = {}]) => [reason, dropped])))
      }
  }

  const answer = ({ status, headers, body, isOfStranger }: Answering): Response =>
    new Response(body ?? null, { status, headers: { ...(!isOfStranger && { pharos: '1' }), ...headers } })

  vi.stubGlobal('fetch', async (url: string, { body, signal }: RequestInit): Promise<Response> => {
    const page = pages.get(url as never)!
    const isDead = (): boolean => dead.has(page)
    // Until the page gives it up.
    const hang = () =>
      new Promise<never>((_, reject) => signal?.addEventListener('abort', () => !isDead() && reject(signal.reason)))
    if (isDead()) return hang()
    const { weather } = world
    const batches = identitiesOf(body as string)
    world.requests.push({ page, via: isLeaving ? 'leave' : 'flush', batches })
    const refusal = batches.map((identity) => world.refuse(identity)).find((one) => one !== undefined)
    const isCounted = weather === 'ok' || weather === 'lost' || (typeof weather === 'object' && isOwn2xx(weather))
    if (isCounted && !refusal) count(body as string)
    await Promise.resolve()
    if (weather === 'hangs' || isDead()) return hang()
    if (weather === 'down' || weather === 'lost') throw new TypeError('network')
    if (refusal && isCounted) return answer(refusal)
    return answer(weather === 'ok' ? { status: 204 } : weather)
  })

  // A string that only one page has, so that a request tells whose it is.
  const pages = new Map<object, Page>()

  const world: World = {
    weather: 'ok',
    refuse: () => undefined,
    requests: [],
    counted: new Map(),
    reported: () => {
      const all: Record<string, number> = {}
      for (const said of drops.values())
        for (const [reason, calls] of Object.entries(said)) all[reason] = (all[reason] ?? 0) + calls
      return all
    },
    open: ({ intervalMs = 30_000, url = EDGE, service } = {}) => {
      const ownUrl = Object(url) as string
      const page = testPage(
        {
          url: ownUrl,
          resource: service ? { service } : {},
          session: `S${pages.size}`.padEnd(16, '_'),
          intervalMs,
          loadCourier: async () => (page.courier ??= createCourier(page)),
        },
        openWindow,
      )
      pages.set(ownUrl as never, page)
      begin(page)
      return {
        page,
        add: () => {
          const identity = `${page.session}/${page.sequence}`
          page.instruments.increment('clicks')
          seal(page)
          return identity
        },
        flush: async () => {
          seal(page)
          return (await page.loadCourier()).flush()
        },
        leave: () => {
          seal(page)
          // It hands over within this call.
          isLeaving = true
          leave(page)
          isLeaving = false
        },
        erase: () => {
          page.consent = false
          update(page)
          erase(page)
        },
        grant: () => {
          page.consent = true
          update(page)
          begin(page)
        },
        kill: () => {
          dead.add(page)
          page.store = hangingStore
          halt(page)
        },
      }
    },
  }
  return world
}

/** The requests so far: the way each went, and its batches. */
export const requestsOf = ({ requests }: World): (readonly [via: string, ...batches: string[]])[] =>
  requests.map(({ via, batches }) => [via, ...batches])

/** Leaves one batch in the outbox, as a killed browser does; returns its identity. */
export const leaveBehind = async (world: World): Promise<string> => {
  const tab = world.open()
  const identity = tab.add()
  await settle()
  tab.kill()
  await later(1)
  return identity
}

/** Calls that are neither acknowledged nor dropped. */
export const pendingOf = ({ page }: Tab): number => page.recorded - page.settled

const isOwn2xx = ({ status, isOfStranger }: Answering): boolean => status < 300 && !isOfStranger

export function destroyWorld(): void {
  vi.clearAllTimers()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
}

/** The result of a flush whose records are on durable storage. */
export const DELIVERED: FlushResult = { acknowledged: true }

/** So many turns of the event loop: a request of the storage takes one. */
export async function turn(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets the storage and all promises come to their end; the time of the test stands still. */
export const settle = (): Promise<void> => turn(40)

/** Lets time run, timer by timer, and everything that each of them begins come to its end. */
export async function later(delayMs: number): Promise<void> {
  await settle()
  const timer = { isOver: false }
  setTimeout(() => (timer.isOver = true), delayMs)
  while (!timer.isOver) {
    await vi.advanceTimersToNextTimerAsync()
    await settle()
  }
}

/** What a page awaits, however much time it takes. */
export async function finish<Value>(work: Promise<Value>): Promise<Value> {
  const state = { isDone: false }
  const done = work.finally(() => (state.isDone = true))
  const giveUpMs = performance.now() + 120_000
  await settle()
  while (!state.isDone) {
    if (performance.now() > giveUpMs)
      throw new Error('What the page awaits did not come within two minutes of its time')
    await vi.advanceTimersToNextTimerAsync()
    await settle()
  }
  return done
}

/** A storage that never answers, as Safari's has done. https://bugs.webkit.org/show_bug.cgi?id=226547 */
export const hangingStore: Store = () => new Promise(() => {})

/** A storage in which only so many batches fit. */
export const fullStore = (limit: number, url = EDGE): Store => {
  const store = createStore(DATABASE_PREFIX + url, 'outbox')
  return (mode, work) =>
    store(mode, (objects) => {
      const put: IDBObjectStore['put'] = (value, key) => {
        const request = objects.put(value, key)
        const entries = objects.count(IDBKeyRange.lowerBound([]))
        // What a browser does when the quota is used up: the transaction ends with that error.
        const { transaction } = objects as unknown as { transaction: { _abort: (error: string) => void } }
        entries.addEventListener('success', () => entries.result > limit && transaction._abort('QuotaExceededError'))
        return request
      }
      const bound = (key: string | symbol): unknown => {
        const value: unknown = Reflect.get(objects, key, objects)
        return typeof value === 'function' ? value.bind(objects) : value
      }
      return work(new Proxy(objects, { get: (_, key) => (key === 'put' ? put : bound(key)) }))
    })
}

const outbox = async <Value>(url: string, work: (objects: IDBObjectStore) => IDBRequest<Value>): Promise<Value> =>
  createStore(DATABASE_PREFIX + url, 'outbox')('readwrite', (objects) => {
    const request = work(objects)
    return new Promise<Value>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error))
    })
  })

/** What lies in an outbox, oldest first. */
export const storedEntries = (url = EDGE): Promise<Entry[]> =>
  outbox(url, (objects) => objects.getAll(IDBKeyRange.lowerBound([]))) as Promise<Entry[]>

export const storedKeys = (url = EDGE): Promise<IDBValidKey[]> => outbox(url, (objects) => objects.getAllKeys())

export const storedState = (url = EDGE): Promise<SendState | undefined> => outbox(url, (objects) => objects.get('pace'))

/** Puts anything into an outbox. */
export const putStored = async (key: IDBValidKey, value: unknown, url = EDGE): Promise<void> =>
  void (await outbox(url, (objects) => objects.put(value, key)))
