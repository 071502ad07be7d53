/** The requests to the `Aggregator` object and its answers. Data only. */
import type { Result } from '../../src/protocol/result.ts'
import type { KeptFile } from './script-file.ts'
import type { AdmittedBatch, Delta, Series, SeriesKey, Snapshot, Temporality } from './types.ts'

/** The calls of the worker to the `Aggregator` object, over RPC. */
export interface AggregatorApi {
  /**
   * Resolves when every batch is on durable storage, whether it is new or a duplicate.
   * @returns the settings for pages at that moment, as JSON; undefined for none
   */
  ingest(batches: readonly AdmittedBatch[]): Promise<string | undefined>
  /** Counts a request that was refused before it had batches. */
  countRefused(reason: string): Promise<void>
  /** All totals now, self metrics included. */
  snapshot(): Promise<Snapshot>
  health(): Promise<AggregatorHealth>
  status(): Promise<AggregatorStatus>
  /** The configuration in force. */
  config(): Promise<ConfigReport>
  /** Checks and keeps a runtime configuration. It holds from the next flush and the next acknowledgement on. @returns every mistake otherwise; then nothing has changed */
  setOverride(override: unknown): Promise<Result<ConfigReport, readonly string[]>>
  /** Goes back to the deployed configuration. */
  resetOverride(): Promise<ConfigReport>
  /** The series that a destination refused for good, oldest first. @param destination all when undefined */
  deadLetters(destination?: string): Promise<readonly DeadLetter[]>
  /** Offers dead letters to their destination again. @param keys all of it when undefined @returns how many */
  replayDeadLetters(destination: string, keys?: readonly SeriesKey[]): Promise<number>
  /** Discards dead letters; those with counts are counted as dropped. @returns how many */
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

/** The body of `GET /v1/config`: for people to read, without anything that may be a secret. */
export interface ConfigReport {
  /** The deployed configuration with the changes at run time. */
  readonly effective: unknown
  /** The changes at run time; null for none. */
  readonly override: unknown
  /** Why the changes at run time do not hold: they do not fit the configuration that was deployed later. */
  readonly mistakes: readonly string[]
}

/** The part of `GET /health` that the object knows. Public, so it names no address and no secret. */
export interface AggregatorHealth {
  /** 'failing': a destination, or a group as a whole, does not get its totals, or a part of the configuration does not hold. */
  readonly status: 'ok' | 'failing'
  /** The mistakes in the configuration, each as a path and what to do. */
  readonly configuration: readonly string[]
  readonly destinations: readonly DestinationHealth[]
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
