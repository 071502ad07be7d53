import { findEngine, type EngineName } from '../../test/support/engines.ts'
import { temporaryFolder } from '../../test/support/processes.ts'
import { MissingRequirement } from '../../test/support/requirements.ts'
import { bundleForPage } from '../bundle-for-page.ts'
import { measureBlockers } from './blockers.ts'
import { measureBudgets } from './budgets.ts'
import { measureDepartures } from './departures.ts'
import { measureHeaders } from './headers.ts'
import { measureRestores } from './restores.ts'
import { startStation, type Station } from './station.ts'

/** Pages of each kind; of those that take seconds each, at most `SLOW_ROUNDS`. */
const ROUNDS = Number(process.env['PHAROS_ROUNDS'] ?? 10)
const SLOW_ROUNDS = Math.min(ROUNDS, 3)
const ENGINES = (process.env['PHAROS_ENGINES'] ?? 'chromium,firefox,webkit').split(',') as readonly EngineName[]

/** Measures the ways in which a page can leave, in three engines: which requests arrive, what they carry, and which answers the page reads. */
export async function benchLeaving(): Promise<void> {
  const script = Buffer.from(await bundleForPage(new URL('page.ts', import.meta.url))).toString()
  const station = await startStation(script)
  try {
    for (const name of ENGINES) await whereInstalled(name, () => measureEngine(name, station))
    await whereInstalled('browsers without beacons', () => measureBlockers(station, ROUNDS))
  } finally {
    station.close()
  }
}

async function measureEngine(name: EngineName, station: Station): Promise<void> {
  const engine = await findEngine[name]()
  const browser = await engine.start(await temporaryFolder('leaving'))
  console.log(`\n${browser.version}`)
  await measureHeaders(browser, station)
  await measureBudgets(browser, station, SLOW_ROUNDS)
  await measureRestores(browser, station, SLOW_ROUNDS)
  await browser.kill()
  await measureDepartures(engine, station, ROUNDS)
}

async function whereInstalled(what: string, measure: () => Promise<void>): Promise<void> {
  try {
    await measure()
  } catch (error) {
    if (!(error instanceof MissingRequirement)) throw error
    console.log(`\nNOT RUN: ${what}: ${error.message}`)
  }
}
