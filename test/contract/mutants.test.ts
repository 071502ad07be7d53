import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DESTINATIONS } from '../../worker/destinations/kinds.ts'
import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import { subjects as datadog } from '../worker/destinations/datadog/subjects.ts'
import { subjects as http } from '../worker/destinations/http/subjects.ts'
import { subjects as newRelic } from '../worker/destinations/newrelic/subjects.ts'
import { subjects as otlp } from '../worker/destinations/otlp/subjects.ts'
import { subjects as prometheus } from '../worker/destinations/prometheus/subjects.ts'
import { subjects as pushgateway } from '../worker/destinations/pushgateway/subjects.ts'
import type { ContractSubject, Promised } from './exporter-contract.ts'
import { createHarness, type Harness } from './harness.ts'
import { MUTANTS } from './mutants/index.ts'
import type { Mutant, Nature } from './mutants/mutant.ts'
import { NETWORK_MUTANTS } from './mutants/network.ts'
import { promises } from './promises/index.ts'

// A mutant is to be found, not explained.
fc.configureGlobal({ endOnFailure: true })

/** A subject without the type of its configuration. */
interface Original extends Pick<ContractSubject<DestinationSettings>, 'title' | 'deviations'> {
  readonly kind: string
  readonly natures: readonly Nature[]
  readonly hasProbe: boolean
  readonly hasFallback: boolean
  /** Whether the exporter, or a mutant of it, keeps a promise. */
  readonly keeps: (promise: Promised, mutant?: Mutant) => boolean
}

function originalOf<Config extends DestinationSettings>(subject: ContractSubject<Config>): Original {
  const { exporter } = createHarness(subject)
  return {
    title: subject.title,
    kind: subject.destination.kind,
    deviations: subject.deviations ?? {},
    natures: [
      ...(exporter.temporality === 'delta' ? (['deltas'] as const) : (['totals'] as const)),
      ...(subject.receiver === 'adds' ? (['adds'] as const) : []),
    ],
    hasProbe: exporter.probe !== undefined,
    hasFallback: exporter.fallback !== undefined,
    keeps: (promise, mutant) => {
      const create = mutant ? mutant.mutation(subject.create) : subject.create
      try {
        promises[promise].check(createHarness({ ...subject, create }))
        return true
      } catch {
        return false
      }
    },
  }
}

const network: readonly Original[] = [
  ...prometheus.map(originalOf),
  ...otlp.map(originalOf),
  ...datadog.map(originalOf),
  ...newRelic.map(originalOf),
  ...pushgateway.map(originalOf),
  ...http.map(originalOf),
]

const NAMES = Object.keys(promises) as Promised[]

/** Receivers that replace, that add once, and that add. */
const originals = network.filter(({ title }) =>
  ['remote-write 1.0', 'OTLP, protobuf, cumulative', 'OTLP, protobuf, delta', 'datadog, counts', 'newrelic'].includes(
    title,
  ),
)

const canBecome = ({ natures, hasProbe, hasFallback, deviations }: Original, { of, breaks, name }: Mutant): boolean =>
  of.some((nature) => natures.includes(nature)) &&
  deviations?.[breaks] === undefined &&
  (hasProbe || !name.endsWith('in probe')) &&
  (hasFallback || !name.endsWith('in fallback'))

describe.each(originals)('$title', (original) => {
  it('keeps every promise as it is', () => {
    const { keeps, deviations = {} } = original
    expect(NAMES.filter((name) => deviations[name] === undefined && !keeps(name))).toEqual([])
  })

  it.each(MUTANTS.filter((mutant) => canBecome(original, mutant)))('$name breaks $breaks', (mutant) => {
    expect(original.keeps(mutant.breaks, mutant)).toBe(false)
  })
})

it('breaks every promise with a mutant; the decoder has a test of its own', () => {
  expect(NAMES.filter((name) => !MUTANTS.some(({ breaks }) => breaks === name))).toEqual(['decoder'])
})

describe('a wrong decoder', () => {
  const [subject] = http
  const withLabels = (change: (text: string) => string): Harness =>
    createHarness({
      ...subject!,
      decode: (request) =>
        subject!.decode(request).map((one) => ({
          ...one,
          labels: Object.fromEntries(Object.entries(one.labels).map(([name, text]) => [name, change(text)])),
        })),
    })

  it.each<[string, (text: string) => string]>([
    ['drops U+2028', (text) => text.replace('\u2028', '')],
    ['ends at a line feed', (text) => text.split('\n')[0]!],
    ['drops quotes', (text) => text.replaceAll('"', '')],
    ['keeps the backslashes of an escape', (text) => text.replaceAll('\\', '\\\\')],
    ['cuts long texts', (text) => text.slice(0, 1_000)],
    ['drops what is not in the basic plane', (text) => text.replace(/[\u{10000}-\u{10ffff}]/gu, '')],
  ])('that %s is named as the fault', (_, change) => {
    expect(() => promises.decoder.check(withLabels(change))).toThrow(/^mend decode\(\) of this test/)
  })
})

const cases = network.flatMap((original) =>
  NETWORK_MUTANTS.filter((mutant) => canBecome(original, mutant)).map((mutant) => ({
    name: `${original.title}: ${mutant.name}`,
    original,
    mutant,
  })),
)

it('has cases of every kind of destination with an address', () => {
  const kinds = DESTINATIONS.filter(({ address }) => address !== 'none').map(({ kind }) => kind)
  expect([...new Set(cases.map(({ original }) => original.kind))].sort()).toEqual(kinds.sort())
})

it.each(cases)('$name breaks address', ({ original, mutant }) => {
  expect(original.keeps('address')).toBe(true)
  expect(original.keeps('address', mutant)).toBe(false)
})
