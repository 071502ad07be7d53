import type { CDPSession, Page } from 'playwright-core'
import type { HotPath } from './hot-path-page.ts'

declare const hotPath: HotPath

/** A page with a `hotPath`. */
export interface MeasuredPage {
  readonly page: Page
  /** `Performance` is enabled, in thread ticks. */
  readonly cdp: CDPSession
  /** Keeps what it is given until it is sent: it may not be called a million times at once. */
  readonly isPeer: boolean
}

/** What is called to see what is allocated. */
const ALLOCATION_CALLS = 1_000_000
const PEER_ALLOCATION_CALLS = 100

/** CPU of the page's main thread, less what it takes to ask for nothing. */
export async function nsPerCall({ page, cdp }: MeasuredPage, name: string): Promise<number> {
  const calls = await page.evaluate((name) => hotPath.callsOfRound(name), name)
  const secondsOf = async (calls: number): Promise<number> => {
    const begin = await taskSeconds(cdp)
    await page.evaluate(([name, calls]) => hotPath.run(name, calls), [name, calls] as const)
    return (await taskSeconds(cdp)) - begin
  }
  const nothing = await secondsOf(0)
  return Math.max(0, ((await secondsOf(calls)) - nothing) * 1e9) / calls
}

async function taskSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN
}

/** What the heap profiler saw allocated, collected since or not. */
export async function bytesPerCall({ page, cdp, isPeer }: MeasuredPage, name: string): Promise<number> {
  const calls = isPeer ? PEER_ALLOCATION_CALLS : ALLOCATION_CALLS
  const run = (): Promise<void> => page.evaluate(([name, calls]) => hotPath.run(name, calls), [name, calls] as const)
  if (!isPeer) await run()
  await cdp.send('HeapProfiler.startSampling', {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await run()
  const { profile } = await cdp.send('HeapProfiler.stopSampling')
  const sizeOf = (node: typeof profile.head): number =>
    node.selfSize + node.children.reduce((sum, child) => sum + sizeOf(child), 0)
  return sizeOf(profile.head) / calls
}
