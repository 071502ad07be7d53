import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchChromium, type RunningChromium } from '../support/chromium.ts'
import { HOSTILE_PAGES } from '../support/hostile-pages.ts'
import { parseSeries } from '../support/page-expected.ts'
import { startPageRig, type PageRig } from '../support/page-rig.ts'
import { startPageServer, type PageServer } from '../support/page-server.ts'
import { stopPrograms } from '../support/processes.ts'
import { MissingRequirement } from '../support/requirements.ts'

// Each is a page of an origin of its own, so with a storage of its own; all share one browser and one edge.

const CALLS = 5

let chromium: RunningChromium
let rig: PageRig
let missing: MissingRequirement | undefined
const sites: PageServer[] = []

beforeAll(async () => {
  try {
    chromium = await launchChromium()
  } catch (error) {
    if (process.env['CI'] || !(error instanceof MissingRequirement)) throw error
    missing = error
    return
  }
  rig = await startPageRig()
})

beforeEach((context) => {
  if (missing) context.skip(missing.message)
})

afterAll(async () => {
  await chromium?.close()
  await Promise.all(sites.map((site) => site.close()))
  await rig?.close()
  await stopPrograms()
})

it('there are fifty at least', () => {
  expect(HOSTILE_PAGES.length).toBeGreaterThanOrEqual(50)
})

it.for(HOSTILE_PAGES.map((page, index) => ({ ...page, index })))(
  'nothing is thrown, and nothing counted twice, where $what',
  async ({ before, counts, index }) => {
    const name = `hostile.n${index}`
    const data = { collect: 'vitals errors navigation' }
    // The page itself: what drives a browser needs what these pages lack.
    const body = `<script>for (let i = 0; i < ${CALLS}; i++) pharos.increment('${name}'); pharos.flush()</script>`
    const site = await startPageServer({ '/': rig.html({ before, data, body }) })
    sites.push(site)
    const page = await chromium.context.newPage()
    const thrown: string[] = []
    page.on('pageerror', ({ message }) => thrown.push(message))
    await page.goto(site.url)
    const series = `hostile_n${index}_total`
    const read = async (): Promise<number> =>
      [...(await rig.totals())].reduce(
        (sum, [text, value]) => (parseSeries(text).name === series ? sum + value : sum),
        0,
      )
    // Where it may be dropped, what is there after the page has left is all or nothing.
    const wanted = counts === 'exactly' ? [CALLS] : [0, CALLS]
    await expect.poll(read, { timeout: 10_000 }).toSatisfy((count: number) => wanted.includes(count))
    await page.close()
    expect(thrown).toEqual([])
  },
)
