/** Facts about a metric beside its name. */
export interface MetricMetadata {
  readonly help?: string
  /** A base unit as UCUM writes it: 's', 'By', '1'. */
  readonly unit?: string
  /** Upper bounds of the classic histogram, ascending, without +Inf. */
  readonly buckets?: readonly number[]
  /** With `catalogOnly`: the only verb it takes. Missing: both. */
  readonly kind?: 'counter' | 'histogram'
  /** With `catalogOnly`: the only attributes and values a point of it may have. Missing: any. */
  readonly attributes?: Readonly<Record<string, AttributeKind>>
}

/** The values of an attribute: one of a few texts; true or false; any number; any text. */
export type AttributeKind = readonly string[] | 'boolean' | 'number' | 'string'
