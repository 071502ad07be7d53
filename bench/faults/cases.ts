import type { Browser, BrowserContext, Page } from 'playwright-core'
import { setTimeout as delay } from 'node:timers/promises'
import { launchChromium } from '../../test/support/chromium.ts'
import type { Fault } from '../../test/support/fault-proxy.ts'
import { temporaryFolder } from '../../test/support/processes.ts'
import type { Run } from './run.ts'

/** From the last call until the browser is killed, ms. Pharos promises nothing for what is younger. */
export const KILLED_AFTER_MS = 150
/** How long a page stays open, ms, before it is closed and sends what it still has: Sentry sends every 5 s. */
export const STAYS_MS = 6_000
/** How long the site stays open that may send what an earlier page left, ms: Pharos sends every 30 s, OpenTelemetry every 60. */
export const COMES_BACK_MS = 65_000
/** How long a page meets the lost answers, ms: the interval of OpenTelemetry is 60 s, and its retries take up to 10 s. */
export const ANSWERS_LOST_MS = 75_000
/** After the last page is closed, ms: a request that it left behind arrives. */
const QUIET_MS = 2_000

/** Parts of a case, one after the other, each for so many runs at once. */
export interface Step {
  readonly atOnce: number
  readonly work: (run: Run) => Promise<void>
}

/** SIGKILL for the whole browser; then the same profile opens the site again. */
export function killed(): readonly Step[] {
  const profiles = new Map<Run, string>()
  return [
    // One at a time: a busy machine would stretch the 150 ms.
    {
      atOnce: 1,
      work: async (run) => {
        const userDataDir = await temporaryFolder('profile')
        profiles.set(run, userDataDir)
        const { context, kill } = await launchChromium({ userDataDir })
        await run.count(await run.open(context))
        await delay(KILLED_AFTER_MS)
        await kill()
      },
    },
    {
      atOnce: 4,
      work: async (run) => {
        const { context, close } = await launchChromium({ userDataDir: profiles.get(run)! })
        await stay(await run.open(context), STAYS_MS)
        await close()
      },
    },
  ]
}

/** With the header, or a page could not tell it from a network that is gone. */
export const UNAVAILABLE: Fault = { kind: 'status', status: 503, headers: { 'access-control-allow-origin': '*' } }
export const UNREACHABLE: Fault = { kind: 'down' }

/** The fault lasts until the page is closed; then the endpoint is well, and the site is opened again. */
export const down = (browser: Browser, fault: Fault): readonly Step[] => [
  inProfile(browser, Infinity, async (run, profile) => {
    const page = await run.open(profile)
    run.proxy.set(fault)
    await run.count(page)
    await stay(page, STAYS_MS)
    run.proxy.set({ kind: 'pass' })
    await stay(await run.open(profile), COMES_BACK_MS)
  }),
]

/** What the page sends is stored, but the connection is cut before the answer. */
export const answersLost = (browser: Browser): readonly Step[] => [
  inProfile(browser, Infinity, async (run, profile) => {
    const page = await run.open(profile)
    run.proxy.set({ kind: 'drop-answer' })
    await run.count(page)
    await delay(ANSWERS_LOST_MS)
    run.proxy.set({ kind: 'pass' })
    await stay(page, STAYS_MS)
  }),
]

/** The tab is closed right after the calls. */
export const closed = (browser: Browser): readonly Step[] => [
  inProfile(browser, 4, async (run, profile) => {
    const page = await run.open(profile)
    await run.count(page)
    await stay(page, 0)
  }),
]

/** Each run in a profile of its own, of one browser. */
function inProfile(browser: Browser, atOnce: number, work: (run: Run, profile: BrowserContext) => Promise<void>): Step {
  return {
    atOnce,
    work: async (run) => {
      const profile = await browser.newContext()
      await work(run, profile)
      await profile.close()
    },
  }
}

/** Leaves the page open, closes it, and waits for what it sends as it goes. */
export async function stay(page: Page, ms: number): Promise<void> {
  await delay(ms)
  await page.close()
  await delay(QUIET_MS)
}
