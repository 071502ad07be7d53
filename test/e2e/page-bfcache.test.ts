import { afterAll, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { goBack } from '../support/page-history.ts'
import { flushIn, startPageRig } from '../support/page-rig.ts'
import type { PageRig } from '../support/page-rig.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { readUntil } from '../support/until.ts'

afterAll(stopPrograms)

interface Departure {
  readonly what: string
  /** Runs in the page in the same task that begins to leave it. */
  readonly lastWords: string
  /** How long each answer takes. */
  readonly answerDelayMs: number
  readonly recorded: number
}

/** Series. */
const MUCH = 1_500

const increment = (times: number): string => `for (let i = 0; i < ${times}; i++) pharos.increment('bfcache.events');`

/** Hundreds of kilobytes, so that the write is certainly under way when the page is put away. */
const RECORD_MUCH_AT_PAGEHIDE = `addEventListener('pagehide', () => {
  for (let i = 0; i < ${MUCH}; i++) pharos.increment('bfcache.much', 1, { long: 'x'.repeat(100) + i })
}, { capture: true, once: true });`

const DEPARTURES: readonly Departure[] = [
  { what: 'at rest', lastWords: '', answerDelayMs: 0, recorded: 0 },
  { what: 'a record not yet sealed', lastWords: increment(3), answerDelayMs: 0, recorded: 3 },
  { what: 'a beacon in flight', lastWords: increment(2), answerDelayMs: 1_500, recorded: 2 },
  {
    what: 'an acknowledged flush in flight',
    lastWords: `${increment(4)}pharos.flush();`,
    answerDelayMs: 1_500,
    recorded: 4,
  },
  {
    what: 'a write just begun',
    lastWords: `${increment(5)}pharos.flush();${increment(1)}`,
    answerDelayMs: 0,
    recorded: 6,
  },
  { what: 'a large write begun while leaving', lastWords: RECORD_MUCH_AT_PAGEHIDE, answerDelayMs: 0, recorded: 0 },
]

it('a page stays in the back/forward cache, comes back as a new session, and counts stay exact', async (context) => {
  const chromium = await required(context, () => launchChromium())
  const rig = await startPageRig()
  rig.site.setPage('/', rig.html({ data: { collect: 'vitals' }, before: COUNT_RESTORES }))
  rig.site.setPage('/next', '<link rel="icon" href="data:,">')
  const page = await chromium.context.newPage()
  const refusals: unknown[] = []
  const cdp = await chromium.context.newCDPSession(page)
  await cdp.send('Page.enable')
  cdp.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) => refusals.push(notRestoredExplanations))

  await page.goto(`${rig.site.url}/`)
  let expected = 0
  for (const [step, { what, lastWords, answerDelayMs, recorded }] of DEPARTURES.entries()) {
    await page.evaluate(increment(2))
    if (step % 2 === 0) await page.evaluate('pharos.flush()')
    rig.proxy.set(answerDelayMs > 0 ? { kind: 'delay', delayMs: answerDelayMs } : { kind: 'pass' })
    await page.evaluate(`${lastWords}location.href = '/next'`).catch(() => {})
    await page.waitForURL('**/next')
    await goBack(page, '/')
    // 0 where it was loaded anew.
    expect([what, await page.evaluate('restores'), refusals]).toEqual([what, step + 1, []])
    rig.proxy.set({ kind: 'pass' })
    expected += 2 + recorded
  }
  await page.evaluate(increment(1))
  // The beacon of the large write may still hold the browser's budget for a moment.
  const { acknowledged } = await readUntil(
    () => flushIn(page),
    (result) => result.acknowledged,
  )
  expect(acknowledged).toBe(true)
  expect(await page.evaluate('thrown')).toEqual([])
  const isRight = (count: number | undefined): boolean => count === expected + 1
  expect(await readUntil(() => counted(rig), isRight)).toBe(expected + 1)
  const much = [...(await rig.totals())].filter(([series]) => series.startsWith('bfcache_much_total'))
  expect(much.reduce((sum, [, count]) => sum + count, 0)).toBe(MUCH)
  expect(sessionsIn(rig).size).toBe(DEPARTURES.length + 1)
  await chromium.close()
  await rig.close()
})

const COUNT_RESTORES = `window.restores = 0
addEventListener('pageshow', (event) => { if (event.persisted) window.restores++ })`

const counted = async (rig: PageRig): Promise<number | undefined> =>
  (await rig.totals()).get('bfcache_events_total{service="shop"}')

const sessionsIn = (rig: PageRig): ReadonlySet<string> => {
  const bodies = rig.beacons().filter(({ method }) => method === 'POST')
  const groups = bodies.flatMap(({ body }) => (JSON.parse(body.toString()) as { groups: { session: string }[] }).groups)
  return new Set(groups.map(({ session }) => session))
}
