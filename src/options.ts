import type { Plugin } from './plugins/plugin.ts'
import { canonicalAttributes, isAttributeText } from './protocol/series.ts'
import type { Attributes, Resource } from './protocol/types.ts'

/** All are optional. One that is wrong is named in the console, and its default is used. */
export interface Options {
  /**
   * Where batches are posted.
   * @default `/v1/beacon` of the page's own origin; for the script tag, of the origin the script came from
   */
  readonly url?: string
  /** What sends: the label `service`. At most 128 characters. */
  readonly service?: string
  /** Its version: the label `release`. At most 128 characters. */
  readonly release?: string
  /** On every series of this page, at most 16. */
  readonly attributes?: Attributes
  /** Things that record by themselves. @default none */
  readonly plugins?: readonly Plugin[]
  /** How often batches are sent while the page is visible, ms: 1,000 to 86,400,000. @default 30_000 */
  readonly flushIntervalMs?: number
  /**
   * false: nothing is recorded before `setConsent(true)`.
   * @default true, but false where the browser sends Global Privacy Control; what was buffered before is then erased
   */
  readonly consent?: boolean
  /** Says in the console, once per reason, what was dropped. @default false */
  readonly debug?: boolean
}

/** Options as the rest uses them. */
export interface Settings {
  readonly url: string
  readonly resource: Resource
  readonly plugins: readonly Plugin[]
  readonly flushIntervalMs: number
  readonly consent: boolean
  readonly debug: boolean
}

/** What the defaults depend on. */
export interface Surroundings {
  readonly pageUrl: string
  readonly isOptedOut: boolean
  readonly warn: (message: string) => void
}

/** Never throws, whatever the options are. */
export function resolveOptions(
  options: Options | null | undefined,
  { pageUrl, isOptedOut, warn }: Surroundings,
): Settings {
  const pick = <Out>(
    name: keyof Options,
    wanted: string,
    parse: (value: unknown) => Out | undefined,
  ): Out | undefined => {
    let parsed: Out | undefined
    try {
      const value = options?.[name]
      if (value === undefined) return undefined
      parsed = parse(value)
    } catch {
      // As wrong as any other.
    }
    if (parsed === undefined) warn(`option "${name}" must be ${wanted}; using its default`)
    return parsed
  }
  const text = (name: 'service' | 'release'): string | undefined =>
    pick(name, 'at most 128 characters', (value) =>
      typeof value === 'string' && isAttributeText(value) ? value : undefined,
    )
  const flag = (name: 'consent' | 'debug'): boolean | undefined =>
    pick(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined))
  const attributes = pick('attributes', 'at most 16 names and values', (value) =>
    canonicalAttributes(value as Attributes),
  )

  return {
    url:
      pick('url', 'an http address', (value) => httpUrl(value as string, pageUrl)) ??
      httpUrl('/v1/beacon', pageUrl) ??
      '',
    // What is undefined here is left out on the wire.
    resource: {
      service: text('service'),
      release: text('release'),
      attributes: attributes?.length ? Object.fromEntries(attributes) : undefined,
    } as Resource,
    plugins: pick('plugins', 'functions', (value) => (isPlugins(value) ? value : undefined)) ?? [],
    flushIntervalMs:
      pick('flushIntervalMs', '1000 to 86400000', (value) => (isInterval(value) ? value : undefined)) ?? 30_000,
    consent: flag('consent') ?? !isOptedOut,
    debug: flag('debug') ?? false,
  }
}

function httpUrl(url: string, base: string): string | undefined {
  const { href, protocol } = new URL(url, base)
  return protocol.startsWith('http') ? href : undefined
}

const isPlugins = (value: unknown): value is readonly Plugin[] =>
  Array.isArray(value) && value.every((plugin) => typeof plugin === 'function')

const isInterval = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1_000 && value <= 86_400_000
