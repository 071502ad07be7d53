import { findEngine } from '../../test/support/engines.ts'
import { temporaryFolder } from '../../test/support/processes.ts'
import { forbidBeaconsInFirefox, launchChromiumThatBlocksPings } from '../../test/support/without-beacons.ts'
import { printTable } from '../table.ts'
import { step } from './plan.ts'
import { arrived, type Station } from './station.ts'

/** Opens an address in a new tab and closes the tab. */
type Visit = (url: string) => Promise<void>

interface Browser {
  readonly visit: Visit
  readonly kill: () => Promise<void>
}

const BROWSERS: Readonly<Record<string, () => Promise<Browser>>> = {
  'Chromium, an extension blocks pings': async () => {
    const { context, kill } = await launchChromiumThatBlocksPings()
    const visit: Visit = async (url) => {
      const page = await context.newPage()
      await page.goto(url)
      await page.close()
    }
    return { visit, kill }
  },
  'Firefox, beacon.enabled=false': async () => {
    const profile = await temporaryFolder('leaving')
    await forbidBeaconsInFirefox(profile)
    const { open, kill } = await (await findEngine.firefox()).start(profile)
    return { visit: async (url) => (await open(url)).close(), kill }
  },
}

const WAYS = ['fetch', 'beacon'] as const

/** From how many closed tabs each way arrives, in browsers that let no beacon pass. */
export async function measureBlockers(station: Station, rounds: number): Promise<void> {
  const rows: string[][] = []
  for (const [title, start] of Object.entries(BROWSERS)) {
    const { visit, kill } = await start()
    const counts = { fetch: 0, beacon: 0 }
    for (let round = 0; round < rounds; round++) {
      const planned = station.add({ to: station.otherPort, steps: [step('first', ...WAYS)] })
      await visit(planned.url)
      const arrivals = await arrived(planned, 2)
      for (const way of WAYS) counts[way] += Number(arrivals.some(({ label }) => label.startsWith(way)))
    }
    await kill()
    rows.push([title, String(counts.fetch), String(counts.beacon)])
  }
  printTable(`Closed tabs whose body arrived, of ${rounds}`, ['', 'fetch', 'beacon'], rows)
}
