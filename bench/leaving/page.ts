// The page of a plan. It is written by hand, without Pharos, so that it shows what the browser does.
import type { Moment, PlannedPage, Step, Way } from './plan.ts'

const page = (globalThis as unknown as { readonly planned: PlannedPage }).planned
const { plan, number, log } = page
const { bodies = 1, bytes = 200, steps, to } = plan

type FetchLater = (url: string, init: RequestInit & { readonly activateAfter: number }) => unknown

const request = (body: string): RequestInit => ({
  method: 'POST',
  credentials: 'omit',
  headers: { 'content-type': 'text/plain;charset=UTF-8' },
  body,
})

/** Each returns what the browser says at once, or in the end. */
const HAND_OVER: Readonly<Record<Way, (body: string) => unknown>> = {
  fetch: (body) => statusOf(fetch(to, { ...request(body), keepalive: true })),
  plain: (body) => statusOf(fetch(to, request(body))),
  beacon: (body) => navigator.sendBeacon(to, body),
  later: (body) => {
    const { fetchLater } = globalThis as unknown as { readonly fetchLater: FetchLater }
    fetchLater(to, { ...request(body), activateAfter: 0 })
    return true
  },
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer
  // An unread body can hold the keepalive budget.
  await response.text()
  return response.status
}

async function handOver(way: Way, label: string): Promise<void> {
  const head = `${number} ${label}|`
  try {
    log.push(`${label}: ${String(await HAND_OVER[way](head.padEnd(bytes, 'x')))}`)
  } catch (error) {
    log.push(`${label}: ${(error as Error).name}`)
  }
}

const done = new Set<Step>()

function leave(moment: Moment): void {
  for (const step of steps) {
    if (step.at !== moment && (step.at !== 'first' || done.has(step))) continue
    for (const way of step.ways) for (let i = 0; i < bodies; i++) void handOver(way, `${way}@${moment} ${i}`)
    // Not before: Firefox may end this listener at any point, and the next one must take it up (docs/BROWSERS.md).
    done.add(step)
  }
}

addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') leave('hidden')
})
addEventListener('pagehide', () => leave('pagehide'))
addEventListener('pageshow', ({ persisted }) => {
  page.isRestored ||= persisted
})
