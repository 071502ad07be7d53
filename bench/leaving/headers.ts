import type { RunningEngine } from '../../test/support/engines.ts'
import { printTable } from '../table.ts'
import { step } from './plan.ts'
import { arrived, type Station } from './station.ts'

const POLICIES = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin', 'unsafe-url']

/** What a request of a leaving page tells the endpoint of the page and of the user. */
export async function measureHeaders(browser: RunningEngine, station: Station): Promise<void> {
  const { site, otherPort, otherSite } = station
  const rows: string[][] = []
  for (const policy of POLICIES)
    for (const [where, to] of Object.entries({
      'own origin': site,
      'other port': otherPort,
      'other site': otherSite,
    })) {
      const headers = { 'referrer-policy': policy, 'set-cookie': 'session=1; path=/' }
      const planned = station.add({ to, steps: [step('hidden', 'fetch', 'beacon')], headers })
      const page = await browser.open(planned.url)
      await page.hide()
      const arrivals = await arrived(planned, 2)
      const told = (way: string): string => {
        const { origin, cookie, referer } = arrivals.find(({ label }) => label.startsWith(way))?.headers ?? {}
        return [
          origin === site ? 'own' : String(origin),
          cookie === undefined ? 'no' : 'yes',
          referer === undefined ? 'none' : new URL(referer).pathname === '/' ? 'origin' : 'address',
        ].join(', ')
      }
      rows.push([policy, where, told('fetch'), told('beacon')])
    }
  printTable('Origin, cookie, referrer', ['policy', 'endpoint', 'fetch', 'beacon'], rows)
}
