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
    flushIntervalMs: pick('flushIntervalMs', only(isInterval)) ?? 30_000,
    consent: pick('consent', only(isFlag)) ?? !isOptedOut,
    debug: pick('debug', only(isFlag)) ?? false,
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && isAttributeText(value)

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'

const isPlugins = (value: unknown): value is readonly Plugin[] =>
  Array.isArray(value) && value.every((plugin) => typeof plugin === 'function')

const isInterval = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1_000 && value <= 86_400_000
