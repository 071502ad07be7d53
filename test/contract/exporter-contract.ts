import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import type { Config as AllConfig } from '../../worker/config/types.ts'
import type { Exporter, ExportRequest, Snapshot, SnapshotSeries } from '../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from './snapshots.ts'

/** One value as the backend would store it. */
export interface Decoded {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly timeMs: number
  readonly value: number | 'stale'
  /** With a histogram that is one value at the backend; `value` is its count then. */
  readonly sum?: number
}

const promises = {
  empty: 'sends nothing for an empty snapshot',
  exact: 'sends every total exactly',
  whole: 'keeps the whole of what it adds up, whatever the names and values',
  histograms: 'keeps count and sum of every histogram',
  split: 'stays within its limit of series, in every request, and loses none',
  deterministic: 'gives the same bytes for the same totals, in whatever order',
  untouched: 'leaves the snapshot as it was',
  parts: 'sends a part the same as the whole, so that a refused request can be cut',
  again: 'gives a request again, byte for byte, from its keys',
  answers: 'takes a success for one, waits at overload and trouble, and drops what is refused',
} as const

export type Promised = keyof typeof promises

export interface ExporterUnderTest<Config extends DestinationSettings> {
  /** What it is, as in 'remote-write 2.0'. */
  readonly title: string
  /** `maxSeriesPerRequest` is changed by the suite. */
  readonly destination: Config
  readonly create: (config: Config, all: AllConfig) => Exporter
  /** Reads a request with a decoder of its own; throws at what the protocol forbids. */
  readonly decode: (request: ExportRequest) => readonly Decoded[]
  /** The name a counter has at the backend. */
  readonly counterName: (name: string) => string
  /** Count and sum of the only histogram among what was decoded. */
  readonly histogramOf: (decoded: readonly Decoded[]) => { readonly count: number; readonly sum: number }
  /** Promises it does not keep as they stand, each with the reason. What it promises instead is tested beside it. */
  readonly deviations?: Readonly<Partial<Record<Promised, string>>>
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

// Powers of two and their sums: no order of adding them rounds.
const anyValues = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 1_000 }).map((n) => n / 64),
    fc.constant(0),
  ),
  { minLength: 1, maxLength: 50 },
)

/** What every exporter promises. Run by each, so that a new vendor starts with its tests written. */
export function describeExporter<Config extends DestinationSettings>(subject: ExporterUnderTest<Config>): void {
  const { title, destination, create, decode, counterName, histogramOf: countAndSum, deviations = {} } = subject
  const exporter = create(destination, testConfig())
  const { temporality } = exporter
  const snapshot = (series: readonly SnapshotSeries[]): Snapshot => ({ ...snapshotOf(...series), temporality })
  const requestsOf = (series: readonly SnapshotSeries[], from: Exporter = exporter): ExportRequest[] =>
    from.encode(snapshot(series)).flatMap(({ requests }) => requests)
  const read = (series: readonly SnapshotSeries[], from: Exporter = exporter): Decoded[] =>
    requestsOf(series, from).flatMap(decode)

  describe(`exporter ${title}`, () => {
    const empty = (): void => {
      expect(requestsOf([])).toEqual([])
    }

    const exact = (): void => {
      const values = [1, 0.1, 2 ** 53, 2 ** 53 - 1, 1e290, 5e-324, 1 / 3]
      const series = values.map((value, i) => counterOf('clicks', value, { attributes: { i } }))
      const found = read(series)
      expect(found).toHaveLength(values.length)
      for (const { name, labels, value } of found) {
        expect(name).toBe(counterName('clicks'))
        expect(value).toBe(values[Number(labels['i'])])
      }
    }

    const whole = (): void => {
      fc.assert(
        fc.property(anyCounters, (series) => {
          const sum = series.reduce((total, one) => total + ((one.total as number[])[0] ?? 0), 0)
          const found = read(series)
          expect(found.reduce((total, { value }) => total + Number(value), 0)).toBe(sum)
          const places = new Set(found.map(({ name, labels }) => JSON.stringify([name, labels])))
          expect(places.size).toBe(found.length)
        }),
      )
    }

    const histograms = (): void => {
      fc.assert(
        fc.property(anyValues, (values) => {
          const sum = values.reduce((total, value) => total + value, 0)
          expect(countAndSum(read([histogramOf('latency', values)]))).toEqual({ count: values.length, sum })
        }),
      )
    }

    const split = (): void => {
      fc.assert(
        fc.property(anyCounters, fc.integer({ min: 1, max: 10 }), (series, maxSeriesPerRequest) => {
          const requests = requestsOf(series, create({ ...destination, maxSeriesPerRequest }, testConfig()))
          for (const request of requests) expect(decode(request).length).toBeLessThanOrEqual(maxSeriesPerRequest)
          expect(requests.flatMap(decode)).toEqual(read(series))
          expect(requests.flatMap(({ keys }) => keys).sort()).toEqual(series.map(({ key }) => key).sort())
        }),
      )
    }

    const deterministic = (): void => {
      fc.assert(
        fc.property(anyCounters, (series) => {
          const bodies = (all: readonly SnapshotSeries[]): unknown => requestsOf(all).map(({ body }) => body)
          expect(bodies(series.toReversed())).toEqual(bodies(series))
        }),
      )
    }

    const untouched = (): void => {
      const make = (): SnapshotSeries[] => [
        counterOf('a.b', 1),
        counterOf('a_b', 2),
        histogramOf('h', [1]),
        gaugeOf('g', 3),
      ]
      const series = make()
      exporter.encode(snapshot(series))
      expect(series).toEqual(make())
    }

    const parts = (): void => {
      fc.assert(
        fc.property(anyCounters, fc.func(fc.boolean()), (series, isLeft) => {
          const keys = series.map(({ key }) => key)
          const halves = [keys.filter((key) => isLeft(key)), keys.filter((key) => !isLeft(key))]
          const parts = halves.flatMap((half) => exporter.encodeOnly(snapshot(series), 'values', new Set(half)))
          const text = (all: readonly Decoded[]): string[] => all.map((one) => JSON.stringify(one)).sort()
          expect(text(parts.flatMap(decode))).toEqual(text(read(series)))
        }),
      )
    }

    const again = (): void => {
      fc.assert(
        fc.property(anyCounters, fc.integer({ min: 1, max: 10 }), (series, maxSeriesPerRequest) => {
          const small = create({ ...destination, maxSeriesPerRequest }, testConfig())
          for (const request of requestsOf(series, small))
            expect(small.encodeOnly(snapshot(series), 'values', new Set(request.keys))).toEqual([request])
        }),
      )
    }

    const answers = (): void => {
      const typeOf = (status: number): string =>
        exporter.readAnswer({ status, header: () => undefined, body: new Uint8Array() }).type
      expect([200, 202, 204].map(typeOf)).toEqual(['accepted', 'accepted', 'accepted'])
      expect([429, 502, 503, 504].map(typeOf)).toEqual(['retry', 'retry', 'retry', 'retry'])
      expect([301, 400, 401, 403, 404, 413].map(typeOf)).toEqual(Array(6).fill('refused'))
    }

    const tests: Readonly<Record<Promised, () => void>> = {
      empty,
      exact,
      whole,
      histograms,
      split,
      deterministic,
      untouched,
      parts,
      again,
      answers,
    }
    const kept = (Object.keys(tests) as Promised[]).map((promise) => ({ what: promises[promise], promise }))
    it.for(kept)('$what', ({ promise }, { skip }) => {
      const reason = deviations[promise]
      if (reason !== undefined) skip(`not as it stands: ${reason}`)
      tests[promise]()
      expect.hasAssertions()
    })
  })
}
