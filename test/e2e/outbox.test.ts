import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchChromium, type RunningChromium } from '../support/chromium.ts'
import { bundleSource } from '../support/page-bundle.ts'
import type { createPageHarness, PageHarness } from '../support/page-harness.ts'
import { stopPrograms } from '../support/processes.ts'
import { MissingRequirement } from '../support/requirements.ts'

declare global {
  interface Window {
    createPageHarness: typeof createPageHarness
    harness: PageHarness
    complaints: string[]
  }
}

/** Of an answer that is the edge's. */
const MARKED = {
  pharos: '1',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'pharos',
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
window.complaints = []
window.addEventListener('error', (event) => complaints.push(event.message))
window.addEventListener('unhandledrejection', (event) => complaints.push(String(event.reason)))
window.harness = createPageHarness({
  // A sandboxed frame has no origin of its own.
  url: new URL('/v1/beacon', location.href).href,
  session: new URLSearchParams(location.search).get('session') || 'AAAAAAAAAAAAAAAA',
  intervalMs: 60_000,
})
</script>`

beforeAll(async () => {
  script = await bundleSource(`import { createPageHarness } from '../test/support/page-harness.ts'
window.createPageHarness = createPageHarness`)
  server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const { groups } = JSON.parse(Buffer.concat(await request.toArray()).toString())
      // Pages of earlier tests may still be open.
      for (const { session, batches } of origin.endsWith(request.headers.host!) ? groups : [])
        for (const [sequence] of batches) arrived.push(`${session[0]}${sequence}`)
      answer(() => response.writeHead(204, MARKED).end())
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

/** Starts what is in a page or frame. */
const begin = (page: Page | Frame): Promise<void> => page.evaluate(() => window.harness.begin())

async function open(path = '/'): Promise<Page> {
  const page = await chromium.context.newPage()
  await page.goto(`${origin}${path}`)
  if (path !== '/plain') await begin(page)
  return page
}

const add = (page: Page | Frame, ...sequences: number[]): Promise<void> =>
  page.evaluate((all) => window.harness.add(...all), sequences)

const flush = (page: Page | Frame): Promise<unknown> => page.evaluate(() => window.harness.flush())

/** What was lost, and what went wrong wherever it surfaced. */
const troubles = (page: Page | Frame) =>
  page.evaluate(() => ({ dropped: window.harness.page.dropped, complaints: window.complaints }))

const NONE = { dropped: {}, complaints: [] }

const databaseName = (): string => `pharos ${origin}/v1/beacon`

interface Stored {
  readonly sequence: number
  readonly hasLeft: boolean
}

/** What is in the outbox, read past the code under test. */
const stored = (page: Page): Promise<Stored[]> =>
  page.evaluate(async (name) => {
    const request = indexedDB.open(name)
    await new Promise((resolve) => (request.onsuccess = resolve))
    const all = request.result.transaction('outbox').objectStore('outbox').getAll(IDBKeyRange.lowerBound([]))
    await new Promise((resolve) => (all.onsuccess = resolve))
    request.result.close()
    return all.result.map(({ sequence, leftMs }) => ({ sequence, hasLeft: leftMs !== undefined }))
  }, databaseName())

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
      window.harness.add(7)
      window.harness.leave()
    }
    window.addEventListener(event, leave)
  }, type)
  await page.goto(`${origin}/plain`)
  expect(await stored(page)).toEqual([6, 7].map((sequence) => ({ sequence, hasLeft: true })))
  expect(arrived).toEqual(['A7', 'A6'])
})

it('without a start, nothing is written', async () => {
  const page = await open()
  await sequencesIn(page)
  await page.reload()
  await add(page, 1)
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
  await page.evaluate(() => window.harness.leave())
  await expect.poll(() => arrived).toEqual(['A1', 'A2'])
  expect(await troubles(page)).toEqual(NONE)
})

it('an open that fails (sandboxed frame): all goes on in memory', async () => {
  const page = await chromium.context.newPage()
  await page.goto(`${origin}/outer`)
  const frame = page.frames()[1]!
  await frame.waitForLoadState()
  await begin(frame)
  await add(frame, 1)
  expect(await flush(frame)).toEqual({ acknowledged: true })
  expect([arrived, await troubles(frame)]).toEqual([['A1'], NONE])
})

it('an open that hangs: memory first, and the outbox as soon as it opens', async () => {
  const holder = await open('/plain')
  await holder.evaluate(async (name) => {
    const held = indexedDB.open(name)
    held.onupgradeneeded = () => held.result.createObjectStore('outbox')
    await new Promise((resolve) => (held.onsuccess = resolve))
    const blocked = indexedDB.deleteDatabase(name)
    await new Promise((resolve) => (blocked.onblocked = resolve))
    Object.assign(window, { held: held.result, blocked })
  }, databaseName())
  const page = await open()
  await add(page, 1)
  expect(await flush(page)).toEqual({ acknowledged: true })
  await add(page, 2)
  await holder.evaluate(() => (window as unknown as { held: IDBDatabase }).held.close())
  await expect.poll(() => sequencesIn(page)).toEqual([2])
  expect(await troubles(page)).toEqual(NONE)
})

it('another tab deletes the database: it does not hang, and the outbox comes back', async () => {
  const page = await open()
  await add(page, 1)
  await sequencesIn(page)
  const other = await open('/plain')
  const outcome = await other.evaluate(
    (name) =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(name)
        request.addEventListener('success', () => resolve('deleted'))
        request.addEventListener('blocked', () => setTimeout(resolve, 2_000, 'hangs'))
      }),
    databaseName(),
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
  // The page sends it as soon as it has begun, and never gets an answer.
  answer = () => {}
  const page = await open()
  await page.evaluate(() => {
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')!
    IDBObjectStore.prototype.put = function (...args) {
      // The lease is written too.
      if (!(args[0] as { records?: number }).records) return put.value.apply(this, args)
      Object.defineProperty(IDBObjectStore.prototype, 'put', put)
      throw new DOMException('full', 'QuotaExceededError')
    }
  })
  await add(page, 2)
  await expect.poll(() => sequencesIn(page)).toEqual([2])
  expect(await troubles(page)).toEqual({ dropped: { outbox_full: 1 }, complaints: [] })
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
    window.addEventListener('pageshow', ({ persisted }) => window.complaints.push(`restored: ${persisted}`))
    window.addEventListener('pagehide', () => {
      void window.harness.flush()
      window.harness.leave()
    })
  })
  await page.goto(`${origin}/plain`)
  await page.goBack({ waitUntil: 'commit' })
  expect(await troubles(page)).toEqual({ dropped: {}, complaints: ['restored: true'] })
})
