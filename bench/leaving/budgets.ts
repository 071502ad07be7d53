import type { RunningEngine } from '../../test/support/engines.ts'
import { printTable } from '../table.ts'
import { step, type Way } from './plan.ts'
import { arrived, type Station } from './station.ts'

const BODIES = 10
const BYTES = 30_000

const ORDERS: readonly (readonly Way[])[] = [
  ['fetch'],
  ['beacon'],
  ['fetch', 'beacon'],
  ['beacon', 'fetch'],
  ['plain'],
  ['fetch', 'later'],
]

/** How many large bodies a tab can hand over while it closes: all of one way, and then all of the next. */
export async function measureBudgets(browser: RunningEngine, station: Station, rounds: number): Promise<void> {
  const rows: string[][] = []
  for (const ways of ORDERS) {
    const counts: string[] = []
    for (let round = 0; round < rounds; round++) {
      const planned = station.add({
        to: station.otherPort,
        steps: [step('first', ...ways)],
        bodies: BODIES,
        bytes: BYTES,
      })
      await (await browser.open(planned.url)).close()
      const arrivals = await arrived(planned, ways.length * BODIES)
      counts.push(ways.map((way) => arrivals.filter(({ label }) => label.startsWith(way)).length).join(' + '))
    }
    rows.push([ways.join(', then '), describe(counts)])
  }
  const title = `Bodies of ${BYTES} bytes that arrived from a closing tab, of ${BODIES} each way, ${rounds} tabs`
  printTable(title, ['', 'bodies (tabs)'], rows)
}

/** @example '2 + 10 (7), 2 + 9 (1)' */
function describe(counts: readonly string[]): string {
  const tally = new Map<string, number>()
  for (const count of counts) tally.set(count, (tally.get(count) ?? 0) + 1)
  return [...tally].map(([count, tabs]) => `${count} (${tabs})`).join(', ')
}
