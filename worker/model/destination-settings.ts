/** A header whose value is a secret, named and never written out. */
export interface Credential {
  /** In lower case. */
  readonly header: string
  readonly secret: string
  readonly scheme: 'plain' | 'bearer' | 'basic'
  /** With 'basic'. */
  readonly username?: string
}

/** Which series a destination gets. Globs: `*` stands for any characters, `?` for one. */
export interface Route {
  /** Globs on the metric's name. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Every attribute named here must match one of its globs; `service` and `release` count as attributes, a missing one is ''. */
  readonly where: Readonly<Record<string, readonly string[]>>
}

/** How a destination sees a metric. The first rule that matches holds. */
export interface MappingRule {
  /** A glob on the metric's name. */
  readonly match: string
  /** Not sent at all. */
  readonly drop?: boolean
  /** The new name; `*` stands for what the first `*` of `match` stood for. */
  readonly rename?: string
  /** A histogram as a counter of its observations; a counter as a gauge (cumulative destinations only). */
  readonly type?: 'counter' | 'gauge'
  readonly help?: string
  readonly addAttributes?: Readonly<Record<string, string>>
  readonly dropAttributes?: readonly string[]
}

/** The settings that all kinds of destinations share, defaults filled in. */
export interface DestinationSettings {
  readonly kind: string
  readonly name: string
  readonly enabled: boolean
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: readonly Credential[]
  readonly route: Route
  readonly mapping: readonly MappingRule[]
  /** Least time between two flushes of this destination, ms. 0: every flush. */
  readonly intervalMs: number
  /** Series in one request. */
  readonly maxSeriesPerRequest: number
  /** How long one request may take, ms. */
  readonly timeoutMs: number
}
