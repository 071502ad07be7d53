import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { droppedByPages, valuesBy } from '../support/counted-events.ts'
import { down, passing, startFront } from '../support/front.ts'
import type { Front } from '../support/front.ts'
import { flushIn } from '../support/page-rig.ts'
import type { PharosGlobal } from '../support/page-rig.ts'
import { shareParts } from '../support/shared-parts.ts'
import { startWorkerd } from '../support/workerd.ts'
import { until } from '../support/until.ts'

// Two apps of one origin share IndexedDB and nothing else: `localhost:3000` of two projects, /shop and /admin, two micro-frontends.

const APPS = ['a', 'b'] as const
type App = (typeof APPS)[number]

/** How an app fares while both are open. Afterwards all is well. */
type State = 'up' | 'down' | 'refusing' | 'switched off' | 'consent withdrawn'

/** Calls before the first flush, after it, and in the next visit. */
const [FIRST, SECOND, THIRD] = [3, 2, 1]

interface Outcome {
  readonly flushed: Awaited<ReturnType<PharosGlobal['flush']>>
  /** Calls that the app's own worker has in the end. */
  readonly counted: number
  readonly dropped?: Readonly<Record<string, number>>
  /** Calls that the worker has which says that pages are off. */
  readonly countedByOff?: number
}

const DELIVERED = { acknowledged: true } as const
const INACTIVE = { acknowledged: false, reason: 'inactive' } as const

const ALL = FIRST + SECOND + THIRD
const OUTCOMES: Readonly<Record<State, Outcome>> = {
  up: { flushed: DELIVERED, counted: ALL },
  down: { flushed: { acknowledged: false, reason: 'network' }, counted: ALL },
  refusing: {
    flushed: { acknowledged: false, reason: 'http_403' },
    counted: SECOND + THIRD,
    dropped: { rejected: FIRST },
  },
  // The next visit is within the hour for which pages obey.
  'switched off': { flushed: DELIVERED, counted: 0, countedByOff: FIRST },
  'consent withdrawn': { flushed: INACTIVE, counted: THIRD },
}

const parts = shareParts(async () => {
  const chromium = await launchChromium()
  const own = { a: (await startWorkerd()).url, b: (await startWorkerd()).url }
  const refusing = await startWorkerd({ config: { origins: ['https://shop.example.com'] } })
  const off = await startWorkerd({ config: { page: { enabled: false } } })
  const edges = { a: await startFront(), b: await startFront() }
  const fronts: Front[] = [edges.a, edges.b]
  return {
    chromium,
    own,
    edges,
    refusing: refusing.url,
    off: off.url,
    site: async () => {
      const site = await startFront()
      fronts.push(site)
      return site
    },
    close: async () => {
      await chromium.close()
      await Promise.all(fronts.map((front) => front.close()))
    },
  }
})

function enter(app: App, state: State): void {
  const { edges, own, refusing, off } = parts()
  edges[app].meetBeacons(state === 'down' ? down : passing)
  edges[app].setWorker(state === 'refusing' ? refusing : state === 'switched off' ? off : own[app])
}

async function open(site: Front, app: App): Promise<Page> {
  const page = await parts().chromium.context.newPage()
  await page.goto(`${site.url}/${app}`)
  return page
}

const record = (page: Page, name: string, times: number): Promise<unknown> =>
  page.evaluate(`for (let i = 0; i < ${times}; i++) pharos.increment('${name}')`)

const STATES = Object.keys(OUTCOMES) as State[]
const PAIRS = STATES.flatMap((a) => STATES.map((b) => ({ a, b })))

it.each(PAIRS.map((pair, index) => ({ ...pair, index })))(
  'one app is $a, the other $b',
  async ({ index, ...states }) => {
    const { own, edges, refusing, off } = parts()
    const name = `orders.n${index}`
    const site = await parts().site()
    for (const app of APPS)
      site.setPage(
        `/${app}`,
        `<link rel="icon" href="data:,"><script src="${edges[app].url}/pharos.js" data-service="${app}"></script>`,
      )
    const before = { a: await droppedByPages(own.a), b: await droppedByPages(own.b) }
    for (const app of APPS) enter(app, 'up')
    const tabs = { a: await open(site, 'a'), b: await open(site, 'b') }
    for (const app of APPS) {
      enter(app, states[app])
      await record(tabs[app], name, FIRST)
    }
    for (const app of APPS) {
      if (states[app] === 'consent withdrawn') await tabs[app].evaluate(() => window.pharos.setConsent(false))
      expect(await flushIn(tabs[app])).toEqual(OUTCOMES[states[app]].flushed)
    }
    for (const app of APPS) await record(tabs[app], name, SECOND)
    for (const app of APPS) await tabs[app].close()

    for (const app of APPS) enter(app, 'up')
    for (const app of APPS) {
      const page = await open(site, app)
      if (states[app] === 'switched off')
        await until(
          () => flushIn(page),
          (flushed) => 'reason' in flushed && flushed.reason === 'inactive',
        )
      await record(page, name, THIRD)
      expect(await flushIn(page)).toEqual(states[app] === 'switched off' ? INACTIVE : DELIVERED)
      await page.close()
    }

    const countedAt = async (workerUrl: string) =>
      Object.fromEntries(await valuesBy(workerUrl, `${name.replace('.', '_')}_total`, 'service'))
    const ownOf = (app: App): Record<string, number> => {
      const { counted } = OUTCOMES[states[app]]
      return counted ? { [app]: counted } : {}
    }
    const byOff = APPS.flatMap((app) => {
      const { countedByOff } = OUTCOMES[states[app]]
      return countedByOff ? [[app, countedByOff]] : []
    })
    expect(await countedAt(own.a)).toEqual(ownOf('a'))
    expect(await countedAt(own.b)).toEqual(ownOf('b'))
    expect(await countedAt(off)).toEqual(Object.fromEntries(byOff))
    expect(await countedAt(refusing)).toEqual({})
    for (const app of APPS) {
      const { rejected = 0 } = OUTCOMES[states[app]].dropped ?? {}
      const { rejected: earlier = 0, ...others } = before[app]
      const sum = { ...others, rejected: earlier + rejected }
      expect({ rejected: 0, ...(await droppedByPages(own[app])) }).toEqual(sum)
    }
  },
)
