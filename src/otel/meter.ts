import type { Attributes as OtelAttributes, Meter, MetricOptions, Observable } from '@opentelemetry/api'
import { say } from '../core/say.ts'
import type { Instruments } from '../core/instruments.ts'
import { isMetricName } from '../protocol/series.ts'
import { toAttributes, toMetricName } from './attributes.ts'
import type { Observables, Report } from './observables.ts'

/** The verbs of a beacon, or of an edge client, that a meter needs. */
export type Verbs = Pick<Instruments, 'increment' | 'observe'>

/** Totals of one observable instrument that are remembered: as many series as a beacon has. */
const MAX_TOTALS = 2_000

/** Recorded in place of an invalid value: the beacon drops it and counts the drop. */
const REFUSED = Number.NaN

type Write = (value: number, attributes?: OtelAttributes) => void

/** One meter: its name and version are not exported, so equal names are equal series in all of them. */
export function createMeter({ increment, observe }: Verbs, observables: Observables): Meter {
  const created = new Map<string, Observable>()

  const nameOf = (given: string): string => {
    const name = toMetricName(given)
    // A name that is no string may not convert to text, as a symbol.
    if (!isMetricName(name))
      say(`"${typeof given === 'string' ? given : typeof given}" is not the name of a metric: its records are dropped`)
    return name
  }

  const count =
    (name: string): Report =>
    (value, attributes) =>
      increment(name, value, attributes)
  const measure =
    (name: string): Report =>
    (value, attributes) =>
      observe(name, value, attributes)
  /** A total only ever grows, so decreases are a total of their own. */
  const move = (name: string): Report => {
    const [up, down] = [`${name}.up`, `${name}.down`]
    return (value, attributes) => increment(value < 0 ? down : up, Math.abs(value), attributes)
  }

  const write =
    (report: (name: string) => Report, min = -Infinity) =>
    (given: string, options?: MetricOptions) => {
      const record = report(nameOf(given))
      const parse = parser(options, min)
      const write: Write = (value, attributes) => {
        try {
          record(parse(value), toAttributes(attributes), '')
        } catch {
          // A getter in the user's attributes threw.
        }
      }
      return { add: write, record: write }
    }

  /** Records an observed total as its increases; `hasDown`: the total may fall. */
  const differences = (record: Report, hasDown: boolean): Report => {
    const totals = new Map<string, number>()
    return (total, attributes, key) => {
      const before = totals.get(key) ?? 0
      const isRefused = !Number.isFinite(total) || (!hasDown && total < 0)
      if (isRefused || (totals.size === MAX_TOTALS && !totals.has(key))) return record(REFUSED, attributes, key)
      totals.set(key, total)
      // A total that should only grow, and fell, has started again from zero.
      record(!hasDown && total < before ? total : total - before, attributes, key)
    }
  }

  const observed = (kind: string, report: (name: string) => Report) => (given: string, options?: MetricOptions) => {
    // The same instrument again, as in the SDK: it must not forget what it has recorded.
    const id = `${kind} ${options?.valueType} ${toMetricName(given)}`
    let observable = created.get(id)
    if (!observable) {
      const record = report(nameOf(given))
      const parse = parser(options)
      observable = observables.create((value, attributes, key) => record(parse(value), attributes, key))
      created.set(id, observable)
    }
    return observable
  }

  const batchOf = (list: readonly Observable[]) => new Set(list.filter((one) => observables.isOurs(one)))

  return {
    createCounter: write(count, 0),
    createUpDownCounter: write(move),
    createHistogram: write(measure, 0),
    createGauge: write(measure),
    createObservableCounter: observed('counter', (name) => differences(count(name), false)),
    createObservableUpDownCounter: observed('upDownCounter', (name) => differences(move(name), true)),
    createObservableGauge: observed('gauge', measure),
    addBatchObservableCallback: (given, list) =>
      observables.add({
        given,
        run: (observe) => given({ observe }),
        observables: batchOf(list),
      }),
    removeBatchObservableCallback: (given, list) => observables.remove({ given, observables: batchOf(list) }),
  }
}

/** `ValueType.INT`, which is not imported: of the API only types are. */
const INT = 0

/** Of the options only `valueType` matters: for INT fractions are cut off, as in the SDK. */
const parser =
  (options?: MetricOptions, min = -Infinity) =>
  (value: unknown): number => {
    if (typeof value !== 'number' || value < min) return REFUSED
    return (options?.valueType as number | undefined) === INT ? Math.trunc(value) : value
  }
