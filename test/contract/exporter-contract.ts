import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Config, DestinationConfig, Exporter, ExportRequest, SnapshotSeries } from '../../worker/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig, testDestination } from './snapshots.ts'

/** One value as the backend would store it. */
export interface Decoded {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly timeMs: number
  readonly value: number | 'stale'
}

export interface ExporterUnderTest {
  readonly kind: DestinationConfig['kind']
  readonly create: (config: DestinationConfig, all: Config) => Exporter
  /** Reads a request with a decoder of its own; throws at what the protocol forbids. */
  readonly decode: (request: ExportRequest) => readonly Decoded[]
  /** The name a counter has at the backend. */
  readonly counterName: (name: string) => string
}

const hostileText = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 128 }),
    fc.constantFrom('"', '\\', '\u2028', '😀'.repeat(64), '{}', '%00'),
  )
  .map((text) => text.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 126))

const hostileName = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,127}$/),
  fc.constantFrom('constructor', 'toString', 'le', 'a..b', '_x', '_._', 'total', 'a'.repeat(128)),
)

const anyCounters: fc.Arbitrary<SnapshotSeries[]> = fc.uniqueArray(
  fc
    .tuple(
      hostileName,
      fc.nat(1e9),
      fc.dictionary(hostileName, hostileText, { maxKeys: 4, noNullPrototype: true }),
      hostileText,
    )
    .map(([name, value, attributes, service]) => counterOf(name, value, { attributes, service })),
  { selector: ({ key }) => key, maxLength: 40 },
)

/** What every exporter promises. Run by each, so that a new vendor starts with its tests written. */
export function describeExporter({ kind, create, decode, counterName }: ExporterUnderTest): void {
  const exporter = create(testDestination({ kind }), testConfig())
  const read = (series: readonly SnapshotSeries[], from: Exporter = exporter): Decoded[] =>
    from.encode(snapshotOf(...series)).flatMap(({ requests }) => requests.flatMap(decode))

  describe(`exporter ${kind}`, () => {
    it('sends nothing for an empty snapshot', () => {
      expect(exporter.encode(snapshotOf()).flatMap(({ requests }) => requests)).toEqual([])
    })

    it('sends every total exactly', () => {
      const values = [0, 1, 0.1, 2 ** 53, 2 ** 53 - 1, 1e290, 5e-324, 1 / 3]
      const series = values.map((value, i) => counterOf('clicks', value, { attributes: { i } }))
      const found = read(series)
      expect(found).toHaveLength(values.length)
      for (const { name, labels, value } of found) {
        expect(name).toBe(counterName('clicks'))
        expect(value).toBe(values[Number(labels['i'])])
      }
    })

    it('keeps the whole of what it adds up, whatever the names and values', () => {
      fc.assert(
        fc.property(anyCounters, (series) => {
          const sum = series.reduce((total, one) => total + ((one.total as number[])[0] ?? 0), 0)
          const found = read(series)
          expect(found.reduce((total, { value }) => total + Number(value), 0)).toBe(sum)
          const places = new Set(found.map(({ name, labels }) => JSON.stringify([name, labels])))
          expect(places.size).toBe(found.length)
        }),
      )
    })

    it('stays within its limit of series, in every request, and loses none', () => {
      fc.assert(
        fc.property(anyCounters, fc.integer({ min: 1, max: 10 }), (series, maxSeriesPerRequest) => {
          const small = create(testDestination({ kind, maxSeriesPerRequest }), testConfig())
          const requests = small.encode(snapshotOf(...series)).flatMap((step) => step.requests)
          for (const request of requests) expect(decode(request).length).toBeLessThanOrEqual(maxSeriesPerRequest)
          expect(requests.flatMap(decode)).toEqual(read(series))
          expect(requests.flatMap(({ keys }) => keys).sort()).toEqual(series.map(({ key }) => key).sort())
        }),
      )
    })

    it('gives the same bytes for the same totals, in whatever order', () => {
      fc.assert(
        fc.property(anyCounters, (series) => {
          const bodies = (all: readonly SnapshotSeries[]): unknown =>
            exporter.encode(snapshotOf(...all)).map((step) => step.requests.map(({ body }) => body))
          expect(bodies(series.toReversed())).toEqual(bodies(series))
        }),
      )
    })

    it('leaves the snapshot as it was', () => {
      const make = (): SnapshotSeries[] => [
        counterOf('a.b', 1),
        counterOf('a_b', 2),
        histogramOf('h', [1]),
        gaugeOf('g', 3),
      ]
      const snapshot = snapshotOf(...make())
      exporter.encode(snapshot)
      expect(snapshot.series).toEqual(make())
    })

    it('sends a part the same as the whole, so that a refused request can be cut', () => {
      fc.assert(
        fc.property(anyCounters, fc.func(fc.boolean()), (series, isLeft) => {
          const keys = series.map(({ key }) => key)
          const halves = [keys.filter((key) => isLeft(key)), keys.filter((key) => !isLeft(key))]
          const parts = halves.flatMap((half) => exporter.encodeOnly(snapshotOf(...series), 'values', new Set(half)))
          const text = (all: readonly Decoded[]): string[] => all.map((one) => JSON.stringify(one)).sort()
          expect(text(parts.flatMap(decode))).toEqual(text(read(series)))
        }),
      )
    })

    it('takes a success for one, waits at overload and trouble, and drops what is refused', () => {
      expect([200, 202, 204].map(exporter.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
      expect([429, 502, 503, 504].map(exporter.outcome)).toEqual(['retry', 'retry', 'retry', 'retry'])
      expect([301, 400, 401, 403, 404, 413, 415].map(exporter.outcome)).toEqual(Array(7).fill('refused'))
    })
  })
}
