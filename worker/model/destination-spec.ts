import type { AddressForm, DestinationDocs, KindTemporality } from './destination-definition.ts'
import type { DestinationSettings } from './destination-settings.ts'
import type { ExportContext } from './export-context.ts'
import type { Checks, StandardSchema, ValuesOf } from './standard-schema.ts'
import type { Exporter, Temporality } from './types.ts'

/** What an exporter of a kind gets: the settings of every destination, and the keys of its own. */
export type ConfigOf<Kind extends string, Own extends Checks, Time extends KindTemporality> = Omit<
  DestinationSettings,
  'kind'
> & { readonly kind: Kind } & ValuesOf<Own> &
  (Time extends 'either' ? { readonly temporality: Temporality } : unknown)

/** A key whose value is sent as a header. */
export interface HeaderKey {
  /** In lower case. */
  readonly header: string
  readonly schema: StandardSchema<string>
}

/** A key that names a secret, whose value is sent as a header. */
export interface SecretKey {
  /** In lower case. */
  readonly header: string
  /** The name of the secret where none is written. Missing: the key must be written. */
  readonly default?: string
}

/** Where the address comes from when no `url` is written. */
export interface AddressSource<Place extends Checks> {
  /** Keys in place of `url`; the exporter does not get them. */
  readonly schema: Place
  url(written: ValuesOf<Place> & { readonly name: string }): string
}

/** The keys of a kind of destination, and what they are for. */
export interface KindSpec {
  /** Its name in a configuration: lower-case letters, digits and "-". */
  readonly kind: string
  readonly address: AddressForm
  /** Needed with the address 'none'. */
  readonly addressFrom?: AddressSource<Checks>
  /** What the exporter gets. With 'either' the kind has a key `temporality`, 'cumulative' by default. */
  readonly temporality: KindTemporality
  /** The keys of its own, each with a check: one of `checks`, or any Standard Schema that is not asynchronous. */
  readonly schema: Checks
  /** Defaults of its own keys, and of two that every destination has. A key without a default must be written. */
  readonly defaults?: Readonly<Record<string, unknown>> & {
    readonly intervalMs?: number
    readonly maxSeriesPerRequest?: number
  }
  /** Keys whose values become headers; none must be written. */
  readonly headers?: Readonly<Record<string, HeaderKey>>
  readonly secrets?: Readonly<Record<string, SecretKey>>
  /** Whether the user may set the header `content-type`. @default false: the exporter sets it */
  readonly allowsContentType?: boolean
}

/** Everything about a kind of destination. */
export interface DestinationSpec<
  Kind extends string,
  Own extends Checks,
  Time extends KindTemporality,
  Place extends Checks,
> extends KindSpec {
  readonly kind: Kind
  readonly addressFrom?: AddressSource<Place>
  readonly temporality: Time
  readonly schema: Own
  readonly defaults?: Readonly<Partial<ValuesOf<Own>>> & KindSpec['defaults']
  /** Keys of its own with text that may be a secret: `GET /v1/config` hides it. */
  readonly freeText?: readonly (keyof Own & string)[]
  readonly createExporter: (config: ConfigOf<Kind, Own, Time>, context: ExportContext) => Exporter
  readonly docs?: DestinationDocs
}
