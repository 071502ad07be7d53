import type { BeforeRecord } from './metrics/before-record.ts'
import type { Plugin } from './plugins/plugin.ts'
import { MAX_WEIGHT } from './protocol/limits.ts'
import { canonicalAttributes, isAttributeText } from './protocol/series.ts'
import type { Attributes, Resource } from './protocol/types.ts'

/** true is 'granted' and false is 'denied'. 'pending': records are kept in memory, and nothing is stored or sent. */
export type Consent = boolean | 'granted' | 'denied' | 'pending'

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
   * The share of page views that record, 0 to 1, taken as one in a whole number: 0.1 is one in 10, 0.4 one in 3. A page is in or out
   * as a whole, decided when it begins; the edge multiplies what those that are in send. Not 0 and below 0.0001 is wrong.
   * @default 1
   */
  readonly sampleRate?: number
  /**
   * 'denied': nothing is recorded before `setConsent('granted')`. 'pending': what is recorded before is then sent.
   * @default 'granted', but 'denied' where the browser sends Global Privacy Control; what was buffered before is then erased
   */
  readonly consent?: Consent
  /** Renames or drops what is recorded, call by call; it makes every call slower, bound ones most. @default none */
  readonly beforeRecord?: BeforeRecord
  /** Says in the console, once per reason, what was dropped. @default false */
  readonly debug?: boolean
}

/** Options as the rest uses them. */
export interface Settings {
  readonly url: string
  readonly resource: Resource
  readonly plugins: readonly Plugin[]
  readonly flushIntervalMs: number
  /** How many page views one that records stands for; Infinity where none does. */
  readonly weight: number
  readonly consent: boolean | 'pending'
  readonly beforeRecord: BeforeRecord | undefined
  readonly debug: boolean
}

/** What the defaults depend on. */
export interface Surroundings {
  readonly pageUrl: string
  readonly isOptedOut: boolean
  /** The default of `flushIntervalMs`. @default 30_000 */
  readonly usualIntervalMs?: number
  readonly warn: (message: string) => void
}

/** Never throws, whatever the options are. */
export function resolveOptions(
  options: Options | null | undefined,
  { pageUrl, isOptedOut, usualIntervalMs = 30_000, warn }: Surroundings,
): Settings {
  /** The option as `parse` makes it; undefined, and said, where it makes nothing of it. */
  const pick = <Out>(name: keyof Options, parse: (value: unknown) => Out | undefined): Out | undefined => {
    let parsed: Out | undefined
    try {
      const value = options?.[name]
      if (value === undefined) return undefined
      parsed = parse(value)
    } catch {
      // As wrong as any other.
    }
    if (parsed === undefined) warn(`option "${name}" is wrong; using its default`)
    return parsed
  }
  const only =
    <Out>(isRight: (value: unknown) => value is Out) =>
    (value: unknown): Out | undefined =>
      isRight(value) ? value : undefined
  const attributes = pick('attributes', (value) => canonicalAttributes(value as Attributes))
  return {
    url:
      pick('url', (value) => {
        const { href, protocol } = new URL(value as string, pageUrl)
        return protocol.startsWith('http') ? href : undefined
      }) ?? `${new URL(pageUrl).origin}/v1/beacon`,
    // What is undefined here is left out on the wire.
    resource: {
      service: pick('service', only(isText)),
      release: pick('release', only(isText)),
      attributes: attributes?.length ? Object.fromEntries(attributes) : undefined,
    } as Resource,
    plugins: pick('plugins', only(isPlugins)) ?? [],
    flushIntervalMs: pick('flushIntervalMs', only(isInterval)) ?? usualIntervalMs,
    weight: Math.round(1 / (pick('sampleRate', only(isRate)) ?? 1)),
    consent: pick('consent', consentOf) ?? !isOptedOut,
    beforeRecord: pick('beforeRecord', only(isFunction)),
    debug: pick('debug', only(isFlag)) ?? false,
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && isAttributeText(value)

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'

const isFunction = (value: unknown): value is () => void => typeof value === 'function'

const isRate = (value: unknown): value is number =>
  typeof value === 'number' && (value === 0 || (value >= 1 / MAX_WEIGHT && value <= 1))

const consentOf = (value: unknown): Settings['consent'] | undefined => {
  if (value === 'pending') return value
  const isGranted = value === true || value === 'granted'
  return isGranted || value === false || value === 'denied' ? isGranted : undefined
}

const isPlugins = (value: unknown): value is readonly Plugin[] => Array.isArray(value) && value.every(isFunction)

const isInterval = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1_000 && value <= 86_400_000
