import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { EventNames } from './counted-events.ts'
import type { EngineName, EnginePage } from './engines.ts'
import { readUntil } from './until.ts'

/** From the record of what is promised to survive until a page goes, ms. */
const OPEN_MS = 300

/** Has a page record, a while before it goes and in its last moment. Returns the names of the events. */
export async function recordAndGo(
  events: EventNames,
  tab: EnginePage,
  go: (tab: EnginePage) => Promise<void>,
): Promise<readonly string[]> {
  const recorded: string[] = []
  await tab.evaluate(events.record(recorded))
  await delay(OPEN_MS)
  await tab.evaluate(events.record(recorded))
  await go(tab)
  return recorded
}

export const close = (tab: EnginePage): Promise<void> => tab.close()

export const hide = (tab: EnginePage): Promise<void> => tab.hide()

/** Of what did not arrive without another visit, that which docs/BROWSERS.md does not state: Firefox loses a request now and then. */
export const unexplained = (engine: EngineName, late: readonly string[]): readonly string[] =>
  engine === 'firefox' ? [] : late

/** A visit that takes its time, so that it delivers whatever is left. */
export async function deliverTheRest(tab: EnginePage): Promise<void> {
  await tab.evaluate('void pharos.flush().then((result) => { window.flushed = result })')
  const isFlushed = (result: unknown): boolean => result !== undefined && result !== null
  expect(await readUntil(() => tab.evaluate('window.flushed'), isFlushed)).toEqual({ acknowledged: true })
}
