/** The configuration, defaults filled in. Data only. */
import type { DestinationSettings, Route } from '../model/destination-settings.ts'
import type { ExportContext } from '../model/export-context.ts'
import type { SeriesLimits } from '../model/series-limits.ts'

/** Destinations that stand in for each other. One that is in no group is a group of its own. */
export interface DestinationGroup {
  readonly name: string
  /**
   * 'all': each must have everything. 'failover': the first that takes it, in order. 'atLeast': each is offered everything, and it
   * is enough that `least` of them have it.
   */
  readonly strategy: 'all' | 'failover' | 'atLeast'
  readonly least: number
  readonly destinations: readonly string[]
}

/** Settings that pages and clients on servers obey from the next acknowledgement on. */
export interface PageSettings {
  /** false: they stop recording and sending. */
  readonly enabled?: boolean
  /** The share of sessions of pages that record, 0 to 1. Where a page has a lower one of its own, that holds. */
  readonly sampleRate?: number
  /** How often they send, ms. */
  readonly flushIntervalMs?: number
}

export interface Config extends ExportContext {
  /** Origins that may send; '*' for any. Empty: only pages of the worker's own origin. */
  readonly origins: readonly string[]
  readonly destinations: readonly DestinationSettings[]
  readonly groups: readonly DestinationGroup[]
  /** Destinations that are pushed to at once. Workers have 6 connections. */
  readonly maxParallelPushes: number
  /** 'exports' logs every request of an export, 'payloads' its body too; secrets are taken out. */
  readonly debug: 'off' | 'exports' | 'payloads'
  readonly limits: SeriesLimits
  /** How often totals are pushed, ms. */
  readonly flushIntervalMs: number
  /** How long a series may stay unchanged before it ends, ms. Exact queries are for windows shorter than this less a flush interval. */
  readonly staleAfterMs: number
  /** Accept only what is in `metrics`: the names, and where they say so the kinds, attributes and values. */
  readonly catalogOnly: boolean
  /** The counts of a sampled session are multiplied by the number of sessions that it stands for. */
  readonly scaleSamples: boolean
  /** The settings in every acknowledgement. Empty: none. */
  readonly page: PageSettings
  /** Whether `/v1/reports` counts what browsers report of pages. */
  readonly reports: boolean
  /** Local development: `/metrics` needs no token. */
  readonly development: boolean
}

/** The keys of a destination that can change at run time. */
export interface DestinationOverride extends Partial<Route> {
  readonly enabled?: boolean
  readonly url?: string
  readonly intervalMs?: number
  readonly maxSeriesPerRequest?: number
  readonly timeoutMs?: number
}

/** Changes at run time over the deployed configuration; a missing key changes nothing. */
export interface ConfigOverride {
  readonly flushIntervalMs?: number
  readonly debug?: Config['debug']
  /** Key by key over what was deployed. */
  readonly page?: PageSettings
  /** By their names. */
  readonly destinations?: Readonly<Record<string, DestinationOverride>>
}
