import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import type { Frame, Page } from 'playwright-core'
import { rollup } from 'rollup'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { createDelivery } from '../../src/delivery/delivery.ts'
import type { Delivery } from '../../src/delivery/types.ts'
import { launchChromium, type RunningChromium } from '../support/chromium.ts'
import { repository } from '../support/paths.ts'
import { stopPrograms } from '../support/processes.ts'
import { MissingRequirement } from '../support/requirements.ts'

declare global {
  interface Window {
    createDelivery: typeof createDelivery
    delivery: Delivery
    dropped: [string, number][]
    addBatches: (...sequences: number[]) => void
  }
}

let chromium: RunningChromium
let missing: MissingRequirement | undefined
let server: Server
let script: string
/** Each test has an origin of its own, so a storage of its own: a name under localhost. */
let origin: string
let tests = 0
let arrived: string[]
let answer: (send: () => void) => void

const pageHtml = (): string => `<!doctype html><meta charset="utf-8"><script>${script}
window.dropped = []
window.addEventListener('error', (event) => window.dropped.push([event.message, -1]))
window.addEventListener('unhandledrejection', (event) => window.dropped.push([String(event.reason), -2]))
const session = new URLSearchParams(location.search).get('session') || 'AAAAAAAAAAAAAAAA'
window.addBatches = (...sequences) => sequences.forEach((sequence) => {
  const sealedMs = Date.now()
  window.delivery.add({ session, resource: {}, sequence, sealedMs, records: 1, text: JSON.stringify([sequence, sealedMs, [['a', 1]], []]) })
})
</script>`

async function bundle(): Promise<string> {
  const stripTypes = {
    name: 'strip-types',
    transform: (code: string, id: string) =>
      id.endsWith('.ts') ? { code: stripTypeScriptTypes(code), map: null } : null,
  }
  const built = await rollup({
    input: join(repository, 'src/delivery/delivery.ts'),
    plugins: [stripTypes, nodeResolve()],
  })
  const { output } = await built.generate({ format: 'iife', name: 'pharosDelivery' })
  return `${output[0].code}\nwindow.createDelivery = pharosDelivery.createDelivery`
}

beforeAll(async () => {
  script = await bundle()
  server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const { groups } = JSON.parse(Buffer.concat(await request.toArray()).toString())
      // Pages of earlier tests may still be open.
      for (const { session, batches } of origin.endsWith(request.headers.host!) ? groups : [])
        for (const [sequence] of batches) arrived.push(`${session[0]}${sequence}`)
      answer(() => response.writeHead(204, { 'access-control-allow-origin': '*' }).end())
    } else {
      const isFramed = request.url === '/outer'
      const body = isFramed
        ? '<iframe sandbox="allow-scripts" src="/"></iframe>'
        : request.url === '/plain'
          ? ''
          : pageHtml()
      response.writeHead(200, { 'content-type': 'text/html' }).end(body)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    chromium = await launchChromium()
  } catch (error) {
    if (process.env['CI'] || !(error instanceof MissingRequirement)) throw error
    missing = error
  }
})

beforeEach((context) => {
  if (missing) context.skip(missing.message)
  origin = `http://test${++tests}.localhost:${(server.address() as AddressInfo).port}`
  arrived = []
  answer = (send) => send()
})

afterAll(async () => {
  await chromium?.close()
  server.closeAllConnections()
  server.close()
  await stopPrograms()
})

/** Starts a delivery in a page or frame. */
const begin = (page: Page | Frame, flushIntervalMs = 60_000): Promise<void> =>
  page.evaluate((intervalMs) => {
    window.delivery = window.createDelivery({
      url: `${location.origin === 'null' ? new URL(location.href).origin : ''}/v1/beacon`,
      flushIntervalMs: intervalMs,
      onAcknowledged: () => {},
      onSettings: () => {},
      onDropped: (reason, records) => window.dropped.push([reason, records]),
    })
    window.delivery.start()
  }, flushIntervalMs)

async function open(path = '/', flushIntervalMs?: number): Promise<Page> {
  const page = await chromium.context.newPage()
  await page.goto(`${origin}${path}`)
  if (path !== '/plain') await begin(page, flushIntervalMs)
  return page
}

const add = (page: Page | Frame, ...sequences: number[]): Promise<void> =>
  page.evaluate((all) => window.addBatches(...all), sequences)

const flush = (page: Page | Frame): Promise<unknown> => page.evaluate(() => window.delivery.flush())

interface Stored {
  readonly sequence: number
  readonly isBeaconed: boolean
}

/** What is in the outbox, read past the code under test. */
const stored = (page: Page): Promise<Stored[]> =>
  page.evaluate(async () => {
    const request = indexedDB.open('pharos')
    await new Promise((resolve) => (request.onsuccess = resolve))
    const all = request.result.transaction('outbox').objectStore('outbox').getAll(IDBKeyRange.lowerBound([]))
    await new Promise((resolve) => (all.onsuccess = resolve))
    request.result.close()
    return all.result.map(({ sequence, beaconedMs }) => ({ sequence, isBeaconed: beaconedMs !== undefined }))
  })

const sequencesIn = async (page: Page): Promise<number[]> => (await stored(page)).map(({ sequence }) => sequence)

it('a batch is in the outbox until it is acknowledged', async () => {
  const page = await open()
  await add(page, 1, 2)
  expect(await sequencesIn(page)).toEqual([1, 2])
  expect(await flush(page)).toEqual({ acknowledged: true })
  expect([arrived, await stored(page)]).toEqual([['A1', 'A2'], []])
})

it.each(['pagehide', 'visibilitychange'])('what is added in %s is kept, marked, and sent', async (type) => {
  const page = await open()
  await add(page, 6)
  await sequencesIn(page)
  await page.evaluate((event) => {
    const leave = () => {
      window.addBatches(7)
      window.delivery.beacon()
    }
    window.addEventListener(event, leave)
  }, type)
  await page.goto(`${origin}/plain`)
  expect(await stored(page)).toEqual([6, 7].map((sequence) => ({ sequence, isBeaconed: true })))
  expect(arrived).toEqual(['A7', 'A6'])
})

it('without a start, nothing is written', async () => {
  const page = await open()
  await sequencesIn(page)
  await page.reload()
  expect(
    await page.evaluate(
      () =>
        (window.delivery ??= window.createDelivery({
          url: '/',
          flushIntervalMs: 1,
          onAcknowledged: () => {},
          onSettings: () => {},
          onDropped: () => {},
        })) && window.addBatches(1),
    ),
  ).toBeUndefined()
  expect(await sequencesIn(page)).toEqual([])
})

it('no IndexedDB: all goes on in memory', async () => {
  const page = await chromium.context.newPage()
  await page.addInitScript('delete window.indexedDB')
  await page.goto(`${origin}/`)
  await begin(page)
  await add(page, 1)
  expect(await flush(page)).toEqual({ acknowledged: true })
  await add(page, 2)
  await page.evaluate(() => window.delivery.beacon())
  expect([arrived, await page.evaluate(() => window.dropped)]).toEqual([['A1', 'A2'], []])
})

it('an open that fails (sandboxed frame): all goes on in memory', async () => {
  const page = await chromium.context.newPage()
  await page.goto(`${origin}/outer`)
  const frame = page.frames()[1]!
  await frame.waitForLoadState()
  await begin(frame)
  await add(frame, 1)
  expect(await flush(frame)).toEqual({ acknowledged: true })
  expect([arrived, await frame.evaluate(() => window.dropped)]).toEqual([['A1'], []])
})

it('an open that hangs: memory first, and the outbox as soon as it opens', async () => {
  const holder = await open('/plain')
  await holder.evaluate(async () => {
    const held = indexedDB.open('pharos')
    held.onupgradeneeded = () => held.result.createObjectStore('outbox')
    await new Promise((resolve) => (held.onsuccess = resolve))
    const blocked = indexedDB.deleteDatabase('pharos')
    await new Promise((resolve) => (blocked.onblocked = resolve))
    Object.assign(window, { held: held.result, blocked })
  })
  const page = await open()
  await add(page, 1)
  expect(await flush(page)).toEqual({ acknowledged: true })
  await add(page, 2)
  await holder.evaluate(() => (window as unknown as { held: IDBDatabase }).held.close())
  await expect.poll(() => sequencesIn(page)).toEqual([2])
  expect(await page.evaluate(() => window.dropped)).toEqual([])
})

it('another tab deletes the database: it does not hang, and the outbox comes back', async () => {
  const page = await open()
  await add(page, 1)
  await sequencesIn(page)
  const other = await open('/plain')
  const outcome = await other.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('pharos')
        request.addEventListener('success', () => resolve('deleted'))
        request.addEventListener('blocked', () => setTimeout(resolve, 2_000, 'hangs'))
      }),
  )
  expect(outcome).toBe('deleted')
  await add(page, 2)
  expect(await flush(page)).toEqual({ acknowledged: true })
  await add(page, 3)
  expect([arrived, await sequencesIn(page)]).toEqual([['A1', 'A2'], [3]])
})

it('the quota is used up: the oldest makes room, once, and is counted unless it is still in memory', async () => {
  const killed = await open('/?session=KKKKKKKKKKKKKKKK')
  await add(killed, 1)
  await sequencesIn(killed)
  await killed.close({ runBeforeUnload: false })
  const page = await open()
  await page.evaluate(() => {
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')!
    IDBObjectStore.prototype.put = () => {
      Object.defineProperty(IDBObjectStore.prototype, 'put', put)
      throw new DOMException('full', 'QuotaExceededError')
    }
  })
  await add(page, 2)
  await expect.poll(() => sequencesIn(page)).toEqual([2])
  expect(await page.evaluate(() => window.dropped)).toEqual([['outbox_full', 1]])
})

it('the quota is used up for good: what is left is delivered all the same', async () => {
  const killed = await open('/?session=KKKKKKKKKKKKKKKK')
  await add(killed, 1)
  await sequencesIn(killed)
  await killed.close()
  const page = await open()
  const cdp = await chromium.context.newCDPSession(page)
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
  await add(page, 2)
  expect(await flush(page)).toEqual({ acknowledged: true })
  expect(arrived.sort()).toEqual(['A2', 'K1'])
  expect(await stored(page)).toEqual([])
})

it('two tabs that start together send what a dead one left once', async () => {
  const killed = await open('/?session=KKKKKKKKKKKKKKKK')
  await add(killed, 1, 2, 3)
  await sequencesIn(killed)
  await killed.close()
  answer = (send) => setTimeout(send, 300)
  const pages = [await open('/plain'), await open('/plain')]
  await Promise.all(pages.map((page) => page.goto(`${origin}/`)))
  await Promise.all(pages.map((page) => begin(page)))
  await expect.poll(() => sequencesIn(pages[0]!)).toEqual([])
  expect(arrived.filter((identity) => identity[0] === 'K')).toEqual(['K1', 'K2', 'K3'])
})

it('a page that leaves in the middle of a review is kept in the back/forward cache', async () => {
  const page = await open()
  await page.evaluate(() => {
    window.addEventListener('pageshow', ({ persisted }) => window.dropped.push(['restored', Number(persisted)]))
    window.addEventListener('pagehide', () => {
      void window.delivery.flush()
      window.delivery.beacon()
    })
  })
  await page.goto(`${origin}/plain`)
  await page.goBack({ waitUntil: 'commit' })
  expect(await page.evaluate(() => window.dropped)).toEqual([['restored', 1]])
})
