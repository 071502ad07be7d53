import { expect, it } from 'vitest'
import type { NavigationEntry } from '../../../src/browser/navigation-entry.ts'
import { navigationPhases } from '../../../src/plugins/navigation-phases.ts'

const TIMES = {
  redirectStart: 5,
  redirectEnd: 25,
  domainLookupStart: 30,
  domainLookupEnd: 33,
  connectStart: 33,
  secureConnectionStart: 40,
  connectEnd: 55,
  requestStart: 56,
  responseStart: 156,
  responseEnd: 176,
  domInteractive: 300,
  domContentLoadedEventEnd: 350,
  loadEventEnd: 500,
}
const FULL = {
  redirect: 20,
  dns: 3,
  connect: 22,
  tls: 15,
  request: 100,
  response: 20,
  'dom-interactive': 300,
  'dom-content-loaded': 350,
  load: 500,
}

const without = (...phases: (keyof typeof FULL)[]): object =>
  Object.fromEntries(Object.entries(FULL).filter(([phase]) => !phases.includes(phase as keyof typeof FULL)))

const AGAIN = { domainLookupStart: 28, domainLookupEnd: 28, connectStart: 28, connectEnd: 28, secureConnectionStart: 0 }
const MILESTONES_AT_ONCE = { 'dom-interactive': 0, 'dom-content-loaded': 0 }

it.each<[string, object, object]>([
  ['everything', {}, FULL],
  ['no prerender', { activationStart: 0 }, FULL],
  ['no redirect', { redirectStart: 0, redirectEnd: 0 }, without('redirect')],
  ['a connection used again', AGAIN, without('dns', 'connect', 'tls')],
  ['no TLS', { secureConnectionStart: 0 }, without('tls')],
  ['left before its load', { loadEventEnd: 0, domContentLoadedEventEnd: 0 }, without('load', 'dom-content-loaded')],
  ['left before its response', { responseEnd: 0 }, without('response')],
  [
    'a browser that tells less',
    { requestStart: undefined, domInteractive: Number.NaN },
    without('request', 'dom-interactive'),
  ],
  ['times that run backwards', { responseEnd: 100, connectEnd: 1 }, without('response', 'connect', 'tls')],
  ['negative times', { requestStart: -5, loadEventEnd: -1 }, without('request', 'load')],
  ['prerendered, shown while loading', { activationStart: 400 }, { ...MILESTONES_AT_ONCE, load: 100 }],
  ['prerendered, shown when done', { activationStart: 9_000 }, { ...MILESTONES_AT_ONCE, load: 0 }],
  [
    'prerendered, shown while waiting for the first byte',
    { activationStart: 106 },
    { request: 50, response: 20, 'dom-interactive': 194, 'dom-content-loaded': 244, load: 394 },
  ],
])('%s', (_, times, wanted) => {
  const phases = navigationPhases({ ...TIMES, ...times } as NavigationEntry)
  expect(Object.fromEntries(phases)).toEqual(wanted)
})
