import { setTimeout as delay } from 'node:timers/promises'
import type { RunningEngine } from '../../test/support/engines.ts'
import { readUntil } from '../../test/support/until.ts'
import { printTable } from '../table.ts'
import { step, type PlannedPage, type Way } from './plan.ts'
import { arrived, type Station } from './station.ts'

/** When the answer comes: while the page is away, or after it is back. ms */
const ANSWERED_MS = [0, 4_000]
/** How long the page is away, ms. */
const AWAY_MS = 1_500
/** How long a page that is back waits for its promise, ms. */
const PATIENCE_MS = 6_000

/** Whether a request in flight bars a page from the back/forward cache, and whether the page ever hears its answer. */
export async function measureRestores(browser: RunningEngine, station: Station, rounds: number): Promise<void> {
  const rows: string[][] = []
  for (const [where, away] of Object.entries({ 'other port': station.otherPort, 'other site': station.otherSite }))
    for (const way of ['fetch', 'plain', 'beacon'] satisfies Way[])
      for (const ms of ANSWERED_MS) {
        const counts = { restored: 0, arrived: 0, heard: 0 }
        for (let round = 0; round < rounds; round++) {
          const planned = station.add({ to: `${station.otherPort}/?ms=${ms}`, steps: [step('first', way)] })
          const page = await browser.open(planned.url)
          await page.leave(`${away}/`, '')
          await delay(AWAY_MS)
          await page.goBack(planned.url)
          counts.restored += Number(await page.evaluate<boolean>('planned.isRestored'))
          counts.arrived += (await arrived(planned, 1)).length
          const read = (): Promise<PlannedPage['log']> => page.evaluate('planned.log')
          counts.heard += (await readUntil(read, (log) => log.length > 0, PATIENCE_MS)).length
          await page.close()
        }
        const answered = ms < AWAY_MS ? 'while it is away' : 'when it is back'
        rows.push([way, where, answered, ...Object.values(counts).map(String)])
      }
  const header = ['', 'the page goes to', 'the answer comes', 'restored', 'arrived', 'page heard of it']
  printTable(`Away and back, ${rounds} pages`, header, rows)
}
