import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { baseUrl, httpUrl } from '../schema/addresses.ts'
import { tunableEntries } from '../schema/destination.ts'
import { describeIssue, record, strictObject } from '../schema/fields.ts'
import { routeOf } from '../schema/route.ts'
import { debug, flushIntervalMs, page } from './schema.ts'
import type { DestinationConfig, DestinationKind } from '../destinations/index.ts'
import type { Config, ConfigOverride, DestinationOverride } from './types.ts'

/** The beginning of a path in a list of mistakes. */
const ROOT = 'override'

const destination = strictObject(
  { ...tunableEntries, url: v.exactOptional(httpUrl) },
  'give an object with what is to change: enabled, url, include, exclude, where, intervalMs, maxSeriesPerRequest or timeoutMs',
)

const overrideSchema = strictObject(
  {
    flushIntervalMs: v.exactOptional(flushIntervalMs),
    debug: v.exactOptional(debug),
    page: v.exactOptional(page),
    destinations: v.exactOptional(
      record<DestinationOverride>(v.string(), destination, 'give an object of names of destinations'),
    ),
  },
  'give an object with what is to change: flushIntervalMs, debug, page or destinations',
)

/**
 * The part of a runtime configuration that can be checked by itself.
 * @returns every mistake, each as its path and what to do; never a value
 * @example parseOverride({ destinations: { main: { enabled: false } } })
 */
export function parseOverride(json: unknown): Result<ConfigOverride, readonly string[]> {
  const result = v.safeParse(overrideSchema, json)
  return result.success ? ok(result.output) : fail(result.issues.map((issue) => describeIssue(ROOT, issue)))
}

/**
 * The deployed configuration with what was changed at run time.
 * @returns every mistake: after a deploy a destination may be gone, and then nothing of the override holds
 */
export function applyOverride(config: Config, override: ConfigOverride): Result<Config, readonly string[]> {
  const changes = override.destinations ?? {}
  const mistakes = Object.entries(changes).flatMap(([name, change]) => {
    const path = `${ROOT}.destinations.${name}`
    const deployed = config.destinations.find((it) => it.name === name)
    if (!deployed) return [`${path}: remove this key: no destination has this name`]
    const advice = change.url === undefined ? undefined : urlAdvice(deployed, change.url)
    return advice ? [`${path}.url: ${advice}`] : []
  })
  const interval = override.flushIntervalMs ?? config.flushIntervalMs
  if (interval >= config.staleAfterMs) mistakes.push(`${ROOT}.flushIntervalMs: give a time shorter than staleAfterMs`)
  if (mistakes.length > 0) return fail(mistakes)
  return ok({
    ...config,
    flushIntervalMs: interval,
    debug: override.debug ?? config.debug,
    page: { ...config.page, ...override.page },
    destinations: config.destinations.map((it) =>
      Object.hasOwn(changes, it.name) ? changed(it, changes[it.name]!) : it,
    ),
  })
}

/** The configuration in force, and why the changes at run time are not in it, if so. */
export interface ResolvedConfig {
  readonly effective: Config
  readonly override: ConfigOverride | undefined
  /** Not empty: the deployed configuration holds as it is. */
  readonly mistakes: readonly string[]
}

/** The deployed configuration with an override as it was stored, undefined or null for none. */
export function resolveOverride(config: Config, stored: unknown): ResolvedConfig {
  if (stored === undefined || stored === null) return { effective: config, override: undefined, mistakes: [] }
  const override = parseOverride(stored)
  if (!override.ok) return { effective: config, override: undefined, mistakes: override.error }
  const effective = applyOverride(config, override.value)
  if (!effective.ok) return { effective: config, override: override.value, mistakes: effective.error }
  return { effective: effective.value, override: override.value, mistakes: [] }
}

const withoutAddress: ReadonlySet<DestinationKind> = new Set<DestinationKind>(['archive', 'console', 'memory'])
const withBase: ReadonlySet<DestinationKind> = new Set<DestinationKind>(['datadog', 'newrelic', 'pushgateway'])

function urlAdvice({ kind, url: deployed, credentials }: DestinationConfig, url: string): string | undefined {
  if (withoutAddress.has(kind)) return 'remove this key: this kind of destination has no address'
  if (withBase.has(kind)) {
    const { success, issues } = v.safeParse(baseUrl, url)
    if (!success) return issues[0].message
  }
  // The secrets would cross the network in the clear. That needs a deployment.
  if (credentials.length > 0 && isSecure(deployed) && !isSecure(url))
    return 'give an address that begins with https://: this destination has credentials'
  return undefined
}

const isSecure = (url: string): boolean => URL.parse(url)?.protocol === 'https:'

function changed<Kind extends DestinationConfig>(deployed: Kind, change: DestinationOverride): Kind {
  const { include: _, exclude: __, where: ___, url, ...rest } = change
  return {
    ...deployed,
    ...rest,
    ...(url !== undefined && { url: withBase.has(deployed.kind) ? v.parse(baseUrl, url) : url }),
    route: routeOf(change, deployed.route),
  }
}
