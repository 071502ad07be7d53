/** The verbs of a beacon as a catalog narrows them. Types only: nothing of it is in the page. */
import type { Beacon } from '../core/beacon.ts'
import type { Counter, HistogramHandle, Instruments } from '../core/instruments.ts'
import type { AttributeKind, AttributeKinds, Catalog, MetricDefinition, NoAttributes } from './types.ts'

type NameOf<Metrics extends Catalog, Kind extends MetricDefinition['kind']> = {
  [Name in keyof Metrics]: Metrics[Name]['kind'] extends Kind ? Name : never
}[keyof Metrics] &
  string

/** The names `increment` and `counter` take. */
export type CounterName<Metrics extends Catalog> = NameOf<Metrics, 'counter'>

/** The names `observe`, `time` and `histogram` take. */
export type HistogramName<Metrics extends Catalog> = NameOf<Metrics, 'histogram'>

interface ValueOfKind {
  readonly boolean: boolean
  readonly number: number
  readonly string: string
}

type ValueOf<Allowed extends AttributeKind> = Allowed extends keyof ValueOfKind
  ? ValueOfKind[Allowed]
  : Allowed extends readonly (infer Text)[]
    ? Text
    : never

type AttributesOfKinds<Kinds> = [Kinds] extends [NoAttributes]
  ? // `{}` would take any attribute.
    NoAttributes
  : Kinds extends AttributeKinds
    ? { readonly [Name in keyof Kinds]?: ValueOf<Kinds[Name]> }
    : never

/** The attributes a record of a metric may have, all of them optional. */
export type AttributesOf<Metric extends MetricDefinition> = AttributesOfKinds<NonNullable<Metric['attributes']>>

/** `Instruments` for the metrics of a catalog: a wrong name, verb, attribute or value does not compile. */
export interface CatalogInstruments<Metrics extends Catalog> {
  /** Adds `value` to a counter. @see Instruments.increment */
  readonly increment: <Name extends CounterName<Metrics>>(
    name: Name,
    value?: number,
    attributes?: AttributesOf<Metrics[Name]>,
  ) => void
  /** Adds an observation, in the unit of the metric, to a histogram. @see Instruments.observe */
  readonly observe: <Name extends HistogramName<Metrics>>(
    name: Name,
    value: number,
    attributes?: AttributesOf<Metrics[Name]>,
  ) => void
  /** Binds a counter once. @see Instruments.counter */
  readonly counter: <Name extends CounterName<Metrics>>(name: Name, attributes?: AttributesOf<Metrics[Name]>) => Counter
  /** Binds a histogram once. @see Instruments.histogram */
  readonly histogram: <Name extends HistogramName<Metrics>>(
    name: Name,
    attributes?: AttributesOf<Metrics[Name]>,
  ) => HistogramHandle
  /** Begins a stopwatch. @see Instruments.time */
  readonly time: <Name extends HistogramName<Metrics>>(
    name: Name,
    attributes?: AttributesOf<Metrics[Name]>,
  ) => () => void
}

/** A beacon that records only metrics of a catalog. `init<typeof catalog>()` returns it. */
export type TypedBeacon<Metrics extends Catalog> = Omit<Beacon, keyof Instruments> & CatalogInstruments<Metrics>
