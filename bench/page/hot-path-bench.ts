import type { CDPSession, Page } from 'playwright-core'
import { median } from '../statistics.ts'
import { atMost, number, printTable } from '../table.ts'
import type { HotPath } from './hot-path.ts'

declare const hotPath: HotPath

const ROUNDS = 15

/** Each case: what of OpenTelemetry does the same, and the most it may cost. */
interface Row {
  readonly name: string
  readonly peer?: string
  readonly mostNs?: number
  readonly mostOfPeer?: number
}

const rows: readonly Row[] = [
  { name: 'pharos bound add(1)', peer: 'otel add', mostNs: 5 },
  { name: 'pharos bound record(v)', peer: 'otel record', mostNs: 25 },
  { name: 'pharos increment', peer: 'otel add' },
  { name: 'pharos increment, 1 attribute', peer: 'otel add, 1 attribute', mostOfPeer: 0.5 },
  { name: 'pharos increment, 2 attributes', peer: 'otel add, 2 attributes' },
  { name: 'pharos observe', peer: 'otel record' },
  { name: 'pharos observe, 1 attribute', peer: 'otel record, 1 attribute' },
  { name: 'otel add' },
  { name: 'otel add, 1 attribute' },
  { name: 'otel add, 2 attributes' },
  { name: 'otel record' },
  { name: 'otel record, 1 attribute' },
  { name: 'otel record, exponential' },
  { name: 'a Map keyed by a template string' },
]

/** What is allocated, in a loop of this many calls. */
const ALLOCATION_CALLS = 1_000_000

/** ns and bytes per call, every case in the same page and the same run. */
export async function benchHotPath(page: Page): Promise<void> {
  const samples = new Map(rows.map(({ name }): [string, number[]] => [name, []]))
  // In turns, so that a busy moment of the machine hits all cases and not one.
  for (let round = -2; round < ROUNDS; round++)
    for (const { name } of rows) {
      const ns = await page.evaluate((name) => hotPath.time(name), name)
      if (round >= 0) samples.get(name)!.push(ns)
    }
  const cdp = await page.context().newCDPSession(page)
  const lines: string[][] = []
  for (const row of rows) {
    const ns = median(samples.get(row.name)!)
    const ratio = row.peer === undefined ? NaN : ns / median(samples.get(row.peer)!)
    const bytes = await bytesPerCall(page, cdp, row.name)
    lines.push([
      row.name,
      number(ns, 1),
      Number.isNaN(ratio) ? '' : number(ratio, 2),
      number(bytes, 1),
      budgetOf(row, ns, ratio),
    ])
  }
  printTable(`A call in the page, median of ${ROUNDS} rounds`, ['', 'ns', 'of otel', 'bytes', 'budget'], lines)
  const isComplete = await page.evaluate(() => hotPath.isComplete())
  console.log(isComplete ? 'Every call was counted.' : 'CALLS ARE MISSING: stats().recorded is not what was called.')
}

function budgetOf({ mostNs, mostOfPeer }: Row, ns: number, ratio: number): string {
  if (mostNs !== undefined) return `${atMost(mostNs, ns)} (ns)`
  return mostOfPeer === undefined ? '' : `${atMost(mostOfPeer, ratio)} (of otel)`
}

/** What the heap profiler saw allocated, collected since or not. */
async function bytesPerCall(page: Page, cdp: CDPSession, name: string): Promise<number> {
  await page.evaluate(([name, calls]) => hotPath.run(name, calls), [name, ALLOCATION_CALLS] as const)
  await cdp.send('HeapProfiler.startSampling', {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await page.evaluate(([name, calls]) => hotPath.run(name, calls), [name, ALLOCATION_CALLS] as const)
  const { profile } = await cdp.send('HeapProfiler.stopSampling')
  const sizeOf = (node: typeof profile.head): number =>
    node.selfSize + node.children.reduce((sum, child) => sum + sizeOf(child), 0)
  return sizeOf(profile.head) / ALLOCATION_CALLS
}
