import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DecodedBatch } from '../../../src/protocol/decode.ts'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import type { Attributes } from '../../../src/protocol/types.ts'
import { loneHistogram } from '../../../src/protocol/wire.ts'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { admitBatch } from '../../../worker/policy/admit.ts'
import type { Config } from '../../../worker/config/types.ts'
import type { Series } from '../../../worker/model/types.ts'
import { anyAttributes } from '../../support/arbitraries.ts'

const batch: DecodedBatch = {
  session: 'AAAAAAAAAAAAAAAA',
  sequence: 3,
  ageMs: 250,
  weight: 1,
  service: 'shop',
  release: '1.4.2',
  attributes: [['environment', 'production']],
  counters: [{ name: 'clicks', attributes: [['page', '/cart']], value: [2] }],
  histograms: [],
  dropped: [],
}

const many = (prefix: string, count: number): [string, string][] =>
  Array.from({ length: count }, (_, i) => [`${prefix}${i}`, 'x'] as [string, string]).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )

const seriesOf = (changed: Partial<DecodedBatch>, config: Partial<Config> = {}): Series[] =>
  admitBatch({ ...batch, ...changed }, { ...defaultConfig, ...config }).deltas.map(([key]) => parseSeriesKey(key))

const counter = (name: string, attributes: DecodedBatch['attributes'] = []): DecodedBatch['counters'] => [
  { name, attributes, value: [1] },
]

const dropped = (changed: Partial<DecodedBatch>, config: Partial<Config> = {}): readonly string[] =>
  admitBatch({ ...batch, ...changed }, { ...defaultConfig, ...config }).dropped

describe('admitBatch', () => {
  it('gives every point its series, with the resource on it', () => {
    const histogram = loneHistogram(0.5)
    const admitted = admitBatch(
      { ...batch, histograms: [{ name: 'duration', attributes: [], value: histogram }], dropped: ['bad_name'] },
      defaultConfig,
    )
    expect(admitted).toEqual({
      session: batch.session,
      sequence: 3,
      ageMs: 250,
      deltas: [
        ['["counter","clicks","shop","1.4.2","environment","production","page","/cart"]', [2]],
        ['["histogram","duration","shop","1.4.2","environment","production"]', histogram],
      ],
      dropped: ['bad_name'],
    })
  })

  it("lets a point's own attribute win", () => {
    const attributes = [['environment', 'test'], ['page', '/']] as const // prettier-ignore
    expect(seriesOf({ counters: counter('clicks', attributes) })[0]?.attributes).toEqual(attributes)
  })

  it('merges attributes as an object would', () => {
    const agrees = (resource: Attributes, own: Attributes): void => {
      const [series] = seriesOf({
        attributes: canonicalAttributes(resource)!,
        counters: counter('clicks', canonicalAttributes(own)),
      })
      const withoutEmpty = Object.entries(own).filter(([, value]) => value !== '')
      expect(series?.attributes).toEqual(canonicalAttributes({ ...resource, ...Object.fromEntries(withoutEmpty) }))
    }
    fc.assert(fc.property(anyAttributes, anyAttributes, agrees))
  })

  it.each([
    { resourceLabels: { service: false, release: true }, service: '', release: '1.4.2' },
    { resourceLabels: { service: true, release: false }, service: 'shop', release: '' },
  ])('makes one series of what differs in a label that is off: $resourceLabels', ({ resourceLabels, ...expected }) => {
    expect(seriesOf({}, { resourceLabels })[0]).toMatchObject(expected)
  })

  it('takes sixteen attributes in all and no more', () => {
    const attributes = many('a', 10)
    expect(seriesOf({ attributes, counters: counter('clicks', many('b', 6)) })[0]?.attributes).toHaveLength(16)
    expect(dropped({ attributes, counters: counter('clicks', many('b', 7)) })).toEqual(['bad_attributes'])
    expect(dropped({ attributes, counters: counter('clicks', many('a', 16)) })).toEqual([])
  })

  it('takes only metrics of the catalog when told so', () => {
    const rules = { catalogOnly: true, metrics: { clicks: {} } }
    expect(dropped({}, rules)).toEqual([])
    expect(dropped({ counters: counter('other') }, rules)).toEqual(['unknown_metric'])
    expect(dropped({ counters: counter('constructor') }, rules)).toEqual(['unknown_metric'])
  })

  it("takes a page's own drops, without its resource, and nothing else by a name of Pharos", () => {
    const report = [['reason', 'outbox_full'], ['where', 'page']] as const // prettier-ignore
    expect(seriesOf({ counters: counter('pharos.dropped', report) }, { catalogOnly: true })).toEqual([
      { kind: 'counter', name: 'pharos.dropped', service: '', release: '', attributes: report },
    ])
    expect(dropped({ counters: counter('pharos.dropped', [['where', 'edge']]) })).toEqual(['reserved_name'])
    expect(dropped({ counters: counter('pharos_series') })).toEqual(['reserved_name'])
    const histograms = [{ name: 'pharos.dropped', attributes: report, value: loneHistogram(1) }]
    expect(dropped({ counters: [], histograms })).toEqual(['reserved_name'])
  })

  it.each([true, false])('a sampled session, scaled: %s', (scaleSamples) => {
    const histograms = [{ name: 'duration', attributes: [], value: loneHistogram(0.5) }]
    const report = [['reason', 'outbox_full'], ['where', 'page']] as const // prettier-ignore
    const counters = [...batch.counters, ...counter('pharos.dropped', report)]
    const of = (sequence: number) =>
      admitBatch({ ...batch, sequence, weight: 10, counters, histograms }, { ...defaultConfig, scaleSamples }).deltas
    const times = scaleSamples ? 10 : 1
    const duration = { ...loneHistogram(0.5), positive: new Map([[-257, times]]), sum: [times * 0.5] }
    expect(of(2).map(([, value]) => value)).toEqual([[2 * times], [1], duration])
    expect(of(1)).toEqual([...of(2), ['["histogram","pharos.sample_weight","",""]', loneHistogram(10)]])
  })

  it('a batch of a sampled session without a point is nothing', () => {
    expect(admitBatch({ ...batch, sequence: 1, weight: 10, counters: [] }, defaultConfig).deltas).toEqual([])
  })

  it('drops every point of a batch that is too old, and keeps its identity', () => {
    expect(dropped({ ageMs: RETENTION_MS })).toEqual([])
    const old = admitBatch({ ...batch, ageMs: RETENTION_MS + 1, dropped: ['bad_value'] }, defaultConfig)
    expect(old).toMatchObject({ sequence: 3, deltas: [], dropped: ['bad_value', 'expired'] })
  })
})
