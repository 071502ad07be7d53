import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DatadogConfig } from '../../../../worker/destinations/datadog/config.ts'
import { MAX_NAME_LENGTH, createTagger } from '../../../../worker/destinations/datadog/names.ts'
import { COUNTS_SUFFIXES, groupSeries } from '../../../../worker/destinations/datadog/output-series.ts'
import type { SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf } from '../../../contract/snapshots.ts'

type Options = Partial<Pick<DatadogConfig, 'namespace' | 'histograms'>>

const tagsOf = createTagger({ resourceLabels: { service: true, release: true }, tags: {}, reserved: [] })

const group = (series: readonly SnapshotSeries[], options: Options = {}) =>
  groupSeries(snapshotOf(...series), { namespace: '', histograms: 'distribution', ...options }, tagsOf)

/** Each as `kind name{tags}: names of its members`. */
const linesOf = (series: readonly SnapshotSeries[], options: Options = {}): string[] =>
  group(series, options).map(
    ({ kind, name, tags, members }) =>
      `${kind} ${name}{${tags.join()}}: ${members.map((member) => `${member.series.series.kind} ${member.name}`).join()}`,
  )

describe('groupSeries', () => {
  const latency = [histogramOf('latency', [1]), counterOf('latency.count', 2), counterOf('latency.sum', 4)]

  it.each<[string, SnapshotSeries[], Options, string[]]>([
    ['nothing', [], {}, []],
    ['a namespace', [counterOf('a', 1)], { namespace: 'web' }, ['counter web.a{}: counter web.a']],
    ['tags that are equal in lower case', ['/Cart', '/cart'].map((page) => counterOf('a', 1, { attributes: { page } })), {}, ['counter a{page:/cart}: counter a,counter a']],
    ['names that Datadog would make equal', [counterOf('a__b', 1), counterOf('_a_b', 2)], {}, ['counter a_b{}: counter a_b,counter a_b']],
    ['names of another case', [counterOf('Clicks', 1), counterOf('clicks', 2)], {}, ['counter Clicks{}: counter Clicks', 'counter clicks{}: counter clicks']],
    ['kinds of one name', [histogramOf('a', [1]), gaugeOf('a', 1), counterOf('a', 1)], {}, ['counter a{}: counter a', 'gauge a{}: gauge a', 'histogram a{}: histogram a']],
    ['a distribution', latency, {}, ['histogram latency{}: histogram latency', 'counter latency.count{}: counter latency.count', 'counter latency.sum{}: counter latency.sum']],
    ['counts', latency, { histograms: 'counts' }, ['histogram latency{}: histogram latency,counter latency.count,counter latency.sum']],
    ['counts in a namespace', latency.slice(0, 2), { histograms: 'counts', namespace: 'web' }, ['histogram web.latency{}: histogram web.latency,counter web.latency.count']],
    ['counts without a histogram', latency.slice(1), { histograms: 'counts' }, ['counter latency.count{}: counter latency.count', 'counter latency.sum{}: counter latency.sum']],
    ['a gauge that is named like a count', [latency[0]!, gaugeOf('latency.count', 1)], { histograms: 'counts' }, ['histogram latency{}: histogram latency', 'gauge latency.count{}: gauge latency.count']],
    ['a gauge that is named like the histogram', [latency[0]!, gaugeOf('latency', 1)], { histograms: 'counts' }, ['gauge latency{}: gauge latency', 'histogram latency{}: histogram latency']],
    ['a counter that is named like the histogram or its buckets', [latency[0]!, counterOf('latency.bucket', 1)], { histograms: 'counts' }, ['histogram latency{}: histogram latency', 'counter latency.bucket{}: counter latency.bucket']],
    ['counts of other tags', [latency[0]!, counterOf('latency.sum', 1, { service: 's' })], { histograms: 'counts' }, ['histogram latency{}: histogram latency', 'histogram latency{service:s}: counter latency.sum']],
    ['names that objects inherit', [counterOf('constructor', 1), counterOf('toString', 1)], {}, ['counter constructor{}: counter constructor', 'counter toString{}: counter toString']],
  ])('%s', (...[, series, options, lines]) => {
    expect(linesOf(series, options)).toEqual(lines)
  }) // prettier-ignore

  it.each([
    ['distribution', MAX_NAME_LENGTH],
    ['counts', MAX_NAME_LENGTH - COUNTS_SUFFIXES.bucket.length],
  ] as const)('leaves room for what comes after the name of a histogram: %s', (histograms, length) => {
    const long = 'n'.repeat(128)
    const lengthOf = (series: SnapshotSeries) => group([series], { namespace: long, histograms })[0]!.name.length
    expect(lengthOf(histogramOf(long, [1]))).toBe(length)
    expect(lengthOf(counterOf(long, 1))).toBe(MAX_NAME_LENGTH)
  })

  it('has every series once, and the same whatever the order of the snapshot', () => {
    const make = fc.constantFrom<typeof counterOf>(counterOf, gaugeOf, (name, n, more) => histogramOf(name, [n], more))
    const name = fc.constantFrom('a', 'A', 'a_', 'a.count', 'a.sum', 'a.bucket')
    const series = fc.uniqueArray(
      fc
        .tuple(make, name, fc.constantFrom('', 'x', 'X'))
        .map(([of, name, page]) => of(name, 1, { attributes: { page } })),
      { selector: ({ key }) => key, maxLength: 15 },
    )
    const orders = series.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    fc.assert(
      fc.property(orders, fc.constantFrom('distribution', 'counts'), ([all, shuffled], histograms) => {
        const groups = group(all, { histograms })
        expect(groups.flatMap(({ keys }) => keys).toSorted()).toEqual(all.map(({ key }) => key).toSorted())
        const essence = (found: typeof groups) =>
          found.map((one) => [one.kind, one.name, one.tags, one.keys.toSorted()])
        expect(essence(group(shuffled, { histograms }))).toEqual(essence(groups))
      }),
    )
  })
})
