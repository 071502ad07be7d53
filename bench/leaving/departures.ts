import { temporaryFolder } from '../../test/support/processes.ts'
import type { Engine, EnginePage, RunningEngine } from '../../test/support/engines.ts'
import { printTable } from '../table.ts'
import { step, type Step } from './plan.ts'
import { arrived, type Planned, type Station } from './station.ts'

const WAYS: readonly (readonly [title: string, ...steps: readonly Step[]])[] = [
  ['fetch, first event', step('first', 'fetch')],
  ['fetch, hidden', step('hidden', 'fetch')],
  ['fetch, pagehide', step('pagehide', 'fetch')],
  ['fetch, both events', step('pagehide', 'fetch'), step('hidden', 'fetch')],
  ['beacon, first event', step('first', 'beacon')],
  ['beacon, both events', step('pagehide', 'beacon'), step('hidden', 'beacon')],
  ['fetch and beacon, first event', step('first', 'fetch', 'beacon')],
]

type Depart = (page: EnginePage, station: Station) => Promise<void>

const DEPARTURES: Readonly<Record<string, Depart>> = {
  'tab closed': (page) => page.close(),
  'to another site': (page, { otherSite }) => page.leave(`${otherSite}/`, ''),
  hidden: (page) => page.hide(),
}

/** Tabs that one browser keeps open before the next one starts. */
const MOST_TABS = 20

/** Of how many pages the one body arrived. */
export async function measureDepartures(engine: Engine, station: Station, rounds: number): Promise<void> {
  const departures = Object.values(DEPARTURES)
  const found = WAYS.map(() => departures.map((): Planned[] => []))
  let browser: RunningEngine | undefined
  let tabs = 0
  for (let round = 0; round < rounds; round++)
    for (const [way, [, ...steps]] of WAYS.entries())
      for (const [column, depart] of departures.entries()) {
        if (tabs++ % MOST_TABS === 0) {
          await browser?.kill()
          browser = await engine.start(await temporaryFolder('leaving'))
        }
        const planned = station.add({ to: station.otherPort, steps })
        await depart(await browser!.open(planned.url), station)
        await arrived(planned, 1)
        found[way]![column]!.push(planned)
      }
  await browser?.kill()
  printTable(
    `Pages whose last body arrived, of ${rounds}`,
    ['', ...Object.keys(DEPARTURES)],
    WAYS.map(([title], way) => [title, ...found[way]!.map((pages) => String(pages.filter(hasArrived).length))]),
  )
}

const hasArrived = ({ arrivals }: Planned): boolean => arrivals.length > 0
