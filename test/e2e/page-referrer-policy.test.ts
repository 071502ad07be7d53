import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MANY_SERIES, nameEvents } from '../support/counted-events.ts'
import { close, deliverTheRest, recordAndGo, unexplained } from '../support/departures.ts'
import { findEngine } from '../support/engines.ts'
import type { Engine, EngineName, EnginePage } from '../support/engines.ts'
import { startFront } from '../support/front.ts'
import type { Front } from '../support/front.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { startWorkerd } from '../support/workerd.ts'

// A worker that takes only certain origins has to know where a request of a closing page comes from.

const ROUNDS = Number(process.env['PHAROS_ROUNDS'] ?? 2)
const ENGINES = (process.env['PHAROS_ENGINES'] ?? 'chromium,firefox,webkit').split(',') as EngineName[]
const POLICIES = ['no-referrer', 'same-origin', 'strict-origin', 'unsafe-url']

/** Where a page is, and the worker it sends to. */
interface Place {
  readonly what: string
  readonly site: Front
  readonly edge: Front
  readonly workerUrl: string
}

const events = nameEvents()
const fronts: Front[] = []
const places: Place[] = []

beforeAll(async () => {
  const [site, other, own] = await Promise.all([startFront(), startFront(), startFront()])
  fronts.push(site, other, own)
  const listing = await startWorkerd({ config: { ...MANY_SERIES, origins: [site.url] } })
  const silent = await startWorkerd({ config: { ...MANY_SERIES, origins: [] } })
  other.setWorker(listing.url)
  own.setWorker(silent.url)
  places.push({ what: 'its origin listed', site, edge: other, workerUrl: listing.url })
  places.push({ what: 'the default, its own origin', site: own, edge: own, workerUrl: silent.url })
  for (const {
    site: { setPage },
    edge,
  } of places)
    for (const policy of POLICIES)
      setPage(`/${policy}`, page(edge), { 'referrer-policy': policy, 'set-cookie': 'session=secret; Path=/' })
})

afterAll(async () => {
  await stopPrograms()
  await Promise.all(fronts.map(({ close }) => close()))
})

const page = ({ url }: Front): string => `<!doctype html><link rel="icon" href="data:,">
<script src="${url}/pharos.js" data-service="shop"></script>`

// The engines side by side, the cases of one of them one after the other.
describe.concurrent.each(ENGINES)('%s', (name) => {
  let found: Promise<Engine> | undefined

  it.for(POLICIES)(
    'a page with the policy %s loses nothing when it is closed',
    { concurrent: false },
    async (policy, context) => {
      const engine = await required(context, () => (found ??= findEngine[name]()))
      const browser = await engine.start(await temporaryFolder('profile'))
      for (const { what, site, edge, workerUrl } of places) {
        const before = edge.requests.length
        const recorded: string[] = []
        const late: string[] = []
        const open = (): Promise<EnginePage> => browser.open(`${site.url}/${policy}`)
        for (let round = 0; round < ROUNDS; round++) {
          const names = await recordAndGo(events, await open(), close)
          recorded.push(...names)
          // Asked before the next visit, which could bring it.
          late.push(...(await events.missing(workerUrl, names)))
        }
        await deliverTheRest(await open())
        const requests = edge.requests.slice(before)
        const beacons = requests.filter(({ path }) => path === '/v1/beacon')
        console.log(
          `${browser.version}, ${policy}, ${what}: of ${recorded.length} events of ${ROUNDS} closed pages ` +
            `${late.length} waited for the next visit, ${beacons.length} requests with the origin ${[...new Set(beacons.map(({ headers }) => headers.origin))].join(' and ')}`,
        )
        expect(await events.missing(workerUrl, recorded)).toEqual([])
        expect(unexplained(name, late)).toEqual([])
        expect(await events.doubled(workerUrl)).toEqual([])
        expect(beacons.map(({ headers }) => headers.origin)).toEqual(beacons.map(() => site.url))
        expect(beacons.filter(({ headers }) => 'cookie' in headers)).toEqual([])
        // The browser has the cookie, and sends it to this host where it is asked to.
        expect(requests.some(({ path, headers }) => path === '/pharos.js' && 'cookie' in headers)).toBe(true)
      }
      await browser.kill()
    },
  )
})
