import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type RunningChromium } from '../support/chromium.ts'
import { bundleSource } from '../support/page-bundle.ts'
import { type PageServer, startPageServer } from '../support/page-server.ts'
import { stopPrograms } from '../support/processes.ts'

const CALLS = 1_000_000

/** Two orders below the smallest object there is, and above what the profiler and the page do beside the calls. */
const NOTHING_BYTES = 0.2
const LEAST_OBJECT_BYTES = 8

/** Each case is its own loop, as a call site of a page is its own. */
const PAGE = `import { init } from './init.ts'
const beacon = init({ service: 'shop' })
const clicks = beacon.counter('clicks', { page: '/cart' })
const kept = { last: undefined }
const loops = {
  'bound add(1)': (calls) => { for (let i = 0; i < calls; i++) clicks.add(1) },
  'bound add()': (calls) => { for (let i = 0; i < calls; i++) clicks.add() },
  'increment without attributes': (calls) => { for (let i = 0; i < calls; i++) beacon.increment('visits') },
  'an object a call': (calls) => { for (let i = 0; i < calls; i++) kept.last = { i } },
  'add(1) of a counter bound anew': (calls) => {
    for (let i = 0; i < calls; i++) beacon.counter('clicks', { page: '/cart' }).add(1)
  },
}
window.runLoop = (name, calls) => loops[name](calls)
window.recorded = () => beacon.stats().recorded`

declare global {
  interface Window {
    runLoop: (name: string, calls: number) => void
    recorded: () => number
  }
}

let server: PageServer
let chromium: RunningChromium
let page: Page
let cdp: CDPSession

beforeAll(async () => {
  server = await startPageServer({
    '/': `<link rel="icon" href="data:,"><script>${await bundleSource(PAGE)}</script>`,
  })
  chromium = await launchChromium()
  page = await chromium.context.newPage()
  cdp = await chromium.context.newCDPSession(page)
  await page.goto(server.url)
})

afterAll(async () => {
  await chromium.close()
  await server.close()
  await stopPrograms()
})

/** What the heap profiler sees allocated in a million calls, collected since or not, in bytes per call. */
async function bytesPerCall(name: string): Promise<number> {
  await cdp.send('HeapProfiler.startSampling', {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await page.evaluate(([name, calls]) => window.runLoop(name, calls), [name, CALLS] as const)
  const { profile } = await cdp.send('HeapProfiler.stopSampling')
  const sizeOf = (node: typeof profile.head): number =>
    node.selfSize + node.children.reduce((sum, child) => sum + sizeOf(child), 0)
  return sizeOf(profile.head) / CALLS
}

/** The least of a few runs: the first ones are in code that the engine has not compiled yet, whose every sum is an object. */
async function settledBytesPerCall(name: string): Promise<number> {
  const runs: number[] = []
  for (let run = 0; run < 6; run++) runs.push(await bytesPerCall(name))
  return Math.min(...runs)
}

it.each(['bound add(1)', 'bound add()', 'increment without attributes'])('allocates nothing: %s', async (name) => {
  const before = await page.evaluate(() => window.recorded())
  expect(await settledBytesPerCall(name)).toBeLessThan(NOTHING_BYTES)
  expect((await page.evaluate(() => window.recorded())) - before).toBe(6 * CALLS)
})

it.each(['an object a call', 'add(1) of a counter bound anew'])('sees what is allocated: %s', async (name) => {
  expect(await settledBytesPerCall(name)).toBeGreaterThanOrEqual(LEAST_OBJECT_BYTES)
})
