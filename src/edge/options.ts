import { say } from '../core/say.ts'
import { canonicalAttributes, isAttributeText } from '../protocol/series.ts'
import type { Attributes, Resource } from '../protocol/types.ts'

/**
 * The part of `fetch` that a request needs. A Worker's service binding has it too. Of the response the client reads `status`, the
 * headers `pharos`, `pharos-settings` and `retry-after`, and by `json()` the `reason` of a refusal; it cancels a body that it does not read.
 */
export type EdgeFetch = (
  url: string,
  init: {
    readonly method: 'POST'
    readonly headers: Record<string, string>
    readonly body: string
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<{
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null }
  readonly body: { readonly cancel: () => Promise<void> } | null
  readonly json: () => Promise<unknown>
}>

/** All but `url` are optional. The console names a wrong option, and its default is used. */
export interface EdgeOptions {
  /** Where batches are posted: `https://beacon.example.com/v1/beacon`. Through a service binding any host will do. */
  readonly url: string
  /**
   * Sends the request. For a service binding: `(url, init) => env.PHAROS.fetch(url, init)`.
   * @default the global `fetch`
   */
  readonly fetch?: EdgeFetch
  /** Headers of every request; `origin`, if the worker takes only listed origins. @default none */
  readonly headers?: Readonly<Record<string, string>>
  /** The name of the sender: the label `service`. At most 128 characters. */
  readonly service?: string
  /** Its version: the label `release`. At most 128 characters. */
  readonly release?: string
  /** On every series, at most 16. */
  readonly attributes?: Attributes
  /**
   * How long after a record it is sent without a `flush`, ms: 100 to 86,400,000. For a process that stays; in a Worker timers end
   * with their request, and `ctx.waitUntil(client.flush())` does what they cannot.
   * @default no timer at all
   */
  readonly flushIntervalMs?: number
  /**
   * How long one `flush` goes on trying, ms: 0 (one try) to 86,400,000.
   * @default 20_000; a Worker may go on for 30 seconds after its response
   */
  readonly flushTimeoutMs?: number
}

/** Options as the rest uses them. */
export interface EdgeSettings {
  readonly url: string
  readonly fetch: EdgeFetch
  readonly headers: Readonly<Record<string, string>>
  readonly resource: Resource
  /** 0: no timer. */
  readonly flushIntervalMs: number
  readonly flushTimeoutMs: number
}

/** Never throws, whatever the options are: telemetry that is set up wrong must not take a server down. */
export function resolveEdgeOptions(options: EdgeOptions): EdgeSettings {
  const pick = <Out>(name: keyof EdgeOptions, isRight: (value: Out) => boolean): Out | undefined => {
    try {
      const value = (options as EdgeOptions | undefined)?.[name] as Out | undefined
      if (value === undefined || isRight(value)) return value
    } catch {
      // As wrong as any other.
    }
    say(`option "${name}" is wrong; using its default`)
    return undefined
  }
  const isText = (value: unknown): boolean => typeof value === 'string' && isAttributeText(value)
  const attributes = canonicalAttributes(pick<Attributes>('attributes', (value) => !!canonicalAttributes(value)))
  const url = pick<string>('url', (value) => URL.canParse(value)) ?? ''
  if (!url) say('without a right option "url" nothing is sent')
  return {
    url,
    // Not `fetch` itself: it needs its global, and may be replaced later.
    fetch: pick<EdgeFetch>('fetch', (value) => typeof value === 'function') ?? ((url, init) => fetch(url, init)),
    headers: pick<EdgeSettings['headers']>('headers', (value) => typeof value === 'object' && value !== null) ?? {},
    // Undefined values are left out on the wire.
    resource: {
      service: pick('service', isText),
      release: pick('release', isText),
      attributes: attributes?.length ? Object.fromEntries(attributes) : undefined,
    } as Resource,
    flushIntervalMs: pick<number>('flushIntervalMs', isInterval(100)) ?? 0,
    flushTimeoutMs: pick<number>('flushTimeoutMs', isInterval(0)) ?? 20_000,
  }
}

/** A time of a day at most. */
export const isInterval =
  (minMs: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && value >= minMs && value <= 86_400_000
