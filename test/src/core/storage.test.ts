import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DATABASE_PREFIX, transact, type Opened } from '../../../src/core/storage.ts'
import { EDGE, settle, stubStorage } from './pages.ts'

let factory: IDBFactory
beforeEach(() => (factory = stubStorage()))
afterEach(() => vi.unstubAllGlobals())

const open = (url = EDGE): Opened => ({ url })
const put = (page: Opened, value: unknown, key: IDBValidKey = 'k') =>
  transact(page, (objects) => void objects.put(value, key))
const get = async (page: Opened, key: IDBValidKey = 'k'): Promise<unknown> => {
  let request: IDBRequest<unknown> | undefined
  await transact(page, (objects) => void (request = objects.get(key)))
  return request?.result
}

it('runs the work in a transaction and commits it', async () => {
  const page = open()
  expect(await put(page, 7)).toBe('done')
  expect(await get(page)).toBe(7)
})

it('has one database an endpoint', async () => {
  const [one, other] = [open('https://a.example/b'), open('https://a.example/c')]
  await put(one, 1)
  await put(other, 2)
  expect([await get(one), await get(other)]).toEqual([1, 2])
  const names = new Set((await factory.databases()).map(({ name }) => name))
  expect(names).toEqual(new Set([`${DATABASE_PREFIX}https://a.example/b`, `${DATABASE_PREFIX}https://a.example/c`]))
})

it('leaves the commit to work that returns something', async () => {
  const page = open()
  const done = transact(page, (objects) => {
    const request = objects.get('k')
    // A transaction that was committed takes no more.
    request.onsuccess = () => {
      objects.put(9, 'k')
      objects.transaction.commit()
    }
    return request
  })
  expect(await done).toBe('done')
  expect(await get(page)).toBe(9)
})

it('writes all or nothing', async () => {
  const page = open()
  await put(page, 1)
  const failed = transact(page, (objects) => {
    objects.put(2, 'k')
    objects.transaction.abort()
    return true
  })
  expect(await failed).toBe('failed')
  expect(await get(page)).toBe(1)
})

describe('does not throw, and says', () => {
  const broken = (error: DOMException | Error): unknown => ({
    open: () => {
      throw error
    },
  })
  it.each<[string, unknown, string]>([
    ['there is no storage', undefined, 'failed'],
    ['it throws', broken(new Error('no')), 'failed'],
    ['it is not allowed', broken(new DOMException('no', 'SecurityError')), 'failed'],
    ['it is full', broken(new DOMException('no', 'QuotaExceededError')), 'full'],
  ])('where %s', async (_, indexedDB, wanted) => {
    vi.stubGlobal('indexedDB', indexedDB)
    expect(await put(open(), 1)).toBe(wanted)
  })

  it('where the work throws, and the next one is well', async () => {
    const page = open()
    const failed = transact(page, () => {
      throw new Error('no')
    })
    expect(await failed).toBe('failed')
    expect(await put(page, 3)).toBe('done')
  })

  it('where the quota is used up in the transaction', async () => {
    const page = open()
    await put(page, 1)
    const full = transact(page, ({ transaction }) => {
      Object.defineProperty(transaction, 'error', { value: new DOMException('no', 'QuotaExceededError') })
      transaction.abort()
      return true
    })
    expect(await full).toBe('full')
    // The storage is the same: only its room is gone.
    expect(page.store).toBeDefined()
  })

  it('where the database is of another shape', async () => {
    const request = factory.open(DATABASE_PREFIX + EDGE)
    request.onupgradeneeded = () => void request.result.createObjectStore('something else')
    await new Promise((resolve) => (request.onsuccess = resolve))
    request.result.close()
    expect(await put(open(), 1)).toBe('failed')
  })
})

it('opens the storage again where it was closed under it', async () => {
  const page = open()
  await put(page, 1)
  let database: IDBDatabase | undefined
  await transact(page, ({ transaction }) => void (database = transaction.db))
  database!.close()
  expect(await put(page, 2)).toBe('failed')
  expect(await put(page, 3)).toBe('done')
  expect(await get(page)).toBe(3)
})

it('does not stand in the way of a tab that deletes the database', async () => {
  const page = open()
  await put(page, 1)
  const request = factory.deleteDatabase(DATABASE_PREFIX + EDGE)
  await new Promise((resolve) => (request.onsuccess = resolve))
  expect(await put(page, 2)).toBe('failed')
  expect(await put(page, 3)).toBe('done')
})

it('waits for a storage that hangs, and the page does not', async () => {
  vi.stubGlobal('indexedDB', { open: () => ({}) })
  const work = vi.fn<() => void>()
  const settled = vi.fn<(result: string) => void>()
  void transact(open(), work).then(settled)
  await settle()
  expect([work.mock.calls, settled.mock.calls]).toEqual([[], []])
})
