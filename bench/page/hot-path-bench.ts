import { fileURLToPath } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import { bundle } from '../bundle.ts'
import { bundleForPage } from '../bundle-for-page.ts'
import { median } from '../statistics.ts'
import { atMost, number, printTable } from '../table.ts'
import { bytesPerCall, type MeasuredPage, nsPerCall } from './hot-path-measure.ts'
import type { HotPath } from './hot-path-page.ts'
import { type Site, startSite } from './site.ts'

declare const hotPath: HotPath

const ROUNDS = 15
const WARM_UP_ROUNDS = 2

/** After a peer's turn: it sends what it has before the next one is measured. Faro waits 250 ms. */
const SETTLE_MS = 400

/** What a small object takes at least, in bytes: if the profiler does not see the one of the control, its zeros mean nothing. */
const LEAST_OBJECT_BYTES = 8

const CALLS = [
  'bound add(1)',
  'increment',
  'increment, 1 attribute',
  'increment, 2 attributes',
  'bound record(v)',
  'observe',
  'observe, 1 attribute',
  'observe, 2 attributes',
]
const UNBOUND = CALLS.filter((call) => !call.startsWith('bound'))
const PEERS = ['OpenTelemetry', 'Sentry', 'Faro', 'Datadog'] as const
const SUBJECTS = ['Pharos', ...PEERS] as const
const CONTROL = 'Control: an object a call'
const OTHERS = ['OpenTelemetry: observe, exponential', 'A Map keyed by a template string', CONTROL]

const casesOf = (subject: string): string[] => UNBOUND.map((call) => `${subject}: ${call}`)

/** Each peer in a page of its own, since most of them patch the globals of theirs. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  'hot-path': [...CALLS.map((call) => `Pharos: ${call}`), ...casesOf('OpenTelemetry'), ...OTHERS],
  'hot-path-sentry': casesOf('Sentry'),
  'hot-path-faro': casesOf('Faro'),
  'hot-path-datadog': casesOf('Datadog'),
}

interface OpenPage extends MeasuredPage {
  readonly name: string
}

interface Cost {
  readonly ns: number
  /** Allocated, whether collected since or not. */
  readonly bytes: number
}

/** ns and bytes per call of Pharos and its peers: the same browser, the same run, in turns. */
export async function benchHotPath(context: BrowserContext): Promise<void> {
  const site = await startSite(await filesOf())
  try {
    const open = await Promise.all(Object.keys(PAGES).map((name) => openPage(context, { name, site })))
    const costs = await measure(open, site)
    print(costs)
    const isComplete = await open[0]!.page.evaluate(() => hotPath.isComplete!())
    console.log(isComplete ? 'Every call was counted.' : 'CALLS ARE MISSING: stats().recorded is not what was called.')
    for (const { page } of open) await page.close()
  } finally {
    site.close()
  }
}

async function filesOf(): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of Object.keys(PAGES)) {
    const entry = new URL(`${name}.ts`, import.meta.url)
    files[`/${name}.js`] =
      name === 'hot-path'
        ? await bundle(fileURLToPath(entry), { format: 'iife', runsIn: 'page', minified: true })
        : Buffer.from(await bundleForPage(entry)).toString()
    files[`/${name}.html`] =
      `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="/${name}.js"></script>`
  }
  return files
}

async function openPage(context: BrowserContext, { name, site }: { name: string; site: Site }): Promise<OpenPage> {
  const page = await context.newPage()
  const origin = `http://${name}.localhost:${site.port}`
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith('data:')) console.log(`${name} ASKED FOR ${url}`)
  })
  page.on('pageerror', (error) => console.log(`${name} THREW ${error.message}`))
  await page.goto(`${origin}/${name}.html`)
  const cdp = await context.newCDPSession(page)
  // CPU, not wall clock: what others do on the machine must not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return { name, page, cdp, isPeer: name !== 'hot-path' }
}

async function measure(open: readonly OpenPage[], site: Site): Promise<ReadonlyMap<string, Cost>> {
  const samples = new Map<string, number[]>()
  const requests = new Map<string, number>()
  const settle = async ({ name, page, isPeer }: OpenPage): Promise<void> => {
    if (isPeer) await page.waitForTimeout(SETTLE_MS)
    requests.set(name, (requests.get(name) ?? 0) + site.takeReceived().length)
  }
  // In turns, so that a busy moment of the machine hits all cases and not one.
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++)
    for (const one of open) {
      for (const name of PAGES[one.name]!) {
        const ns = await nsPerCall(one, name)
        if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), ns])
      }
      await settle(one)
    }
  const costs = new Map<string, Cost>()
  for (const one of open) {
    for (const name of PAGES[one.name]!)
      costs.set(name, { ns: median(samples.get(name)!), bytes: await bytesPerCall(one, name) })
    await settle(one)
  }
  for (const { name, isPeer } of open)
    if (isPeer && !requests.get(name)) console.log(`${name} SENT NOTHING: its calls were not what a page would make.`)
  return costs
}

function print(costs: ReadonlyMap<string, Cost>): void {
  const nsOf = (name: string): number => costs.get(name)?.ns ?? NaN
  const bytesOf = (name: string): number => costs.get(name)?.bytes ?? NaN
  const budgets: Readonly<Record<string, string>> = {
    'bound add(1)': atMost(5, nsOf('Pharos: bound add(1)')),
    'bound record(v)': atMost(25, nsOf('Pharos: bound record(v)')),
    'increment, 1 attribute': `of OpenTelemetry ${atMost(0.5, nsOf('Pharos: increment, 1 attribute') / nsOf('OpenTelemetry: increment, 1 attribute'))}`,
  }
  const cells = (call: string, pick: (name: string) => number, digits: number): string[] =>
    SUBJECTS.map((subject) => {
      const value = pick(`${subject}: ${call}`)
      return Number.isNaN(value) ? '' : number(value, value < 1_000 ? digits : 0)
    })
  const header = ['', ...SUBJECTS, 'budget']
  printTable(
    `A call in the page, ns of CPU, median of ${ROUNDS} rounds`,
    header,
    CALLS.map((call) => [call, ...cells(call, nsOf, 1), budgets[call] ?? '']),
  )
  const allocated = Math.round(bytesOf('Pharos: bound add(1)') * 10) / 10
  const isSeen = bytesOf(CONTROL) >= LEAST_OBJECT_BYTES
  const verdict = isSeen ? atMost(0, allocated) : 'NOT KNOWN: the profiler does not see the control'
  printTable(
    'Allocated by a call, bytes',
    header,
    CALLS.map((call) => [call, ...cells(call, bytesOf, 1), call === 'bound add(1)' ? verdict : '']),
  )
  printTable(
    'Beside them',
    ['', 'ns', 'bytes'],
    OTHERS.map((name) => [name, number(nsOf(name), 1), number(bytesOf(name), 1)]),
  )
}
