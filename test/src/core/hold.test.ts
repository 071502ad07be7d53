import { IDBObjectStore as FDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { forget, fullness, hold, lose, MAX_ENTRIES, MAX_OUTBOX_BYTES, save } from '../../../src/core/hold.ts'
import { idOf } from '../../../src/courier/id.ts'
import { createPageWithCourier, createTestPage, entryOf, settle, storedAt, stubStorage } from './pages.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const entries = (count: number, bytes = 100) =>
  Array.from({ length: count }, (_, i) => entryOf(i + 1, { sealedMs: i, bytes }))

describe('hold', () => {
  it('keeps batches, and numbers the next one', () => {
    const page = createTestPage()
    const [one, two] = [entryOf(1), entryOf(2)]
    hold(page, [one, two])
    expect([[...page.own], [...page.unsaved], page.sequence]).toEqual([[one, two], [one, two], 3])
    expect([page.own.has(one), page.own.has(entryOf(3))]).toEqual([true, false])
  })

  it('does no harm when it is done again', () => {
    const page = createTestPage()
    const batch = [entryOf(1, { records: 3 })]
    hold(page, batch)
    hold(page, batch)
    expect([page.own.size, page.unsaved.size, page.sequence, page.settled]).toEqual([1, 1, 2, 0])
  })

  it.each([
    ['as many as fit', entries(MAX_ENTRIES), 0],
    ['one too many', entries(MAX_ENTRIES + 1), 2],
    ['as many bytes as fit', entries(64, MAX_OUTBOX_BYTES / 64), 0],
    ['one batch of too many bytes', entries(65, MAX_OUTBOX_BYTES / 64), 2],
    ['many of them', entries(2 * MAX_ENTRIES), MAX_ENTRIES],
  ])(
    'memory is bounded with room for a report, what is dropped is counted, the oldest first: %s',
    (_, sealed, dropped) => {
      const page = createTestPage()
      for (const entry of sealed) hold(page, [entry])
      expect([...page.own]).toEqual(sealed.slice(dropped))
      expect([page.dropped, page.settled]).toEqual([dropped ? { outbox_full: dropped } : {}, dropped])
      expect(page.current.unreported).toEqual(page.dropped)
    },
  )
})

it('is as full as entries or bytes are, whatever there is more of', () => {
  expect(fullness([])).toBe(0)
  expect(fullness(entries(MAX_ENTRIES / 2, 1))).toBe(0.5)
  expect(fullness(entries(4, MAX_OUTBOX_BYTES / 16))).toBe(0.25)
})

describe('what is settled', () => {
  it('is forgotten once, and only what was held counts', () => {
    const page = createTestPage()
    const batch = entryOf(1, { records: 3 })
    hold(page, [batch])
    forget(page, [batch])
    forget(page, [batch, entryOf(9, { records: 5 })])
    expect([page.own.size, page.settled]).toEqual([0, 3])
  })

  it('may be lost: counted, with what it said of drops', () => {
    const page = createTestPage()
    const batch = entryOf(1, { records: 3, drops: { bad_value: 2 } })
    hold(page, [batch])
    lose(page, 'too_large', [batch])
    expect([page.own.size, page.settled, page.dropped]).toEqual([0, 3, { too_large: 3 }])
    expect(page.current.unreported).toEqual({ too_large: 3, bad_value: 2 })
  })
})

describe('save', () => {
  beforeEach(() => void stubStorage())

  it('writes what is held and deletes what is not', async () => {
    const page = createTestPage()
    const [one, two, foreign] = [entryOf(1), entryOf(2), entryOf(1, { session: 'BBBBBBBBBBBBBBBB' })]
    hold(page, [one, two])
    await save(page)
    expect(await storedAt()).toEqual(new Map([one, two].map((entry) => [idOf(entry), entry])))
    expect(page.unsaved.size).toBe(0)
    two.leftMs = 5
    page.unsaved.add(two)
    forget(page, [one, foreign])
    await save(page)
    expect(await storedAt()).toEqual(new Map([[idOf(two), two]]))
  })

  it('writes what there is when the storage is open', async () => {
    const page = createTestPage()
    const [one, two] = [entryOf(1), entryOf(2)]
    hold(page, [one])
    const saved = save(page)
    hold(page, [two])
    forget(page, [one])
    await saved
    expect([...(await storedAt()).keys()]).toEqual([idOf(two)])
  })

  it('touches no storage in a prerendered page, nor where nothing changed', async () => {
    const factory = stubStorage()
    const prerendered = createTestPage()
    delete prerendered.startedMs
    hold(prerendered, [entryOf(1)])
    await save(prerendered)
    await save(createTestPage())
    expect(await factory.databases()).toEqual([])
    expect(prerendered.unsaved.size).toBe(1)
  })

  const failing = (name: string): void =>
    void vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', name)
      },
    })

  it('tries again what could not be written, and not what is settled', async () => {
    const { page, courier } = createPageWithCourier()
    const [one, two] = [entryOf(1), entryOf(2)]
    hold(page, [one, two])
    await save(page)
    forget(page, [one])
    two.leftMs = 5
    page.unsaved.add(two)
    page.store = undefined
    // Begun, and given up by the browser.
    const broken = vi.spyOn(FDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new Error('no')
    })
    await save(page)
    broken.mockRestore()
    expect([...page.unsaved]).toEqual([two])
    expect(courier.makeRoom).not.toHaveBeenCalled()
    await save(page)
    expect((await storedAt()).get(idOf(two))).toEqual(two)
  })

  it('asks the courier to make room in a storage that is full', async () => {
    const { page, courier } = createPageWithCourier()
    hold(page, [entryOf(1)])
    failing('QuotaExceededError')
    await save(page)
    await settle()
    expect(courier.makeRoom).toHaveBeenCalledTimes(1)
    expect(page.unsaved.size).toBe(1)
  })

  it('holds no more than fits where the storage hangs and no courier comes', async () => {
    vi.stubGlobal('indexedDB', { open: () => ({}) })
    const page = createTestPage()
    for (const entry of entries(3 * MAX_ENTRIES)) {
      hold(page, [entry])
      void save(page)
    }
    await settle()
    expect(page.own.size).toBe(MAX_ENTRIES)
    expect(page.unsaved.size).toBeLessThanOrEqual(2 * MAX_ENTRIES)
  })
})
