/** The parts of a catalog. Data only: the same object serves the page, the edge and the commands. */

/** The values of an attribute: one of a few texts; true or false; any number; any text of at most 128 characters. */
export type AttributeKind = readonly string[] | 'boolean' | 'number' | 'string'

/** Attributes by name. Every one is optional on a record; any other is refused. */
export type AttributeKinds = Readonly<Record<string, AttributeKind>>

/** Of a metric without attributes. */
export type NoAttributes = Readonly<Record<string, never>>

interface MetricBase<Kinds extends AttributeKinds> {
  /** A description for people. */
  readonly help: string
  /** A base unit as UCUM writes it: 's', 'By', '1'. Not 'ms', 'seconds', 'kB' or '%'. @default none */
  readonly unit?: string
  /** @default none */
  readonly attributes?: Kinds
}

export interface CounterOptions<Kinds extends AttributeKinds = AttributeKinds> extends MetricBase<Kinds> {}

export interface HistogramOptions<Kinds extends AttributeKinds = AttributeKinds> extends MetricBase<Kinds> {
  /** Upper bounds where a backend has classic buckets, in the unit, ascending, without +Inf. @default 2^-10 to 2^6 */
  readonly buckets?: readonly number[]
}

export interface CounterDefinition<Kinds extends AttributeKinds = AttributeKinds> extends CounterOptions<Kinds> {
  readonly kind: 'counter'
}

export interface HistogramDefinition<Kinds extends AttributeKinds = AttributeKinds> extends HistogramOptions<Kinds> {
  readonly kind: 'histogram'
}

export type MetricDefinition = CounterDefinition | HistogramDefinition

/** Metrics by name. A plain object: `{ ...one, ...other }` is both. */
export type Catalog = Readonly<Record<string, MetricDefinition>>
