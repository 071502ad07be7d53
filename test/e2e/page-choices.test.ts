import type { Frame, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { sharePageParts } from '../support/page-parts.ts'
import { batchesIn } from '../support/page-outbox.ts'
import { flushIn, startPageRig } from '../support/page-rig.ts'
import type { PageServer } from '../support/page-server.ts'
import { readUntil, until } from '../support/until.ts'

// Each test is a page of an origin of its own, so with a storage of its own.

const CORE = '/dist/size/core.js'

const parts = sharePageParts()

/** A page that starts a beacon with these options; `before` runs first. */
const htmlOf = (options: object, { edge = parts().rig, before = '' } = {}): string => `<!doctype html>
<link rel="icon" href="data:,">
<script>window.thrown = []; addEventListener('error', (event) => thrown.push(event.message));${before}</script>
<script type="module">
import { init } from '${CORE}'
window.pharos = init(${JSON.stringify({ url: `${edge.proxy.url}/v1/beacon`, flushIntervalMs: 60_000, ...options })})
</script>`

const serve = (html: string): Promise<PageServer> => parts().serve({ '/': html, '/plain': '' })

async function visit({ url }: PageServer, path = '/'): Promise<Page> {
  const page = await parts().chromium.context.newPage()
  await page.goto(`${url}${path}`)
  if (path === '/') await page.waitForFunction(() => 'pharos' in window)
  return page
}

const record = (page: Page | Frame, name: string, times = 1): Promise<void> =>
  page.evaluate(
    ([metric, count]) => {
      for (let i = 0; i < count; i++) window.pharos.increment(metric)
    },
    [name, times] as const,
  )

const statsOf = (page: Page | Frame) => page.evaluate(() => window.pharos.stats())
const thrownIn = (page: Page | Frame): Promise<string[]> => page.evaluate(() => window.thrown)
const pause = (page: Page, ms: number): Promise<unknown> =>
  page.evaluate((wait) => new Promise((resolve) => setTimeout(resolve, wait)), ms)

/** Of all sums and counts whose name begins so. */
const total = async (name: string, { totals } = parts().rig): Promise<number> =>
  [...(await totals())].reduce((sum, [series, value]) => (series.startsWith(name) ? sum + value : sum), 0)

describe('sampling', () => {
  it.each([
    { draw: 0.09, counted: 30, sessions: 1 },
    { draw: 0.1, counted: 0, sessions: 0 },
  ])('of one in ten, at a draw of $draw', async ({ draw, counted, sessions }) => {
    const before = { sessions: await total('pharos_sample_weight_count'), sum: await total('pharos_sample_weight_sum') }
    const beacons = parts().rig.beacons().length
    const name = `sampled.at${draw * 100}`
    const page = await visit(await serve(htmlOf({ sampleRate: 0.1 }, { before: `Math.random = () => ${draw}` })))
    await record(page, name, 2)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    await record(page, name, 1)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    await page.close()
    expect(await total(name.replaceAll('.', '_'))).toBe(counted)
    // Told once for a session, however many batches it sends.
    expect((await total('pharos_sample_weight_count')) - before.sessions).toBe(sessions)
    expect((await total('pharos_sample_weight_sum')) - before.sum).toBe(10 * sessions)
    expect(parts().rig.beacons()).toHaveLength(beacons + 2 * sessions)
  })

  it('a page that is out still delivers what a page that was in left behind', async () => {
    const before = `Math.random = () => location.hash ? 0.9 : 0.1`
    const site = await serve(htmlOf({ sampleRate: 0.5 }, { before }))
    const page = await visit(site)
    await parts().chromium.context.setOffline(true)
    await record(page, 'left.behind', 4)
    expect((await flushIn(page)).acknowledged).toBe(false)
    // A flush that cannot load the courier does not wait for the storage.
    await until(
      () => batchesIn(page, `${parts().rig.proxy.url}/v1/beacon`),
      (batches) => batches > 0,
    )
    await page.close()
    await parts().chromium.context.setOffline(false)
    const next = await parts().chromium.context.newPage()
    await next.goto(`${site.url}/#out`)
    await next.waitForFunction(() => 'pharos' in window)
    await record(next, 'left.behind', 1)
    expect(await flushIn(next)).toEqual({ acknowledged: true })
    expect(await total('left_behind_total')).toBe(8)
    await next.close()
  })
})

describe('consent that is pending', () => {
  const wait = async (name: string): Promise<{ page: Page; site: PageServer }> => {
    const site = await serve(htmlOf({ consent: 'pending' }))
    const page = await visit(site)
    const beacons = parts().rig.beacons().length
    await record(page, name, 3)
    await pause(page, 1_500)
    expect((await flushIn(page)).acknowledged).toBe(false)
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0)
    expect(parts().rig.beacons()).toHaveLength(beacons)
    return { page, site }
  }

  it('granted: all is counted', async () => {
    const { page } = await wait('pending.granted')
    await page.evaluate(() => window.pharos.setConsent('granted'))
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    expect(await total('pending_granted_total')).toBe(3)
    expect(await thrownIn(page)).toEqual([])
    await page.close()
  })

  it('denied: nothing is', async () => {
    const { page } = await wait('pending.denied')
    const beacons = parts().rig.beacons().length
    await page.evaluate(() => window.pharos.setConsent('denied'))
    await record(page, 'pending.denied', 1)
    await page.goto(page.url().replace(/\/$/, '/plain'))
    await pause(page, 300)
    expect(parts().rig.beacons()).toHaveLength(beacons)
    expect(await total('pending_denied_total')).toBe(0)
    await page.close()
  })
})

describe('what the edge says', () => {
  it('off: this page stops, later pages of the origin know at their start, and nothing acknowledged is lost', async () => {
    const telling = await startPageRig({ page: { enabled: false, sampleRate: 0.5, flushIntervalMs: 60_000 } })
    const site = await serve(htmlOf({}, { edge: telling }))
    const page = await visit(site)
    await record(page, 'switched.off', 5)
    expect(await flushIn(page)).toEqual({ acknowledged: true })
    const beacons = telling.beacons().length
    await record(page, 'switched.off', 1)
    expect(await flushIn(page)).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(await statsOf(page)).toMatchObject({ recorded: 5, pending: 0, acknowledged: 5 })
    await page.close()

    const next = await visit(site)
    await record(next, 'switched.off', 2)
    await readUntil(
      () => flushIn(next),
      ({ reason }) => reason === 'inactive',
    )
    const { recorded } = await statsOf(next)
    await record(next, 'switched.off', 2)
    expect((await statsOf(next)).recorded).toBe(recorded)
    expect(await thrownIn(next)).toEqual([])
    await next.goto(`${site.url}/plain`)
    await pause(next, 300)
    expect(telling.beacons().length - beacons).toBeLessThanOrEqual(1)
    expect(await total('switched_off_total', telling)).toBeLessThanOrEqual(7)
    expect(await total('switched_off_total', telling)).toBeGreaterThanOrEqual(5)
    await next.close()
    await telling.close()
  })
})

describe('where there is no page', () => {
  it.each(['Worker', 'SharedWorker'])('in a %s, init does nothing and throws nothing', async (kind) => {
    const site = await serve('<!doctype html><link rel="icon" href="data:,">')
    const page = await visit(site, '/plain')
    const beacons = parts().rig.beacons().length
    const said = await page.evaluate(
      ([constructor, core, url]) =>
        new Promise((resolve, reject) => {
          const code = `import { init } from '${core}'
            const run = async (port) => {
              const beacon = init({ url: '${url}', consent: true })
              beacon.increment('worker.events')
              beacon.counter('worker.events').add()
              const flushed = await beacon.flush()
              await beacon.shutdown()
              port.postMessage({ stats: beacon.stats(), flushed })
            }
            'onconnect' in self ? (onconnect = ({ ports }) => run(ports[0])) : run(self)`
          const file = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
          const worker =
            constructor === 'Worker' ? new Worker(file, { type: 'module' }) : new SharedWorker(file, { type: 'module' })
          const port = worker instanceof Worker ? worker : worker.port
          worker.addEventListener('error', () => reject(new Error('the worker failed')))
          port.addEventListener('message', (event) => resolve((event as MessageEvent).data))
          if ('start' in port) port.start()
        }),
      [kind, `${site.url}${CORE}`, `${parts().rig.proxy.url}/v1/beacon`] as const,
    )
    expect(said).toEqual({
      stats: { recorded: 0, pending: 0, acknowledged: 0, dropped: {} },
      flushed: { acknowledged: false, reason: 'inactive' },
    })
    expect(parts().rig.beacons()).toHaveLength(beacons)
    await page.close()
  })
})

describe('a frame of another site', () => {
  // Its storage is its browser's business: some give it one of its own for each embedding, this one gives it none.
  it('counts as a page of its own, until it is left', async () => {
    const site = await serve(htmlOf({}))
    site.setPage(
      '/outer',
      `<!doctype html><link rel="icon" href="data:,"><iframe src="${site.otherSiteUrl}/"></iframe>`,
    )
    const outer = await visit(site, '/outer')
    const frame = outer.frames().find((one) => one.parentFrame())!
    await frame.waitForFunction(() => 'pharos' in window)
    await record(frame, 'framed.flushed', 2)
    expect(await flushIn(frame)).toEqual({ acknowledged: true })
    await record(frame, 'framed.left', 3)
    expect(await thrownIn(frame)).toEqual([])
    await outer.goto(`${site.url}/plain`)
    const left = await readUntil(
      () => total('framed_left_total'),
      (count) => count > 0,
    )
    expect([await total('framed_flushed_total'), left]).toEqual([2, 3])
    await outer.close()
  })
})
