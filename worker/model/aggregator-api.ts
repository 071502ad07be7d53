/** The requests to the `Aggregator` object and its answers. Data only. */
import type { KeptFile } from './script-file.ts'
import type { AdmittedBatch, Delta, Series, SeriesKey, Snapshot, Temporality } from './types.ts'

/** The calls of the worker to the `Aggregator` object, over RPC. */
export interface AggregatorApi {
  /**
   * Resolves when every batch is on durable storage, whether it is new or a duplicate.
   * @returns what the acknowledgement tells pages, as JSON: what holds at that moment; undefined for nothing
   */
  ingest(batches: readonly AdmittedBatch[]): Promise<string | undefined>
  /** Counts a request that was refused before it had batches. */
  countRefused(reason: string): Promise<void>
  /** All totals now, self metrics included. */
  snapshot(): Promise<Snapshot>
  health(): Promise<readonly DestinationHealth[]>
  status(): Promise<AggregatorStatus>
  /** The value given to `setOverride`; undefined for none. */
  override(): Promise<unknown>
  /** Checks and keeps a runtime configuration, null for none; it holds from the next flush and the next acknowledgement on. @returns every mistake; then nothing has changed */
  setOverride(override: unknown): Promise<readonly string[]>
  /** The series that a destination refused for good, oldest first. @param destination all when undefined */
  deadLetters(destination?: string): Promise<readonly DeadLetter[]>
  /** Offers dead letters to their destination again. @param keys all of it when undefined @returns how many */
  replayDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number>
  /** Gives dead letters up: they are counted as dropped. @returns how many */
  dropDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number>
  /** The paths of all script files that are kept. @param served those of the build that asks, its main file first: they are kept on */
  scriptPaths(served: readonly string[]): Promise<readonly string[]>
  /**
   * Keeps a build for pages that ask for its files after the next deploy.
   * @param build the paths of all its files, its main file first
   * @param files those that are not kept yet
   */
  keepScript(build: readonly string[], files: readonly KeptFile[]): Promise<void>
  scriptFile(path: string): Promise<KeptFile | undefined>
}

/** The body of `GET /v1/status`: no secret, no address. */
export interface AggregatorStatus {
  /** Ms since 1970. */
  readonly timeMs: number
  readonly series: number
  readonly flushIntervalMs: number
  readonly hasOverride: boolean
  readonly destinations: readonly DestinationStatus[]
}

export interface DestinationStatus extends DestinationHealth {
  readonly kind: string
  readonly protocol: string
  readonly temporality: Temporality
  readonly enabled: boolean
  readonly group?: string
  readonly circuit: {
    readonly state: 'closed' | 'open' | 'half-open'
    /** Failures in a row. */
    readonly failures: number
    /** While it is open. */
    readonly openUntilMs?: number
  }
  readonly lastError?: { readonly timeMs: number; readonly detail: string }
  /** Time since everything that is counted was accepted, seconds; missing before the first flush. */
  readonly lagSeconds?: number
  /** Requests since the destination was set up, over restarts. */
  readonly sent: number
  readonly retried: number
  readonly refused: number
  readonly deadLetters: number
  /** Series with something that a delta destination has not yet accepted. */
  readonly waiting?: number
}

/** A series that a backend refused for itself: the same bytes would be refused again. */
export interface DeadLetter {
  readonly destination: string
  readonly key: SeriesKey
  readonly series: Series
  /** The backend's own words. */
  readonly reason: string
  /** When it was first refused, ms since 1970. */
  readonly timeMs: number
  /** The counts that a delta destination did not take; a cumulative one gets the newest total with a replay. */
  readonly delta?: Delta
}

/** A destination as `GET /health` shows it: no address, no secret. */
export interface DestinationHealth {
  readonly name: string
  readonly state: 'ok' | 'failing' | 'misconfigured' | 'unknown'
  readonly lastSuccessMs?: number
  readonly consecutiveFailures: number
}
