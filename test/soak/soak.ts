// `npm run soak -- --minutes 10`: a busy page that is offline for minutes, in every engine there is, side by side.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { describeMachine } from '../../bench/machine.ts'
import { number, printTable } from '../../bench/table.ts'
import { BUSY_RATE, BUSY_SERIES } from '../support/busy-records.ts'
import { type EngineName, findEngine } from '../support/engines.ts'
import { type OfflineVisit, visitOffline } from '../support/offline-visit.ts'
import { stopPrograms } from '../support/processes.ts'
import { MissingRequirement } from '../support/requirements.ts'

const ENGINES = (process.env['PHAROS_ENGINES'] ?? 'chromium,firefox,webkit').split(',') as readonly EngineName[]

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) {
  console.error(`--minutes is how long the pages are offline, such as 10 or 0.5, and not "${values.minutes}".`)
  process.exit(1)
}

console.log(describeMachine())
console.log(`\nOffline for ${minutes} min, ${BUSY_RATE} records a second on ${BUSY_SERIES} series …`)
const visits = (await Promise.all(ENGINES.map(soak))).filter((visit) => visit !== undefined)
await stopPrograms()

printTable(
  'Offline, back online, closed right after the first request, and one more visit',
  [
    '',
    'recorded',
    'dropped',
    'first request, ms',
    'arrived, then closed',
    'waited for the visit',
    'kB: then',
    'in all',
    'wrong series',
  ],
  visits.map(row),
)
for (const { version, wrong } of visits) for (const series of wrong.slice(0, 10)) console.error(`${version}: ${series}`)
if (visits.some(({ wrong, dropped }) => wrong.length > 0 || Object.keys(dropped).length > 0)) process.exitCode = 1

/** Undefined where the engine cannot be had. */
async function soak(name: EngineName): Promise<OfflineVisit | undefined> {
  try {
    return await visitOffline(await findEngine[name](), {
      offline: async (tab) => {
        await tab.evaluate(`void busy.start(${BUSY_RATE})`)
        await delay(minutes * 60_000)
      },
      arrivalMs: 5_000,
    })
  } catch (error) {
    if (!(error instanceof MissingRequirement)) throw error
    console.log(`NOT RUN: ${name}: ${error.message}`)
    return undefined
  }
}

function row({ version, recorded, dropped, firstRequestMs, arrived, bytes, wrong }: OfflineVisit): readonly string[] {
  const [then, all] = bytes.map((count) => number(count / 1_000))
  return [
    version,
    number(recorded),
    number(Object.values(dropped).reduce((sum, calls) => sum + calls, 0)),
    number(firstRequestMs),
    number(arrived),
    number(recorded - arrived),
    then!,
    all!,
    number(wrong.length),
  ]
}
