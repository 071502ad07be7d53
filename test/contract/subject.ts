import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import type { ExportContext } from '../../worker/model/export-context.ts'
import type { Exporter, ExportRequest } from '../../worker/model/types.ts'

/** One value as the backend stores it. */
export interface Decoded {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Missing where the protocol has no time stamps: the value is of the moment when the backend stores it. */
  readonly timeMs?: number
  /** When the value began to count, where the protocol says it; 0 is the same as missing. */
  readonly startMs?: number
  /** 'stale': the protocol's marker that the series has ended. */
  readonly value: number | 'stale'
  /** The sum of a histogram that is one value at the backend; `value` is its count then. */
  readonly sum?: number
  /** The last value of a series, in a protocol that marks the last value itself. */
  readonly ended?: boolean
}

/**
 * What a backend does with a value of a counter or a histogram.
 * - 'adds': it adds every value, and one that arrives twice counts twice.
 * - 'adds-once': it adds every value, but a second one of the same series and time replaces the first.
 * - 'replaces': it stores totals and shows the differences between them, as Prometheus does. It refuses a total that is older than
 *   the newest, and counts nothing for the first total of a series.
 * - 'shows': it stores totals and shows the newest. A total that is lower, has another start or follows the last one of a series
 *   has begun again.
 */
export type Receiver = 'adds' | 'adds-once' | 'replaces' | 'shows'

/** An exporter, and what the suite has to know about its backend. */
export interface ExporterUnderTest<Config extends DestinationSettings> {
  /** Such as 'remote-write 2.0'. */
  readonly title: string
  /** The suite changes `url`, `headers` and `maxSeriesPerRequest`. */
  readonly destination: Config
  readonly create: (config: Config, context: ExportContext) => Exporter
  /** Reads a request with a decoder that shares no code with the exporter; throws at what the protocol forbids. */
  readonly decode: (request: ExportRequest) => readonly Decoded[]
  /** A function where it depends on the request. */
  readonly receiver: Receiver | ((request: ExportRequest) => Receiver)
  /** The name that a counter has at the backend. */
  readonly counterName: (name: string) => string
  /** Count and sum of the only histogram in `decoded`. */
  readonly histogramOf: (decoded: readonly Decoded[]) => { readonly count: number; readonly sum: number }
  /** The most bytes that a request of counters may have before compression; Infinity for no limit. */
  readonly maxBytes: number
  /** The body before a compression that the exporter applies itself. @default the body as it is */
  readonly plainBody?: (request: ExportRequest) => Uint8Array
}
