// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { checkAgainst } from '../../../src/catalog/check-against.ts'
import { defineCatalog } from '../../../src/catalog/define-catalog.ts'
import { pluginMetrics } from '../../../src/catalog/plugin-metrics.ts'
import type { MetricDefinition } from '../../../src/catalog/types.ts'
import type { Instruments } from '../../../src/core/instruments.ts'
import { attribution } from '../../../src/plugins/attribution.ts'
import { errors } from '../../../src/plugins/errors.ts'
import { navigationPhases } from '../../../src/plugins/navigation-phases.ts'
import { navigation } from '../../../src/plugins/navigation.ts'
import { visibility } from '../../../src/plugins/visibility.ts'
import { catalogConfig } from '../../../worker/config/catalog.ts'
import { readConfig } from '../../../worker/config/read-config.ts'
import { builtInNames, metadataOf } from '../../../worker/model/built-in-metrics.ts'
import { repository } from '../../support/paths.ts'

const catalog = defineCatalog(pluginMetrics)
const check = checkAgainst(catalog)
const metrics: Readonly<Record<string, MetricDefinition>> = pluginMetrics

/** Instruments that keep each call as `kind name`, and what the catalog says to it. */
function recordings(): {
  readonly calls: (readonly [string, string | undefined])[]
  readonly instruments: Instruments
} {
  const calls: (readonly [string, string | undefined])[] = []
  const record =
    (kind: 'counter' | 'histogram'): Instruments['observe'] =>
    (name, _, attributes) =>
      calls.push([`${kind} ${name}`, check(kind, name, attributes)])
  const instruments = { increment: record('counter'), observe: record('histogram') }
  return { calls, instruments: instruments as unknown as Instruments }
}

describe('pluginMetrics', () => {
  it('is what the edge says of the same metrics', () => {
    // The edge itself counts reports.
    const ofPlugins = builtInNames().filter((name) => !/^(pharos|browser)\./.test(name))
    expect(Object.keys(metrics).sort()).toEqual([...ofPlugins].sort())
    const known = ofPlugins.map((name) => [name, metadataOf(name, {}).help, metadataOf(name, {}).unit])
    expect(ofPlugins.map((name) => [name, metrics[name]?.help, metrics[name]?.unit])).toEqual(known)
  })

  it('keeps the buckets the edge has', () => {
    const config = readConfig({ PHAROS: catalogConfig(pluginMetrics) })
    const known = config.ok ? metadataOf('page.visible', config.value.metrics) : undefined
    expect(known?.buckets).toEqual(metadataOf('page.visible', {}).buckets)
  })

  it('has every metric that a plugin names, by its verb', () => {
    const folder = join(repository, 'src/plugins')
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8').replace(/^ *\*.*/gm, ''))
    const named = sources.flatMap((source) => [...source.matchAll(/\b(increment|observe)\('([^']+)'/g)])
    expect(named.length).toBeGreaterThan(10)
    const kinds = named.map(([, verb, name]) => [name, verb === 'increment' ? 'counter' : 'histogram'])
    expect(kinds).toEqual(named.map(([, , name]) => [name, metrics[name!]?.kind]))
  })

  it('has the phases of a navigation', () => {
    const phases = navigationPhases(everyMark() as never).map(([phase]) => phase)
    expect(phases).toEqual(pluginMetrics['page.navigation'].attributes.phase)
  })

  it.each([
    ['web_vitals.lcp', { name: 'LCP', entries: [{ element: document.createElement('img') }] }],
    ['web_vitals.lcp', { name: 'LCP', entries: [{ element: document.createElement('p'), url: 'x' }] }],
    ['web_vitals.lcp', { name: 'LCP', entries: [{}] }],
    ['web_vitals.inp', { name: 'INP', entries: [{ name: 'keydown', startTime: 0, duration: 8, processingStart: 1 }] }],
    ['web_vitals.cls', { name: 'CLS', entries: [{ value: 0.1, startTime: 5 }] }],
  ])('has the attribution of %s: %j', (name, metric) => {
    const { attributesOf, stop } = attribution()
    const attributes = attributesOf(metric as never)
    stop?.()
    expect(Object.keys(attributes).length).toBeGreaterThan(0)
    expect(check('histogram', name, { rating: 'good', navigation: 'soft', ...attributes })).toBeUndefined()
  })

  it('has what plugins record', () => {
    vi.useFakeTimers()
    const { calls, instruments } = recordings()
    const stops = [errors(), navigation(), navigation({ route: () => '/:id' }), visibility()].map((it) =>
      it({ ...instruments, url: 'https://beacon.example/v1/beacon' }),
    )
    const restored = Object.assign(new Event('pageshow'), { persisted: true })
    const events = [new ErrorEvent('error', { error: new TypeError('no') }), new Event('pagehide'), restored]
    for (const event of events) window.dispatchEvent(event)
    vi.runAllTimers()
    for (const stop of stops) stop?.()
    vi.useRealTimers()
    expect(calls.map(([call]) => call)).toEqual(
      expect.arrayContaining([
        'counter page.errors',
        'counter page.views',
        'counter page.restores',
        'histogram page.lifetime',
      ]),
    )
    expect(calls.filter(([, reason]) => reason !== undefined)).toEqual([])
  })
})

/** Every mark of a navigation, so that none of its phases is missing. */
function everyMark(): Readonly<Record<string, number>> {
  const spans = ['redirect', 'domainLookup', 'connect', 'request', 'response', 'domContentLoadedEvent', 'loadEvent']
  const ends = Object.fromEntries(spans.flatMap((name) => [[`${name}Start`, 1], [`${name}End`, 2]])) // prettier-ignore
  return { ...ends, requestStart: 0.5, secureConnectionStart: 1, domInteractive: 2 }
}
