import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MANY_SERIES, nameEvents } from '../support/counted-events.ts'
import { close, deliverTheRest, hide, recordAndGo, unexplained } from '../support/departures.ts'
import { findEngine } from '../support/engines.ts'
import type { Engine, EngineName, EnginePage } from '../support/engines.ts'
import { startFront } from '../support/front.ts'
import type { Front } from '../support/front.ts'
import { stopPrograms, temporaryFolder } from '../support/processes.ts'
import { required } from '../support/requirements.ts'
import { forbidBeaconsInFirefox, launchChromiumThatBlocksPings } from '../support/without-beacons.ts'
import { startWorkerd } from '../support/workerd.ts'

// Blockers, policies and old web views take away what a closing page would leave by. The network is up, so nothing may wait for a visit.

const ENGINES = (process.env['PHAROS_ENGINES'] ?? 'chromium,firefox,webkit').split(',') as EngineName[]

/** What a page does to the browser before the script runs. */
const WAYS: Readonly<Record<string, string>> = {
  'sendBeacon is deleted': 'delete Navigator.prototype.sendBeacon',
  'sendBeacon throws': `Navigator.prototype.sendBeacon = () => { throw new TypeError('no') }`,
  'sendBeacon returns false': 'Navigator.prototype.sendBeacon = () => false',
  'sendBeacon returns true and sends nothing': 'Navigator.prototype.sendBeacon = () => true',
  'navigator.onLine is false for ever': `Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })`,
  'fetch has no keepalive': 'delete Request.prototype.keepalive',
  'fetch throws while the page goes': `{
    const { fetch } = window
    window.fetch = (...args) => {
      if (document.visibilityState === 'hidden') throw new TypeError('no')
      return fetch(...args)
    }
  }`,
}

const events = nameEvents()
let site: Front
let edge: Front
let workerUrl: string

beforeAll(async () => {
  site = await startFront()
  edge = await startFront()
  ;({ url: workerUrl } = await startWorkerd({ config: { ...MANY_SERIES, origins: [site.url] } }))
  edge.setWorker(workerUrl)
  Object.values({ untouched: '', ...WAYS }).forEach((before, way) => site.setPage(`/${way}`, page(before)))
})

afterAll(async () => {
  await stopPrograms()
  await site.close()
  await edge.close()
})

const page = (before: string): string => `<!doctype html><link rel="icon" href="data:,">
<script>${before}</script><script src="${edge.url}/pharos.js" data-service="shop"></script>`

const UNTOUCHED = '/0'
const pathOf = (way: string): string => `/${1 + Object.keys(WAYS).indexOf(way)}`

/** Closes one page and hides another. Returns what is not counted without another visit, and has a third one bring it. */
async function goAndReturn(open: () => Promise<EnginePage>): Promise<readonly string[]> {
  const late: string[] = []
  for (const go of [close, hide]) {
    const names = await recordAndGo(events, await open(), go)
    late.push(...(await events.missing(workerUrl, names)))
  }
  await deliverTheRest(await open())
  expect(await events.missing(workerUrl, late)).toEqual([])
  expect(await events.doubled(workerUrl)).toEqual([])
  return late
}

// The engines side by side, the cases of one of them one after the other.
describe.concurrent.each(ENGINES)('%s', (name) => {
  let found: Promise<Engine> | undefined

  it.for(Object.keys(WAYS))('nothing waits for another visit where %s', { concurrent: false }, async (way, context) => {
    const engine = await required(context, () => (found ??= findEngine[name]()))
    const browser = await engine.start(await temporaryFolder('profile'))
    const late = await goAndReturn(() => browser.open(site.url + pathOf(way)))
    console.log(`${browser.version}, ${way}: ${late.length} of 20 events waited for the next visit`)
    expect(unexplained(name, late)).toEqual([])
    await browser.kill()
  })
})

it('nothing waits for another visit in a Firefox whose beacons are switched off', async (context) => {
  const engine: Engine = await required(context, findEngine.firefox)
  const profile = await temporaryFolder('profile')
  await forbidBeaconsInFirefox(profile)
  const browser = await engine.start(profile)
  const tab = await browser.open(site.url + UNTOUCHED)
  expect(await tab.evaluate('typeof navigator.sendBeacon')).toBe('undefined')
  const late = await goAndReturn(() => browser.open(site.url + UNTOUCHED))
  console.log(`${browser.version}, beacon.enabled=false: ${late.length} of 20 events waited for the next visit`)
  expect(unexplained('firefox', late)).toEqual([])
  await browser.kill()
})

it('nothing waits for another visit in a Chromium with an extension that blocks pings', async (context) => {
  const { context: browser, close: quit } = await required(context, () => launchChromiumThatBlocksPings())
  const open = async (): Promise<EnginePage> => {
    const tab = await browser.newPage()
    await tab.goto(site.url + UNTOUCHED)
    const unused = (): never => expect.fail('not used here')
    return {
      evaluate: (expression) => tab.evaluate(expression),
      close: () => tab.close(),
      // Playwright keeps every tab visible.
      hide: () => tab.close(),
      leave: unused,
      goBack: unused,
    }
  }
  const tab = await open()
  // The extension is at work: the beacon never arrives, and the fetch after it does.
  expect(await tab.evaluate(`navigator.sendBeacon('/ping') && fetch('/fetched').then(() => true)`)).toBe(true)
  expect(await goAndReturn(open)).toEqual([])
  await quit()
  expect(site.requests.some(({ path }) => path === '/fetched')).toBe(true)
  expect(site.requests.some(({ path }) => path === '/ping')).toBe(false)
})
