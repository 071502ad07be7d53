import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { vi } from 'vitest'
import { createEntry } from '../../../src/core/entry.ts'
import { idOf } from '../../../src/courier/id.ts'
import { DATABASE_PREFIX } from '../../../src/core/storage.ts'
import type { Courier, Entry, InProgress, Page } from '../../../src/core/types.ts'
import { openWindow } from '../../../src/core/window.ts'
import type { WireBatch } from '../../../src/protocol/types.ts'
import { testPage } from '../../support/test-page.ts'

export const EDGE = 'https://beacon.example/v1/beacon'

/** The state of a page that is shown, with consent, and has recorded nothing. */
export const createTestPage = (changes: Partial<Page> = {}): Page =>
  testPage(
    {
      url: EDGE,
      session: 'AAAAAAAAAAAAAAAA',
      startedMs: 1,
      loadCourier: async () => {
        throw new Error('there is no courier')
      },
      ...changes,
    },
    openWindow,
  )

function createTestCourier() {
  return {
    flush: vi.fn<Courier['flush']>(async () => ({ acknowledged: true })),
    tick: vi.fn<Courier['tick']>(),
    collect: vi.fn<Courier['collect']>(),
    wake: vi.fn<Courier['wake']>(),
    leave: vi.fn<Courier['leave']>(),
    makeRoom: vi.fn<Courier['makeRoom']>(),
  }
}

/** A page and the courier that it has loaded. */
export function createPageWithCourier(changes: Partial<Page> = {}, inProgress: Partial<InProgress> = {}) {
  const courier = createTestCourier()
  courier.leave.mockReturnValue({ inFlightBytes: 0, isQuiet: false, isFailing: false, ...inProgress })
  const page = createTestPage({ courier, loadCourier: async () => courier, ...changes })
  return { page, courier }
}

export const entryOf = (sequence: number, changes: Partial<Entry> = {}): Entry => ({
  ...createEntry({
    session: 'AAAAAAAAAAAAAAAA',
    resource: {},
    sequence,
    sealedMs: 0,
    records: 1,
    drops: {},
    text: JSON.stringify([sequence, 0, [['clicks', 1]], []] satisfies WireBatch),
  }),
  ...changes,
})

/** A browser's storage, empty. */
export function stubStorage(): IDBFactory {
  const factory = new IDBFactory()
  vi.stubGlobal('indexedDB', factory)
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
  return factory
}

/** Timers are the test's to fire; the storage of the tests works by `setImmediate`, which stays real. */
export const stubTimers = (): void =>
  void vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })

/** Lets the storage and all promises come to their end; the time of the test stands still. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** What lies in the outbox, by key. */
export async function storedAt(url = EDGE): Promise<Map<string, Entry>> {
  const request = indexedDB.open(DATABASE_PREFIX + url)
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore('outbox'))
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
  const all = database.transaction('outbox').objectStore('outbox').getAll(IDBKeyRange.lowerBound([]))
  const entries = await new Promise<Entry[]>((resolve) =>
    all.addEventListener('success', () => resolve(all.result as Entry[])),
  )
  database.close()
  return new Map(entries.map((entry) => [idOf(entry), entry]))
}

/** The batches of entries, as the edge reads them. */
export const batchesIn = (entries: Iterable<Entry>): WireBatch[] =>
  Array.from(entries, ({ text }) => JSON.parse(text) as WireBatch)

/** A network that takes everything: fetch with keepalive, and beacons. */
export function stubNetwork() {
  const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(
    async () => new Response(null, { status: 204, headers: { pharos: '1' } }),
  )
  const beaconed = vi.fn<(url: string, body: string) => boolean>(() => true)
  vi.stubGlobal('fetch', fetched)
  vi.stubGlobal('Request', WithKeepalive)
  Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: beaconed })
  return { fetched, beaconed }
}

class WithKeepalive {
  get keepalive(): boolean {
    return false
  }
}
