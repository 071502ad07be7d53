import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { type Fate, HOSTILE_PAGES } from '../support/hostile-pages.ts'
import { parseSeries } from '../support/page-expected.ts'
import { sharePageParts } from '../support/page-parts.ts'
import { flushIn, type PharosGlobal } from '../support/page-rig.ts'
import { readUntil } from '../support/until.ts'

// Each is a page of an origin of its own, so with a storage of its own; all share one browser and one edge.

const parts = sharePageParts()

const CALLS = 5

type Flushed = Awaited<ReturnType<PharosGlobal['flush']>>
type Stats = ReturnType<PharosGlobal['stats']>

/** The sum of what the edge has of a metric, by the label `reason`, '' where a series has none. */
async function sumsOf(metric: string): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {}
  for (const [text, value] of await parts().rig.totals()) {
    const { name, labels } = parseSeries(text)
    const { reason = '' } = labels
    if (name === metric && labels['where'] !== 'edge') sums[reason] = (sums[reason] ?? 0) + value
  }
  return sums
}

/** The value of an expression, of a page whose built-ins nothing may depend on that drives a browser. */
async function evaluate<T>(page: Page, expression: string): Promise<T> {
  const cdp = await parts().chromium.context.newCDPSession(page)
  const said = await cdp.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
  expect(said.exceptionDetails).toBeUndefined()
  return said.result.value as T
}

interface Outcome {
  readonly flushed: Partial<Flushed>
  /** Where `stats` has the calls after that. @default the fate itself */
  readonly place?: string
  /** Calls at the edge after the flush, after the page was left, and after the next visit. */
  readonly counted: readonly [number, number, number]
}

const OUTCOMES: Partial<Record<Fate, Outcome>> = {
  acknowledged: { flushed: { acknowledged: true }, counted: [CALLS, CALLS, CALLS] },
  left: { flushed: { acknowledged: false, reason: 'network' }, place: 'pending', counted: [0, CALLS, CALLS] },
  kept: { flushed: { acknowledged: false, reason: 'network' }, place: 'pending', counted: [0, 0, CALLS] },
  stuck: { flushed: { acknowledged: false }, place: 'pending', counted: [0, 0, 0] },
  off: { flushed: { acknowledged: false, reason: 'inactive' }, counted: [0, 0, 0] },
  rejected: { flushed: { acknowledged: false, reason: 'http_400' }, counted: [0, 0, 0] },
}

/** Reasons for which calls are dropped that `stats` has as recorded. */
const LATE = new Set(['expired', 'outbox_full', 'rejected', 'too_large'])

/** Every call is in one place, and those of the page itself where they should be. Plugins may have recorded more since. */
function expectAccount(stats: Stats, place: string, reasons: readonly string[]): void {
  const { recorded, pending, acknowledged, dropped } = stats
  const late = Object.entries(dropped).filter(([reason]) => LATE.has(reason))
  expect(acknowledged + pending + late.reduce((sum, [, calls]) => sum + calls, 0)).toBe(recorded)
  const places: Record<string, number> = { ...dropped, pending, acknowledged, off: recorded ? 0 : CALLS }
  expect(places[place]).toBeGreaterThanOrEqual(CALLS)
  expect(Object.keys(dropped).filter((reason) => !reasons.includes(reason))).toEqual([])
}

it('there are fifty at least', () => {
  expect(HOSTILE_PAGES.length).toBeGreaterThanOrEqual(50)
})

const visit = async (index: number): Promise<readonly string[]> => {
  const { chromium, rig, serve } = parts()
  const { before, fate, alsoDropped } = HOSTILE_PAGES[index]!
  const { flushed = {}, place = fate, counted = [0, 0, 0] } = OUTCOMES[fate] ?? {}
  const readCalls = async (): Promise<number> => (await sumsOf(`hostile_n${index}_total`))[''] ?? 0
  const droppedBefore = await sumsOf('pharos_dropped_total')
  const body = `<script>for (let i = 0; i < ${CALLS}; i++) pharos.increment('hostile.n${index}')</script>`
  const data = { collect: 'vitals errors navigation' }
  const site = await serve({ '/': rig.html({ before, data, body }), '/next': rig.html() })
  const page = await chromium.context.newPage()
  const thrown: string[] = []
  page.on('pageerror', ({ message }) => thrown.push(message))
  await page.goto(site.url)

  expect(await evaluate<Flushed>(page, 'pharos.flush()')).toMatchObject(flushed)
  const stats = await evaluate<Stats>(page, 'pharos.stats()')
  const reasons = [...(OUTCOMES[fate] && fate !== 'rejected' ? [] : [fate]), ...alsoDropped]
  expectAccount(stats, place, reasons)
  expect(await readCalls()).toBe(counted[0])
  await page.close()
  expect(await readUntil(readCalls, (calls) => calls >= counted[1])).toBe(counted[1])
  const next = await chromium.context.newPage()
  await next.goto(`${site.url}/next`)
  expect(await flushIn(next)).toEqual({ acknowledged: true })
  await next.close()
  expect(await readCalls()).toBe(counted[2])

  const dropped = await sumsOf('pharos_dropped_total')
  const told = Object.keys(dropped).filter((reason) => dropped[reason] !== (droppedBefore[reason] ?? 0))
  // A page that can send nothing cannot tell of it either.
  expect(told.sort()).toEqual(fate === 'stuck' || fate === 'expired' ? [] : reasons.sort())
  for (const reason of told)
    expect(dropped[reason]! - (droppedBefore[reason] ?? 0)).toBeGreaterThanOrEqual(stats.dropped[reason]!)
  return thrown
}

it.each(HOSTILE_PAGES.map(({ what, fate }, index) => ({ what, fate, index })))(
  'nothing is thrown, and every call accounted for, where $what: $fate',
  async ({ index }) => expect(await visit(index)).toEqual([]),
)
