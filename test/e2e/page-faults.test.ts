import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseSeries } from '../support/page-expected.ts'
import { sharePageParts } from '../support/page-parts.ts'
import { flushIn } from '../support/page-rig.ts'
import type { PageHtml } from '../support/page-rig.ts'
import { readUntil } from '../support/until.ts'

// Each test is a page of an origin of its own, so with a storage of its own; all share one browser and one edge.

/** Of an answer that is the edge's own. */
const MARKED = {
  pharos: '1',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, pharos',
}
const NO_INDEXED_DB = 'delete window.indexedDB'

const parts = sharePageParts({ limits: { maxSeriesPerMetric: 10_000, maxSeries: 20_000 } })

beforeEach(() => parts().rig.proxy.set({ kind: 'pass' }))

interface Visit {
  readonly page: Page
  readonly siteUrl: string
  /** What went wrong in the page, wherever it surfaced. */
  readonly complaints: () => Promise<readonly string[]>
}

/** Opens a page on a new origin, with the script and, at `/plain`, without. */
async function open(html: PageHtml = {}): Promise<Visit> {
  const { rig, serve } = parts()
  const site = await serve({ '/': rig.html({ data: { 'flush-interval-ms': '60000' }, ...html }), '/plain': '' })
  return visit(site.url)
}

async function visit(siteUrl: string): Promise<Visit> {
  const page = await parts().chromium.context.newPage()
  const seen: string[] = []
  page.on('pageerror', (error) => seen.push(`pageerror: ${error.message}`))
  page.on('console', (message) => {
    // The browser's own lines about requests that failed are not ours to prevent.
    const isNetwork = /^(Failed to load resource|Access to fetch)/.test(message.text())
    if (message.type() === 'error' && !isNetwork) seen.push(`console: ${message.text()}`)
  })
  await page.goto(`${siteUrl}/`)
  return { page, siteUrl, complaints: async () => [...seen, ...(await page.evaluate(() => window.thrown))] }
}

const record = (page: Page | Frame, name: string, times: number): Promise<void> =>
  page.evaluate(
    ([metric, count]) => {
      for (let i = 0; i < count; i++) window.pharos.increment(metric)
    },
    [name, times] as const,
  )

const sumOf = async (
  isWanted: (name: string, labels: Readonly<Record<string, string>>) => boolean,
): Promise<number> => {
  const totals = [...(await parts().rig.totals())].map(([text, value]) => ({ ...parseSeries(text), value }))
  return totals.filter(({ name, labels }) => isWanted(name, labels)).reduce((sum, { value }) => sum + value, 0)
}

const counted = (name: string): Promise<number> => sumOf((metric) => metric === `${name.replaceAll('.', '_')}_total`)

const dropped = (reason?: string): Promise<number> =>
  sumOf((metric, labels) => metric === 'pharos_dropped_total' && (reason === undefined || labels['reason'] === reason))

/** A later visit of the same profile, which delivers what was left behind. */
async function comeBack(siteUrl: string): Promise<void> {
  const { page, complaints } = await visit(siteUrl)
  expect(await flushIn(page)).toEqual({ acknowledged: true })
  expect(await complaints()).toEqual([])
  await page.close()
}

/** The database in which a page of the rig keeps what it sends. */
const outboxName = (): string => `pharos ${parts().rig.proxy.url}/v1/beacon`

const leave = (page: Page): Promise<unknown> => page.goto(page.url().replace(/\/[^/]*$/, '/plain'))

const awaitCount = (name: string, count: number): Promise<number> =>
  readUntil(
    () => counted(name),
    (n) => n >= count,
  )

describe('storage that fails', () => {
  it('IndexedDB is missing', async () => {
    const { page, complaints } = await open({ before: NO_INDEXED_DB })
    expect(await page.evaluate(() => 'indexedDB' in window)).toBe(false)
    await record(page, 'missing.flushed', 5)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted('missing.flushed')).toBe(5)
    await record(page, 'missing.left', 4)
    expect(await complaints()).toEqual([])
    await leave(page)
    expect(await awaitCount('missing.left', 4)).toBe(4)
    expect(await counted('missing.flushed')).toBe(5)
  })

  it('IndexedDB is blocked: a sandboxed frame of an opaque origin', async () => {
    const { siteUrl } = await open()
    const outer = await parts().serve({ '/': `<iframe sandbox="allow-scripts" src="${siteUrl}/"></iframe>` })
    const page = await parts().chromium.context.newPage()
    await page.goto(outer.url)
    const frame = page.frames().find((one) => one.parentFrame())!
    await frame.waitForLoadState()
    expect(await frame.evaluate(() => self.origin)).toBe('null')
    await record(frame, 'blocked.flushed', 6)
    expect(await flushIn(frame)).toEqual({ acknowledged: true })
    expect(await counted('blocked.flushed')).toBe(6)
    await record(frame, 'blocked.left', 2)
    expect(await frame.evaluate(() => window.thrown)).toEqual([])
    await page.goto(`${siteUrl}/plain`)
    expect(await awaitCount('blocked.left', 2)).toBe(2)
    expect(await counted('blocked.flushed')).toBe(6)
  })

  it('IndexedDB hangs: another tab holds up a version change', async () => {
    const { page: first, siteUrl } = await open()
    await record(first, 'hanging.before', 3)
    expect(await flushIn(first)).toEqual({ acknowledged: true })
    await first.goto(`${siteUrl}/plain`)
    await first.evaluate(async (name) => {
      const held = indexedDB.open(name)
      await new Promise((resolve) => held.addEventListener('success', resolve))
      const blocked = indexedDB.open(name, 99)
      await new Promise((resolve) => blocked.addEventListener('blocked', resolve))
      Object.assign(window, { held: held.result })
    }, outboxName())
    const { page, complaints } = await visit(siteUrl)
    await record(page, 'hanging.flushed', 7)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted('hanging.flushed')).toBe(7)
    await record(page, 'hanging.left', 2)
    expect(await complaints()).toEqual([])
    await leave(page)
    expect(await awaitCount('hanging.left', 2)).toBe(2)
    await first.close()
    await comeBack(siteUrl)
    expect(await Promise.all(['before', 'flushed', 'left'].map((it) => counted(`hanging.${it}`)))).toEqual([3, 7, 2])
  })

  it('another tab deletes the database', async () => {
    const { page, siteUrl, complaints } = await open()
    await record(page, 'deleted.events', 3)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    const other = await parts().chromium.context.newPage()
    await other.goto(`${siteUrl}/plain`)
    const outcome = await other.evaluate(
      (name) =>
        new Promise((resolve) => {
          const request = indexedDB.deleteDatabase(name)
          request.addEventListener('success', () => resolve('deleted'))
          setTimeout(() => resolve('hangs'), 5_000)
        }),
      outboxName(),
    )
    expect(outcome).toBe('deleted')
    await record(page, 'deleted.events', 4)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await complaints()).toEqual([])
    expect(await counted('deleted.events')).toBe(7)
  })

  it('the quota is used up', async () => {
    const { page, siteUrl, complaints } = await open()
    await page.waitForFunction(async () => (await indexedDB.databases()).length >= 0)
    const cdp = await parts().chromium.context.newCDPSession(page)
    await cdp.send('Storage.overrideQuotaForOrigin', { origin: siteUrl, quotaSize: 1 })
    const isFull = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const open = indexedDB.open('filler')
          open.addEventListener('upgradeneeded', () => open.result.createObjectStore('it'))
          open.addEventListener('error', () => resolve(String(open.error?.name)))
          open.addEventListener('success', () => {
            const transaction = open.result.transaction('it', 'readwrite')
            transaction.objectStore('it').put('x'.repeat(1_000_000), 1)
            transaction.addEventListener('abort', () => resolve(String(transaction.error?.name)))
            transaction.addEventListener('complete', () => resolve('stored'))
          })
        }),
    )
    expect(isFull).toBe('QuotaExceededError')
    parts().rig.proxy.set({ kind: 'down' })
    await record(page, 'quota.events', 5)
    expect((await flushIn(page)).acknowledged).toBe(false)
    parts().rig.proxy.set({ kind: 'pass' })
    await record(page, 'quota.events', 6)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted('quota.events')).toBe(11)
    await record(page, 'quota.left', 2)
    expect(await complaints()).toEqual([])
    await leave(page)
    expect(await awaitCount('quota.left', 2)).toBe(2)
    expect(await counted('quota.events')).toBe(11)
  })

  it('more than the outbox may hold: the oldest go, and are counted', async () => {
    const { page, siteUrl, complaints } = await open()
    const before = await dropped('outbox_full')
    parts().rig.proxy.set({ kind: 'down' })
    const rounds = 8
    const perRound = 1_500
    for (let round = 0; round < rounds; round++) {
      const seriesSet = await page.evaluate((count) => {
        for (let i = 0; i < count; i++) window.pharos.increment('full.events', 1, { long: `${'x'.repeat(100)}${i}` })
        return window.pharos.stats().recorded
      }, perRound)
      expect(seriesSet).toBe((round + 1) * perRound)
      expect((await flushIn(page)).acknowledged).toBe(false)
    }
    parts().rig.proxy.set({ kind: 'pass' })
    const result = await readUntil(
      () => flushIn(page),
      ({ acknowledged }) => acknowledged,
    )
    expect(result).toEqual({ acknowledged: true })
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await complaints()).toEqual([])
    await page.close()
    await comeBack(siteUrl)
    const lost = (await dropped('outbox_full')) - before
    expect(lost).toBeGreaterThan(0)
    expect((await counted('full.events')) + lost).toBe(rounds * perRound)
  })
})

describe('a network that fails', () => {
  it('offline for a while, closed there, and back', async () => {
    const { page, siteUrl, complaints } = await open()
    await record(page, 'offline.events', 3)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    await parts().chromium.context.setOffline(true)
    await record(page, 'offline.events', 4)
    expect((await flushIn(page)).acknowledged).toBe(false)
    await parts().chromium.context.setOffline(false)
    await record(page, 'offline.events', 5)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await counted('offline.events')).toBe(12)
    await parts().chromium.context.setOffline(true)
    await record(page, 'offline.events', 6)
    expect(await complaints()).toEqual([])
    await page.close()
    await parts().chromium.context.setOffline(false)
    await comeBack(siteUrl)
    expect(await counted('offline.events')).toBe(18)
  })

  it('503 with Retry-After: nothing is asked until the time is over, and then it is counted', async () => {
    const { page, complaints } = await open({ data: { 'flush-interval-ms': '1000' } })
    // The page must have the answer, and be asked, before it is over.
    const retryAfterMs = 5_000
    const from = parts().rig.beacons().length
    parts().rig.proxy.set({
      kind: 'status',
      status: 503,
      headers: { ...MARKED, 'retry-after': String(retryAfterMs / 1_000) },
    })
    await record(page, 'busy.events', 8)
    await readUntil(
      () => parts().rig.beacons().length,
      (n) => n > from,
    )
    parts().rig.proxy.set({ kind: 'pass' })
    expect((await flushIn(page)).acknowledged).toBe(false)
    expect(await awaitCount('busy.events', 8)).toBe(8)
    const [refused, accepted] = parts().rig.beacons().slice(from)
    expect(accepted!.timeMs - refused!.timeMs).toBeGreaterThanOrEqual(retryAfterMs - 50)
    expect(await complaints()).toEqual([])
  })

  it('the answer is lost after delivery: the batch comes again and counts once', async () => {
    const { page, siteUrl, complaints } = await open()
    parts().rig.proxy.set({ kind: 'drop-answer' })
    await record(page, 'unanswered.events', 9)
    expect((await flushIn(page)).acknowledged).toBe(false)
    expect(await counted('unanswered.events')).toBe(9)
    parts().rig.proxy.set({ kind: 'pass' })
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    await record(page, 'unanswered.events', 1)
    parts().rig.proxy.set({ kind: 'drop-answer' })
    expect(await complaints()).toEqual([])
    await leave(page)
    parts().rig.proxy.set({ kind: 'pass' })
    await comeBack(siteUrl)
    expect(await counted('unanswered.events')).toBe(10)
  })

  it.each([
    [400, 'bad_envelope'],
    [403, 'origin_not_allowed'],
    [415, 'unsupported_encoding'],
  ] as const)('%i for %s is final: dropped, and counted as rejected', async (status, reason) => {
    const { page, siteUrl, complaints } = await open()
    const before = await dropped('rejected')
    const name = `refused${status}.events`
    parts().rig.proxy.set({ kind: 'status', status, headers: MARKED, body: JSON.stringify({ status, reason }) })
    await record(page, name, 4)
    expect((await flushIn(page)).acknowledged).toBe(false)
    parts().rig.proxy.set({ kind: 'pass' })
    await record(page, name, 5)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await page.evaluate(() => window.pharos.stats())).toMatchObject({ recorded: 9, dropped: { rejected: 4 } })
    expect(await complaints()).toEqual([])
    await leave(page)
    await comeBack(siteUrl)
    expect(await counted(name)).toBe(5)
    expect((await dropped('rejected')) - before).toBe(4)
  })

  it.each([400, 403, 422])('%i for a reason that pages do not know is no answer: all is counted', async (status) => {
    const { page, complaints } = await open()
    const before = await dropped()
    const name = `misunderstood${status}.events`
    const body = JSON.stringify({ status, reason: 'of_a_later_release' })
    parts().rig.proxy.set({ kind: 'status', status, headers: MARKED, body })
    await record(page, name, 4)
    expect(await flushIn(page)).toEqual({ acknowledged: false, reason: `http_${status}` })
    parts().rig.proxy.set({ kind: 'pass' })
    await record(page, name, 5)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await complaints()).toEqual([])
    expect(await counted(name)).toBe(9)
    expect(await dropped()).toBe(before)
  })
})

describe('sendBeacon that refuses', () => {
  /** Records, closes, comes back; both what was sealed and what was only recorded must be counted. */
  const closeAndComeBack = async ({ page, siteUrl, complaints }: Visit, name: string): Promise<number> => {
    await record(page, name, 3)
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)))
    await record(page, name, 4)
    expect(await complaints()).toEqual([])
    await page.close()
    await comeBack(siteUrl)
    return awaitCount(name, 7)
  }

  it.each([
    ['says.false', 'navigator.sendBeacon = () => false'],
    ['throws', 'navigator.sendBeacon = () => { throw new TypeError("no") }'],
    ['is.missing', 'delete Navigator.prototype.sendBeacon'],
  ])('%s: the outbox keeps it for the next visit', async (what, before) => {
    expect(await closeAndComeBack(await open({ before }), `beacon.${what}`)).toBe(7)
  })

  it('64 KiB are in flight: the outbox keeps it for the next visit', async () => {
    const swallower = createServer(() => {}).listen(0, '127.0.0.1')
    await once(swallower, 'listening')
    const url = `http://127.0.0.1:${(swallower.address() as AddressInfo).port}`
    const visited = await open()
    expect(await visited.page.evaluate((to) => navigator.sendBeacon(to, 'x'.repeat(65_500)), url)).toBe(true)
    expect(await closeAndComeBack(visited, 'beacon.over.budget')).toBe(7)
    swallower.closeAllConnections()
    swallower.close()
  })
})
