import { checkConsent } from '../check/index.ts'
import type { Options } from './options.ts'
import type { Beacon } from './beacon.ts'
import { guard } from './guard.ts'
import { begin, erase, halt, listen, update } from './life.ts'
import { loadOnce } from './load.ts'
import { outside } from './outside.ts'
import { runningBeacons } from './running-beacons.ts'
import { createInstruments, createRecorder, withStopwatch } from './record.ts'
import { say } from './say.ts'
import { createSession } from './session.ts'
import { intervalOf, isGranted, resourceOf, weightOf } from './settings.ts'
import { speak } from './speak.ts'
import type { FlushResult, Page, Parts } from './types.ts'
import { canDeliver, openWindow, seal } from './window.ts'

const failed = (reason: string): FlushResult => ({ acknowledged: false, reason })

/** Instruments need the page, so they are set once there is one. */
const NONE = {} as Page['instruments']

/** The state of a page in which nothing has happened yet. */
function createPage(options: Options, url: string, parts: Parts): Page {
  const loadCompactor = loadOnce(async () => {
    page.compactor = (await parts.compactor(url)).compactor
  })
  const uncrowd = () => {
    page.isCrowded = false
  }
  const isOptedOut = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true
  const { consent = !isOptedOut, plugins, filter } = options
  // One literal: V8 makes a slow dictionary of an object that `Object.assign` gives so many properties (https://v8.dev/blog/fast-properties),
  // and a call takes twice as long.
  const page: Page = {
    ...createRecorder(
      () => openWindow(page),
      () => {
        page.isCrowded = true
        loadCompactor().then(uncrowd, uncrowd)
      },
    ),
    url,
    resource: resourceOf(options),
    plugins: [plugins ?? []].flat(),
    stops: [],
    draw: Math.random(),
    weight: weightOf(options.sampleRate) ?? 1,
    consent: consent === 'pending' ? consent : isGranted(consent),
    session: createSession(),
    sequence: 1,
    isShut: false,
    isErasureDue: isOptedOut && !isGranted(consent),
    acknowledged: 0,
    lost: 0,
    own: new Set(),
    unsaved: new Set(),
    intervalMs: intervalOf(options.flushIntervalMs) ?? 30_000,
    loadCourier: loadOnce(async () => (page.courier = (await parts.courier(url)).createCourier(page))),
    answers: [],
    instruments: NONE,
  }
  const verbs = createInstruments(page)
  // Merged, so that a wrong filter takes no verb away.
  page.instruments = withStopwatch({ ...verbs, ...(typeof filter === 'function' && filter(verbs, page)) })
  return page
}

/**
 * Starts a beacon for an endpoint. Its lazy parts are loaded by `parts`.
 * May throw where the page took away what a beacon cannot do without.
 */
export function start(options: Options, parts: Parts, url: string): Beacon {
  const key = `${url} ${options.service ?? ''}`
  const running = runningBeacons.get(key)
  if (running) {
    say(`${key} runs already`)
    return running
  }
  const page = createPage(options, url, parts)
  const close = (): void => {
    // After a shutdown, another beacon may run under the key by now.
    if (runningBeacons.get(key) === beacon) runningBeacons.delete(key)
  }

  const flushNow = async (): Promise<FlushResult> => {
    if (!canDeliver(page)) return failed('inactive')
    const { lost, own } = page
    guard(seal)(page)
    if (page.current.dirty.length) return failed('error')
    const flushed = await page.loadCourier().then(
      (courier) => courier.flush(),
      () => failed('network'),
    )
    // Consent was withdrawn meanwhile, perhaps before there was a courier.
    if (own !== page.own) return failed('cleared')
    return flushed.acknowledged && page.lost > lost ? failed('dropped') : flushed
  }
  const flush = (): Promise<FlushResult> => outside(flushNow)

  const beacon: Beacon = {
    ...page.instruments,
    flush,
    setConsent: guard((consent) => {
      checkConsent(consent, speak)
      const before = page.consent
      page.consent = isGranted(consent)
      update(page)
      if (!page.consent) erase(page)
      // A page may grant consent again on every route: the timers run on.
      else if (before !== true) begin(page)
    }),
    stats: () => ({
      recorded: page.recorded,
      pending: page.recorded - page.settled,
      acknowledged: page.acknowledged,
      dropped: { ...page.dropped },
    }),
    shutdown: async () => {
      const flushed = flush()
      // A draw of 1 is out at every rate: the page records nothing more, and sends what it has recorded.
      page.draw = 1
      update(page)
      close()
      await flushed
      halt(page)
    },
  }
  update(page)
  runningBeacons.set(key, beacon)
  listen(page)
  return beacon
}
