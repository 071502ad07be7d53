import type { Result } from '../../src/protocol/result.ts'
import type { DestinationSettings } from './destination-settings.ts'
import type { ExportContext } from './export-context.ts'
import type { Issue } from './issue.ts'
import type { Exporter, Temporality } from './types.ts'

/**
 * The meaning of a destination's `url`. 'whole': requests go to this address. 'base': the exporter adds a path to it. 'none': a local
 * place, without address, headers or credentials.
 */
export type AddressForm = 'whole' | 'base' | 'none'

/** The temporality of a kind; with 'either', the key `temporality` of a destination says which. */
export type KindTemporality = Temporality | 'either'

/** The facts of a kind for the tables of README and docs/EXPORTERS.md, in Markdown. */
export interface DestinationDocs {
  readonly protocol: string
  /** How right the numbers are when a response is lost; '' where none can be. */
  readonly ifLost: string
  /** What becomes of a request without an answer. */
  readonly inDoubt: string
  /** How the receiver learns that a series ended. */
  readonly ends: string
  /** The smallest configuration, without `name` and `kind`. */
  readonly example: Readonly<Record<string, unknown>>
}

/** A kind of destination, as `defineDestination` makes it. */
export interface DestinationDefinition<Config extends DestinationSettings = DestinationSettings> {
  readonly kind: string
  readonly address: AddressForm
  readonly temporality: KindTemporality
  /** Of keys that need not be written. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** Keys with text of the user's own, which may be a secret: `GET /v1/config` hides it. */
  readonly freeText: readonly string[]
  readonly docs?: DestinationDocs
  /** Checks a destination as it is written, and fills defaults in. @returns every mistake */
  read(this: void, written: unknown): Result<Config, readonly Issue[]>
  createExporter(this: void, config: Config, context: ExportContext): Exporter
}
