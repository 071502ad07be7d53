import { afterAll, describe, expect, it } from 'vitest'
import { type Engine, type EngineName, type EnginePage, findEngine } from '../support/engines.ts'
import { visitOffline } from '../support/offline-visit.ts'
import { stopPrograms } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'

// `npm run soak` does the same for ten minutes, at the rate of a busy page.

const ENGINES = (process.env['PHAROS_ENGINES'] ?? 'chromium,firefox,webkit').split(',') as EngineName[]

/** Enough that the windows grow long, more than one leaving page can hand over, and more values than travel as they are. */
const RECORDS = 20_000

/** No timer sends while the test lasts. */
const data = { 'flush-interval-ms': '3600000' }

afterAll(stopPrograms)

async function recordMany(tab: EnginePage): Promise<void> {
  await tab.evaluate('void busy.start(10_000)')
  await until(
    () => tab.evaluate<number>('busy.count()'),
    (count) => count >= RECORDS,
  )
}

/** Resolves when a flush has failed, so that the courier was asked for and could not be loaded. */
async function flushInVain(tab: EnginePage): Promise<void> {
  await tab.evaluate('void pharos.flush().then(({ reason }) => { window.reason = reason })')
  await until(
    () => tab.evaluate(`window.reason ?? ''`),
    (reason) => reason === 'network',
  )
}

// The engines side by side, the cases of one of them one after the other.
describe.concurrent.each(ENGINES)('%s', (name) => {
  let found: Promise<Engine> | undefined

  it.for<readonly [what: string, offline: (tab: EnginePage) => Promise<void>]>([
    ['has not tried to send', recordMany],
    [
      'has just failed to send',
      async (tab) => {
        await recordMany(tab)
        await flushInVain(tab)
      },
    ],
  ])(
    'a page that was offline and %s sends when the network is back, and counts every record once',
    { concurrent: false },
    async ([, offline], context) => {
      const engine = await required(context, () => (found ??= findEngine[name]()))
      // The next visit may begin before the last requests of this one have arrived, and send their batches again.
      const visit = await visitOffline(engine, { data, offline, arrivalMs: 0 })
      console.log(`${visit.version}: first request after ${visit.firstRequestMs} ms, ${visit.recorded} records`)
      expect(visit.recorded).toBeGreaterThan(RECORDS)
      expect(visit.dropped).toEqual({})
      expect(visit.wrong).toEqual([])
    },
  )
})
