/** The configuration, defaults filled in. Data only. */
import type { DestinationConfig, Route } from './destination-types.ts'

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

export interface SeriesLimits {
  /** Series in all, overflow series included. */
  readonly maxSeries: number
  /** Series of one metric before the rest goes into its overflow series. */
  readonly maxSeriesPerMetric: number
  /** Metric names in all. */
  readonly maxMetrics: number
}

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

export interface Config {
  /** Origins that may send; '*' for any. Empty: only pages of the worker's own origin. */
  readonly origins: readonly string[]
  readonly destinations: readonly DestinationConfig[]
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
  readonly metrics: Readonly<Record<string, MetricMetadata>>
  /** Accept only what is in `metrics`: the names, and where they say so the kinds, attributes and values. */
  readonly catalogOnly: boolean
  /** The counts of a sampled session are multiplied by the number of sessions that it stands for. */
  readonly scaleSamples: boolean
  /** The settings in every acknowledgement. Empty: none. */
  readonly page: PageSettings
  /** Whether `/v1/reports` counts what browsers report of pages. */
  readonly reports: boolean
  /** Which parts of the resource become labels. */
  readonly resourceLabels: { readonly service: boolean; readonly release: boolean }
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
